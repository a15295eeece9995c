/** The row of a message: made when it is first placed, filled when its text was read. */
import type { Commit, RecordId } from '../log/types.ts'
import type { createAttachmentWriter, ReadAttachments } from './attachments.ts'
import type { WriteDb } from './connection.ts'
import { everyMark, mailboxMark, sizeMark } from './marks.ts'
import type { Orders } from './orders.ts'
import type { PlacedLater } from './placedLater.ts'
import { bytesOf, clampSecond, createRowFinder, FROM_COMMIT, FROM_DATE_HEADER, FROM_INTERNALDATE, secondOf, turned } from './rows.ts'
import { ALL, type Stretches } from './stretches.ts'
import type { TextBuffer } from './textBuffer.ts'
import type { FtsText, ParsedMessage } from './types.ts'

/** What `parse` says of a message: its headers were read, all of it was, it could not be read, or nothing of it was read yet. */
const HEADERS = 0
const PARSED = 1
export const FAILED = 2
export const BLANK = 3
export const isPending = (parse: number): boolean => parse === HEADERS || parse === BLANK

export interface Totals {
  messages: number
  rawBytes: number
  unindexed: number
  unparsable: number
}

export interface Messages {
  rowOf(id: RecordId): number | null
  /** Makes the row, with one live placement in this mailbox (0: in none that is known). */
  create(
    message: { id: RecordId; size: number; internalDate: number | null; mailbox: number },
    parsed: ParsedMessage | undefined,
    commit: Pick<Commit, 'time'>,
  ): number
  isPending(row: number): boolean
  /** Fills in what was parsed; answers the row, which is another one when its Date header says so. */
  fill(row: number, parsed: ParsedMessage): number
  /** What its attachments say. */
  setAttached(row: number, read: ReadAttachments): void
}

interface Known {
  id: Buffer
  size: number
  parse: number
  sorted_by: number
  subject: string
  from_list: string
  to_list: string
  cc_list: string
  message_id: string
  in_reply_to: string
  reference_list: string
}

export interface MessagesDeps {
  db: WriteDb
  texts: TextBuffer
  attachments: ReturnType<typeof createAttachmentWriter>
  stretches: Stretches
  orders: Orders
  placedLater: PlacedLater
  /** Changes to the totals, added up by the writer. */
  totals: Totals
}

export function createMessages({ db, texts, attachments, stretches, orders, placedLater, totals }: MessagesDeps): Messages {
  const findRow = db.prepare<[Buffer], number | null>('SELECT row FROM records WHERE id = ?').pluck()
  const setRow = db.prepare<[Buffer, number]>('INSERT INTO records (id, row) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET row = excluded.row')
  const lastRow = db.prepare<[number, number], number | null>('SELECT max(row) FROM messages WHERE row >= ? AND row < ?').pluck()
  const freeRow = createRowFinder((from, to) => lastRow.get(from, to) ?? null)
  const insert = db.prepare(
    `INSERT INTO messages (row, id, size, sorted_by, live, parse, date, subject, from_list, to_list, cc_list, snippet, attachment_count, attachments,
       message_id, in_reply_to, reference_list) VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = db.prepare(
    `UPDATE messages SET parse = ?, date = ?, subject = ?, from_list = ?, to_list = ?, cc_list = ?, snippet = ?, attachment_count = ?, attachments = ?,
       message_id = ?, in_reply_to = ?, reference_list = ? WHERE row = ?`,
  )
  const addUnindexed = db.prepare<[number]>('INSERT OR IGNORE INTO unindexed (row) VALUES (?)')
  const read = db.prepare<[number], Known>(
    'SELECT id, size, parse, sorted_by, subject, from_list, to_list, cc_list, message_id, in_reply_to, reference_list FROM messages WHERE row = ?',
  )
  const move = createMove(db, stretches)

  /** Its row stands in `unindexed` until its text is in the full-text table, whether it waits in memory or is not read yet. */
  const queueText = (row: number, parsed: ParsedMessage | undefined, size: number, places: () => readonly string[]) => {
    if (addUnindexed.run(row).changes > 0) totals.unindexed++
    if (!parsed?.fts) return
    putText(row, parsed.fts, size, places())
    attachments.wait(row, parsed)
  }
  const putText = (row: number, fts: FtsText, size: number, places: readonly string[]) =>
    texts.put(row, { ...fts, marks: [fts.marks || everyMark, sizeMark(size), ...places].join(' ') })

  /** Where it stands in time once its Date header is read. */
  const rowIfDated = (row: number, sortedBy: number, date: number | null): number => {
    if (sortedBy === FROM_INTERNALDATE || date === null) return row
    const second = clampSecond(date / 1000)
    return sortedBy === FROM_DATE_HEADER && secondOf(row) === second ? row : freeRow(second)
  }

  return {
    rowOf: id => findRow.get(bytesOf(id)) ?? null,
    create: ({ id, size, internalDate, mailbox }, parsed, commit) => {
      const date = parsed?.date ?? null
      const sortedBy = internalDate !== null ? FROM_INTERNALDATE : date !== null ? FROM_DATE_HEADER : FROM_COMMIT
      const row = freeRow(clampSecond(internalDate ?? (date ?? commit.time) / 1000))
      const bytes = bytesOf(id)
      insert.run(row, bytes, size, sortedBy, ...columnsOf(parsed))
      setRow.run(bytes, row)
      stretches.add(ALL, row)
      // One of which nothing is known yet comes into the orders when it is read, and need not be taken out of them then.
      if (parsed) orders.add(ALL, row, 0)
      totals.messages++
      totals.rawBytes += size
      if (parsed?.failure) totals.unparsable++
      queueText(row, parsed, size, () => (mailbox > 0 ? [mailboxMark(mailbox)] : []))
      return row
    },
    isPending: row => isPending(read.get(row)?.parse ?? PARSED),
    fill: (row, parsed) => {
      const before = read.get(row)!
      const to = rowIfDated(row, before.sorted_by, parsed.date)
      const ordered = before.parse !== BLANK
      // Mostly its headers were read before, and only the text is new: then it stands where it belongs.
      const stays = ordered && to === row && saysTheSame(before, parsed)
      if (ordered && !stays) orders.leave(row)
      if (to !== row) {
        texts.take(row)
        placedLater.forget(row)
        move(row, to, before.id)
      }
      update.run(...columnsOf(parsed), to)
      if (!stays) orders.enter(to)
      totals.unparsable += (parsed.failure ? 1 : 0) - (before.parse === FAILED ? 1 : 0)
      queueText(to, parsed, before.size, () => placedLater.marksOf(to))
      return to
    },
    setAttached: (row, found) => {
      if (found.fts) putText(row, found.fts, read.get(row)!.size, placedLater.marksOf(row))
      attachments.settle(row, found)
    },
  }
}

function columnsOf(parsed: ParsedMessage | undefined): (string | number | null)[] {
  if (!parsed) return [BLANK, null, '', '[]', '[]', '[]', '', 0, '[]', '', '', '[]']
  return [
    parsed.failure ? FAILED : parsed.fts ? PARSED : HEADERS,
    parsed.date,
    parsed.subject,
    addressesOut(parsed.from),
    addressesOut(parsed.to),
    addressesOut(parsed.cc),
    parsed.snippet,
    parsed.attachments.filter(({ inline }) => !inline).length,
    JSON.stringify(parsed.attachments),
    parsed.rfcMessageId,
    parsed.inReplyTo,
    JSON.stringify(parsed.references),
  ]
}

/** What conversations and the orders of lists are made of. */
const saysTheSame = (before: Known, parsed: ParsedMessage): boolean =>
  before.subject === parsed.subject &&
  before.message_id === parsed.rfcMessageId &&
  before.in_reply_to === parsed.inReplyTo &&
  before.from_list === addressesOut(parsed.from) &&
  before.to_list === addressesOut(parsed.to) &&
  before.cc_list === addressesOut(parsed.cc) &&
  before.reference_list === JSON.stringify(parsed.references)

/** Names and addresses in turn: half the size of objects. */
const addressesOut = (list: ParsedMessage['from']): string => JSON.stringify(list.flatMap(({ name, address }) => [name, address]))
export function addressesIn(text: string): ParsedMessage['from'] {
  const flat = JSON.parse(text) as string[]
  const list: ParsedMessage['from'] = []
  for (let i = 0; i + 1 < flat.length; i += 2) list.push({ name: flat[i]!, address: flat[i + 1]! })
  return list
}

/** A message without INTERNALDATE gets its place in time only when its Date header is read: everything that names its row moves with it. */
function createMove(db: WriteDb, stretches: Stretches): (from: number, to: number, id: Buffer) => void {
  const placed = db.prepare<[number], { mailbox: number; shown: number }>('SELECT mailbox, shown FROM placements WHERE row = ?')
  const forgetText = db.prepare<[number]>(`DELETE FROM words WHERE rowid = ${turned('?')}`)
  const moves = [
    `UPDATE messages SET row = ?, sorted_by = ${FROM_DATE_HEADER} WHERE row = ?`,
    'UPDATE placements SET row = ? WHERE row = ?',
    'UPDATE unindexed SET row = ? WHERE row = ?',
    'UPDATE attachments_waiting SET row = ? WHERE row = ?',
    'UPDATE unread_attachments SET row = ? WHERE row = ?',
  ].map(sql => db.prepare<[number, number]>(sql))
  const moveRecord = db.prepare<[number, Buffer]>('UPDATE records SET row = ? WHERE id = ?')
  return (from, to, id) => {
    for (const { mailbox, shown } of placed.all(from))
      if (shown && mailbox > 0) {
        stretches.remove(mailbox, from)
        stretches.add(mailbox, to)
      }
    stretches.remove(ALL, from)
    stretches.add(ALL, to)
    forgetText.run(from)
    for (const statement of moves) statement.run(to, from)
    moveRecord.run(to, id)
  }
}
