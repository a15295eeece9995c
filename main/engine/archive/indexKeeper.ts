/**
 * Looks after an index between captures: what was gathered becomes visible soon after mail stopped coming, and the full-text table is
 * tidied up in short slices while nobody waits for the thread.
 */
import type { Clock } from '../base/clock.ts'
import type { IndexWriter } from '../index/types.ts'

export interface IndexKeeper {
  /** A commit was applied that placed so many messages. */
  applied(messages: number): void
  /** Somebody is about to write: tidying up waits. */
  expects(): void
  end(): void
}

const TICK_MS = 250
/** So long after the last commit or text nothing more is expected to come with it. */
const QUIET_MS = 250
/** And so long after it tidying up begins: a server that pauses for half a second in the middle of a capture is not yet rest. */
const REST_MS = 2000
/** While mail pours in, lists follow it once a second. */
const TELL_MS = 1000
/** Between two slices, of some 10 ms each: the thread answers questions. */
const BETWEEN_MS = 15

export interface KeeperDeps {
  index(): IndexWriter | null
  clock: Clock
  /** Lists and counts have changed. */
  tell(messages: number): void
  /** An index that fails while it is tidied up. */
  failed(error: unknown): void
}

export function keepIndex({ index, clock, tell, failed }: KeeperDeps): IndexKeeper {
  let messages = 0
  let untold = false
  let lastApplied = 0
  let lastTold = 0
  let taken = 0
  /** There may be something to tidy up. */
  let tidy = true
  let tidying: NodeJS.Timeout | null = null

  const tick = () => {
    const now = clock.now()
    // Texts that are read from the log by and by: writing out each quarter of a second's worth would take longer than they do.
    const seen = index()?.taken ?? 0
    if (seen !== taken) lastApplied = now
    taken = seen
    const quiet = now - lastApplied >= QUIET_MS
    if (quiet && untold) attempt(writer => writer.flush())
    if (!tidying) tidyUp()
    if (!untold || (!quiet && now - lastTold < TELL_MS)) return
    tell(messages)
    messages = 0
    lastTold = now
    // Told in the middle of it: once more when all of it can be seen.
    if (quiet) untold = false
  }

  const attempt = (work: (writer: IndexWriter) => void) => {
    const writer = index()
    if (!writer) return
    try {
      work(writer)
    } catch (error) {
      tidy = false
      failed(error)
    }
  }

  const tidyUp = () => {
    tidying = null
    if (!index() || !tidy || clock.now() - lastApplied < REST_MS) return
    attempt(writer => {
      tidy = writer.idle()
    })
    tidying = setTimeout(tidyUp, BETWEEN_MS).unref()
  }

  const timer = setInterval(tick, TICK_MS)
  timer.unref()
  return {
    applied: count => {
      messages += count
      untold = true
      tidy = true
      lastApplied = clock.now()
    },
    expects: () => {
      lastApplied = clock.now()
    },
    end: () => {
      clearInterval(timer)
      if (tidying) clearTimeout(tidying)
    },
  }
}
