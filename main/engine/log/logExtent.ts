/** How far each segment of a log counts at this moment, while somebody may be writing to it. */
import { type Disk, diskError } from '../base/files.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { readHeadFile } from './headFile.ts'
import { scanLog } from './scanLog.ts'
import { listSegments, RECORDS_FROM, type SegmentHeader, segmentPath } from './segment.ts'
import { openSegmentFiles, readSegmentHeader } from './segmentFiles.ts'
import type { LogPosition } from './types.ts'

export interface SegmentExtent {
  number: number
  /** Bytes that count: of the last segment up to its last commit. */
  whole: number
  /** The segment after it says so. */
  stated: boolean
  /** Of the file; 0 where it is missing. */
  size: number
  /** Null where it cannot be had from anywhere. */
  salt: Uint8Array | null
}

export interface LogExtent {
  segments: SegmentExtent[]
  /** The log once reached further than this: its end was lost. */
  lostEnd: boolean
}

/** `known`: a commit is known to end there, which saves looking from the start of the segment. Throws destination-missing and its like. */
export async function logExtent(dir: string, keys: ArchiveKeys, disk: Disk, known: LogPosition | null): Promise<LogExtent> {
  const headers = new Map<number, SegmentHeader | null>()
  const sizes = new Map<number, number>()
  const head = await readHeadFile(dir, keys, disk)
  for (const number of await listSegments(dir, disk)) {
    headers.set(number, await readSegmentHeader(dir, number, keys, disk).catch(fail(number)))
    sizes.set(number, (await disk.stat(segmentPath(dir, number)).catch(fail(number)))?.size ?? 0)
  }
  let last = Math.max(0, ...headers.keys())
  // Its writer is at its very first write, or died at it.
  if (last > 1 && headers.get(last) === null && sizes.get(last)! <= RECORDS_FROM) last--
  const segments: SegmentExtent[] = []
  for (let number = 1; number <= last; number++) {
    const next = number < last ? headers.get(number + 1) : undefined
    const size = sizes.get(number) ?? 0
    const ofHead = typeof head === 'object' && head.segment === number ? Buffer.from(head.salt, 'hex') : null
    const salt = headers.get(number)?.salt ?? next?.saltBefore ?? ofHead
    segments.push({ number, size, salt, stated: Boolean(next), whole: number < last ? (next?.before ?? size) : await committedEnd(number, size) })
  }
  const end = segments.at(-1)
  const lostEnd = typeof head === 'object' && (head.segment > last || (head.segment === last && head.length > (end?.size ?? 0)))
  return { segments, lostEnd }

  async function committedEnd(number: number, size: number): Promise<number> {
    const stated = typeof head === 'object' && head.segment === number ? head.length : 0
    const from = [known?.segment === number ? known.offset : 0, stated, RECORDS_FROM].filter(offset => offset <= size)
    let end = Math.max(...from, Math.min(size, RECORDS_FROM))
    const files = openSegmentFiles(dir, keys, disk)
    try {
      for await (const item of scanLog({ dir, keys, disk, segments: files }, { from: { segment: number, offset: end } }))
        if (item.type === 'commit') end = item.commit.place.offset + item.commit.place.length
    } finally {
      await files.close()
    }
    return end
  }

  function fail(number: number): (error: unknown) => never {
    return error => {
      throw diskError(error, segmentPath(dir, number))
    }
  }
}
