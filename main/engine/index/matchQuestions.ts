/** What capture asks to recognise messages and mailboxes that it has met before. */
import type { RecordId } from '../log/types.ts'
import type { WriteDb } from './connection.ts'
import { bytesOf, firstRowOf, idOf, placementOf, uidOf } from './rows.ts'

export interface MatchQuestions {
  hasMessages(): boolean
  /** MAILBOXID by mailbox, of those that the server gave one. */
  mailboxIds(): ReadonlyMap<number, string>
  /** How many messages are placed in an epoch and not gone. */
  placedCount(epoch: number): number
  /** Those with UIDs in this range, with what tells a message apart before its bytes are seen; ascending. */
  placedMarks(epoch: number, from: number, to: number): { uid: number; id: RecordId; size: number; internalDate: number | null }[]
  /** Stored messages of this size that were first met with this INTERNALDATE (Unix seconds); none where there are too many to tell apart. */
  alike(size: number, internalDate: number): RecordId[]
  /** This message is or was somewhere with this INTERNALDATE. */
  hasDate(id: RecordId, internalDate: number | null): boolean
  /** UIDs of older epochs of this mailbox that are still listed as if the server had them. */
  formerUids(mailbox: number): { epoch: number; uids: number[] }[]
}

const LAST_UID = 2 ** 32 - 1
const MOST_ALIKE = 20

export const matchQueries = {
  any: 'SELECT EXISTS (SELECT 1 FROM messages)',
  mailboxIds: 'SELECT mailbox, id FROM mailbox_ids',
  count: 'SELECT count(*) FROM placements WHERE placement BETWEEN ? AND ? AND gone IS NULL',
  marks: `SELECT p.placement, m.id, m.size, p.internal_date AS internalDate FROM placements p JOIN messages m ON m.row = p.row
     WHERE p.placement BETWEEN ? AND ? AND p.gone IS NULL ORDER BY p.placement`,
  // A row is a time (rows.ts): no index of its own is needed.
  alike: `SELECT m.id FROM messages m JOIN records r ON r.id = m.id WHERE m.row >= ? AND m.row < ? AND m.size = ? AND r.segment IS NOT NULL LIMIT 21`,
  date: 'SELECT 1 FROM records r JOIN placements p ON p.row = r.row WHERE r.id = ? AND p.internal_date IS ? LIMIT 1',
  former: 'SELECT epoch FROM epochs WHERE mailbox = ? AND epoch < (SELECT epoch FROM mailboxes WHERE mailbox = ?) ORDER BY epoch',
  listed: 'SELECT placement FROM placements WHERE placement BETWEEN ? AND ? AND gone IS NULL AND shown = 1',
} as const

export function createMatchQuestions(db: WriteDb): MatchQuestions {
  const any = db.prepare<[], number>(matchQueries.any).pluck()
  const mailboxIds = db.prepare<[], { mailbox: number; id: string }>(matchQueries.mailboxIds)
  const count = db.prepare<[number, number], number>(matchQueries.count).pluck()
  const marks = db.prepare<[number, number], { placement: number; id: Buffer; size: number; internalDate: number | null }>(matchQueries.marks)
  const alike = db.prepare<[number, number, number], Buffer>(matchQueries.alike).pluck()
  const date = db.prepare<[Buffer, number | null], number>(matchQueries.date).pluck()
  const former = db.prepare<[number, number], number>(matchQueries.former).pluck()
  const listed = db.prepare<[number, number], number>(matchQueries.listed).pluck()
  const range = (epoch: number): [number, number] => [placementOf(epoch, 0), placementOf(epoch, LAST_UID)]
  return {
    hasMessages: () => any.get() === 1,
    mailboxIds: () => new Map(mailboxIds.all().map(({ mailbox, id }) => [mailbox, id])),
    placedCount: epoch => count.get(...range(epoch)) ?? 0,
    placedMarks: (epoch, from, to) =>
      marks
        .all(placementOf(epoch, from), placementOf(epoch, to))
        .map(({ placement, id, size, internalDate }) => ({ uid: uidOf(placement), id: idOf(id), size, internalDate })),
    alike: (size, internalDate) => {
      if (internalDate < 0) return []
      const found = alike.all(firstRowOf(internalDate), firstRowOf(internalDate + 1), size)
      return found.length > MOST_ALIKE ? [] : found.map(idOf)
    },
    hasDate: (id, internalDate) => date.get(bytesOf(id), internalDate) !== undefined,
    formerUids: mailbox =>
      former
        .all(mailbox, mailbox)
        .map(epoch => ({ epoch, uids: listed.all(...range(epoch)).map(uidOf) }))
        .filter(({ uids }) => uids.length > 0),
  }
}
