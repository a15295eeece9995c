/** Which message of a list stands for its conversation: the newest of those that are in the list. Found when a window is shown, not kept. */
import type { RecordId } from '../log/types.ts'
import type { ReadDb } from './connection.ts'
import { idOf } from './rows.ts'

export interface HeadTest {
  /** No newer message of its conversation is in this list (null: all messages). */
  (row: number, mailbox: number | null): boolean
  /** The messages of its conversation in this list, the newest first. */
  members(row: number, mailbox: number | null): RecordId[]
}

const REMEMBERED = 2000

/** `related`: the rows of a row's conversation, itself among them. */
export function createHeadTest(db: ReadDb, related: (row: number) => number[]): HeadTest {
  const placed = db.prepare<[number, number], number>('SELECT 1 FROM placements WHERE mailbox = ? AND row = ? AND shown = 1 LIMIT 1').pluck()
  const idAt = db.prepare<[number], Buffer>('SELECT id FROM messages WHERE row = ?').pluck()
  const version = db.prepare<[], number>('SELECT seq FROM head').pluck()
  // A window asks about its rows several times, and about those that were in the window before.
  const known = new Map<number, number[]>()
  let knownAt = -1

  const rowsOf = (row: number): number[] => {
    const now = version.get()!
    if (now !== knownAt || known.size > REMEMBERED) known.clear()
    knownAt = now
    let rows = known.get(row)
    if (!rows) {
      rows = related(row)
      for (const one of rows) known.set(one, rows)
    }
    return rows
  }
  const isListed = (row: number, mailbox: number | null) => mailbox === null || placed.get(mailbox, row) !== undefined

  const isHead = (row: number, mailbox: number | null) => !rowsOf(row).some(other => other > row && isListed(other, mailbox))
  return Object.assign(isHead, {
    members: (row: number, mailbox: number | null) =>
      rowsOf(row)
        .filter(other => other === row || isListed(other, mailbox))
        .sort((a, b) => b - a)
        .map(other => idOf(idAt.get(other)!)),
  })
}
