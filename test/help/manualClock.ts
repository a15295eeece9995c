/** A clock that stands still until a test moves it. */
import type { Clock } from '../../main/engine/base/clock.ts'

export interface ManualClock extends Clock {
  /** Moves time on and wakes who slept until then. */
  advance(ms: number): Promise<void>
  readonly sleeping: number
}

export function manualClock(start = Date.UTC(2026, 0, 1)): ManualClock {
  let now = start
  let sleepers: { at: number; wake(): void }[] = []
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const sleeper = { at: now + ms, wake: resolve }
        sleepers.push(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter(one => one !== sleeper)
          reject(signal.reason)
        })
      }),
    advance: async ms => {
      now += ms
      const due = sleepers.filter(({ at }) => at <= now)
      sleepers = sleepers.filter(({ at }) => at > now)
      for (const sleeper of due) sleeper.wake()
      await new Promise(resolve => setImmediate(resolve))
    },
    get sleeping() {
      return sleepers.length
    },
  }
}
