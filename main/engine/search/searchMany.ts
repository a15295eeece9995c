/** One list of results from several archives, newest first. */
import type { Cursor, MessageSummary, MessageWindow } from '../../contract/types.ts'

/** Asks one archive for what is older (`before`: newer) than a cursor; null: from the newest (oldest). */
export type AskOne = (from: Cursor | null) => Promise<MessageWindow>

/**
 * The archives' own windows, merged by time. `from` and the cursors of the answer belong to this list of archives in this order: `row` says the
 * time, `placement` which archive (from 1) the row came from, because two archives may use the same row for two messages.
 */
export async function searchMany(
  archives: readonly AskOne[],
  from: Cursor | null,
  limit: number,
  direction: 'after' | 'before' = 'after',
): Promise<MessageWindow> {
  const older = direction === 'after'
  const windows = await Promise.all(archives.map((ask, at) => ask(startOf(from, at + 1, older))))
  const merged = windows
    .flatMap((window, at) => window.rows.map(row => ({ ...row, cursor: { row: row.cursor.row, placement: at + 1 } })))
    .sort(newestFirst)
  const more = merged.length > limit || windows.some(({ after, before }) => (older ? after : before))
  return {
    rows: older ? merged.slice(0, limit) : merged.slice(-limit),
    before: older ? from !== null : more,
    after: older ? more : from !== null,
  }
}

/** Of equal rows the earlier archive's stands first: archives on the further side of the one the cursor names may still have that very row to give. */
function startOf(from: Cursor | null, archive: number, older: boolean): Cursor | null {
  if (!from) return null
  const same = from.placement > 0 && (older ? archive > from.placement : archive < from.placement)
  return { row: from.row + (same ? (older ? 1 : -1) : 0), placement: 0 }
}

const newestFirst = (a: MessageSummary, b: MessageSummary): number => b.cursor.row - a.cursor.row || a.cursor.placement - b.cursor.placement
