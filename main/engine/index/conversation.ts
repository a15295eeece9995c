/** The conversation of a message that is open (threads.ts says which). */
import type { MessageSummary } from '../../contract/types.ts'
import type { RecordId } from '../log/types.ts'
import type { ReadDb } from './connection.ts'
import { headQueries, MOST } from './heads.ts'
import { bytesOf } from './rows.ts'
import type { Summarise } from './summaries.ts'

/** All messages of one's conversation, itself among them: the oldest first, at most 200, those before it rather than those after. */
export function createConversation(db: ReadDb, summarise: Summarise): (id: RecordId) => MessageSummary[] {
  const rowOf = db.prepare<[Buffer], number | null>('SELECT row FROM records WHERE id = ?').pluck()
  const threadOf = db.prepare<[number], number>(headQueries.threadOf).pluck()
  const upTo = db.prepare<[number, number, number], number>('SELECT row FROM threads WHERE thread = ? AND row <= ? ORDER BY row DESC LIMIT ?').pluck()
  const after = db.prepare<[number, number, number], number>('SELECT row FROM threads WHERE thread = ? AND row > ? ORDER BY row LIMIT ?').pluck()
  return id => {
    const row = rowOf.get(bytesOf(id))
    if (row == null) return []
    const thread = threadOf.get(row)
    const older = thread === undefined ? [row] : upTo.all(thread, row, MOST)
    const newer = thread === undefined ? [] : after.all(thread, row, MOST - older.length)
    return [...older.reverse(), ...newer].flatMap(one => summarise({ row: one, placement: 0 }) ?? [])
  }
}
