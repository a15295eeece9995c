/**
 * copy.json: says that a folder is a copy, of which archive, and what was proven of each of its segments (docs/FORMAT.md section 8). Nobody writes
 * to the log of such a folder but the copying: a copy that went on by itself would be another archive.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../contract/errors.ts'
import { archiveId } from '../../contract/types.ts'
import { type Disk, diskError, readSmallFile, realDisk, writeFileAtomic } from '../base/files.ts'
import type { RecordId } from '../base/ids.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { keyObject } from './segment.ts'

export const COPY_FILE = 'copy.json'
/** A segment is 64 MB of log and 130 bytes here: enough for 4 TB. */
const MAX_BYTES = 8 * 1024 * 1024
const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`))
const n = z.number().int().nonnegative()

const claimShape = z.object({ mailcoffer: z.literal('copy'), format: z.number().int().positive(), archive: archiveId, copy: hex(16) })

const segmentShape = z.strictObject({
  number: n.min(1),
  length: n,
  sha256: hex(64),
  /** Unix ms: when every byte of it was last read from the medium, and opened. */
  proven: n,
  /** Places that do not open in the original either. */
  damaged: n,
})

const fileShape = claimShape.extend({
  created: n,
  /** The last commit that the copy holds with everything before it; 0, 64 zeros and 0 where there is none. */
  seq: n,
  commit: hex(64),
  time: n,
  /** When the copying last came to its end, with all that the original held then. 0: never. */
  finished: n,
  segments: z.array(segmentShape),
  mac: hex(64),
})

export type CopiedSegment = z.infer<typeof segmentShape>

export interface CopyFile {
  archive: string
  /** Its own identity: two drives with copies of one archive are told apart by it. */
  copy: string
  created: number
  seq: number
  commit: RecordId
  time: number
  finished: number
  segments: CopiedSegment[]
}

/** Whose copy this folder says it is, without a key to prove it; null where it is none. Throws destination-missing and its like. */
export async function readCopyClaim(dir: string, disk: Disk = realDisk): Promise<{ archive: string; copy: string } | null> {
  const claim = claimShape.safeParse(await readJson(dir, disk))
  return claim.success ? { archive: claim.data.archive, copy: claim.data.copy } : null
}

/** `damaged` where it is there and is not what its writer wrote. Throws newer-format; destination-missing and its like. */
export async function readCopyFile(dir: string, keys: ArchiveKeys, disk: Disk): Promise<CopyFile | 'missing' | 'damaged'> {
  const json = await readJson(dir, disk)
  if (json === null) return 'missing'
  const claim = claimShape.safeParse(json)
  if (claim.success && claim.data.format > 1)
    throw new AppError('newer-format', `copy of format ${claim.data.format}`, { facts: { format: claim.data.format, known: 1, path: dir } })
  const read = fileShape.safeParse(json)
  if (!read.success) return 'damaged'
  const { mac, mailcoffer: _, format: __, ...rest } = read.data
  const file = rest as CopyFile
  return file.archive === keys.archiveId && timingSafeEqual(Buffer.from(mac, 'hex'), macOf(keys, file)) ? file : 'damaged'
}

/** Throws disk-full, read-only, permission-denied, destination-missing. */
export async function writeCopyFile(dir: string, keys: ArchiveKeys, disk: Disk, file: CopyFile): Promise<void> {
  const { archive, copy, ...rest } = file
  const body = { mailcoffer: 'copy', format: 1, archive, copy, ...rest, mac: macOf(keys, file).toString('hex') }
  await writeFileAtomic(join(dir, COPY_FILE), `${JSON.stringify(body)}\n`, disk)
}

/** From now on it is an archive of its own right. */
export async function removeCopyFile(dir: string, disk: Disk = realDisk): Promise<void> {
  await disk.remove(join(dir, COPY_FILE))
  await disk.syncDir(dir)
}

/** Undefined: unreadable; null: not there. */
async function readJson(dir: string, disk: Disk): Promise<unknown> {
  const path = join(dir, COPY_FILE)
  try {
    const bytes = await readSmallFile(path, MAX_BYTES, disk)
    return bytes && JSON.parse(Buffer.from(bytes).toString())
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof AppError) return undefined
    throw diskError(error, path)
  }
}

function macOf(keys: ArchiveKeys, { archive, copy, created, seq, commit, time, finished, segments }: CopyFile): Buffer {
  const lines = segments.map(({ number, length, sha256, proven, damaged }) => [number, length, sha256, proven, damaged].join('|'))
  const text = [[archive, copy, created, seq, commit, time, finished].join('|'), ...lines].join('\n')
  return createHmac('sha256', keyObject(keys.headKey)).update(text).digest()
}
