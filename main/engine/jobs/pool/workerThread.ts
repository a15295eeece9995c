/** One worker thread as the pool sees it: takes a task at a time, is watched, and is replaced when it dies or hangs. */
import type { ResourceLimits } from 'node:worker_threads'
import { startGatedThread } from '../../base/threadGate.ts'
import type { RecordId } from '../../log/types.ts'
import type { FromWorker, ToWorker, WorkerData } from './protocol.ts'

export interface ThreadOptions {
  entry: URL
  idKey: Uint8Array
  /** A message may take this long. */
  timeoutMs: number
  memoryMb: number
}

/** The worker is gone, with whatever it was doing. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost'
  readonly why: 'parse-timeout' | 'parse-failed'
  /** Index of the message it was at in its task; -1 when it was at none. */
  readonly at: number

  constructor(why: 'parse-timeout' | 'parse-failed', at: number, detail: string) {
    super(`a worker was lost (${detail}) at message ${at}`)
    this.why = why
    this.at = at
  }
}

export interface WorkerThread {
  post(message: ToWorker, transfer?: ArrayBuffer[]): void
  /** Everything the worker says from now on, until it is lost. One listener at a time. */
  listen(onMessage: (message: FromWorker) => void, onLost: (error: WorkerLost) => void): void
  /** The task is over: nobody listens, nothing is watched. */
  rest(): void
  readonly lost: boolean
  close(): Promise<void>
}

const TICK = 250
const START_MS = 30_000

export function startWorkerThread({ entry, idKey, timeoutMs, memoryMb }: ThreadOptions, stored: RecordId[]): WorkerThread {
  const progress = new SharedArrayBuffer(8)
  const counters = new Int32Array(progress)
  const data: Omit<WorkerData, 'gate'> = { idKey, progress, stored }
  const limits: ResourceLimits = { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 6, stackSizeMb: 4 }
  const { worker, end } = startGatedThread(entry, { workerData: data, resourceLimits: limits, name: 'pool' })
  let onMessage: ((message: FromWorker) => void) | null = null
  let onLost: ((error: WorkerLost) => void) | null = null
  let lost = false
  let watchdog: NodeJS.Timeout | null = null
  let begun = 0

  const isLost = (why: 'parse-timeout' | 'parse-failed', detail: string) => {
    if (lost) return
    lost = true
    stopWatch()
    const at = Atomics.load(counters, 0) === begun ? -1 : Atomics.load(counters, 1)
    onLost?.(new WorkerLost(why, at, detail))
    void end()
  }

  worker.unref()
  worker.on('message', message => onMessage?.(message as FromWorker))
  worker.on('error', error => isLost('parse-failed', error instanceof Error ? error.message : String(error)))
  worker.on('messageerror', () => isLost('parse-failed', 'its answer could not be read'))
  worker.on('exit', code => isLost('parse-failed', `exit ${code}`))

  function stopWatch(): void {
    if (watchdog) clearInterval(watchdog)
    watchdog = null
  }

  /** Counts its own ticks rather than time: a computer that slept has not made the worker late. */
  function watch(): void {
    let seen = Atomics.load(counters, 0)
    let ticks = 0
    watchdog = setInterval(() => {
      const now = Atomics.load(counters, 0)
      ticks = now === seen ? ticks + 1 : 0
      seen = now
      // A thread that is still starting is at no message yet.
      const most = now === begun ? Math.max(timeoutMs, START_MS) : timeoutMs
      if (ticks * TICK >= most) isLost('parse-timeout', 'timeout')
    }, TICK)
  }

  return {
    post(message, transfer = []) {
      worker.postMessage(message, transfer)
    },
    listen(message, gone) {
      begun = Atomics.load(counters, 0)
      onMessage = message
      onLost = gone
      worker.ref()
      stopWatch()
      watch()
    },
    rest() {
      onMessage = null
      onLost = null
      stopWatch()
      worker.unref()
    },
    get lost() {
      return lost
    },
    async close() {
      lost = true
      stopWatch()
      onLost?.(new WorkerLost('parse-failed', -1, 'the pool was closed'))
      await end()
    },
  }
}
