/**
 * From fetched bytes to a durable commit, with a bound on what is held in between. Preparing runs beside fetching; commits follow one another,
 * and whatever became ready while the last one was syncing goes into the next: one fsync for many.
 */
import { giveBack, giveBackAll } from '../../base/giveBack.ts'
import type { Fact } from '../../log/facts.ts'
import type { Prepared, PrepareOptions } from '../pool/types.ts'
import type { ArchiveStore } from '../types.ts'

/**
 * Bytes that may wait to be prepared and saved. With what 3 connections are reading (a batch of 2 MB and a message of at most 8 MB each) at most about
 * 40 MB are in flight, usually 15. While a commit is made and applied the workers go on with what waits; half as much was a twentieth slower.
 */
const MOST_WAITING = 8 * 1024 * 1024
/**
 * While no more waits, the pool keeps step with the server, and messages are read as they are stored. Where mail comes faster than that,
 * making it durable goes first, and `indexPending` reads the rest from the log when all is safe. It is not known before it was seen: hardly
 * anything waited, so many times one after the other. A server that opens its next mailbox is silent for a moment, and what would be read
 * then runs for the first time and is compiled, in each worker.
 */
const IN_STEP = 2 * 1024 * 1024
const HARDLY_ANYTHING = 256 * 1024
const SEEN_IN_STEP = 3
/** Where a run brings no more, they are read as they are stored all the same: what is read from the log later costs twice, and a day's mail is not worth it. */
const READ_AT_ONCE = 1000
/**
 * Where a run brings no more than this, as heavy as what came of it so far, all is safe and read half a minute after it began, and until then not even headers
 * are read. Where it takes longer nobody is to look at rows without a sender and a subject: their headers are read.
 */
const MOST_BLANK = { messages: 25_000, bytes: 2 * 1024 * 1024 * 1024 } as const
/** Messages in one commit, at most: what is repeated after a kill, and what the index applies in one transaction. */
const MOST_IN_COMMIT = 500
/** What is small waits so long for company, unless somebody waits for it: a few new messages in each of many mailboxes share an fsync. */
const GATHER_MS = 25
const WORTH_A_COMMIT = 100

export interface Saver {
  /**
   * Hands over messages, whose memory is given back when they are saved; their facts are made from what the pool finds. Resolves when there is room for more. Facts are saved in the order of the
   * calls. `newest`: of a mailbox, what a list shows first: their headers are read in any case.
   */
  messages(bytes: Uint8Array[], facts: (prepared: Prepared[]) => Fact[], more?: { newest?: boolean }): Promise<void>
  /** The same for messages that are prepared already, and for facts without messages. */
  facts(facts: Fact[], prepared?: Prepared[]): Promise<void>
  /** What was handed over up to now is durable, and in the index. Throws what went wrong with any of it. */
  upToHere(): Promise<void>
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
  /** Told when it is durable. */
  saved?(): void
}

const NOTHING: Batch = { given: [], prepared: Promise.resolve([]), facts: () => [], messages: 0, bytes: 0, ready: true }

export interface SaverOptions {
  onSaved(messages: number, bytes: number): void
  /** Messages that the run brings, all in all, as far as is known. Without it they are read as they are stored. */
  expected?(): number
  /** It is known when each of them arrived; else its place in lists is not known before its headers are read. */
  dated?: boolean
}

export function createSaver(store: ArchiveStore, { onSaved, expected = () => 0, dated = false }: SaverOptions): Saver {
  const queue: Batch[] = []
  let together: Batch[] = []
  let waiting = 0
  let saving: Promise<void> | null = null
  let failure: { error: unknown } | null = null
  let whenRoom: (() => void)[] = []
  const handed = { messages: 0, bytes: 0 }
  /** How many times in a row hardly anything waited. */
  let calm = 0
  /** More has come than could be read. */
  let outrun = false
  /** How many wait for what is in the queue. */
  let awaited = 0
  let hurry = () => {}

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
    enqueue(batch)
    while (waiting > MOST_WAITING && !failure) await new Promise<void>(resolve => whenRoom.push(resolve))
    if (failure) throw (failure as { error: unknown }).error
  }

  const enqueue = (batch: Batch) => {
    queue.push(batch)
    waiting += batch.bytes
    if (isWorthACommit()) hurry()
    saving ??= saveAll()
  }

  const saveAll = async () => {
    try {
      while (queue.length > 0) {
        await company()
        await saveNext()
      }
    } catch (error) {
      failure = { error }
      for (const batch of [...together, ...queue.splice(0)]) batch.saved?.()
      wake()
    } finally {
      // At once: whatever is handed over from now on begins anew.
      saving = null
    }
  }

  const isWorthACommit = () => awaited > 0 || waiting >= IN_STEP || queue.reduce((sum, { messages }) => sum + messages, 0) >= WORTH_A_COMMIT

  /** Until the queue is worth a commit, and not for long. */
  const company = async () => {
    if (isWorthACommit()) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, GATHER_MS)
      hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  const awaiting = async (work: () => Promise<unknown>) => {
    awaited++
    hurry()
    try {
      await work()
    } finally {
      awaited--
    }
    if (failure) throw failure.error
  }

  const saveNext = async () => {
    together = [queue.shift()!]
    await together[0]!.prepared
    let messages = together[0]!.messages
    while (queue[0]?.ready && messages + queue[0].messages <= MOST_IN_COMMIT) {
      messages += queue[0].messages
      together.push(queue.shift()!)
    }
    const prepared = await Promise.all(together.map(batch => batch.prepared))
    const bytes = together.reduce((sum, batch) => sum + batch.bytes, 0)
    const facts = together.flatMap((batch, i) => batch.facts(prepared[i]!))
    if (facts.length + messages > 0) await store.save(prepared.flat(), facts)
    for (const { given } of together) given.forEach(giveBack)
    for (const { records } of prepared.flat()) for (const record of records) giveBackAll(record.bytes)
    waiting -= bytes
    if (messages > 0)
      onSaved(
        messages,
        together.reduce((sum, _, i) => sum + prepared[i]!.reduce((size, message) => size + message.size, 0), 0),
      )
    for (const { saved } of together) saved?.()
    wake()
  }

  const whatWaits = (newest: boolean): PrepareOptions['later'] => {
    const coming = expected()
    if (coming <= READ_AT_ONCE) return undefined
    const heavy = (handed.bytes / handed.messages) * coming
    return outrun && dated && !newest && coming <= MOST_BLANK.messages && heavy <= MOST_BLANK.bytes ? 'all' : 'text'
  }

  const messages: Saver['messages'] = async (bytes, facts, { newest = false } = {}) => {
    if (failure) throw failure.error
    const size = bytes.reduce((sum, { length }) => sum + length, 0)
    if (waiting > IN_STEP) outrun = true
    if (waiting <= HARDLY_ANYTHING) calm++
    else if (waiting > IN_STEP || calm < SEEN_IN_STEP) calm = 0
    handed.messages += bytes.length
    handed.bytes += size
    const prepared = store.pool.prepare(bytes, { later: calm >= SEEN_IN_STEP ? undefined : whatWaits(newest) })
    await add({ prepared, facts, given: bytes, messages: bytes.length, bytes: size, ready: false })
  }

  return {
    messages,
    facts: (facts, prepared = []) =>
      facts.length + prepared.length === 0
        ? Promise.resolve()
        : add({ given: [], prepared: Promise.resolve(prepared), facts: () => facts, messages: prepared.length, bytes: 0, ready: true }),
    upToHere: () =>
      awaiting(async () => {
        if (failure || !saving) return
        await new Promise<void>(saved => enqueue({ ...NOTHING, saved }))
      }),
    drained: () =>
      awaiting(async () => {
        while (saving) await saving
      }),
  }
}
