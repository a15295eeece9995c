/** What one capture may take of the line and of the provider's patience: asked before anything large is fetched, told what came. */
import { AppError } from '../../../contract/errors.ts'
import type { Clock } from '../../base/clock.ts'
import type { DayBudget } from './dayBudget.ts'

export interface Traffic {
  /** Nothing is limited: then nobody needs to know sizes beforehand. */
  readonly free: boolean
  /**
   * From now on mail is fetched that came since the last look (all that is left of the day is there for it), or that was there before: then a part of the day
   * stays free for what is new. Throws what `check` throws. It begins with what is new.
   */
  bring(what: 'new' | 'rest'): void
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
  /** What `take` throws when the day is used; day-budget where nothing is said. */
  spentCode?: 'day-budget' | 'day-budget-up'
}

/** Of a day's budget this stays free for listings and the talk around, which nobody can know beforehand. */
const TALK = 0.02
const LARGEST_TALK = 4_000_000
/** And this for new mail, while a large mailbox takes days: a message of today must not wait until tomorrow for old ones. */
const NEW_MAIL = 0.05
const LARGEST_NEW_MAIL = 100_000_000
/** With a bandwidth limit: bytes of so many seconds at a time, so that the line is never taken for long. */
const PORTION_SECONDS = 4
const SMALLEST_PORTION = 64 * 1024
const LARGEST_PORTION = 8 * 1024 * 1024
/** A server, or a router on the way, forgets a silent connection after some minutes. */
const KEEP_ALIVE_MS = 60_000

const talkOf = (perDay: number) => Math.min(LARGEST_TALK, perDay * TALK)

/** What a day may bring of mail that was there before. */
export const restOfDay = (perDay: number): number => perDay - talkOf(perDay) - Math.min(LARGEST_NEW_MAIL, perDay * NEW_MAIL)

export function createTraffic({ clock, signal, budget, bytesPerSecond, check, onBudget, spentCode = 'day-budget' }: TrafficDeps): Traffic {
  const portion = Math.min(LARGEST_PORTION, Math.max(SMALLEST_PORTION, (bytesPerSecond ?? Number.POSITIVE_INFINITY) * PORTION_SECONDS))
  const spare = budget ? talkOf(budget.perDay) : 0
  let bringing: 'new' | 'rest' = 'new'
  /** Bytes of the day that are kept free now. */
  const free = () => (budget && bringing === 'rest' ? budget.perDay - restOfDay(budget.perDay) : spare)
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

  const spent = ({ perDay, left, endsAt }: DayBudget): AppError =>
    new AppError(spentCode, "today's budget is used", {
      facts: {
        perDay,
        until: endsAt(),
        retryAfterMs: Math.max(1000, endsAt() - clock.now()),
        ...(bringing === 'rest' && left() > spare && { forNewMail: left() - spare }),
      },
    })
  const checkAll = () => {
    check()
    if (budget && budget.left() <= free()) throw spent(budget)
  }

  return {
    free: budget === null && bytesPerSecond === null,
    portion: () => (budget ? Math.min(portion, Math.max(0, budget.left() - free())) : portion),
    bring: what => {
      bringing = what
      checkAll()
    },
    check: checkAll,
    line,
    take: async bytes => {
      check()
      if (budget && (budget.left() - bytes < free() || !(await budget.take(bytes)))) throw spent(budget)
      if (budget) onBudget(budget)
      const day = budget?.endsAt()
      return {
        done: real => {
          if (!budget) return
          // Taken yesterday, come today: nothing of today was taken that could be given back.
          if (day !== budget.endsAt()) budget.used(real)
          else if (real < bytes) budget.giveBack(bytes - real)
          else budget.used(real - bytes)
          onBudget(budget)
        },
      }
    },
    used: bytes => budget?.used(bytes),
  }
}
