/** Appends to a copy's last segment what the archive's has got since. In place, as the archive itself grows: who reads the copy meanwhile follows. */
import { createHash } from 'node:crypto'
import { type Disk, diskError } from '../base/files.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { differs, openSource, pour } from './bringSegment.ts'
import type { CopiedSegment } from './copyFile.ts'
import type { SegmentExtent } from './logExtent.ts'
import { type Proof, proveSegment } from './proveSegment.ts'
import { segmentPath } from './segment.ts'

export interface Growing {
  from: string
  to: string
  keys: ArchiveKeys
  source: Disk
  disk: Disk
  /** What the copy has of it, as proven. */
  entry: CopiedSegment
  segment: SegmentExtent
  onBytes(bytes: number): Promise<void>
}

const CHUNK = 1024 * 1024

/** The proof of what was appended, with the hash of the whole; null where the archive's segment does not begin as the copy's does, or does not open. */
export async function growSegment({ from, to, keys, source, disk, entry, segment, onBytes }: Growing): Promise<Proof | null> {
  const { number, whole, salt } = segment
  const path = segmentPath(to, number)
  const original = segmentPath(from, number)
  const reading = await openSource(source, original)
  try {
    const prefix = createHash('sha256')
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (let at = 0; at < entry.length; ) {
      const length = await reading.read(buffer.subarray(0, Math.min(CHUNK, entry.length - at)), at)
      if (length === 0) return null
      prefix.update(buffer.subarray(0, length))
      at += length
    }
    if (prefix.copy().digest('hex') !== entry.sha256) return null
    const appended = createHash('sha256')
    const file = await disk.open(path, 'write')
    try {
      await pour({ reading, file, at: entry.length, to: whole, path: original, onBytes, hashes: [prefix, appended] })
      await file.datasync()
    } finally {
      await file.close()
    }
    const proof = await proveSegment({ path, number, keys, disk, salt, from: entry.length, to: whole })
    if (proof.sha256 !== appended.digest('hex')) throw differs(path)
    return proof.damage.length > 0 ? null : { ...proof, sha256: prefix.digest('hex') }
  } catch (error) {
    throw diskError(error, path)
  } finally {
    await reading.close()
  }
}
