/**
 * A clock on which waiting takes no time: whoever sleeps finds that it has passed. For days in a second, where one thing happens after the other. What is done beside
 * (threads, the disk) gets a moment at each sleep, or it would lag hours behind; `beside` says what is waited for where a moment may not be enough.
 */
import type { Clock } from '../../main/engine/base/clock.ts'

export interface HurryingClock extends Clock {
  /** Called before time goes on, with the time that is over then. */
  onSleep(listener: (now: number) => void): void
  /** Done at each sleep, before it is over. */
  beside(work: () => Promise<unknown>): void
}

const BESIDE_MS = 15

export function hurryingClock(start: number): HurryingClock {
  let now = start
  let told: (now: number) => void = () => {}
  let beside: () => Promise<unknown> = async () => {}
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      told(now)
      now += ms
      await new Promise(resolve => setTimeout(resolve, BESIDE_MS))
      await beside()
      signal?.throwIfAborted()
    },
    onSleep: listener => {
      told = listener
    },
    beside: work => {
      beside = work
    },
  }
}
