/**
 * From fetched bytes to a durable commit, with a bound on what is held in between. Preparing runs beside fetching; commits follow one another,
 * and whatever became ready while the last one was syncing goes into the next: one fsync for many.
 */
import { giveBack, giveBackAll } from '../base/giveBack.ts'
import type { Fact } from '../log/facts.ts'
import type { Prepared } from './poolTypes.ts'
import type { ArchiveStore } from './types.ts'

/**
 * Bytes that may wait to be prepared and saved. With what 3 connections are reading (a batch of 2 MB and a message of at most 8 MB each) at most about
 * 40 MB are in flight, usually 15. Twice as much did not make it faster: the pool wants 2 MB a worker.
 */
const MOST_WAITING = 8 * 1024 * 1024
/**
 * While so little waits, the pool keeps step with the server, and messages are read as they are stored. Where mail comes faster than that,
 * making it durable goes first: only the headers are read, and `indexPending` reads the rest from the log when all is safe.
 */
const IN_STEP = 4 * 1024 * 1024
/** Messages in one commit, at most: what is repeated after a kill, and what the index applies in one transaction. */
const MOST_IN_COMMIT = 500

export interface Saver {
  /** Hands over messages, whose memory is given back when they are saved; their facts are made from what the pool finds. Resolves when there is room for more. Facts are saved in the order of the calls. */
  messages(bytes: Uint8Array[], facts: (prepared: Prepared[]) => Fact[]): Promise<void>
  /** The same for messages that are prepared already, and for facts without messages. */
  facts(facts: Fact[], prepared?: Prepared[]): Promise<void>
  /** Everything handed over is durable. Throws what went wrong with any of it. */
  drained(): Promise<void>
}

interface Batch {
  /** What is given back when they are saved. */
  given: readonly Uint8Array[]
  prepared: Promise<Prepared[]>
  facts: (prepared: Prepared[]) => Fact[]
  messages: number
  bytes: number
  ready: boolean
}

export function createSaver(store: ArchiveStore, onSaved: (messages: number, bytes: number) => void): Saver {
  const queue: Batch[] = []
  let waiting = 0
  let saving: Promise<void> | null = null
  let failure: { error: unknown } | null = null
  let whenRoom: (() => void)[] = []

  const wake = () => {
    const waiters = whenRoom
    whenRoom = []
    for (const waiter of waiters) waiter()
  }

  const add = async (batch: Batch) => {
    if (failure) throw failure.error
    batch.prepared.then(
      () => {
        batch.ready = true
      },
      () => {}, // met by the loop
    )
    queue.push(batch)
    waiting += batch.bytes
    saving ??= saveAll().finally(() => {
      saving = null
    })
    while (waiting > MOST_WAITING && !failure) await new Promise<void>(resolve => whenRoom.push(resolve))
    if (failure) throw (failure as { error: unknown }).error
  }

  const saveAll = async () => {
    try {
      while (queue.length > 0) await saveNext()
    } catch (error) {
      failure = { error }
      queue.length = 0
      wake()
    }
  }

  const saveNext = async () => {
    const together = [queue.shift()!]
    await together[0]!.prepared
    let messages = together[0]!.messages
    while (queue[0]?.ready && messages + queue[0].messages <= MOST_IN_COMMIT) {
      messages += queue[0].messages
      together.push(queue.shift()!)
    }
    const prepared = await Promise.all(together.map(batch => batch.prepared))
    const bytes = together.reduce((sum, batch) => sum + batch.bytes, 0)
    await store.save(
      prepared.flat(),
      together.flatMap((batch, i) => batch.facts(prepared[i]!)),
    )
    for (const { given } of together) given.forEach(giveBack)
    for (const { records } of prepared.flat()) for (const record of records) giveBackAll(record.bytes)
    waiting -= bytes
    if (messages > 0)
      onSaved(
        messages,
        together.reduce((sum, _, i) => sum + prepared[i]!.reduce((size, message) => size + message.size, 0), 0),
      )
    wake()
  }

  return {
    messages: (bytes, facts) =>
      failure
        ? Promise.reject(failure.error)
        : add({
            prepared: store.pool.prepare(bytes, { textLater: waiting > IN_STEP }),
            facts,
            given: bytes,
            messages: bytes.length,
            bytes: bytes.reduce((sum, { length }) => sum + length, 0),
            ready: false,
          }),
    facts: (facts, prepared = []) =>
      facts.length + prepared.length === 0
        ? Promise.resolve()
        : add({ given: [], prepared: Promise.resolve(prepared), facts: () => facts, messages: prepared.length, bytes: 0, ready: true }),
    drained: async () => {
      while (saving) await saving
      if (failure) throw failure.error
    },
  }
}
