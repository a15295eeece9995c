/** Follows a log that somebody else writes: another computer on the same share, or the copying that brings a copy up to date. */
import { stat } from 'node:fs/promises'
import { toPlainError } from '../../contract/errors.ts'
import type { Clock } from '../base/clock.ts'
import { realDisk } from '../base/files.ts'
import { listSegments, segmentPath } from '../log/segment.ts'
import type { LogPosition, LogReader } from '../log/types.ts'

export interface Following {
  dir: string
  clock: Clock
  /** Ends it. */
  signal: AbortSignal
  /** Null while this process writes the log itself, and so knows what is new. */
  log(): LogReader | null
  /** Up to where the index has come. */
  position(): LogPosition | null
  /** Brings the index up to the log. */
  catchUp(): Promise<void>
  note(line: string): void
}

/** A folder listing and the size of one file: little enough for a slow share. */
const LOOK_MS = 3_000
/** Rounds in which what is there does not open: after them it is no write under way, but damage, and told as such. */
const PATIENCE = 5

export async function followLog({ dir, clock, signal, log, position, catchUp, note }: Following): Promise<void> {
  let seen = await endOf(dir)
  let unsettled = 0
  let failing = ''
  for (;;) {
    await clock.sleep(LOOK_MS, signal)
    try {
      const end = await endOf(dir)
      const reader = log()
      if (reader === null || end === null || end === seen) continue
      if (unsettled++ < PATIENCE && !(await isSettled(reader, position(), signal))) continue
      await catchUp()
      seen = end
      unsettled = 0
      failing = ''
    } catch (error) {
      signal.throwIfAborted()
      // A share that went away comes back; it is said once.
      const { code } = toPlainError(error)
      if (code !== failing) note(`following ${dir} waits: ${code}`)
      failing = code
    }
  }
}

/** Over a share, pages need not arrive in the order they were written in: nothing is taken from a stretch of which a part does not open yet. */
async function isSettled(log: LogReader, from: LogPosition | null, signal: AbortSignal): Promise<boolean> {
  for await (const item of log.scan({ ...(from && { from }), full: true, signal })) if (item.type === 'damage') return false
  return true
}

/** Which segment is the last one, and its size; null where the folder is away. */
async function endOf(dir: string): Promise<string | null> {
  try {
    const last = (await listSegments(dir, realDisk)).at(-1) ?? 0
    return `${last}:${last === 0 ? 0 : (await stat(segmentPath(dir, last))).size}`
  } catch {
    return null // whoever reads from it says what is wrong
  }
}
