/**
 * All that an index says, as text that does not depend on the way it came about: an index that was built live, through crashes, must say the same as one
 * built from the log alone. Tie-breakers of messages of one second, the inside of the full-text table, and where
 * a message was when its text was written (placedLater.ts) are not part of it.
 */
import { createHash } from 'node:crypto'
import { type IndexFile, openReadDb, type ReadDb } from './connection.ts'
import { isMailboxMark } from './marks.ts'
import { idOf, secondOf, TIES, turned } from './rows.ts'

export interface DumpOptions {
  /** Of the words in the full-text table, one in this many is asked for, and what it finds is part of the dump. */
  oneWordIn?: number
}

/** Lines, one thing each. Flush the writer first. */
export function* dumpIndex(file: IndexFile, { oneWordIn = 5 }: DumpOptions = {}): Generator<string> {
  const db = openReadDb(file)
  try {
    for (const [name, sql] of tables) for (const row of db.prepare<[], object>(sql).iterate()) yield `${name} ${lineOf(row)}`
    yield* words(db, oneWordIn)
  } finally {
    db.close()
  }
}

export function hashIndex(file: IndexFile, options?: DumpOptions): string {
  const hash = createHash('sha256')
  for (const line of dumpIndex(file, options)) hash.update(line).update('\n')
  return hash.digest('hex')
}

const tables: readonly [string, string][] = [
  ['head', 'SELECT seq, commit_id, segment, offset, last_capture, last_proven, last_judged FROM head'],
  ['totals', 'SELECT messages, raw_bytes, unindexed, unparsable FROM totals'],
  ['mailbox', 'SELECT * FROM mailboxes ORDER BY mailbox'],
  ['epoch', 'SELECT * FROM epochs ORDER BY epoch'],
  ['pop3', 'SELECT * FROM pop3_ids ORDER BY epoch, uid'],
  ['gap', 'SELECT * FROM gaps ORDER BY epoch, uid'],
  ['loss', 'SELECT * FROM losses ORDER BY loss'],
  ['loss-mailbox', 'SELECT * FROM loss_mailboxes ORDER BY loss, mailbox'],
  ['loss-member', 'SELECT * FROM loss_members ORDER BY placement, loss'],
  ['day', 'SELECT * FROM days ORDER BY day'],
  [
    'message',
    `SELECT m.row / ${TIES} AS second, m.id, r.segment, r.offset, r.length, m.size, m.sorted_by, m.live, m.gone, m.parse, m.date, m.subject, m.from_list,
       m.to_list, m.cc_list, m.snippet, m.attachment_count, m.attachments, m.message_id, m.in_reply_to, m.reference_list, r.row = m.row AS named
     FROM messages m LEFT JOIN records r ON r.id = m.id ORDER BY second, m.id`,
  ],
  [
    'placement',
    `SELECT p.placement, p.mailbox, m.id, l.list, l.seen, p.internal_date, p.zone, p.first_seen, p.gone, p.shown
     FROM placements p LEFT JOIN messages m ON m.row = p.row LEFT JOIN flag_lists l ON l.flags = p.flags ORDER BY p.placement`,
  ],
  [
    'unread-attachment',
    'SELECT m.id, u.part, u.name, u.size, u.why FROM unread_attachments u LEFT JOIN messages m ON m.row = u.row ORDER BY m.id, u.part',
  ],
  ['named', 'SELECT link FROM named ORDER BY link'],
  [
    'answer',
    'SELECT a.link, m.id, l.id AS letter FROM answers a LEFT JOIN messages m ON m.row = a.row LEFT JOIN messages l ON l.row = a.letter ORDER BY a.link, m.id',
  ],
  [
    'conversation',
    `SELECT min(m.id) OVER (PARTITION BY t.thread) AS first, m.id FROM threads t LEFT JOIN messages m ON m.row = t.row ORDER BY first, m.id`,
  ],
  ['order', 'SELECT o.list, o.key, m.id, o.place FROM orders o LEFT JOIN messages m ON m.row = -o.turn ORDER BY o.list, o.key, m.id, o.place'],
  ['email-id', 'SELECT email_id, id FROM email_ids ORDER BY email_id'],
  ['list', 'SELECT mailbox, sum(count) AS rows FROM stretches GROUP BY mailbox HAVING rows > 0 ORDER BY mailbox'],
]

function* words(db: ReadDb, oneIn: number): Generator<string> {
  db.pragma('query_only = OFF') // for the temporary table; the file itself is open read-only
  db.exec('CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)')
  const find = db.prepare<[string], number>(`SELECT ${turned('rowid')} FROM words WHERE words MATCH ?`).pluck()
  const idAt = db.prepare<[number], Buffer>('SELECT id FROM messages WHERE row = ?').pluck()
  for (const term of db.prepare<[], string>('SELECT term FROM temp.vocabulary ORDER BY term').pluck().all()) {
    if (createHash('sha256').update(term).digest().readUInt32LE() % oneIn !== 0 || isMailboxMark(term)) continue
    const found = find.all(`"${term.replaceAll('"', '""')}"`)
    const ids = found.map(row => `${secondOf(row)}:${idAt.get(row) ? idOf(idAt.get(row)!) : 'no message'}`).sort()
    if (ids.length > 0) yield `word ${JSON.stringify(term)} ${ids.join(' ')}`
  }
}

const lineOf = (row: object): string => JSON.stringify(Object.values(row).map(value => (value instanceof Uint8Array ? idOf(value) : value)))
