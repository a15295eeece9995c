/**
 * The read-only thread for lists and search. A running SQL statement cannot be interrupted, so a question that was given up, or that takes too
 * long, costs the thread: it is ended and a new one goes on with the questions that wait. They never notice. Nor do they notice that it ends when nobody has
 * asked anything for a while.
 */
import { AppError, fromPlainError, type PlainError } from '../../contract/errors.ts'
import { type GatedThread, startGatedThread } from '../base/threadGate.ts'
import { threadEntry } from '../base/threads.ts'
import type { IndexReaderFile } from './reader.ts'
import type { IndexQueries } from './types.ts'

export interface Question {
  id: number
  method: keyof IndexQueries
  args: readonly unknown[]
}

/** The thread's first message: it has loaded its code. Limits of time count from here, because on a busy computer starting may take longer than they are. */
export const READY = 'ready'

export type Answer = { id: number; value: unknown } | { id: number; error: PlainError }

export interface ReaderThread {
  /**
   * One question after the other, in the order asked. Rejects with the question's own AppError; `cancelled` when the signal aborts; `internal` when it
   * took longer than the thread's time limit.
   */
  ask<M extends keyof IndexQueries>(method: M, args: Parameters<IndexQueries[M]>, signal?: AbortSignal): Promise<ReturnType<IndexQueries[M]>>
  /** Ends the thread; the next question opens the index again. Questions that wait are answered then. */
  reopen(): Promise<void>
  /** Rejects what waits with `cancelled`. */
  close(): Promise<void>
}

export interface ReaderThreadOptions extends IndexReaderFile {
  /** How long one question may take. */
  timeoutMs?: number
  /** How long a question that was given up may go on before it costs the thread: most end by themselves, and starting a thread takes some 50 ms. */
  graceMs?: number
  /** So long after the last question the thread ends: with its pages of the index it takes 20 to 40 MB. */
  restMs?: number
}

interface Waiting extends Question {
  signal: AbortSignal | undefined
  resolve(value: unknown): void
  reject(error: unknown): void
  /** The asker has its answer or has gone; the thread may still be at it. */
  settled: boolean
}

const TIMEOUT = 30_000
const GRACE = 40
const REST = 60_000

export function createReaderThread({ timeoutMs = TIMEOUT, graceMs = GRACE, restMs = REST, ...file }: ReaderThreadOptions): ReaderThread {
  const waiting: Waiting[] = []
  let running: Waiting | null = null
  let thread: GatedThread | null = null
  let ready = false
  let timer: NodeJS.Timeout | undefined
  let resting: NodeJS.Timeout | undefined
  let closed = false
  let ids = 0
  // A terminated thread leaves native code only when its statement ends; whoever deletes the file waits for that.
  const ending = new Set<Promise<unknown>>()

  const start = (): GatedThread => {
    const started = startGatedThread(threadEntry('reader'), { workerData: file, name: 'index-reader' })
    started.worker.unref()
    ready = false
    started.worker.on('message', (message: Answer | typeof READY) => {
      if (thread !== started) return
      if (message !== READY) return answered(message)
      ready = true
      limitTime()
    })
    const lost = (error: unknown) => {
      if (thread !== started) return
      thread = null
      settleRunning(task => task.reject(new AppError('internal', 'the index thread ended', { cause: error })))
    }
    started.worker.on('error', lost)
    started.worker.on('exit', lost)
    return started
  }

  const next = () => {
    if (running || closed) return
    const task = waiting.shift()
    if (!task) {
      thread?.worker.unref()
      clearTimeout(resting)
      resting = setTimeout(() => void endWorker(), restMs).unref()
      return
    }
    clearTimeout(resting)
    running = task
    thread ??= start()
    thread.worker.ref() // the process stays alive for an answer, not for an idle thread
    thread.worker.postMessage({ id: task.id, method: task.method, args: task.args } satisfies Question)
    limitTime()
  }

  const limitTime = () => {
    clearTimeout(timer)
    if (!running || !ready) return
    const { method, settled } = running
    timer = setTimeout(
      () => replace(new AppError('internal', `the index did not answer ${method} in ${timeoutMs} ms`)),
      settled ? graceMs : timeoutMs,
    )
  }

  const settleRunning = (settle: (task: Waiting) => void) => {
    clearTimeout(timer)
    const task = running
    running = null
    if (task && !task.settled) {
      task.settled = true
      settle(task)
    }
    next()
  }

  const answered = (answer: Answer) => {
    if (running?.id !== answer.id) return
    settleRunning(task => ('error' in answer ? task.reject(fromPlainError(answer.error)) : task.resolve(answer.value)))
  }

  const endWorker = (): Promise<unknown> => {
    clearTimeout(resting)
    const old = thread
    thread = null
    if (!old) return Promise.resolve()
    const end = old.end().finally(() => ending.delete(end))
    ending.add(end)
    return end
  }

  const replace = (error: AppError) => {
    void endWorker()
    settleRunning(task => task.reject(error))
  }

  const giveUp = (task: Waiting) => {
    if (task.settled) return
    task.settled = true
    task.reject(new AppError('cancelled', 'cancelled'))
    const at = waiting.indexOf(task)
    if (at >= 0) waiting.splice(at, 1)
    else if (running === task) limitTime()
  }

  return {
    ask: (method, args, signal) =>
      new Promise((resolve, reject) => {
        if (closed || signal?.aborted) return reject(new AppError('cancelled', 'cancelled'))
        const onAbort = () => giveUp(task)
        const done = <T extends unknown[]>(settle: (...values: T) => void) => {
          return (...values: T) => {
            signal?.removeEventListener('abort', onAbort)
            settle(...values)
          }
        }
        const task: Waiting = {
          id: ++ids,
          method,
          args,
          signal,
          settled: false,
          resolve: done(resolve as (value: unknown) => void),
          reject: done(reject),
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        waiting.push(task)
        next()
      }),
    reopen: async () => {
      const interrupted = running
      running = null
      clearTimeout(timer)
      if (interrupted && !interrupted.settled) waiting.unshift(interrupted)
      void endWorker()
      await Promise.all(ending)
      next()
    },
    close: async () => {
      closed = true
      clearTimeout(timer)
      for (const task of [...(running ? [running] : []), ...waiting.splice(0)])
        if (!task.settled) {
          task.settled = true
          task.reject(new AppError('cancelled', 'the index was closed'))
        }
      running = null
      void endWorker()
      await Promise.all(ending)
    },
  }
}
