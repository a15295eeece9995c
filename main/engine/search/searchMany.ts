/** One list of results from several archives, newest first. */
import type { Cursor, MessageSummary, MessageWindow } from '../../contract/types.ts'

/** Asks one archive for what is older than a cursor (null: from the newest). */
export type AskOne = (from: Cursor | null) => Promise<MessageWindow>

/**
 * The archives' own windows, merged by time. `from` and the cursors of the answer belong to this list of archives in this order: `row` says the
 * time, `placement` which archive (from 1) the row came from, because two archives may use the same row for two messages.
 */
export async function searchMany(archives: readonly AskOne[], from: Cursor | null, limit: number): Promise<MessageWindow> {
  const windows = await Promise.all(archives.map((ask, at) => ask(startOf(from, at))))
  const merged = windows
    .flatMap((window, at) => window.rows.map(row => ({ ...row, cursor: { row: row.cursor.row, placement: at + 1 } })))
    .sort(newestFirst)
  return {
    rows: merged.slice(0, limit),
    before: from !== null,
    after: merged.length > limit || windows.some(({ after }) => after),
  }
}

/** Of equal rows the earlier archive's stands first: archives behind the one the cursor names may still have that very row to give. */
function startOf(from: Cursor | null, archive: number): Cursor | null {
  if (!from) return null
  return { row: archive + 1 > from.placement && from.placement > 0 ? from.row + 1 : from.row, placement: 0 }
}

const newestFirst = (a: MessageSummary, b: MessageSummary): number => b.cursor.row - a.cursor.row || a.cursor.placement - b.cursor.placement
