/** The threads that this process starts, for tests of who starts how many. */
import type { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'

/** Grows until the test is over; a thread is in it a turn after it was started. */
export function startedThreads(): Worker[] {
  const started: Worker[] = []
  const onWorker = (worker: Worker) => void started.push(worker)
  process.on('worker', onWorker)
  onTestFinished(() => void process.off('worker', onWorker))
  return started
}
