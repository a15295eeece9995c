/** The reader thread's own side: one question after the other. The index is opened with the first, so that a missing one is an answer, not a crash. */
import { parentPort, workerData } from 'node:worker_threads'
import { toPlainError } from '../../contract/errors.ts'
import { inGate, mindGate, type SharedGate } from '../base/threadGate.ts'
import { type IndexReaderFile, openIndexQueries } from './reader.ts'
import { type Answer, type Question, READY } from './readerThread.ts'
import type { IndexQueries } from './types.ts'

const { gate, ...file } = workerData as IndexReaderFile & { gate: SharedGate }
mindGate(gate)
let queries: IndexQueries | null = null

parentPort!.on('message', ({ id, method, args }: Question) => {
  let answer: Answer
  try {
    queries ??= inGate(() => openIndexQueries(file))
    answer = { id, value: (queries[method] as (...args: unknown[]) => unknown)(...args) }
  } catch (error) {
    answer = { id, error: toPlainError(error) }
  }
  parentPort!.postMessage(answer)
})

parentPort!.postMessage(READY)
