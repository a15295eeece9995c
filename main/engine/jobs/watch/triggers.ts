/** When the next round of a watch is due: a server's notice, a lost connection, a person, the time since the last one. */
import type { Clock } from '../../base/clock.ts'

export interface Triggers {
  /** Something changed in this mailbox. */
  notice(mailbox: string): void
  /** A connection that listened is gone, after so many ms: look again, and make it anew. */
  lost(stood: number): void
  /** At once: a person asks, or the computer woke up, or an error is over. */
  now(why: 'person' | 'woke' | 'over'): void
  /** The server wants to be left alone for so many ms. */
  notBefore(ms: number): void
  /** A round has ended. `brought`: something was new. */
  ended(brought: boolean): void
  /**
   * Resolves when a round is due, with the mailboxes that notices named where nothing else asked for it, else with null: look at all.
   * What has come up to then counts as answered. Throws when the signal aborts.
   */
  due(signal: AbortSignal): Promise<ReadonlySet<string> | null>
  /** Resolves when a round is due, and leaves it so. Throws when the signal aborts. */
  whenDue(signal: AbortSignal): Promise<void>
  /** Resolves when `now` is called; with `byPerson`, when a person is why. */
  asked(byPerson: boolean): Promise<void>
}

/** After a round that a notice caused: what comes in a burst goes into one more, not into one each. */
const GAP_MS = 200
/** The first look after a connection was lost; later ones wait longer, unless it had stood for a while. */
const LOST_MS = 1_000
const STOOD_WELL_MS = 5 * 60_000

export function createTriggers(clock: Clock, intervalMs: number): Triggers {
  const noticed = new Set<string>()
  let urgent = false
  let again: number | null = null
  let gap = GAP_MS
  let losses = 0
  let byNotice = false
  let endedAt = clock.now()
  let pollAt = clock.now()
  let barred = 0
  let stir = () => {}
  let askers: { byPerson: boolean; tell(): void }[] = []

  const dueAt = (): number => {
    if (urgent) return clock.now()
    const soonest = Math.min(pollAt, again ?? Number.POSITIVE_INFINITY, noticed.size > 0 ? endedAt + gap : Number.POSITIVE_INFINITY)
    return Math.max(soonest, barred)
  }

  const whenDue = async (signal: AbortSignal) => {
    for (;;) {
      const wait = dueAt() - clock.now()
      if (wait <= 0) return
      const timer = new AbortController()
      const stirred = new Promise<void>(resolve => {
        stir = resolve
      })
      await Promise.race([stirred, clock.sleep(wait, AbortSignal.any([signal, timer.signal])).catch(() => {})])
      timer.abort()
      signal.throwIfAborted()
    }
  }

  const due = async (signal: AbortSignal) => {
    await whenDue(signal)
    byNotice = !urgent && noticed.size > 0 && clock.now() < Math.min(pollAt, again ?? Number.POSITIVE_INFINITY)
    const named = byNotice ? new Set(noticed) : null
    noticed.clear()
    urgent = false
    again = null
    return named
  }

  return {
    notice: mailbox => {
      noticed.add(mailbox)
      stir()
    },
    lost: stood => {
      losses = stood >= STOOD_WELL_MS ? 1 : losses + 1
      // Many clients lose a server at the same moment, and shall not all come back at the same moment.
      const wait = Math.min(intervalMs, LOST_MS * 2 ** Math.min(losses - 1, 16)) * (0.5 + Math.random())
      again = Math.min(again ?? Number.POSITIVE_INFINITY, clock.now() + wait)
      stir()
    },
    now: why => {
      urgent = true
      stir()
      const told = askers.filter(({ byPerson }) => why === 'person' || !byPerson)
      askers = askers.filter(asker => !told.includes(asker) && why !== 'over')
      for (const { tell } of told) tell()
    },
    notBefore: ms => {
      barred = clock.now() + ms
    },
    ended: brought => {
      endedAt = clock.now()
      pollAt = endedAt + intervalMs * (0.8 + Math.random() / 5)
      // A server that tells of changes there are none is believed less and less.
      if (brought) gap = GAP_MS
      else if (byNotice) gap = Math.min(intervalMs, gap * 2)
    },
    due,
    whenDue,
    asked: byPerson => new Promise(resolve => askers.push({ byPerson, tell: resolve })),
  }
}
