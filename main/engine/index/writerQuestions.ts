/** What capture asks the writer. */
import type { Mailbox } from '../../contract/types.ts'
import type { WriteDb } from './connection.ts'
import { createFlagReader } from './flagLists.ts'
import { createLossList, createLossQuestions } from './losses.ts'
import { createPlaceReader } from './place.ts'
import { bytesOf, idOf, placementOf, uidOf } from './rows.ts'
import type { TextBuffer } from './textBuffer.ts'
import { createTrouble } from './trouble.ts'
import type { IndexWriter, MailboxState, Pop3Id } from './types.ts'

type Questions = Pick<
  IndexWriter,
  | 'pending'
  | 'has'
  | 'place'
  | 'mailboxes'
  | 'nextMailbox'
  | 'nextEpoch'
  | 'placedUids'
  | 'placedFlags'
  | 'byEmailId'
  | 'pop3Ids'
  | 'lastProven'
  | 'trouble'
  | 'gaps'
  | 'lastJudged'
  | 'departed'
  | 'openLosses'
  | 'nextLoss'
  | 'lossSize'
>

const LAST_UID = 2 ** 32 - 1

export function createWriterQuestions(db: WriteDb, texts: TextBuffer): Questions {
  const pending = db.prepare<[number], { row: number; id: Buffer }>(
    'SELECT u.row, m.id FROM unindexed u JOIN messages m ON m.row = u.row ORDER BY u.row DESC LIMIT ?',
  )
  const uids = db.prepare<[number, number], number>('SELECT placement FROM placements WHERE placement BETWEEN ? AND ? AND gone IS NULL').pluck()
  const flagsOf = db.prepare<[number], number>('SELECT flags FROM placements WHERE placement = ?').pluck()
  const listOf = createFlagReader(db)
  const byEmailId = db.prepare<[string], { id: Buffer; size: number }>(
    'SELECT m.id, m.size FROM email_ids e JOIN records r ON r.id = e.id JOIN messages m ON m.row = r.row WHERE e.email_id = ? AND r.segment IS NOT NULL',
  )
  const gaps = db.prepare<[number], { uid: number; code: string; tries: number; at: number; nextTry: number | null }>(
    'SELECT uid, code, tries, at, next_try AS nextTry FROM gaps WHERE epoch = ? ORDER BY uid',
  )
  // Ids as text from here on: two small Buffers for each of 50,000 rows are 50 MB.
  const pop3Ids = db.prepare<[number], Omit<Pop3Id, 'gone'> & { gone: number | null }>(
    `SELECT i.epoch, i.uid, i.uidl, i.octets, lower(hex(i.head)) AS head, lower(hex(m.id)) AS id, m.size, p.first_seen AS firstSeen, p.gone
     FROM epochs e JOIN pop3_ids i ON i.epoch = e.epoch
       LEFT JOIN placements p ON p.placement = i.epoch * 4294967296 + i.uid LEFT JOIN messages m ON m.row = p.row
     WHERE e.mailbox = ? ORDER BY i.epoch, i.uid`,
  )
  const lastProven = db.prepare<[], number | null>('SELECT last_proven FROM head').pluck()
  const lastMailbox = db.prepare<[], number | null>('SELECT max(mailbox) FROM mailboxes').pluck()
  const lastEpoch = db.prepare<[], number | null>('SELECT max(epoch) FROM epochs').pluck()
  const place = createPlaceReader(db)
  const mailboxes = db.prepare<[], MailboxRow>(
    `SELECT m.mailbox, m.path, m.delimiter, m.raw, m.role, m.selectable, m.subscribed, m.present, m.epoch,
       e.uid_validity, e.on_server, e.uid_next, e.modseq, e.complete, e.complete_as_of
     FROM mailboxes m LEFT JOIN epochs e ON e.epoch = m.epoch ORDER BY m.mailbox`,
  )

  return {
    pending: limit =>
      pending
        .all(limit + texts.size)
        .filter(({ row }) => !texts.has(row))
        .slice(0, limit)
        .reverse()
        .map(({ id }) => idOf(id)),
    has: id => place(bytesOf(id)) !== null,
    place: id => place(bytesOf(id)),
    mailboxes: () => mailboxes.all().map(stateOf),
    lastProven: () => lastProven.get() ?? null,
    nextMailbox: () => (lastMailbox.get() ?? 0) + 1,
    nextEpoch: () => (lastEpoch.get() ?? 0) + 1,
    placedUids: epoch => Uint32Array.from(uids.all(placementOf(epoch, 0), placementOf(epoch, LAST_UID)), uidOf),
    placedFlags: (epoch, uids) =>
      uids.map(uid => {
        const list = flagsOf.get(placementOf(epoch, uid))
        return list === undefined ? null : listOf(list)
      }),
    byEmailId: emailId => {
      const found = byEmailId.get(emailId)
      return found ? { id: idOf(found.id), size: found.size } : null
    },
    pop3Ids: mailbox => {
      const rows: Pop3Id[] = []
      for (const row of pop3Ids.iterate(mailbox)) rows.push({ ...row, head: row.head || null, id: row.id || null, gone: row.gone !== null })
      return rows
    },
    gaps: epoch => gaps.all(epoch),
    trouble: createTrouble(db, createLossList(db)),
    ...createLossQuestions(db),
  }
}

interface MailboxRow {
  mailbox: number
  path: string
  delimiter: string
  raw: string
  role: Mailbox['role']
  selectable: number
  subscribed: number
  present: number
  epoch: number | null
  uid_validity: number
  on_server: number | null
  uid_next: number | null
  modseq: string | null
  complete: number
  complete_as_of: number | null
}

function stateOf(row: MailboxRow): MailboxState {
  return {
    mailbox: row.mailbox,
    path: JSON.parse(row.path) as string[],
    delimiter: row.delimiter,
    raw: row.raw,
    role: row.role,
    selectable: row.selectable === 1,
    subscribed: row.subscribed === 1,
    present: row.present === 1,
    epoch:
      row.epoch === null
        ? null
        : {
            epoch: row.epoch,
            uidValidity: row.uid_validity,
            exists: row.on_server,
            uidNext: row.uid_next,
            modseq: row.modseq,
            complete: row.complete === 1,
            completeAsOf: row.complete_as_of,
          },
  }
}
