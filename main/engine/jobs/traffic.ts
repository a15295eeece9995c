/** What one capture may take of the line and of the provider's patience: asked before anything large is fetched, told what came. */
import { AppError } from '../../contract/errors.ts'
import type { Clock } from '../base/clock.ts'
import type { DayBudget } from './dayBudget.ts'

export interface Traffic {
  /** Nothing is limited: then nobody needs to know sizes beforehand. */
  readonly free: boolean
  /** Bytes to ask for at a time, and no more than are left of the day. */
  portion(): number
  /** Throws on-battery, on-metered, account-on-hold and day-budget where nothing may be fetched now. */
  check(): void
  /** Takes bytes out of the day's budget before they are asked for. Throws what `check` throws. */
  take(bytes: number): Promise<Taken>
  /** Waits until so many more bytes may go over the line. `keepAlive` is called now and then while it waits. */
  line(bytes: number, keepAlive: () => Promise<void>): Promise<void>
  /** What came beside: listings, answers. */
  used(bytes: number): void
}

export interface Taken {
  /** So many really came. */
  done(bytes: number): void
}

export interface TrafficDeps {
  clock: Clock
  signal: AbortSignal
  budget: DayBudget | null
  bytesPerSecond: number | null
  /** Throws where the person's rules or the computer's state say so. */
  check(): void
  /** For the time left that is shown. */
  onBudget(budget: DayBudget): void
}

/** Of a day's budget this stays free for listings and the talk around, which nobody can know beforehand. */
const TALK = 0.02
const LARGEST_TALK = 4_000_000
/** With a bandwidth limit: bytes of so many seconds at a time, so that the line is never taken for long. */
const PORTION_SECONDS = 4
const SMALLEST_PORTION = 64 * 1024
const LARGEST_PORTION = 8 * 1024 * 1024
/** A server, or a router on the way, forgets a silent connection after some minutes. */
const KEEP_ALIVE_MS = 60_000

export function createTraffic({ clock, signal, budget, bytesPerSecond, check, onBudget }: TrafficDeps): Traffic {
  const portion = Math.min(LARGEST_PORTION, Math.max(SMALLEST_PORTION, (bytesPerSecond ?? Number.POSITIVE_INFINITY) * PORTION_SECONDS))
  const spare = budget ? Math.min(LARGEST_TALK, budget.perDay * TALK) : 0
  /** When the line is free again. */
  let freeAt = 0

  const line = async (bytes: number, keepAlive: () => Promise<void>) => {
    if (bytesPerSecond === null) return
    const from = Math.max(freeAt, clock.now())
    // Several connections share it: whoever comes next begins where this one ends.
    freeAt = from + (bytes / bytesPerSecond) * 1000
    for (let wait = from - clock.now(); wait > 0; wait = from - clock.now()) {
      await clock.sleep(Math.min(wait, KEEP_ALIVE_MS), signal)
      if (wait > KEEP_ALIVE_MS) await keepAlive()
    }
  }

  return {
    free: budget === null && bytesPerSecond === null,
    portion: () => (budget ? Math.min(portion, Math.max(0, budget.left() - spare)) : portion),
    check: () => {
      check()
      if (budget && budget.left() <= spare) throw spent(budget, clock)
    },
    line,
    take: async bytes => {
      check()
      if (budget && (budget.left() - bytes < spare || !(await budget.take(bytes)))) throw spent(budget, clock)
      if (budget) onBudget(budget)
      return {
        done: real => {
          if (!budget) return
          if (real < bytes) budget.giveBack(bytes - real)
          else budget.used(real - bytes)
          onBudget(budget)
        },
      }
    },
    used: bytes => budget?.used(bytes),
  }
}

function spent(budget: DayBudget, clock: Clock): AppError {
  return new AppError('day-budget', "today's budget is used", {
    facts: { perDay: budget.perDay, until: budget.endsAt(), retryAfterMs: Math.max(1000, budget.endsAt() - clock.now()) },
  })
}
