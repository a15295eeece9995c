/**
 * The thread in which what a person opens is read: it is not behind the capture's work in a queue, and what hangs or eats the memory ends the thread and
 * nothing else. It starts when it is needed, and ends when it has rested for a while.
 */
import { AppError } from '../../../contract/errors.ts'
import { type GatedThread, startGatedThread } from '../../base/threadGate.ts'
import { threadEntry } from '../../base/threads.ts'
import type { Openers } from './openers.ts'

export interface Opening {
  /** Rejects with parse-timeout, parse-failed, or `cancelled` when it was closed. */
  ask: Ask
  /** The same, and bytes among the arguments that have memory of their own go over to the thread when it is their turn: here they are empty from then on. */
  hand: Ask
  close(): Promise<void>
}

export type Ask = <N extends keyof Openers>(name: N, ...args: Parameters<Openers[N]>) => Promise<Awaited<ReturnType<Openers[N]>>>

export interface OpeningOptions {
  timeoutMs?: number
  memoryMb?: number
  /** The thread ends when nothing was asked for so long. */
  restMs?: number
  /** A thread that is not ready by then does not get ready. */
  startMs?: number
}

export interface Question {
  id: number
  name: keyof Openers
  args: readonly unknown[]
}
/** Its first message says that its code is loaded: time is counted from then on. */
export const READY = 'ready'
export type Answer = typeof READY | { id: number; value: unknown } | { id: number; failed: string }

interface Waiting extends Question {
  handed: boolean
  resolve(value: unknown): void
  reject(error: unknown): void
}

export function createOpening({ timeoutMs = 10_000, memoryMb = 192, restMs = 60_000, startMs = 30_000 }: OpeningOptions = {}): Opening {
  const waiting: Waiting[] = []
  let running: Waiting | null = null
  let thread: GatedThread | null = null
  let ready = false
  let timer: NodeJS.Timeout | undefined
  let rest: NodeJS.Timeout | undefined
  let ids = 0
  let closed = false

  function start(): GatedThread {
    const started = startGatedThread(threadEntry('opening'), {
      name: 'opening',
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 12, stackSizeMb: 4 },
    })
    ready = false
    started.worker.on('message', (answer: Answer) => {
      if (thread !== started) return
      if (answer === READY) {
        ready = true
        return limit()
      }
      if (running?.id !== answer.id) return
      if ('failed' in answer) end(task => task.reject(new AppError('parse-failed', answer.failed)))
      else end(task => task.resolve(answer.value))
    })
    const lost = (why: unknown) => {
      if (thread !== started) return
      thread = null
      end(task => task.reject(new AppError('parse-failed', 'the thread that read it has ended', { cause: why })))
    }
    started.worker.on('error', lost)
    started.worker.on('exit', lost)
    return started
  }

  function next(): void {
    if (running || closed) return
    const task = waiting.shift()
    clearTimeout(rest)
    if (!task) {
      thread?.worker.unref()
      rest = setTimeout(() => void terminate(), restMs).unref()
      return
    }
    running = task
    thread ??= start()
    thread.worker.ref()
    thread.worker.postMessage({ id: task.id, name: task.name, args: task.args } satisfies Question, task.handed ? ownedBy(task.args) : [])
    limit()
  }

  async function terminate(): Promise<void> {
    const ending = thread
    thread = null
    await ending?.end()
  }

  function limit(): void {
    clearTimeout(timer)
    if (!running) return
    const most = ready ? timeoutMs : startMs
    timer = setTimeout(() => {
      void terminate()
      end(task => task.reject(new AppError('parse-timeout', `${ready ? 'reading it' : 'the start of its thread'} took longer than ${most} ms`)))
    }, most)
  }

  function end(settle: (task: Waiting) => void): void {
    clearTimeout(timer)
    const task = running
    running = null
    if (task) settle(task)
    next()
  }

  const asking =
    (handed: boolean): Ask =>
    (name, ...args) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new AppError('cancelled', 'the archive is closed'))
        waiting.push({ id: ++ids, name, args, handed, resolve: resolve as (value: unknown) => void, reject })
        next()
      })

  return {
    ask: asking(false),
    hand: asking(true),
    async close() {
      closed = true
      clearTimeout(timer)
      clearTimeout(rest)
      for (const task of [...(running ? [running] : []), ...waiting.splice(0)]) task.reject(new AppError('cancelled', 'the archive is closed'))
      running = null
      await terminate()
    },
  }
}

/** The memory of those bytes that have it to themselves. */
const ownedBy = (args: readonly unknown[]): ArrayBuffer[] =>
  args.flatMap(arg =>
    arg instanceof Uint8Array && arg.buffer instanceof ArrayBuffer && arg.byteLength === arg.buffer.byteLength ? [arg.buffer] : [],
  )
