/** The module a worker thread of the pool starts with. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { viewMessage } from '../../mail/view.ts'
import { parseHeaders, parseMessage } from './parsed.ts'
import type { WorkerData } from './protocol.ts'
import { serveWorker } from './serveWorker.ts'
import { unread } from './unread.ts'

serveWorker(parentPort as MessagePort, workerData as WorkerData, { parse: parseMessage, parseHeaders, unread, view: viewMessage })
