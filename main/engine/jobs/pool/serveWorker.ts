/** A worker's side of the pool: takes tasks one after the other, says which message it is at, and gives bytes back packed. */
import { createSecretKey } from 'node:crypto'
import type { MessagePort } from 'node:worker_threads'
import { giveBackAll } from '../../base/giveBack.ts'
import { mindGate } from '../../base/threadGate.ts'
import { viewOfSealed } from '../../log/sealedRecords.ts'
import type { Unsealed } from '../../log/types.ts'
import { type Assembler, createAssembler } from './assemble.ts'
import { createParcel } from './parcel.ts'
import { type PrepareDeps, prepareMessage, type ReadDeps, readView } from './prepare.ts'
import type { FromWorker, Packed, ToWorker, WorkerData } from './protocol.ts'
import { createStoredIds } from './storedIds.ts'
import type { ViewedMessage } from './types.ts'

export interface WorkerReaders extends ReadDeps {
  view(bytes: Uint8Array, beginning: boolean): Promise<ViewedMessage>
}

export function serveWorker(port: MessagePort, { idKey, progress, gate, stored }: WorkerData, readers: WorkerReaders): void {
  mindGate(gate)
  const counters = new Int32Array(progress)
  const ids = createStoredIds()
  ids.add(stored)
  const key = createSecretKey(idKey)
  const deps: PrepareDeps = { idKey: key, isStored: ids.has, read: readers }
  const parcel = createParcel()
  const streams = new Map<number, { assembler: Assembler; records: Unsealed[] }>()

  const send = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
  const failed = (task: number, error: unknown) => send({ type: 'failed', task, message: error instanceof Error ? error.message : String(error) })
  const begin = (index: number) => {
    Atomics.store(counters, 1, index)
    Atomics.add(counters, 0, 1)
  }

  function each<T>({ buffer, lengths }: Packed, work: (message: Buffer, i: number) => T): T[] {
    let at = 0
    return lengths.map((length, i) => {
      begin(i)
      at += length
      return work(Buffer.from(buffer, at - length, length), i)
    })
  }

  const tasks: { [T in ToWorker['type']]: (message: Extract<ToWorker, { type: T }>) => void } = {
    prepare({ task, packed, reading }) {
      const prepared = each(packed, bytes => {
        const message = prepareMessage(deps, bytes, reading)
        parcel.put(message.records)
        return message
      })
      send({ type: 'prepared', task, prepared }, [parcel.close()])
    },
    parse({ task, packed, reading }) {
      const parsed = each(packed, bytes => readView(readers, bytes, reading))
      send({ type: 'parsed', task, parsed })
    },
    parseSealed({ task, packed, ids, keys, keyOf, reading }) {
      const parsed = each(packed, (bytes, i) => {
        const view = viewOfSealed({ id: ids[i]!, key: keys[keyOf[i]!]!, bytes })
        const read = view && readView(readers, view, reading)
        if (view) giveBackAll(view.bytes)
        return read
      })
      send({ type: 'parsed', task, parsed })
    },
    view({ task, packed, beginning }) {
      const viewing = each(packed, bytes => readers.view(bytes, beginning))[0]!
      viewing.then(viewed => send({ type: 'viewed', task, viewed })).catch(error => failed(task, error))
    },
    stream({ task }) {
      const records: Unsealed[] = []
      const assembler = createAssembler({ idKey: key, isStored: ids.has, give: record => void records.push(record) })
      streams.set(task, { records, assembler })
    },
    chunk({ task, bytes }) {
      const { assembler, records } = streams.get(task)!
      begin(0)
      assembler.feed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
      const out = records.splice(0)
      parcel.put(out)
      send({ type: 'taken', task, bytes: bytes.length, records: out }, [parcel.close()])
    },
    chunksEnd({ task }) {
      const { assembler, records } = streams.get(task)!
      streams.delete(task)
      begin(0)
      const { id, size, refers, view } = assembler.end()
      const out = records.splice(0)
      parcel.put(out, view!.bytes)
      send({ type: 'assembled', task, prepared: { id, size, refers, records: out } }, [parcel.close()])
      begin(1)
      send({ type: 'streamParsed', task, parsed: readers.parse(view!) })
    },
    stored: message => ids.add(message.ids),
    forget: () => ids.clear(),
  }

  port.on('message', (message: ToWorker) => {
    try {
      const task = tasks[message.type] as (message: ToWorker) => void
      task(message)
    } catch (error) {
      parcel.close() // what was put into it goes nowhere
      if ('task' in message) failed(message.task, error)
    }
  })
}
