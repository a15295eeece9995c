/** Brings an index up to its log: from the last commit it has seen, or from nothing. Then reads the texts that are not in it yet. */
import { AppError } from '../../contract/errors.ts'
import type { Damage } from '../../contract/types.ts'
import type { IndexWriter, ParsedMessage, StoredRecord } from '../index/types.ts'
import { parseView } from '../log/message.ts'
import type { LogPosition, LogReader, RecordId } from '../log/types.ts'
import type { Pool } from './pool/types.ts'
import { unread } from './pool/unread.ts'
import { salvage } from './salvage.ts'
import type { JobContext } from './types.ts'

export interface CatchUpDeps {
  log: LogReader
  index: IndexWriter
  pool: Pool
}

/** Taken together: newest first between these, and oldest first within, which is how a full-text index is written best. */
const TEXTS = 2000
/** Messages read and parsed together: a few MB. */
const BATCH = 50
/** Batches under way: in the workers, being read, and waiting to be written. */
const AT_ONCE = 6

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

  const parse = async (ids: readonly RecordId[]): Promise<Map<RecordId, ParsedMessage>> => {
    const parsed = new Map<RecordId, ParsedMessage>()
    const views: { id: RecordId; bytes: Uint8Array }[] = []
    for (const id of ids) {
      try {
        views.push({ id, bytes: await parseView(read, id, { inlineImages: false }) })
      } catch (error) {
        parsed.set(id, unread('parse-failed'))
        context.failed(`message ${id.slice(0, 12)}`, error instanceof AppError ? error : new AppError('internal', String(error), { cause: error }))
      }
    }
    const texts = await pool.parse(views.map(({ bytes }) => bytes))
    for (const [i, { id }] of views.entries()) parsed.set(id, texts[i]!)
    return parsed
  }

  let ids = index.pending(TEXTS)
  if (ids.length > 0) context.progress({ phase: 'indexing', done: 0, total: null, current: '' })
  for (let done = 0; ids.length > 0; ids = index.pending(TEXTS)) {
    const underWay: Promise<Map<RecordId, ParsedMessage>>[] = []
    try {
      for (let from = 0; from < ids.length || underWay.length > 0; ) {
        while (from < ids.length && underWay.length < AT_ONCE) {
          const next = parse(ids.slice(from, from + BATCH))
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
