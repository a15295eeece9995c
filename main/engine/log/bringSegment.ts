/** Puts a segment from one folder beside what another one has of it, under a temporary name, and proves it there. Whoever asked then keeps it or not. */
import { createHash, type Hash } from 'node:crypto'
import { AppError } from '../../contract/errors.ts'
import { type Disk, type DiskFile, diskError, renameOver, systemCode } from '../base/files.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { type Proof, proveSegment, type Range } from './proveSegment.ts'
import { logDir, segmentPath } from './segment.ts'

export interface Bringing {
  /** Folders of the archive and of its copy, in whichever direction. */
  from: string
  to: string
  number: number
  /** So many bytes of it count. */
  whole: number
  keys: ArchiveKeys
  source: Disk
  disk: Disk
  salt: Uint8Array | null
  /** Another file of the same segment: what does not open in the first is taken from it. Null where there is none. */
  patch: string | null
  /** Called for each piece written; throws to stop. */
  onBytes(bytes: number): Promise<void>
}

export interface Brought {
  /** Of what was brought, and of what came out when it was patched. */
  source: Proof
  proof: Proof
  /** In the place of what was there. Durable when it returns. */
  keep(): Promise<void>
  drop(): Promise<void>
}

const CHUNK = 1024 * 1024
const SECTOR = 4096

/** Throws drive-unreliable where the medium does not give back what was written to it; disk-full, read-only, destination-missing and their like. */
export async function bringSegment(bringing: Bringing): Promise<Brought> {
  const { from, to, number, whole, keys, source, disk, salt, patch, onBytes } = bringing
  const path = segmentPath(to, number)
  const temporary = `${path}.tmp`
  const prove = () => proveSegment({ path: temporary, number, keys, disk, salt })
  const drop = () => disk.remove(temporary).catch(() => {}) // it counts for nothing, and the next run removes it
  try {
    const written = await write()
    let proof = await prove()
    if (proof.sha256 !== written) throw differs(temporary)
    const brought = proof
    if (proof.damage.length > 0 && patch !== null) {
      await mend(temporary, patch, proof.damage)
      proof = await prove()
    }
    const keep = async () => {
      try {
        await renameOver(temporary, path, disk)
        await disk.syncDir(logDir(to))
      } catch (error) {
        throw diskError(error, path)
      }
    }
    return { source: brought, proof, keep, drop }
  } catch (error) {
    await drop()
    throw diskError(error, path)
  }

  async function write(): Promise<string> {
    const reading = await openSource(source, segmentPath(from, number))
    try {
      const file = await disk.open(temporary, 'replace')
      try {
        const hash = createHash('sha256')
        await pour({ reading, file, at: 0, to: whole, path: segmentPath(from, number), onBytes, hashes: [hash] })
        await file.datasync()
        return hash.digest('hex')
      } finally {
        await file.close()
      }
    } finally {
      await reading.close()
    }
  }

  async function mend(target: string, other: string, damage: readonly Range[]): Promise<void> {
    const good = await disk.open(other, 'read')
    try {
      const file = await disk.open(target, 'write')
      try {
        for (const { offset, length } of damage) {
          const bytes = Buffer.alloc(length)
          const have = await good.read(bytes, offset)
          await file.write(bytes.subarray(0, have), offset)
        }
        await file.datasync()
      } finally {
        await file.close()
      }
    } finally {
      await good.close()
    }
  }
}

export interface Pouring {
  reading: DiskFile
  file: DiskFile
  at: number
  to: number
  /** Of the source, for errors. */
  path: string
  onBytes(bytes: number): Promise<void>
  /** Each gets what is written. */
  hashes: readonly Hash[]
}

/** Writes while it reads what is next. */
export async function pour({ reading, file, at, to, path, onBytes, hashes }: Pouring): Promise<void> {
  const buffers = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)] as const
  let turn = 0
  const next = (position: number) => readPiece(reading, buffers[turn++ % 2]!.subarray(0, Math.min(CHUNK, to - position)), position, path)
  let coming = at < to ? next(at) : null
  try {
    while (coming) {
      const piece: Buffer = await coming
      coming = at + piece.length < to ? next(at + piece.length) : null
      for (const hash of hashes) hash.update(piece)
      await file.write(piece, at)
      at += piece.length
      await onBytes(piece.length)
    }
  } finally {
    await coming?.catch(() => {}) // the first error is the one to tell; the file must not be closed under a read
  }
}

/** Throws destination-missing where the original is away, segment-missing where this one of it is. */
export async function openSource(source: Disk, path: string): Promise<DiskFile> {
  return source.open(path, 'read').catch(error => {
    throw diskError(error, path)
  })
}

/** A piece in full. Sectors that cannot be read are zeros, which open as nothing, and are so found as the damage they are. */
async function readPiece(file: DiskFile, buffer: Buffer, position: number, path: string): Promise<Buffer> {
  try {
    const length = await file.read(buffer, position)
    if (length < buffer.length) buffer.fill(0, length)
    return buffer
  } catch (error) {
    if (systemCode(error) !== 'EIO') throw diskError(error, path)
    return sectorBySector(file, buffer, position, diskError(error, path))
  }
}

async function sectorBySector(file: DiskFile, buffer: Buffer, position: number, gone: AppError): Promise<Buffer> {
  let read = 0
  for (let at = 0; at < buffer.length; at += SECTOR) {
    const sector = buffer.subarray(at, at + SECTOR)
    const good = await file.read(sector, position + at).then(
      () => true,
      () => false,
    )
    if (good) read++
    else sector.fill(0)
  }
  // Not one of 256 sectors: that is a drive that was pulled.
  if (read === 0) throw gone
  return buffer
}

export function differs(path: string): AppError {
  return new AppError('drive-unreliable', 'what was read back is not what was written', { facts: { path } })
}
