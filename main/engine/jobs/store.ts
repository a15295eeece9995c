/** Log, index and pool of one archive as one place to save messages in. The order of writes is the whole point; see DESIGN habit "the cursor moves last". */
import { AppError } from '../../contract/errors.ts'
import type { IndexWriter, ParsedMessage, StoredRecord } from '../index/types.ts'
import type { Fact } from '../log/facts.ts'
import type { Commit, LogWriter, Place, RecordId, Unsealed } from '../log/types.ts'
import { indexPending } from './catchUp.ts'
import type { Pool, Prepared } from './pool/types.ts'
import type { ArchiveStore } from './types.ts'

export interface StoreDeps {
  log: LogWriter
  index: IndexWriter
  pool: Pool
  /** After each commit that is durable and applied. */
  onCommit?(commit: Commit): void
  /** Who else may read texts does not meanwhile. */
  readingAlone?<T>(work: () => Promise<T>): Promise<T>
}

export function createStore({ log, index, pool, onCommit, readingAlone = work => work() }: StoreDeps): ArchiveStore {
  // Records put since the last commit: stored, not durable, and unknown to the index.
  let loose = new Map<RecordId, StoredRecord>()
  let queue: Promise<unknown> = Promise.resolve()
  // A commit the index refused is durable all the same; the archive has to be opened again, which catches up.
  let broken: unknown = null

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(() => {
      if (broken) throw broken
      return work()
    })
    queue = turn.catch(() => {})
    return turn
  }

  const isStored = (id: RecordId) => loose.has(id) || index.has(id)

  const putNew = async (records: readonly Unsealed[]): Promise<Place[]> => {
    const fresh = new Map<RecordId, Unsealed>()
    for (const record of records) if (!isStored(record.id)) fresh.set(record.id, record)
    const places = await log.put([...fresh.values()])
    ;[...fresh.keys()].forEach((id, i) => {
      loose.set(id, { id, place: places[i]! })
    })
    return records.map(({ id }) => loose.get(id)?.place ?? index.place(id)!)
  }

  /** What was put and not committed may be torn: it never counts. The pool gives those bytes again, since it was never told that they are stored. */
  const forgetLoose = (error: unknown): never => {
    loose = new Map()
    throw error
  }

  const checkRefers = (prepared: readonly Prepared[]) => {
    for (const message of prepared)
      for (const id of message.refers)
        if (!isStored(id)) throw new AppError('internal', `a message refers to blob ${id.slice(0, 12)}, which is neither stored nor given`)
  }

  const save = async (prepared: readonly Prepared[], facts: readonly Fact[]) => {
    let commit: Commit
    try {
      await putNew(prepared.flatMap(message => message.records))
      checkRefers(prepared)
      commit = await log.commit([...facts])
    } catch (error) {
      return forgetLoose(error)
    }
    const records = [...loose.values()]
    // Of blobs only: nobody asks whether a message's own record is stored before it is made.
    pool.stored(new Set(prepared.flatMap(({ refers }) => refers).filter(id => loose.has(id))))
    loose = new Map()
    const parsed = new Map<RecordId, ParsedMessage>()
    for (const message of prepared) if (message.parsed) parsed.set(message.id, message.parsed)
    try {
      index.apply(commit, records, parsed)
    } catch (error) {
      broken = error
      throw error
    }
    onCommit?.(commit)
  }

  return {
    log,
    index,
    pool,
    save: (prepared, facts) => inTurn(() => save(prepared, facts)),
    put: records => inTurn(() => putNew(records).catch(forgetLoose)),
    readTexts: context => readingAlone(() => indexPending({ log, index, pool }, context)),
  }
}
