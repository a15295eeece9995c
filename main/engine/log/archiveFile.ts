/** archive.json: says that a folder is an archive, which one, and in which format; readable without a key (docs/FORMAT.md section 1). */
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../contract/errors.ts'
import { archiveId } from '../../contract/types.ts'
import { type Disk, diskError, readSmallFile, realDisk, writeFileAtomic } from '../base/files.ts'

export const FORMAT = 1
const NAME = 'archive.json'
const MAX_BYTES = 64 * 1024

const shape = z.object({ mailcoffer: z.literal('archive'), format: z.number().int().positive(), id: archiveId, created: z.iso.datetime() })

export interface ArchiveFile {
  id: string
  format: number
  /** ISO 8601. */
  created: string
}

/** Throws not-an-archive; newer-format, with the facts `format` and `known`; destination-missing and its like where the disk fails. */
export async function readArchiveFile(dir: string, disk: Disk = realDisk): Promise<ArchiveFile> {
  const path = join(dir, NAME)
  const bytes = await readSmallFile(path, MAX_BYTES, disk).catch(error => {
    throw error instanceof AppError ? notAnArchive(dir, error) : diskError(error, path)
  })
  if (!bytes) throw notAnArchive(dir)
  const json = parseJson(bytes)
  // A newer format may have other fields: its number is all that is asked of it.
  const claim = z.object({ mailcoffer: z.literal('archive'), format: z.number().int() }).safeParse(json)
  if (claim.success && claim.data.format > FORMAT)
    throw new AppError('newer-format', `format ${claim.data.format}`, { facts: { format: claim.data.format, known: FORMAT, path: dir } })
  const read = shape.safeParse(json)
  if (!read.success) throw notAnArchive(dir, read.error)
  const { id, format, created } = read.data
  return { id, format, created }
}

/** Throws disk-full, read-only, permission-denied, destination-missing. */
export async function writeArchiveFile(dir: string, { id, created }: { id: string; created: string }, disk: Disk = realDisk): Promise<void> {
  await writeFileAtomic(join(dir, NAME), `${JSON.stringify({ mailcoffer: 'archive', format: FORMAT, id, created })}\n`, disk)
}

function notAnArchive(dir: string, cause?: unknown): AppError {
  return new AppError('not-an-archive', `${dir} holds no archive`, { facts: { path: dir }, cause })
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString())
  } catch {
    return null // what is not JSON is no archive.json: the shape says so
  }
}
