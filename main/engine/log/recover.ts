/**
 * Where a writer goes on. After an orderly close head.json says it; after a crash the end of the log does. A commit is synced before
 * the next one begins, so only the last one can be less than whole.
 */
import type { Damage } from '../../contract/types.ts'
import { type Disk, diskError } from '../base/files.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { type HeadFile, readHeadFile } from './headFile.ts'
import { scanLog } from './scanLog.ts'
import { isTornBeginning, listSegments, NO_SALT, RECORDS_FROM, segmentPath } from './segment.ts'
import { openSegmentFiles, readSegmentHeader } from './segmentFiles.ts'
import type { Commit, LogPosition, RecordId } from './types.ts'
import type { LogEnd } from './writer.ts'

export interface Recovered {
  /** Segment whose end was torn, how much of it counts, and its length. */
  segment: number
  whole: number
  length: number
  /** What was lost, if anything was: an end that had once been closed is missing. */
  damage: Damage[]
}

interface Last {
  id: RecordId
  seq: number
  time: number
  /** Null: it stands somewhere before the place where the search began. */
  place: Commit['place'] | null
}

/** Throws segment-missing in a log without segments; destination-missing and its like. */
export async function findEnd(dir: string, keys: ArchiveKeys, disk: Disk): Promise<{ end: LogEnd; recovered: Recovered | null }> {
  const numbers = await listSegments(dir, disk)
  const read = await readHeadFile(dir, keys, disk)
  const head = typeof read === 'object' ? read : null
  await removeTornBeginning(dir, keys, disk, numbers, head)
  const last = numbers.at(-1) ?? 0
  const size = await sizeOf(dir, last, disk)

  // The log lost its end. What comes now gets numbers of its own and says what it follows, so that a copy that has the end can give it back.
  if (head && (last < head.segment || (await sizeOf(dir, head.segment, disk)) < head.length)) {
    const { segment, length: whole } = head
    const length = segment > last ? 0 : size
    const damage: Damage = {
      segment,
      offset: length,
      length: whole - length,
      what: 'log-truncated',
      detail: `${whole - length} bytes are missing at the end`,
    }
    const end = { segment, whole, salt: Buffer.from(head.salt, 'hex'), head: headOf(head), finished: true, recovered: [] }
    return { end, recovered: { segment, whole, length, damage: [damage] } }
  }

  const salt = await saltOf(dir, last, keys, disk)
  if (head && head.segment === last && head.length === size) {
    const recovered = await unsaid(dir, keys, disk, last, size)
    return { end: { segment: last, whole: size, salt: salt ?? NO_SALT, head: headOf(head), finished: salt === null, recovered }, recovered: null }
  }

  const commit = await lastCommit(dir, keys, disk, numbers, head)
  await sync(dir, last, disk)
  const inLast = commit?.place?.segment === last ? commit.place.offset + commit.place.length : null
  // Where head.json points into this segment, and no commit came after, everything up to there was synced.
  const whole = salt === null ? size : (inLast ?? (head?.segment === last ? head.length : RECORDS_FROM))
  const torn = size > whole
  const fact = { k: 'recovered' as const, segment: last, whole, length: size }
  return {
    end: {
      segment: last,
      whole,
      salt: salt ?? NO_SALT,
      head: commit && { id: commit.id, seq: commit.seq, time: commit.time },
      finished: torn || salt === null,
      recovered: torn ? [fact] : await unsaid(dir, keys, disk, last, whole),
    },
    recovered: torn ? { segment: last, whole, length: size, damage: [] } : null,
  }
}

/** The last commit that is whole with all its records. */
async function lastCommit(dir: string, keys: ArchiveKeys, disk: Disk, numbers: number[], head: HeadFile | null): Promise<Last | null> {
  const segments = openSegmentFiles(dir, keys, disk)
  const scan = (from: LogPosition, full = false) => scanLog({ dir, keys, disk, segments }, { from, full })
  try {
    let found: Last[] | null = head && (head.seq > 0 ? [{ ...headOf(head)!, place: null }] : [])
    if (found) found.push(...(await commitsFrom({ segment: head!.segment, offset: head!.length })))
    // Without a head one looks from the end backwards: at most a segment or two are read.
    for (const number of numbers.toReversed()) {
      if (found && found.length > 0) break
      found = await commitsFrom({ segment: number, offset: RECORDS_FROM })
    }
    const last = found?.at(-1)
    if (!last?.place) return last ?? null
    const before = found!.at(-2) ?? null
    return (await batchIsWhole(last.place, before?.place ?? null, head)) ? last : before
  } finally {
    await segments.close()
  }

  async function commitsFrom(from: LogPosition): Promise<Last[]> {
    const commits: Last[] = []
    for await (const item of scan(from)) if (item.type === 'commit') commits.push(item.commit)
    return commits
  }

  /** After a power cut the pages of the last batch may have reached the disk in any order: its commit, and not what it names. */
  async function batchIsWhole(place: Commit['place'], before: Commit['place'] | null, head: HeadFile | null): Promise<boolean> {
    const from = before?.segment === place.segment ? before.offset + before.length : head?.segment === place.segment ? head.length : RECORDS_FROM
    for await (const item of scan({ segment: place.segment, offset: from }, true)) {
      if (item.type === 'damage' && item.damage.segment === place.segment && item.damage.offset < place.offset) return false
      if (item.type === 'commit' && item.commit.place.offset >= place.offset) return true
    }
    return true
  }
}

/** A torn end that the last segment's header explains, and that no commit has told of yet: its writer died before its first one. */
async function unsaid(dir: string, keys: ArchiveKeys, disk: Disk, last: number, whole: number): Promise<LogEnd['recovered']> {
  if (whole > RECORDS_FROM || last < 2) return []
  const header = await readSegmentHeader(dir, last, keys, disk)
  const length = await sizeOf(dir, last - 1, disk)
  return header && length > header.before ? [{ k: 'recovered', segment: last - 1, whole: header.before, length }] : []
}

async function removeTornBeginning(dir: string, keys: ArchiveKeys, disk: Disk, numbers: number[], head: HeadFile | null): Promise<void> {
  const last = numbers.at(-1)
  // What head.json has seen was whole once: damage, and not a beginning.
  if (last === undefined || last <= (head?.segment ?? 0) || !(await isTornBeginning(segmentPath(dir, last), keys, disk, last))) return
  await disk.remove(segmentPath(dir, last))
  numbers.pop()
}

async function saltOf(dir: string, number: number, keys: ArchiveKeys, disk: Disk): Promise<Uint8Array | null> {
  return (await readSegmentHeader(dir, number, keys, disk))?.salt ?? null
}

async function sizeOf(dir: string, number: number, disk: Disk): Promise<number> {
  return (await disk.stat(segmentPath(dir, number)))?.size ?? 0
}

/** What the crash left in the system's memory is on the disk before anything is built on it. */
async function sync(dir: string, number: number, disk: Disk): Promise<void> {
  const file = await disk.open(segmentPath(dir, number), 'write').catch(error => {
    throw diskError(error, segmentPath(dir, number))
  })
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}

function headOf(head: HeadFile): { id: RecordId; seq: number; time: number } | null {
  return head.seq === 0 ? null : { id: head.commit, seq: head.seq, time: head.time }
}
