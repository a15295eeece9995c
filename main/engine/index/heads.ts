/** Which message of a list stands for its conversation: the newest of those that are in the list. Found when a window is shown, not kept. */
import type { RecordId } from '../log/types.ts'
import type { ReadDb } from './connection.ts'
import type { Relations } from './conversation.ts'
import { idOf } from './rows.ts'

export interface HeadTest {
  /** No newer message of its conversation is in this list (null: all messages). */
  (row: number, mailbox: number | null): boolean
  /** The messages of its conversation in this list, the newest first. */
  members(row: number, mailbox: number | null): RecordId[]
  /** To be called before each question. */
  refresh(): void
}

export function createHeadTest(db: ReadDb, relations: Relations): HeadTest {
  const placed = db.prepare<[number, number], number>('SELECT 1 FROM placements WHERE mailbox = ? AND row = ? AND shown = 1 LIMIT 1').pluck()
  const idAt = db.prepare<[number], Buffer>('SELECT id FROM messages WHERE row = ?').pluck()
  // A window asks about its rows several times.
  const known = new Map<number, number[]>()

  const rowsOf = (row: number): number[] => {
    let rows = known.get(row)
    if (!rows) {
      rows = relations.rows(row)
      for (const one of rows) known.set(one, rows)
    }
    return rows
  }
  const isListed = (row: number, mailbox: number | null) => mailbox === null || placed.get(mailbox, row) !== undefined

  const isHead = (row: number, mailbox: number | null) => {
    // Most that are not are seen to be not without all of their conversation.
    if (!known.has(row) && relations.hasNewer(row, newer => isListed(newer, mailbox))) return false
    return !rowsOf(row).some(other => other > row && isListed(other, mailbox))
  }
  return Object.assign(isHead, {
    members: (row: number, mailbox: number | null) =>
      rowsOf(row)
        .filter(other => other === row || isListed(other, mailbox))
        .sort((a, b) => b - a)
        .map(other => idOf(idAt.get(other)!)),
    refresh: () => {
      known.clear()
      relations.refresh()
    },
  })
}
