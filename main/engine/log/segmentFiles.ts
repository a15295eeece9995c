/** Segment files open for reading: a bounded number of handles, each with the key of its segment. */
import type { KeyObject } from 'node:crypto'
import { AppError } from '../../contract/errors.ts'
import { type Disk, type DiskFile, diskError, systemCode } from '../base/files.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { readHeadFile } from './headFile.ts'
import { logDir, parseSegmentHeaders, RECORDS_FROM, type SegmentHeader, segmentKey, segmentPath } from './segment.ts'

export interface SegmentFile {
  readonly number: number
  readonly file: DiskFile
  /** Null where both copies of the header are damaged. */
  readonly header: SegmentHeader | null
  /** Offsets of header copies that are damaged. */
  readonly damaged: readonly number[]
  /** Null where the salt is nowhere to be had: nothing in the segment opens. */
  readonly key: KeyObject | null
}

export interface SegmentFiles {
  /**
   * An open segment, to be given back. Throws segment-missing; destination-missing and its like where the disk fails.
   */
  lend(number: number): Promise<Loan>
  close(): Promise<void>
}

export interface Loan {
  readonly segment: SegmentFile
  /** `broken`: reading from it failed, so nobody else shall have this handle. May be called twice. */
  giveBack(broken?: 'broken'): void
}

// 64 segments of 64 MB are 4 GB of mail in reach without an open(); macOS gives a process 256 handles.
const MOST_OPEN = 64

interface Held {
  opening: Promise<SegmentFile>
  users: number
  /** Not to be lent again: it is closed when its last user gives it back. */
  dropped: boolean
}

export function openSegmentFiles(dir: string, keys: ArchiveKeys, disk: Disk): SegmentFiles {
  // In order of last use: a Map remembers insertion.
  const held = new Map<number, Held>()

  return {
    async lend(number) {
      const one = held.get(number) ?? { opening: load(dir, number, keys, disk), users: 0, dropped: false }
      held.delete(number)
      held.set(number, one)
      one.users++
      let lent = true
      const giveBack = (broken?: 'broken') => {
        if (!lent) return
        lent = false
        one.users--
        // A handle to a drive that was pulled stays dead when the drive is back: the next use opens it anew.
        if (broken) drop(number, one)
        closeIdle(one)
      }
      try {
        const segment = await one.opening
        // Its writer may be about to write the header: what is seen now is not for keeping.
        if (segment.damaged.length > 0) drop(number, one)
        return { segment, giveBack }
      } catch (error) {
        giveBack('broken')
        throw diskError(error, segmentPath(dir, number))
      }
    },
    async close() {
      const all = [...held]
      for (const [number, one] of all) drop(number, one)
      await Promise.all(all.map(([, one]) => (one.users === 0 ? closeFile(one) : undefined)))
    },
  }

  function drop(number: number, one: Held): void {
    if (held.get(number) === one) held.delete(number)
    one.dropped = true
  }

  function closeIdle(given: Held): void {
    if (given.dropped && given.users === 0) void closeFile(given)
    for (const [number, one] of held) {
      if (held.size <= MOST_OPEN) return
      if (one.users > 0) continue
      drop(number, one)
      void closeFile(one)
    }
  }

  async function closeFile(one: Held): Promise<void> {
    // Closing a file that was only read, or could not be opened, has nothing to tell.
    await one.opening.then(({ file }) => file.close()).catch(() => {})
  }
}

async function load(dir: string, number: number, keys: ArchiveKeys, disk: Disk): Promise<SegmentFile> {
  const path = segmentPath(dir, number)
  const file = await disk.open(path, 'read').catch(async error => {
    // Where the whole folder is gone, a drive was pulled, and no segment is missing.
    if (systemCode(error) !== 'ENOENT' || (await disk.list(logDir(dir)).catch(() => null)) === null) throw error
    throw new AppError('segment-missing', `segment ${number} is not there`, { facts: { segment: number, path }, cause: error })
  })
  try {
    const { header, damaged } = parseSegmentHeaders(keys, number, await startOf(file))
    const salt = header?.salt ?? (await saltElsewhere(dir, number, keys, disk))
    return { number, file, header, damaged, key: salt && segmentKey(keys, salt) }
  } catch (error) {
    await file.close().catch(() => {}) // the first error is the one to tell
    throw error
  }
}

/** Both copies of a header can go with one bad sector of the disk; the segment after it, or head.json, has the salt as well. */
async function saltElsewhere(dir: string, number: number, keys: ArchiveKeys, disk: Disk): Promise<Uint8Array | null> {
  const next = await readSegmentHeader(dir, number + 1, keys, disk)
  if (next?.saltBefore.some(byte => byte !== 0)) return next.saltBefore
  const head = await readHeadFile(dir, keys, disk)
  return typeof head === 'object' && head.segment === number ? Buffer.from(head.salt, 'hex') : null
}

/** Null where there is no such segment, or no whole header in it. */
export async function readSegmentHeader(dir: string, number: number, keys: ArchiveKeys, disk: Disk): Promise<SegmentHeader | null> {
  if ((await disk.stat(segmentPath(dir, number))) === null) return null
  const file = await disk.open(segmentPath(dir, number), 'read')
  try {
    return parseSegmentHeaders(keys, number, await startOf(file)).header
  } finally {
    await file.close()
  }
}

async function startOf(file: DiskFile): Promise<Buffer> {
  const start = Buffer.alloc(RECORDS_FROM)
  return start.subarray(0, await file.read(start, 0))
}
