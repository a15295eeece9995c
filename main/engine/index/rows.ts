/**
 * Row ids. A message's row is sortTime (whole seconds) * 2^20 + a tie-breaker, and its row in the full-text table is the same number: "the newest
 * 50 matches" is then `ORDER BY rowid DESC LIMIT 50` inside FTS5, and a range of dates is a range of rows. 2^33 seconds * 2^20 stays an exact number.
 */
import { AppError } from '../../contract/errors.ts'
import type { RecordId } from '../log/types.ts'

const TIES = 2 ** 20
const LAST_SECOND = 2 ** 33 - 1 // the year 2242

/** Where a message's sortTime came from. */
export const FROM_INTERNALDATE = 0
export const FROM_DATE_HEADER = 1
export const FROM_COMMIT = 2

export const clampSecond = (seconds: number): number => (Number.isFinite(seconds) ? Math.min(LAST_SECOND, Math.max(0, Math.floor(seconds))) : 0)
export const firstRowOf = (second: number): number => second * TIES
export const secondOf = (row: number): number => Math.floor(row / TIES)
/** Unix ms. */
export const sortTimeOf = (row: number): number => secondOf(row) * 1000
/** Greater than every row. */
export const BEYOND = (LAST_SECOND + 1) * TIES

/**
 * The row after the last one of this second: messages of one second stand in the order in which they came. A second with a million messages (a server
 * that says the same date for all) flows over into the next one, and the very last second of all into those before it.
 * `lastIn(from, to)` answers the greatest row with from <= row < to.
 */
export function freeRow(second: number, lastIn: (from: number, to: number) => number | null): number {
  for (const step of [1, -1])
    for (let at = second; at >= 0 && at <= LAST_SECOND; at += step) {
      const last = lastIn(firstRowOf(at), firstRowOf(at + 1))
      const row = last === null ? firstRowOf(at) : last + 1
      if (row < firstRowOf(at + 1)) return row
    }
  throw new AppError('internal', 'no row is free')
}

/** The 32 bytes of a record id, as the database holds them. */
export const bytesOf = (id: string): Buffer => Buffer.from(id, 'hex')
export const idOf = (bytes: Uint8Array): RecordId => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex') as RecordId

/** A placement's number in the database: its epoch and UID, so that the UIDs of an epoch are one range of rows. */
const UIDS = 2 ** 32
const LAST_EPOCH = 2 ** 21 - 1
export function placementOf(epoch: number, uid: number): number {
  if (epoch > LAST_EPOCH || uid >= UIDS) throw new AppError('index-damaged', `epoch ${epoch}, UID ${uid} cannot be`)
  return epoch * UIDS + uid
}
export const epochOf = (placement: number): number => Math.floor(placement / UIDS)
export const uidOf = (placement: number): number => placement % UIDS
