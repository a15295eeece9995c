/**
 * Proves a segment file by itself: every byte is read, and the seal of every record holds, so each is what its writer sealed. Needs nothing to
 * compare it with.
 */
import { createHash, type KeyObject } from 'node:crypto'
import { type Disk, type DiskFile, diskError } from '../base/files.ts'
import type { RecordId } from '../base/ids.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { decodeCommit } from './commit.ts'
import { walkSegment } from './scanSegment.ts'
import { parseSegmentHeaders, RECORDS_FROM, SEGMENT_HEADER, segmentKey } from './segment.ts'

export interface Range {
  offset: number
  length: number
}

export interface Proof {
  /** Bytes of the file that count. */
  length: number
  /** Of the bytes that were read, lower-case hex. */
  sha256: string
  /** Where something does not open, in order. */
  damage: Range[]
  /** The salt in its header; null where both copies of it are damaged. */
  salt: Uint8Array | null
  lastCommit: { id: RecordId; seq: number; time: number } | null
}

export interface Proving {
  path: string
  number: number
  keys: ArchiveKeys
  disk: Disk
  /** How many bytes of the file count; all of them where it is not said. */
  to?: number
  /** Read and opened from here on: the offset of a record. From the start where it is not said. */
  from?: number
  /** Where its header has lost it. */
  salt?: Uint8Array | null
  onBytes?(bytes: number): void
}

/** Throws what a disk throws, in the words of the contract. */
export async function proveSegment(proving: Proving): Promise<Proof> {
  try {
    return await prove(proving)
  } catch (error) {
    throw diskError(error, proving.path)
  }
}

async function prove({ path, number, keys, disk, to: most, from = 0, salt: known, onBytes }: Proving): Promise<Proof> {
  const file = (await disk.openPastCache?.(path)) ?? (await disk.open(path, 'read'))
  try {
    const to = Math.min(most ?? Number.POSITIVE_INFINITY, await file.size())
    const hashing = hashed(file, from, to, onBytes)
    const start = Buffer.alloc(Math.min(RECORDS_FROM, to))
    await (from === 0 ? hashing.file : file).read(start, 0)
    const { header, damaged } = parseSegmentHeaders(keys, number, start)
    const salt = header?.salt ?? known ?? null
    const damage: Range[] = damaged.map(offset => ({ offset, length: SEGMENT_HEADER }))
    let lastCommit: Proof['lastCommit'] = null
    if (salt === null) damage.push({ offset: RECORDS_FROM, length: Math.max(0, to - RECORDS_FROM) })
    else await walk(segmentKey(keys, salt))
    return { length: to, sha256: await hashing.end(), damage, salt: header?.salt ?? null, lastCommit }

    async function walk(key: KeyObject): Promise<void> {
      for await (const batch of walkSegment({ file: hashing.file, key, keys, from: Math.max(RECORDS_FROM, from), to, full: false, seals: true })) {
        for (const found of batch) {
          if (found.type === 'damage') damage.push({ offset: found.offset, length: found.length })
          else if (found.header.kind === 'commit') {
            const content = decodeCommit(found.plain!)
            if (content) lastCommit = { id: found.header.id, seq: content.seq, time: content.time }
          }
        }
      }
    }
  } finally {
    await file.close()
  }
}

/** A file that hashes whatever is read of it for the first time, in order: one pass over the medium for both proofs. */
function hashed(file: DiskFile, from: number, to: number, onBytes: Proving['onBytes']) {
  const hash = createHash('sha256')
  let done = from
  const take = (bytes: Uint8Array) => {
    hash.update(bytes)
    done += bytes.length
    onBytes?.(bytes.length)
  }
  const readUpTo = async (position: number) => {
    const gap = Buffer.allocUnsafe(Math.min(1024 * 1024, Math.max(0, position - done)))
    while (done < position) {
      const length = await file.read(gap.subarray(0, Math.min(gap.length, position - done)), done)
      if (length === 0) return
      take(gap.subarray(0, length))
    }
  }
  const tee: DiskFile = {
    ...file,
    read: async (buffer, position) => {
      await readUpTo(Math.min(position, to))
      const length = await file.read(buffer, position)
      const end = Math.min(position + length, to)
      if (end > done) take(buffer.subarray(done - position, end - position))
      return length
    },
  }
  return {
    file: tee,
    end: async () => {
      await readUpTo(to)
      return hash.digest('hex')
    },
  }
}
