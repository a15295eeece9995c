/** A sequential read of a whole log: its segments in order, its commits in their chain, and everything that is not as it should be. */
import type { KeyObject } from 'node:crypto'
import type { Damage } from '../../contract/types.ts'
import { type Disk, diskError } from '../base/files.ts'
import type { RecordId } from '../base/ids.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { decodeCommit } from './commit.ts'
import { NO_COMMIT, readHeadFile } from './headFile.ts'
import { type Found, walkSegment } from './scanSegment.ts'
import { listSegments, RECORDS_FROM, SEGMENT_HEADER, segmentPath } from './segment.ts'
import { readSegmentHeader, type SegmentFile, type SegmentFiles } from './segmentFiles.ts'
import type { Commit, LogPosition, Scanned } from './types.ts'

export interface ScanOptions {
  from?: LogPosition
  full?: boolean
  signal?: AbortSignal
  onProgress?: (bytesDone: number, bytesTotal: number) => void
}

export interface ScanSource {
  dir: string
  keys: ArchiveKeys
  disk: Disk
  segments: SegmentFiles
}

// Progress a few times a second at disk speed, without a call for every small record.
const PROGRESS_EVERY = 4 * 1024 * 1024

export async function* scanLog(source: ScanSource, options: ScanOptions): AsyncGenerator<Scanned> {
  for await (const batch of scanBatches(source, options)) yield* batch
}

async function* scanBatches({ dir, keys, disk, segments }: ScanSource, options: ScanOptions): AsyncGenerator<Scanned[]> {
  const { from = { segment: 1, offset: RECORDS_FROM }, full = false, signal, onProgress } = options
  const fromStart = from.segment === 1 && from.offset <= RECORDS_FROM
  const numbers = await listSegments(dir, disk)
  const head = await readHeadFile(dir, keys, disk)
  // Told once, to who reads everything; a reader that follows would hear it at every look.
  if (fromStart && typeof head === 'string') yield [damaged(0, 0, 0, 'head', `head.json is ${head}: whether the log has lost its end cannot be told`)]

  const last = numbers.at(-1) ?? 0
  const end = Math.max(last, typeof head === 'string' ? 0 : head.segment, from.segment)
  const progress = onProgress && (await createProgress(numbers.filter(number => number >= from.segment)))
  const chain = createChain(fromStart)

  for (let number = from.segment; number <= end; number++) {
    signal?.throwIfAborted()
    const bounds = await boundsOf(number)
    yield* segmentFrom(number, number === from.segment ? from.offset : RECORDS_FROM, bounds)
    progress?.finished(number)
  }
  // Every commit that the head has seen is before the end of the log, or it is lost.
  if (typeof head === 'object' && (chain.seq ?? Number.POSITIVE_INFINITY) < head.seq)
    yield [damaged(head.segment, head.length, 0, 'log-truncated', `commits ${chain.seq! + 1} to ${head.seq} are missing at the end`)]

  /** How far a segment counts, and how far it must reach. */
  async function boundsOf(number: number): Promise<Bounds> {
    const size = (await stat(number)) ?? null
    const next = await readSegmentHeader(dir, number + 1, keys, disk).catch(error => {
      throw diskError(error, segmentPath(dir, number + 1))
    })
    if (next) return { size, to: next.before, must: next.before, closed: true }
    const stated = typeof head === 'object' && head.segment === number ? head.length : 0
    // Of a segment in the middle whose successor's header is gone nobody knows the length: all of it counts.
    return { size, to: Math.max(size ?? 0, stated), must: number < last ? (size ?? 0) : stated, closed: number < last }
  }

  async function stat(number: number): Promise<number | undefined> {
    const found = await disk.stat(segmentPath(dir, number)).catch(error => {
      throw diskError(error, segmentPath(dir, number))
    })
    return found?.size
  }

  async function* segmentFrom(number: number, offset: number, { size, to, must, closed }: Bounds): AsyncGenerator<Scanned[]> {
    if (size === null) return yield [damaged(number, 0, must, 'segment-missing', `segment ${number} is not there`)]
    if (offset > Math.max(to, RECORDS_FROM))
      return yield [
        damaged(number, to, 0, closed ? 'log-forked' : 'log-truncated', `the log ends at ${to}, before the place this reader had reached`),
      ]
    if (size < must)
      yield [damaged(number, size, must - size, closed ? 'segment-truncated' : 'log-truncated', `${must - size} bytes are missing at the end`)]

    const loan = await segments.lend(number)
    try {
      const { segment } = loan
      // Its writer died at its first write, or is at it.
      if (segment.damaged.length > 0 && !closed && must === 0 && size <= RECORDS_FROM) return
      if (offset <= RECORDS_FROM)
        for (const at of segment.damaged) yield [damaged(number, at, SEGMENT_HEADER, 'segment-header', headerDetail(segment))]
      if (segment.key) yield* recordsOf(segment, segment.key, Math.max(offset, RECORDS_FROM), Math.min(size, to), must, closed)
      else if (size > RECORDS_FROM)
        yield [damaged(number, RECORDS_FROM, size - RECORDS_FROM, 'segment-header', 'its salt is lost: nothing in it opens')]
    } catch (error) {
      loan.giveBack('broken')
      throw diskError(error, segmentPath(dir, number))
    } finally {
      loan.giveBack()
    }
  }

  async function* recordsOf(
    segment: SegmentFile,
    key: KeyObject,
    offset: number,
    to: number,
    must: number,
    closed: boolean,
  ): AsyncGenerator<Scanned[]> {
    const { number, file } = segment
    // In the last segment, damage behind which nothing more comes may be a write that is still under way, or that a crash cut short.
    let perhapsTorn: Scanned | null = null
    for await (const batch of walkSegment({ file, key, keys, from: offset, to, full })) {
      signal?.throwIfAborted()
      progress?.at(batch[0]!.offset)
      const items: Scanned[] = []
      for (const found of batch) {
        if (perhapsTorn) items.push(perhapsTorn)
        perhapsTorn = null
        if (found.type === 'record') take(items, number, found)
        else {
          const item = damaged(number, found.offset, found.length, 'record', found.detail)
          if (!closed && found.offset >= must) perhapsTorn = item
          else items.push(item)
        }
      }
      yield items
    }
  }

  function take(items: Scanned[], number: number, { header, offset, plain }: Found & { type: 'record' }): void {
    const { kind, id, length } = header
    const place = { segment: number, offset, length }
    if (kind !== 'commit') {
      items.push(plain ? { type: 'record', kind, id, place, plain } : { type: 'record', kind, id, place })
      return
    }
    const content = decodeCommit(plain!)
    if (!content) items.push(damaged(number, offset, length, 'record', `commit ${id.slice(0, 12)} is not one`))
    else items.push(...chain.next({ id, seq: content.seq, time: content.time, facts: content.facts, place }, content.prev))
  }

  async function createProgress(these: number[]) {
    const sizes = new Map<number, number>()
    for (const number of these) sizes.set(number, (await stat(number)) ?? 0)
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
    let before = 0
    let told = 0
    return {
      at(offset: number) {
        if (before + offset - told < PROGRESS_EVERY) return
        told = before + offset
        onProgress!(Math.min(told, total), total)
      },
      finished(segment: number) {
        before += sizes.get(segment) ?? 0
        told = before
        onProgress!(Math.min(told, total), total)
      },
    }
  }
}

interface Bounds {
  /** Null where the file is missing. */
  size: number | null
  /** Records count up to here. */
  to: number
  /** The file must reach this far. */
  must: number
  /** A later segment exists, so nobody writes to this one any more. */
  closed: boolean
}

/** The order of commits, checked as they come. A gap is damage; the commit after it is good all the same. */
function createChain(fromStart: boolean) {
  let last: { id: RecordId; seq: number } | null = fromStart ? { id: NO_COMMIT, seq: 0 } : null
  return {
    get seq() {
      return last?.seq ?? null
    },
    /** The commit, after what is wrong with its place in the chain. */
    next(commit: Commit, prev: RecordId): Scanned[] {
      const { segment, offset, length } = commit.place
      // The same commit once more, from a repair: it says nothing new.
      if (last && commit.id === last.id) return []
      const items: Scanned[] = []
      if (last && commit.seq > last.seq + 1) {
        const missing = commit.seq === last.seq + 2 ? `commit ${last.seq + 1} is` : `commits ${last.seq + 1} to ${commit.seq - 1} are`
        items.push(damaged(segment, offset, length, 'commit-chain', `${missing} missing before this one`))
      } else if (last && (commit.seq !== last.seq + 1 || prev !== last.id))
        items.push(damaged(segment, offset, length, 'log-forked', `commit ${commit.seq} does not follow commit ${last.seq} that stands before it`))
      last = commit
      return [...items, { type: 'commit', commit }]
    },
  }
}

function damaged(segment: number, offset: number, length: number, what: Damage['what'], detail: string): Scanned & { type: 'damage' } {
  return { type: 'damage', damage: { segment, offset, length, what, detail } }
}

const headerDetail = (segment: SegmentFile): string =>
  segment.header ? 'one copy of the header is damaged, the other is used' : 'this copy of the header is damaged'
