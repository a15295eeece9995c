/** "Last proven complete": remembered while the engine runs, and written into the log now and then, so that it is known after a restart and in every copy. */
import type { Archives } from '../../archives.ts'

/** A commit for each look that found nothing would be half a megabyte a day; one an hour is ten kilobytes. */
const WRITTEN_EVERY_MS = 60 * 60_000

/** A capture that began `at` found everything complete. Throws what writing throws. */
export async function noteProven(archives: Archives, id: string, at: number): Promise<void> {
  const store = await (await archives.open(id)).store()
  const written = store.index.lastProven()
  if (written === null || at - written >= WRITTEN_EVERY_MS) await store.save([], [{ k: 'proven', at }])
  archives.noteProven(id, at)
}
