/** head.json: where the log ended when it was last closed, so that a log that lost its end is found out (docs/FORMAT.md section 6). */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../contract/errors.ts'
import { type Disk, diskError, readSmallFile, writeFileAtomic } from '../base/files.ts'
import type { RecordId } from '../base/ids.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { keyObject } from './segment.ts'

export interface HeadFile {
  segment: number
  /** Bytes of that segment. */
  length: number
  /** The salt of that segment, once more: a later segment's header would have it too, but there is none yet. */
  salt: string
  /** The last commit; seq 0 and 64 zeros where there is none. */
  seq: number
  commit: RecordId
  time: number
}

export const NO_COMMIT = '0'.repeat(64) as RecordId

const NAME = 'head.json'
const MAX_BYTES = 64 * 1024
const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`))
const n = z.number().int().nonnegative()
const shape = z.strictObject({
  format: z.literal(1),
  archive: hex(32),
  segment: n.min(1),
  length: n,
  salt: hex(64),
  seq: n,
  commit: hex(64),
  time: z.number().int(),
  mac: hex(64),
})

/** `missing` where there is no such file, `damaged` where it is not what its writer wrote. */
export async function readHeadFile(dir: string, keys: ArchiveKeys, disk: Disk): Promise<HeadFile | 'missing' | 'damaged'> {
  const path = join(dir, NAME)
  const bytes = await readSmallFile(path, MAX_BYTES, disk).catch(error => {
    if (error instanceof AppError) return new Uint8Array() // too large to be one
    throw diskError(error, path)
  })
  if (!bytes) return 'missing'
  const text = Buffer.from(bytes).toString()
  try {
    const { archive, mac, format: _, ...head } = shape.parse(JSON.parse(text))
    const right = timingSafeEqual(Buffer.from(mac, 'hex'), macOf(keys, head as HeadFile)) && archive === keys.archiveId
    // Written as it is read: not one byte of it may differ unnoticed.
    return right && text === encode(keys, head as HeadFile) ? (head as HeadFile) : 'damaged'
  } catch {
    return 'damaged' // not JSON, or not that shape: said by the answer
  }
}

/** Throws disk-full, read-only, permission-denied, destination-missing. */
export async function writeHeadFile(dir: string, keys: ArchiveKeys, disk: Disk, head: HeadFile): Promise<void> {
  await writeFileAtomic(join(dir, NAME), encode(keys, head), disk)
}

function encode(keys: ArchiveKeys, { segment, length, salt, seq, commit, time }: HeadFile): string {
  const mac = macOf(keys, { segment, length, salt, seq, commit, time }).toString('hex')
  return `${JSON.stringify({ format: 1, archive: keys.archiveId, segment, length, salt, seq, commit, time, mac })}\n`
}

function macOf(keys: ArchiveKeys, { segment, length, salt, seq, commit, time }: HeadFile): Buffer {
  return createHmac('sha256', keyObject(keys.headKey)).update([segment, length, salt, seq, commit, time].join('|')).digest()
}
