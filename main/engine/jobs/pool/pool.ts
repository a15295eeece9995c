/** The pool of workers; pool/types.ts says what it promises. This file gives work to threads and gives up on none of it. */
import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { AppError } from '../../../contract/errors.ts'
import { threadEntry } from '../../base/threads.ts'
import type { ParsedMessage } from '../../index/types.ts'
import type { SealedRecord } from '../../log/types.ts'
import { unviewed } from '../../mail/mailView.ts'
import { createPack, type Pack } from './pack.ts'
import type { FromWorker, Trust } from './protocol.ts'
import { createStoredIds } from './storedIds.ts'
import { streamThrough } from './stream.ts'
import type { Pool, Prepared, PreparedAndRead, PrepareOptions, ViewedMessage } from './types.ts'
import { unread } from './unread.ts'
import { startWorkerThread, type WorkerLost, type WorkerThread } from './workerThread.ts'

export interface PoolOptions {
  /** Of the archive: keys/archiveKeys.ts. */
  idKey: Uint8Array
  workers?: number
  /** A message may take this long, milliseconds. */
  timeoutMs?: number
  /** Of a worker's JavaScript heap. */
  memoryMb?: number
  /** A worker that has taken so much does not stay when it comes to rest. */
  wornBytes?: number
  /** The worker's module; tests put one in place that fails. */
  entry?: URL
}

const TASK_BYTES = 1024 * 1024 // small enough that two workers finish a batch together
const TASK_MESSAGES = 64
/** A worker that had nothing to do for so long ends: it starts again in 0.2 s, and costs 30 MB. */
const REST_MS = 10_000
/** After this much mail a worker's heap and buffers are 20 MB larger than a new one's, and nothing gives them back before it collects again. */
const WORN_BYTES = 64 * 1024 * 1024

/** On two cores a second worker fills the time that the first leaves while the engine waits for the server. */
export const defaultWorkers = (cores = availableParallelism()): number => (cores === 1 ? 1 : Math.max(2, Math.min(4, cores - 1)))

type Kind = 'prepare' | 'parse' | 'parseSealed' | 'view'
type Result = Prepared | ParsedMessage | null | ViewedMessage

/** More about what is asked for. */
interface Asked {
  later?: PrepareOptions['later']
  /** The bytes are records as they stand in the log. */
  sealed?: readonly SealedRecord[]
  beginning?: boolean | undefined
}

interface Item {
  kind: Kind
  bytes: Uint8Array
  /** Workers this one has cost. */
  lost: number
  failure: ParsedMessage['failure']
  later: PrepareOptions['later']
  sealed: SealedRecord | null
  beginning: boolean
  done(result: Result): void
  failed(error: unknown): void
}

interface Slot {
  thread: WorkerThread
  pack: Pack
  /** It was given so many. */
  bytes: number
  /** Ends it when it has rested. */
  end?: NodeJS.Timeout
}

/** After so many lost workers, this much trust. The first loss may have been somebody else's fault. */
const TRUST: readonly Trust[] = ['full', 'full', 'headers', 'split', 'none']

export function createPool(options: PoolOptions): Pool {
  // Buffers count against a heap's first, small limit, and so a worker would collect garbage every few megabytes of mail: a sixth of its time.
  // Four times as much costs 30 MB a worker and saves 3 % of the time.
  setFlagsFromString('--initial-heap-size=16')
  // For every thread, this one too: a heap is collected when it has grown by half, and not when it is four times what was in use.
  setFlagsFromString('--heap-growing-percent=50')
  const { idKey, workers = defaultWorkers(), timeoutMs = 20_000, memoryMb = 256, wornBytes = WORN_BYTES, entry = threadEntry('pool') } = options
  const stored = createStoredIds()
  const queue: Item[][] = []
  // A single worker has one more beside it for large messages: nothing else is to wait for minutes.
  const slots: (Slot | null)[] = Array.from({ length: Math.max(2, workers) }, () => null)
  const busy = new Set<number>()
  let isStreaming = false
  const waitingStreams: ((slot: number) => void)[] = []
  let nextTask = 1
  let closed = false

  const start = () => startWorkerThread({ entry, idKey, timeoutMs, memoryMb }, stored.all())

  function ask(kind: Kind, messages: readonly Uint8Array[], { later, sealed = [], beginning = false }: Asked = {}): Promise<Result[]> {
    if (closed) return Promise.reject(new AppError('cancelled', 'the pool is closed'))
    const items: Item[] = []
    const all = Promise.all(
      messages.map(
        (bytes, i) =>
          new Promise<Result>(
            (done, failed) => void items.push({ kind, bytes, lost: 0, failure: null, later, sealed: sealed[i] ?? null, beginning, done, failed }),
          ),
      ),
    )
    // A person who opens a message does not wait for the capture's queue.
    if (kind === 'view') queue.unshift(items)
    else queue.push(...cutIntoTasks(items))
    work()
    return all
  }

  function work(): void {
    const last = slots.findLastIndex((_, slot) => !busy.has(slot))
    if (waitingStreams.length > 0 && !isStreaming && last >= 0) {
      isStreaming = true
      busy.add(last)
      waitingStreams.shift()!(last)
    }
    for (let i = 0; i < workers && queue.length > 0; i++) if (!busy.has(i)) void run(i, queue.shift()!)
  }

  async function run(slot: number, items: Item[]): Promise<void> {
    busy.add(slot)
    try {
      const results = await runTask(workerIn(slot), items)
      results.forEach((result, i) => {
        items[i]!.done(result)
      })
    } catch (error) {
      recover(items, error as WorkerLost)
    }
    free(slot)
  }

  function workerIn(slot: number): Slot {
    const present = slots[slot]
    clearTimeout(present?.end)
    if (present && !present.thread.lost) return present
    const started = { thread: start(), pack: createPack(), bytes: 0 }
    slots[slot] = started
    return started
  }

  function free(slot: number): void {
    busy.delete(slot)
    work()
    endSoon(slot)
  }

  function endSoon(slot: number): void {
    const resting = slots[slot]
    if (!closed && mayEnd(slot) && resting) resting.end = setTimeout(() => void end(slot), REST_MS).unref()
  }

  // The first stays, for a message that is opened or has just come, or a new one in its place.
  const mayEnd = (slot: number) => !busy.has(slot) && (slot > 0 || (slots[slot]?.bytes ?? 0) >= wornBytes)

  async function end(slot: number): Promise<void> {
    const { thread, end } = slots[slot]!
    clearTimeout(end)
    slots[slot] = null
    await thread.close()
    if (slot === 0 && !closed) workerIn(slot)
  }

  function runTask(to: Slot, items: Item[]): Promise<Result[]> {
    const { thread, pack } = to
    const task = nextTask++
    to.bytes += items.reduce((sum, { bytes }) => sum + bytes.length, 0)
    const { kind, lost, failure, later, beginning } = items[0]!
    const packed = pack(items.map(item => item.bytes))
    return new Promise<Result[]>((done, failed) => {
      thread.listen((message: FromWorker) => {
        if (!('task' in message) || message.task !== task) return
        thread.rest()
        if (message.type === 'prepared') done(message.prepared)
        else if (message.type === 'parsed') done(message.parsed)
        else if (message.type === 'viewed') done([message.viewed])
        else if (message.type === 'failed') failed(new AppError('internal', `a worker could not do its task: ${message.message}`))
      }, failed)
      const reading = { trust: TRUST[lost]!, failure, later }
      if (kind === 'view') thread.post({ type: kind, task, packed, beginning })
      else if (kind === 'parseSealed') thread.post({ type: kind, task, packed, ...keysOf(items), reading })
      else thread.post({ type: kind, task, packed, reading })
    })
  }

  /** Whoever was under way when the worker went is asked for alone, and trusted less each time. The others are asked for again. */
  function recover(items: Item[], error: WorkerLost | AppError): void {
    if (closed) {
      for (const item of items) item.failed(new AppError('cancelled', 'the pool is closed'))
      return
    }
    const at = 'at' in error ? error.at : -1
    const again: Item[] = []
    for (const [i, item] of items.entries()) {
      if (at >= 0 && i !== at) {
        again.push(item)
        continue
      }
      item.lost++
      item.failure = 'why' in error ? error.why : 'parse-failed'
      const most = item.kind === 'prepare' ? TRUST.length : item.kind === 'view' ? 1 : 4
      if (item.lost < most) queue.unshift([item])
      else if (item.kind === 'prepare') item.failed(new AppError('internal', 'a message could not be prepared', { cause: error }))
      else item.done(item.kind === 'view' ? unviewed(item.failure) : unread(item.failure))
    }
    if (again.length > 0) queue.unshift(again)
  }

  /** Large messages are rare: one at a time has a worker to itself, and nothing hostile from elsewhere can cost it. */
  async function prepareStream(pieces: AsyncIterable<Uint8Array>, put: Parameters<Pool['prepareStream']>[1]): Promise<PreparedAndRead> {
    const slot = await new Promise<number>(go => {
      waitingStreams.push(go)
      work()
    })
    if (closed) throw new AppError('cancelled', 'the pool is closed')
    try {
      return await streamThrough(workerIn(slot).thread, nextTask++, pieces, put)
    } finally {
      isStreaming = false
      free(slot)
    }
  }

  const everyThread = () => slots.flatMap(slot => (slot ? [slot.thread] : [])).filter(thread => !thread.lost)

  return {
    prepare: ((messages: Uint8Array[], { later }: PrepareOptions = {}) => ask('prepare', messages, { later })) as Pool['prepare'],
    parse: views => ask('parse', views) as Promise<ParsedMessage[]>,
    parseSealed: records =>
      ask(
        'parseSealed',
        records.map(({ bytes }) => bytes),
        { sealed: records },
      ) as Promise<(ParsedMessage | null)[]>,
    view: async (bytes, beginning) => (await ask('view', [bytes], { beginning }))[0] as ViewedMessage,
    prepareStream,
    stored(ids) {
      const list = [...ids]
      if (list.length === 0) return
      stored.add(list)
      for (const thread of everyThread()) thread.post({ type: 'stored', ids: list })
    },
    forget() {
      stored.clear()
      for (const thread of everyThread()) thread.post({ type: 'forget' })
    },
    warm(messages) {
      const needed = Math.min(workers, Math.ceil(messages / TASK_MESSAGES))
      for (let slot = 0; slot < needed && !closed; slot++) {
        if (busy.has(slot)) continue
        workerIn(slot)
        endSoon(slot)
      }
    },
    async rest() {
      await Promise.all(slots.map((present, slot) => present && mayEnd(slot) && end(slot)))
    },
    async close() {
      closed = true
      for (const items of queue.splice(0)) for (const item of items) item.failed(new AppError('cancelled', 'the pool is closed'))
      for (const go of waitingStreams.splice(0)) go(-1)
      for (const slot of slots) clearTimeout(slot?.end)
      await Promise.all(everyThread().map(thread => thread.close()))
    },
  }
}

/** Most are from one segment, and share its key. */
function keysOf(items: readonly Item[]) {
  const sealed = items.map(item => item.sealed!)
  const keys = [...new Set(sealed.map(({ key }) => key))]
  return { ids: sealed.map(({ id }) => id), keys, keyOf: sealed.map(({ key }) => keys.indexOf(key)) }
}

function cutIntoTasks(items: Item[]): Item[][] {
  const tasks: Item[][] = []
  let task: Item[] = []
  let bytes = 0
  for (const item of items) {
    if (task.length > 0 && (task.length >= TASK_MESSAGES || bytes + item.bytes.length > TASK_BYTES)) {
      tasks.push(task)
      task = []
      bytes = 0
    }
    task.push(item)
    bytes += item.bytes.length
  }
  if (task.length > 0) tasks.push(task)
  return tasks
}
