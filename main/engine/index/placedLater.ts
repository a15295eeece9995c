/**
 * Mailboxes in the full-text table. Text is written with a mark for each mailbox its message is in (marks.ts), so that "this word in that folder" is met
 * inside FTS5, however small the folder and however common the word. Text is never written again because a message moves: where it comes to later is
 * written down here, and that it left is seen by its placements. So of a mailbox: all that is marked or written down, less what is not there any more.
 */
import type { WriteDb } from './connection.ts'
import { mailboxMark } from './marks.ts'

export interface PlacedLater {
  /** Of the mailboxes a message is in now. */
  marksOf(row: number): string[]
  /** The message, whose text is written or about to be, is in this mailbox from now on. */
  add(mailbox: number, row: number): void
  /** The message gets another row, and its text is written anew. */
  forget(row: number): void
}

export function createPlacedLater(db: WriteDb): PlacedLater {
  const placed = db.prepare<[number], number>('SELECT DISTINCT mailbox FROM placements WHERE row = ? AND shown = 1 AND mailbox > 0').pluck()
  const add = db.prepare<[number, number]>('INSERT OR IGNORE INTO placed_later (mailbox, row) VALUES (?, ?)')
  const remove = db.prepare<[number, number]>('DELETE FROM placed_later WHERE mailbox = ? AND row = ?')
  return {
    marksOf: row => placed.all(row).map(mailboxMark),
    add: (mailbox, row) => {
      if (mailbox > 0) add.run(mailbox, row)
    },
    forget: row => {
      for (const mailbox of placed.all(row)) remove.run(mailbox, row)
    },
  }
}
