/** The module a worker thread of the pool starts with. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { parseHeaders, parseMessage } from './parsed.ts'
import type { WorkerData } from './protocol.ts'
import { serveWorker } from './serveWorker.ts'
import { unread } from './unread.ts'

serveWorker(parentPort as MessagePort, workerData as WorkerData, {
  parse: parseMessage,
  parseHeaders,
  unread,
  // Loaded when somebody looks: a capture needs nothing of it.
  view: async (bytes, beginning) => (await import('../../mail/view.ts')).viewMessage(bytes, beginning),
})
