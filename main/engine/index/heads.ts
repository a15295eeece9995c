/** Which message of a list stands for its conversation: the newest of those that are in the list. */

import { remembered } from '../base/remembered.ts'
import type { RecordId } from '../log/types.ts'
import type { ReadDb } from './connection.ts'
import { idOf } from './rows.ts'

export interface HeadTest {
  /** No newer message of its conversation is in this list (null: all messages). */
  (row: number, mailbox: number | null): boolean
  /** The messages of its conversation in this list, the newest first: at most 200. */
  members(row: number, mailbox: number | null): RecordId[]
}

/** Hot queries; their plans are tested. */
export const headQueries = {
  threadOf: 'SELECT thread FROM threads WHERE row = ?',
  inAll: 'SELECT row FROM threads WHERE thread = ? ORDER BY row DESC LIMIT ?',
  inMailbox: `SELECT t.row FROM threads t WHERE t.thread = ? AND EXISTS (SELECT 1 FROM placements p WHERE p.mailbox = ? AND p.row = t.row AND p.shown = 1)
    ORDER BY t.row DESC LIMIT ?`,
} as const

/** A conversation a person would still read; a list's digest that everybody answers is cut here. */
export const MOST = 200

/** For one question: it remembers what it read. */
export function createHeads(db: ReadDb): () => HeadTest {
  const threadOf = db.prepare<[number], number>(headQueries.threadOf).pluck()
  const inAll = db.prepare<[number, number], number>(headQueries.inAll).pluck()
  const inMailbox = db.prepare<[number, number, number], number>(headQueries.inMailbox).pluck()
  const idAt = db.prepare<[number], Buffer>('SELECT id FROM messages WHERE row = ?').pluck()

  return () => {
    const known = new Map<number, number[]>()
    const rowsOf = (row: number, mailbox: number | null): number[] => {
      const thread = threadOf.get(row)
      if (thread === undefined) return [row]
      return remembered(known, thread, () => (mailbox === null ? inAll.all(thread, MOST) : inMailbox.all(thread, mailbox, MOST)))
    }
    return Object.assign((row: number, mailbox: number | null) => rowsOf(row, mailbox)[0] === row, {
      members: (row: number, mailbox: number | null) => rowsOf(row, mailbox).map(one => idOf(idAt.get(one)!)),
    })
  }
}
