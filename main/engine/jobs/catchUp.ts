/** Brings an index up to its log: from the last commit it has seen, or from nothing. Then reads the texts that are not in it yet. */
import { AppError } from '../../contract/errors.ts'
import type { Damage } from '../../contract/types.ts'
import { giveBackAll } from '../base/giveBack.ts'
import type { IndexWriter, ParsedMessage, StoredRecord } from '../index/types.ts'
import { isAboutMessage, parseView } from '../log/message.ts'
import { byPlace } from '../log/sealedRecords.ts'
import type { LogPosition, LogReader, Place, RecordId, StoredAt } from '../log/types.ts'
import type { Pool } from './pool/types.ts'
import { unread } from './pool/unread.ts'
import { salvage } from './salvage.ts'
import type { JobContext } from './types.ts'

export interface CatchUpDeps {
  log: LogReader
  index: IndexWriter
  pool: Pool
}

/** Taken together: newest first between these; within, in the order of the log, so that neighbours are read together. */
const TEXTS = 2000
/** Messages read and parsed together: a few MB. */
const BATCH = 50
/** Batches under way: in the workers, being read, and waiting to be written. */
const AT_ONCE = 6
/** Of so many messages, one after the other, the drive gave none: it is gone, and on a share each further one would be waited for. */
const MOST_LEFT_IN_A_ROW = 20
/** Of a message that a commit placed and whose record was not met: nothing is read there, and `read` says so. */
const NOWHERE: Place = { segment: 0, offset: 0, length: 0 }

export async function catchUp({ log, index, pool }: CatchUpDeps, context: JobContext): Promise<void> {
  await replay({ log, index }, context)
  await indexPending({ log, index, pool }, context)
}

/** Applies every commit the index has not seen. Damage is named and passed over: what it hid stays away, all else comes. */
export async function replay({ log, index }: Pick<CatchUpDeps, 'log' | 'index'>, context: JobContext): Promise<void> {
  context.progress({ phase: 'reading', bytesTotal: await log.size() })
  let records: (StoredRecord & { kind: 'blob' | 'message' | 'commit' })[] = []
  let damagedAt: Damage | null = null
  let time = context.clock.now()
  const from = index.head.position ?? undefined
  const scan = log.scan({
    ...(from && { from }),
    signal: context.signal,
    onProgress: (bytesDone, bytesTotal) => context.progress({ bytesDone, bytesTotal }),
  })
  for await (const item of scan) {
    if (item.type === 'record') records.push(item)
    else if (item.type === 'damage') {
      reportDamage(item.damage, context)
      damagedAt = item.damage
    } else {
      await context.checkpoint()
      const expected = (index.head.commit?.seq ?? 0) + 1
      // A second commit of that number: two writers went on from the same place. The scan has named it; the first one stands.
      if (item.commit.seq < expected) continue
      let { commit } = item
      if (commit.seq > expected) {
        // Commits between were lost to damage. What comes after is true all the same, and the messages they brought are there.
        index.skipTo(commit.seq)
        const placed = new Set(commit.facts.flatMap(fact => (fact.k === 'placed' ? [fact.id as string] : [])))
        const lost = records.filter(({ kind, id }) => kind === 'message' && !placed.has(id) && !index.has(id))
        commit = { ...commit, facts: [...commit.facts, ...(await salvage(log, lost))] }
      }
      index.apply(commit, records, new Map())
      records = []
      damagedAt = null
      time = commit.time
    }
  }
  // The very last commit is lost: what stands before the damage was counted by it. What stands behind is a write that was cut short.
  const counted = damagedAt ? records.filter(({ place }) => isBefore(place, damagedAt!)) : []
  const lost = counted.filter(({ kind, id }) => kind === 'message' && !index.has(id))
  if (lost.length > 0) index.adopt(counted, await salvage(log, lost), time)
}

const isBefore = (place: LogPosition, other: LogPosition): boolean => (place.segment - other.segment || place.offset - other.offset) < 0

function reportDamage({ segment, offset, what, detail }: Damage, context: JobContext): void {
  context.failed(`segment ${segment} at ${offset}`, new AppError('record-damaged', `${what}: ${detail}`, { facts: { segment, offset, what } }))
}

/** Reads the text of every message that has none in the index, from the log. */
export async function indexPending({ log, index, pool }: CatchUpDeps, context: JobContext): Promise<void> {
  const read = async (id: RecordId) => {
    const place = index.place(id)
    if (!place) throw new AppError('message-unknown', `no record ${id.slice(0, 12)}`)
    return (await log.read(place, id)).bytes
  }

  /** What the drive did not give just now: it goes on waiting, and somebody asks again later. */
  const left = new Set<RecordId>()
  let leftInARow = 0
  const gaveUp = () => leftInARow >= MOST_LEFT_IN_A_ROW

  const parse = async (stored: readonly StoredAt[]): Promise<Map<RecordId, ParsedMessage>> => {
    const records = (await log.readSealed(stored)).filter(record => record !== null)
    const texts = await pool.parseSealed(records)
    for (const { bytes } of records) giveBackAll(bytes)
    const parsed = new Map<RecordId, ParsedMessage>()
    for (const [i, { id }] of records.entries()) if (texts[i]) parsed.set(id, texts[i])
    for (const { id } of stored) {
      const alone = parsed.has(id) || gaveUp() ? null : await parseAlone(id)
      if (alone) parsed.set(id, alone)
    }
    if (parsed.size > 0) leftInARow = 0
    return parsed
  }

  /** One of which more than its own record is needed, or with which something is wrong. */
  const parseAlone = async (id: RecordId): Promise<ParsedMessage | null> => {
    let view: Uint8Array
    try {
      view = await parseView(read, id, { inlineImages: false })
    } catch (error) {
      context.failed(`message ${id.slice(0, 12)}`, error instanceof AppError ? error : new AppError('internal', String(error), { cause: error }))
      if (!(error instanceof AppError) || isAboutMessage(error)) return unread('parse-failed')
      left.add(id)
      leftInARow++
      return null
    }
    return (await pool.parse([view]))[0]!
  }

  const pending = (): StoredAt[] =>
    index
      .pending(TEXTS + left.size)
      .filter(id => !left.has(id))
      .map(id => ({ id, place: index.place(id) ?? NOWHERE }))
      .sort(byPlace)

  let waiting = pending()
  if (waiting.length > 0) context.progress({ phase: 'indexing', done: 0, total: null, current: '' })
  for (let done = 0; waiting.length > 0 && !gaveUp(); waiting = pending()) {
    const underWay: Promise<Map<RecordId, ParsedMessage>>[] = []
    try {
      for (let from = 0; from < waiting.length || underWay.length > 0; ) {
        if (gaveUp()) from = waiting.length
        while (from < waiting.length && underWay.length < AT_ONCE) {
          const next = parse(waiting.slice(from, from + BATCH))
          next.catch(() => {}) // met below, or another one's failure was
          underWay.push(next)
          from += BATCH
        }
        await context.checkpoint()
        const parsed = await underWay.shift()!
        index.setParsed(parsed)
        done += parsed.size
        context.progress({ done })
      }
    } finally {
      // Nothing reads the log after this has ended, however it ended.
      await Promise.allSettled(underWay)
    }
  }
  index.flush()
}
