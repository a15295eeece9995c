/** The context of work that is nobody's job: it says nothing to anybody but the engine's log file. */
import type { Clock } from '../base/clock.ts'
import type { JobContext } from '../jobs/types.ts'

/** `what` it is, for the log: what fails is written behind it. */
export function besides(what: string, signal: AbortSignal, clock: Clock, log: (line: string) => void): JobContext {
  return {
    signal,
    clock,
    progress: () => {},
    checkpoint: async () => signal.throwIfAborted(),
    failed: (item, error) => log(`${what}: ${item} ${error.code}`),
    count: () => {},
    result: () => {},
    log,
  }
}
