/**
 * Texts of messages that were stored faster than they could be read. Who stored them has them read when all is safe; where that does not come (a person pauses
 * the capture or ends it, a server says nothing for a while) they are read by themselves. Never by two at once, which would do everything twice, nor while the index is thrown away and built again.
 */
import { AppError } from '../../contract/errors.ts'
import type { Clock } from '../base/clock.ts'
import type { JobContext } from '../jobs/types.ts'
import { besides } from './besides.ts'

export interface WaitingTexts {
  /** For who reads them, or builds the index: nobody else does meanwhile. One after the other. */
  alone<T>(work: () => Promise<T>): Promise<T>
  /** More became durable, and more is expected to: until it stays away, nothing is read by itself. */
  stored(): void
  /** For good. Resolves when nothing reads any more. */
  end(): Promise<void>
}

export interface WaitingTextsDeps {
  /** Whether any wait. */
  areThere(): boolean
  /** Reads them. Throws `cancelled` when the context's signal aborts. */
  read(context: JobContext): Promise<void>
  clock: Clock
  log(line: string): void
  /** So long after the last commit. */
  quietMs?: number
}

/** Between two answers of a slow server less passes; who waits longer would have them read. */
const QUIET_MS = 3000

export function createWaitingTexts({ areThere, read, clock, log, quietMs = QUIET_MS }: WaitingTextsDeps): WaitingTexts {
  let timer: NodeJS.Timeout | undefined
  let byItself: { stop: AbortController; over: Promise<void> } | null = null
  let others: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let ended = false

  /** An index that cannot be asked says so to somebody who is there to hear it. */
  const isAnyLeft = () => {
    try {
      return !ended && areThere()
    } catch (error) {
      log(`texts that wait are not known: ${said(error)}`)
      return false
    }
  }

  const stop = async () => {
    clearTimeout(timer)
    byItself?.stop.abort(new AppError('cancelled', 'somebody else reads, or more has come'))
    await byItself?.over
  }

  const arm = () => {
    clearTimeout(timer)
    if (!ended) timer = setTimeout(begin, quietMs).unref()
  }

  const begin = () => {
    if (waiting > 0 || !isAnyLeft()) return
    if (byItself) return arm() // it was told to stop, and is about to
    const stop = new AbortController()
    const over = read(besides('texts that wait', stop.signal, clock, log))
      .catch(error => {
        if (!stop.signal.aborted) log(`texts that wait were not read: ${said(error)}`)
      })
      .finally(() => {
        byItself = null
      })
    byItself = { stop, over }
  }

  return {
    alone: work => {
      waiting++
      const turn = others.then(stop).then(work)
      others = turn
        .catch(() => {}) // told to who asked
        .then(() => {
          waiting--
          // Who was ended in the middle of it left some.
          if (isAnyLeft()) arm()
        })
      return turn
    },
    stored: () => {
      byItself?.stop.abort(new AppError('cancelled', 'more has come'))
      arm()
    },
    end: async () => {
      ended = true
      await stop()
    },
  }
}

const said = (error: unknown) => (error instanceof AppError ? error.code : String(error))
