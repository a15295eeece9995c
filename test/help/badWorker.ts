/** A worker of the pool whose reading of messages can be made to go wrong, by a mark in the message. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { parseHeaders, parseMessage } from '../../main/engine/jobs/pool/parsed.ts'
import type { WorkerData } from '../../main/engine/jobs/pool/protocol.ts'
import { serveWorker } from '../../main/engine/jobs/pool/serveWorker.ts'
import { unread } from '../../main/engine/jobs/pool/unread.ts'
import { viewMessage } from '../../main/engine/mail/view.ts'

const has = (view: unknown, mark: string): boolean => {
  const bytes = view instanceof Uint8Array ? view : (view as { bytes: Uint8Array }).bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(mark)
}

function misbehave(view: unknown): void {
  if (has(view, 'X-Hang: for ever')) for (;;);
  if (has(view, 'X-Exit: now')) process.exit(3)
  if (has(view, 'X-Swell: without end')) {
    const heap: unknown[] = []
    for (;;) heap.push(new Array(10_000).fill(Math.random()))
  }
}

serveWorker(parentPort as MessagePort, workerData as WorkerData, {
  parse(view) {
    misbehave(view)
    return parseMessage(view)
  },
  parseHeaders(view, failure) {
    if (has(view, 'X-Even: headers')) misbehave(view)
    return parseHeaders(view, failure)
  },
  unread(failure) {
    return unread(failure)
  },
  view(bytes) {
    misbehave(bytes)
    return Promise.resolve(viewMessage(bytes))
  },
})
