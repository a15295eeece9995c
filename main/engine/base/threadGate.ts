/**
 * Threads are never ended in the middle of zlib, nor while SQLite is loaded into them: Node 24 aborts the whole process when a thread is terminated after a
 * compressor was made and before it was initialised ("close before init", in all its kinds of compression), and so does an addon that is being loaded then.
 */
import { Worker, type WorkerOptions } from 'node:worker_threads'

/** What the two sides share: Int32 [the thread is in such a place, the thread is to end]. */
export type SharedGate = SharedArrayBuffer

const INSIDE = 0
const ENDING = 1
// Compressing the largest piece there is takes a fraction of that.
const MOST_MS = 10_000

export interface GatedThread {
  readonly worker: Worker
  /** Terminates it as soon as it is in no such place. */
  end(): Promise<void>
}

const open = new Set<Int32Array>()
let minded = false

/** For each thread that compresses or decompresses, or opens a database. Its `workerData` has `gate` beside what the options say, for `mindGate`. */
export function startGatedThread(entry: URL, options: Omit<WorkerOptions, 'workerData'> & { workerData?: object }): GatedThread {
  const shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)
  const flags = new Int32Array(shared)
  open.add(flags)
  // The end of the process ends its threads the same way.
  if (!minded) process.on('exit', closeAll)
  minded = true
  const worker = new Worker(entry, { ...options, workerData: { ...options.workerData, gate: shared } })
  worker.on('exit', () => open.delete(flags))

  return {
    worker,
    async end() {
      Atomics.store(flags, ENDING, 1)
      const until = performance.now() + MOST_MS
      while (Atomics.load(flags, INSIDE) === 1 && worker.threadId !== -1 && performance.now() < until)
        await new Promise(resolve => setTimeout(resolve, 1))
      await worker.terminate()
    },
  }
}

function closeAll(): void {
  for (const flags of open) Atomics.store(flags, ENDING, 1)
  const until = performance.now() + MOST_MS
  const isAnyInside = () => [...open].some(flags => Atomics.load(flags, INSIDE) === 1)
  while (isAnyInside() && performance.now() < until);
}

let mine: Int32Array | null = null

/** Said once by a thread that somebody may end, before it reads anything. */
export function mindGate(shared: SharedGate): void {
  mine = new Int32Array(shared)
}

/** Runs what this thread must not be ended in: a call of zlib, the making of a stream, the opening of a database. Not to be nested. */
export function inGate<T>(work: () => T): T {
  if (!mine) return work()
  Atomics.store(mine, INSIDE, 1)
  if (Atomics.load(mine, ENDING) === 1) {
    Atomics.store(mine, INSIDE, 0)
    // Until it is terminated.
    for (;;) Atomics.wait(mine, ENDING, 1)
  }
  try {
    return work()
  } finally {
    Atomics.store(mine, INSIDE, 0)
  }
}
