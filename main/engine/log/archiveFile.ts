/** archive.json: says that a folder is an archive, which one, and in which format; readable without a key (docs/FORMAT.md section 1). */
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../contract/errors.ts'
import { archiveId } from '../../contract/types.ts'
import { type Disk, diskError, readSmallFile, realDisk, writeFileAtomic } from '../base/files.ts'
import { claimOfSegments } from './segment.ts'

export const FORMAT = 1
const NAME = 'archive.json'
const MAX_BYTES = 64 * 1024

const shape = z.object({ mailcoffer: z.literal('archive'), format: z.number().int().positive(), id: archiveId, created: z.iso.datetime() })

export interface ArchiveFile {
  id: string
  format: number
  /** ISO 8601. */
  created: string
  /** archive.json is missing or damaged, and this is what the segments say. Not to be trusted before a key has opened something. */
  salvaged: boolean
}

/**
 * Throws not-an-archive; newer-format, with the facts `format` and `known`; destination-missing and its like where the disk fails.
 * A folder whose archive.json was lost, or has a flipped bit in it, is an archive all the same where its segments say so.
 */
export async function readArchiveFile(dir: string, disk: Disk = realDisk): Promise<ArchiveFile> {
  const json = await readJson(dir, disk)
  // A newer format may have other fields: its number is all that is asked of it.
  const claim = z.object({ mailcoffer: z.literal('archive'), format: z.number().int() }).safeParse(json)
  if (claim.success && claim.data.format > FORMAT)
    throw new AppError('newer-format', `format ${claim.data.format}`, { facts: { format: claim.data.format, known: FORMAT, path: dir } })
  const read = shape.safeParse(json)
  const claimed = await claimOfSegments(dir, disk).catch(error => {
    throw diskError(error, dir)
  })
  // Two equal copies in a segment against one: a flipped bit makes another id of an id.
  if (read.success && (claimed === null || claimed.id === read.data.id))
    return { id: read.data.id, format: read.data.format, created: read.data.created, salvaged: false }
  if (!claimed) throw new AppError('not-an-archive', `${dir} holds no archive`, { facts: { path: dir }, cause: read.error })
  return { id: claimed.id, format: FORMAT, created: new Date(claimed.created).toISOString(), salvaged: true }
}

/** Throws disk-full, read-only, permission-denied, destination-missing. */
export async function writeArchiveFile(dir: string, { id, created }: { id: string; created: string }, disk: Disk = realDisk): Promise<void> {
  await writeFileAtomic(join(dir, NAME), `${JSON.stringify({ mailcoffer: 'archive', format: FORMAT, id, created })}\n`, disk)
}

async function readJson(dir: string, disk: Disk): Promise<unknown> {
  const path = join(dir, NAME)
  try {
    const bytes = await readSmallFile(path, MAX_BYTES, disk)
    return bytes && JSON.parse(Buffer.from(bytes).toString())
  } catch (error) {
    // Neither too large a file nor one that is not JSON is an archive.json: the shape says so.
    if (error instanceof SyntaxError || error instanceof AppError) return null
    throw diskError(error, path)
  }
}
