/**
 * One archive, open on this computer: its log, its index here, and the threads that serve it. Reading needs no lock on the log; what
 * writes the log (capture) takes it on demand. The index belongs to one process of this profile at a time; others read it.
 */
import { rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import type { Clock } from '../base/clock.ts'
import { makeFolders } from '../base/folders.ts'
import { createReaderThread, type ReaderThread } from '../index/readerThread.ts'
import type { IndexQueries, IndexWriter } from '../index/types.ts'
import { openIndexWriter } from '../index/writer.ts'
import { type AttachmentWords, attachmentLimits, attachmentTexts, readAttachments } from '../jobs/attachments/texts.ts'
import { catchUp, indexPending } from '../jobs/catchUp.ts'
import { createOpening, type Opening } from '../jobs/opening/opening.ts'
import { createPool } from '../jobs/pool/pool.ts'
import type { Pool } from '../jobs/pool/types.ts'
import { createStore } from '../jobs/store.ts'
import type { ArchiveStore, JobContext } from '../jobs/types.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { type Lock, takeLock } from '../log/lock.ts'
import { openLogReader, openLogWriter } from '../log/open.ts'
import { plainOfSealed } from '../log/sealedRecords.ts'
import type { LogReader, LogWriter, RecordId } from '../log/types.ts'
import { besides } from './besides.ts'
import { followLog } from './followLog.ts'
import { keepIndex } from './indexKeeper.ts'
import { createWaitingTexts } from './waitingTexts.ts'

export interface OpenArchive {
  readonly id: string
  readonly dir: string
  readonly keys: ArchiveKeys
  readonly indexPath: string
  /** Questions to the index, answered in the reader thread. */
  readonly ask: ReaderThread['ask']
  readonly log: LogReader
  readonly pool: Pool
  /** Reads what a person opens of a message. */
  readonly opening: Opening
  /** When everything on the server was last proven to be here, Unix ms. */
  lastProven(): Promise<number | null>
  /** What makes a problem of it. */
  trouble(): Promise<ReturnType<IndexQueries['trouble']>>
  /** This process holds the index and may bring it up to date. */
  readonly ownsIndex: boolean
  /** Commits the index has not seen yet (it is new, was lost, or the log went on without it). */
  isBehind(): Promise<boolean>
  /** Brings the index up to the log. Throws archive-in-use where another process holds it. */
  catchUp(context: JobContext): Promise<void>
  /** Deletes the index and builds it from the log. Nobody may be capturing. */
  rebuild(context: JobContext): Promise<void>
  /** There are attachments whose text is not in the index yet, and this process may bring it there. */
  hasUnreadAttachments(): boolean
  /** Reads them, while nothing more urgent is to do. Throws archive-in-use. */
  readAttachments(context: JobContext): Promise<void>
  /** What the attachments of a message say. */
  attachmentTexts(id: RecordId): Promise<AttachmentWords[]>
  /** Plain payload of a record. Throws message-unknown. */
  read(id: RecordId): Promise<Uint8Array>
  /** Of many records, with one question to the index and a few reads; what cannot be had is left out, and `read` says why. */
  readMany(ids: readonly RecordId[]): Promise<ReadonlyMap<RecordId, Uint8Array>>
  /** Open for writing. Throws archive-in-use, read-only, permission-denied, disk-full. */
  store(): Promise<ArchiveStore>
  close(): Promise<void>
}

export interface OpenOptions {
  dir: string
  keys: ArchiveKeys
  indexPath: string
  clock: Clock
  /** Lists and counts have changed, by so many messages placed. */
  onChange(messages: number): void
  log(line: string): void
}

/** So long after the last commit of a capture more is expected to come. */
const BUSY_MS = 1500
/** Messages the index takes in one transaction while mail pours in. */
const GATHER = { messagesPerTransaction: 2000 }

export async function openArchive({ dir, keys, indexPath, clock, onChange, log }: OpenOptions): Promise<OpenArchive> {
  let reader: LogReader | null = await openLogReader(dir, { keys })
  let writer: LogWriter | null = null
  let store: ArchiveStore | null = null
  let storing: Promise<ArchiveStore> | null = null
  let pool: Pool | null = null
  let opening: Opening | null = null
  let attachmentThread: Opening | null = null
  let thread: ReaderThread | null = null
  await makeFolders(dirname(indexPath), 0o700)
  const indexLock = await lockIndex(indexPath, clock)
  let index: IndexWriter | null = null
  if (indexLock) index = await openIndex(indexPath, keys, log)
  else if (!(await exists(indexPath))) throw new AppError('archive-in-use', 'another process is building the index', { facts: { path: dir } })

  const keeper = keepIndex({
    index: () => index,
    clock,
    tell: onChange,
    failed: error => log(`tidying up the index of ${keys.archiveId} failed: ${String(error)}`),
  })

  const theLog = (): LogReader => writer ?? reader!
  const thePool = (): Pool => (pool ??= createPool({ idKey: keys.idKey }))
  const theThread = (): ReaderThread => (thread ??= createReaderThread({ path: indexPath, key: keys.indexKey, archive: keys.archiveId }))
  const ask: ReaderThread['ask'] = (method, args, signal) => theThread().ask(method, args, signal)

  const ownedIndex = (): IndexWriter => {
    if (!index) throw new AppError('archive-in-use', 'another process of this profile holds the index', { facts: { path: dir } })
    return index
  }

  const isBehind = async () => {
    if (!index) return false
    // Texts that were not written before a crash are parsed again.
    if (index.pending(1).length > 0) return true
    for await (const item of theLog().scan(index.head.position ? { from: index.head.position } : {})) if (item.type !== 'record') return true
    return false
  }

  const discardIndex = async () => {
    await thread?.close()
    thread = null
    index?.close()
    for (const suffix of ['', '-wal', '-shm']) await rm(indexPath + suffix, { force: true })
    index = await openIndexWriter({ path: indexPath, key: keys.indexKey }, GATHER)
  }

  const texts = createWaitingTexts({
    areThere: () => index !== null && index.pending(1).length > 0,
    read: async context => {
      await indexPending({ log: theLog(), index: ownedIndex(), pool: thePool() }, context).finally(() => keeper.applied(0))
    },
    clock,
    log: line => log(`${keys.archiveId}: ${line}`),
  })

  const catchUpNow = (context: JobContext) => texts.alone(() => catchUpOrBuild(context))
  const catchUpOrBuild = async (context: JobContext) => {
    try {
      await catchUp({ log: theLog(), index: ownedIndex(), pool: thePool() }, context)
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'index-damaged')) throw error
      log(`index of ${keys.archiveId} is damaged, and is built again`)
      await discardIndex()
      await catchUp({ log: theLog(), index: ownedIndex(), pool: thePool() }, context)
    }
  }

  let lastCommit = 0
  const theOpening = (): Opening => (opening ??= createOpening())
  const theAttachmentThread = (): Opening => (attachmentThread ??= createOpening(attachmentLimits))
  const ending = new AbortController()
  let following: Promise<void> | null = null
  const followed = async () => following?.catch(() => {}) // its failure is told by who follows
  const followNow = async () => {
    if (storing || !index) return
    let messages = 0
    following = catchUpNow({
      ...besides(`following ${keys.archiveId}`, ending.signal, clock, log),
      progress: ({ phase, done }) => {
        if (phase === undefined && done !== undefined) messages = done
      },
    })
    await following.finally(() => {
      following = null
    })
    keeper.applied(messages)
  }
  if (indexLock)
    followLog({
      dir,
      clock,
      signal: ending.signal,
      log: () => (storing ? null : theLog()),
      position: () => index?.head.position ?? null,
      catchUp: followNow,
      note: log,
    }).catch(() => {}) // closed

  const openForWriting = async (): Promise<ArchiveStore> => {
    const opened = await openLogWriter(dir, { keys, clock })
    writer = opened
    const closing = reader
    reader = null
    await closing?.close()
    store = createStore({
      log: opened,
      index: ownedIndex(),
      pool: thePool(),
      readingAlone: texts.alone,
      onCommit: commit => {
        lastCommit = clock.now()
        texts.stored()
        keeper.applied(commit.facts.filter(fact => fact.k === 'placed').length)
      },
    })
    return store
  }

  /** A store writes to the index it was made with; whoever captures next gets another. */
  const stopWriting = async () => {
    if (!storing) return
    await storing
    const ending = writer
    reader = await openLogReader(dir, { keys })
    writer = null
    store = null
    storing = null
    await ending?.close()
  }

  const read = async (id: RecordId) => {
    const place = await ask('place', [id])
    if (!place) throw new AppError('message-unknown', `no record ${id.slice(0, 12)}`)
    return (await theLog().read(place, id)).bytes
  }

  const readMany = async (ids: readonly RecordId[]) => {
    const places = await ask('places', [ids])
    const stored = ids.flatMap((id, i) => (places[i] ? [{ id, place: places[i] }] : []))
    const found = new Map<RecordId, Uint8Array>()
    for (const sealed of await theLog().readSealed(stored)) {
      const record = sealed && plainOfSealed(sealed)
      if (record) found.set(sealed.id, record.plain)
    }
    return found
  }

  return {
    id: keys.archiveId,
    dir,
    keys,
    indexPath,
    ask,
    get log() {
      return theLog()
    },
    get pool() {
      return thePool()
    },
    get opening() {
      return theOpening()
    },
    // Where the index is ours, no thread is started for these.
    lastProven: async () => (index ? index.lastProven() : await ask('lastProven', [])),
    trouble: async () => (index ? index.trouble() : await ask('trouble', [])),
    get ownsIndex() {
      return index !== null
    },
    isBehind,
    catchUp: catchUpNow,
    rebuild: async context => {
      ownedIndex()
      await followed()
      await texts.alone(async () => {
        await stopWriting()
        await discardIndex()
        await catchUp({ log: theLog(), index: ownedIndex(), pool: thePool() }, context)
      })
    },
    read,
    readMany,
    hasUnreadAttachments: () => index !== null && index.pendingAttachments(1).length > 0,
    readAttachments: context => {
      const isBusy = () => clock.now() - lastCommit < BUSY_MS || ownedIndex().pending(1).length > 0
      return readAttachments({ read, index: ownedIndex, pool: thePool(), thread: theAttachmentThread(), isBusy }, context)
    },
    // Not behind those that are read for the index: a person waits for it.
    attachmentTexts: id => attachmentTexts({ read, thread: theOpening() }, id),
    store: () => {
      ownedIndex()
      keeper.expects()
      // A look at what another writer left is ended first: two would apply one commit.
      storing ??= followed()
        .then(openForWriting)
        .catch(error => {
          storing = null
          throw error
        })
      return storing
    },
    close: async () => {
      keeper.end()
      ending.abort()
      try {
        await followed()
        await texts.end()
        await storing?.catch(() => {}) // its failure was its caller's
        await thread?.close()
        await pool?.close()
        await opening?.close()
        await attachmentThread?.close()
        index?.close()
        await writer?.close()
        await reader?.close()
      } finally {
        await indexLock?.release()
      }
    },
  }
}

async function lockIndex(indexPath: string, clock: Clock): Promise<Lock | null> {
  try {
    return await takeLock(`${indexPath}.lock`, { clock })
  } catch (error) {
    if (error instanceof AppError && error.code === 'archive-in-use') return null
    throw error
  }
}

/** An index that cannot be opened is thrown away: the log has everything in it. */
async function openIndex(path: string, keys: ArchiveKeys, log: (line: string) => void): Promise<IndexWriter> {
  try {
    return await openIndexWriter({ path, key: keys.indexKey }, GATHER)
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'index-damaged')) throw error
    log(`index of ${keys.archiveId} cannot be used (${error.message}), and is built again`)
    for (const suffix of ['', '-wal', '-shm']) await rm(path + suffix, { force: true })
    return openIndexWriter({ path, key: keys.indexKey }, GATHER)
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Size of the index's files in bytes. */
export async function indexBytes(indexPath: string): Promise<number> {
  let sum = 0
  for (const suffix of ['', '-wal'])
    sum += await stat(indexPath + suffix).then(
      ({ size }) => size,
      () => 0,
    ) // a file that is not there has no size
  return sum
}

export const indexPathOf = (profileDir: string, archiveId: string): string => join(profileDir, 'index', `${archiveId}.db`)
