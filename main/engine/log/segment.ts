/** The head of a segment file, and the names of the files (docs/FORMAT.md section 3). */
import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import { type Disk, type DiskFile, diskError, systemCode } from '../base/files.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'

export const SEGMENT_BYTES = 64 * 1024 * 1024
/** One copy of the header. */
export const SEGMENT_HEADER = 144
/** Both copies: the first record follows here. */
export const RECORDS_FROM = 2 * SEGMENT_HEADER
export const NO_SALT = Buffer.alloc(32)

const MAGIC = 'MCOFSEG1'
const MAC_AT = 112

export interface SegmentHeader {
  number: number
  /** Unix ms. */
  created: number
  /** 32 random bytes. */
  salt: Uint8Array
  /** How many bytes of the segment before it count. What follows them there is a left-over of a crash or of a failed write. 0 in segment 1. */
  before: number
  /** Salt of the segment before it, a second place to have it from; zeros where there is none. */
  saltBefore: Uint8Array
}

export const logDir = (dir: string): string => join(dir, 'log')
export const segmentPath = (dir: string, number: number): string => join(logDir(dir), `${String(number).padStart(8, '0')}.seg`)

/** Numbers of the segment files, ascending. Throws not-an-archive where there is no log folder. */
export async function listSegments(dir: string, disk: Disk): Promise<number[]> {
  const names = await disk.list(logDir(dir)).catch(error => {
    throw diskError(error, logDir(dir))
  })
  if (!names) throw new AppError('not-an-archive', `${dir} has no log`, { facts: { path: dir } })
  return names
    .map(name => /^(\d{8})\.seg$/.exec(name)?.[1])
    .filter(digits => digits !== undefined)
    .map(Number)
    .filter(number => number > 0)
    .sort((a, b) => a - b)
}

/**
 * Makes the file of a new segment; when it returns, header and name are durable. Throws archive-in-use where somebody else has begun a
 * segment of that number: nothing of its is ever overwritten.
 */
export async function createSegment(dir: string, keys: ArchiveKeys, disk: Disk, header: SegmentHeader): Promise<DiskFile> {
  const path = segmentPath(dir, header.number)
  const file = await openNew(path, keys, disk, header.number)
  try {
    const one = encodeSegmentHeader(keys, header)
    await file.write(Buffer.concat([one, one]), 0)
    await file.datasync()
    await disk.syncDir(logDir(dir))
    return file
  } catch (error) {
    await file.close().catch(() => {}) // the first error is the one to tell
    // No record has ever been in it, so it can go, and its number be used at the next try.
    await disk.remove(path).catch(() => {})
    throw error
  }
}

async function openNew(path: string, keys: ArchiveKeys, disk: Disk, number: number): Promise<DiskFile> {
  try {
    return await disk.open(path, 'create')
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
    if (!(await isTornBeginning(path, keys, disk, number)))
      throw new AppError('archive-in-use', `segment ${number} is there already`, { facts: { path }, cause: error })
    await disk.remove(path)
    return disk.open(path, 'create')
  }
}

/** A writer that died, or lost its drive, at the very first write to a segment leaves this. Nothing is in it, and it may be removed. */
export async function isTornBeginning(path: string, keys: ArchiveKeys, disk: Disk, number: number): Promise<boolean> {
  const file = await disk.open(path, 'read')
  try {
    if ((await file.size()) > RECORDS_FROM) return false
    const start = Buffer.alloc(RECORDS_FROM)
    return parseSegmentHeaders(keys, number, start.subarray(0, await file.read(start, 0))).damaged.length > 0
  } finally {
    await file.close()
  }
}

/** The key that seals the records of the segment with this salt. */
export const segmentKey = (keys: ArchiveKeys, salt: Uint8Array): KeyObject => createSecretKey(keys.segmentKey(salt))

const keyObjects = new WeakMap<Uint8Array, KeyObject>()

/** Node makes a KeyObject of plain bytes at every call, which takes six times as long as the hash of a header. */
export function keyObject(bytes: Uint8Array): KeyObject {
  const known = keyObjects.get(bytes) ?? createSecretKey(bytes)
  keyObjects.set(bytes, known)
  return known
}

export const newSalt = (): Uint8Array => randomBytes(32)

export function encodeSegmentHeader(keys: ArchiveKeys, header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER)
  bytes.write(MAGIC, 0, 'ascii')
  bytes.write(keys.archiveId, 8, 'hex')
  bytes.writeUInt32LE(header.number, 24)
  bytes.writeBigUInt64LE(BigInt(header.created), 32)
  bytes.writeBigUInt64LE(BigInt(header.before), 40)
  bytes.set(header.salt, 48)
  bytes.set(header.saltBefore, 80)
  bytes.set(macOf(keys, bytes), MAC_AT)
  return bytes
}

/** Whose log this says it is, without a key to prove it: what the first header says that looks like one. Null where none does. */
export async function claimOfSegments(dir: string, disk: Disk): Promise<{ id: string; created: number } | null> {
  for (const name of (await disk.list(logDir(dir))) ?? []) {
    const number = Number(/^(\d{8})\.seg$/.exec(name)?.[1])
    if (!number) continue
    const file = await disk.open(segmentPath(dir, number), 'read')
    try {
      const start = Buffer.alloc(RECORDS_FROM)
      await file.read(start, 0)
      // Both copies must agree: there is no other proof without a key.
      const sound = start.subarray(0, SEGMENT_HEADER).equals(start.subarray(SEGMENT_HEADER)) && start.toString('latin1', 0, 8) === MAGIC
      if (sound) return { id: start.toString('hex', 8, 24), created: Number(start.readBigUInt64LE(32)) }
    } finally {
      await file.close()
    }
  }
  return null
}

/** Both copies as they stand at the start of segment `number`: the first that is right, and the offsets of those that are not. */
export function parseSegmentHeaders(keys: ArchiveKeys, number: number, start: Buffer): { header: SegmentHeader | null; damaged: number[] } {
  let header: SegmentHeader | null = null
  const damaged: number[] = []
  for (const at of [0, SEGMENT_HEADER]) {
    const copy = parseCopy(keys, start.subarray(at, at + SEGMENT_HEADER))
    // A segment file under another's name is not the one we look for, however whole it is.
    if (copy?.number === number) header ??= copy
    else damaged.push(at)
  }
  return { header, damaged }
}

function parseCopy(keys: ArchiveKeys, bytes: Buffer): SegmentHeader | null {
  if (bytes.length < SEGMENT_HEADER || bytes.toString('latin1', 0, 8) !== MAGIC) return null
  if (!timingSafeEqual(macOf(keys, bytes), bytes.subarray(MAC_AT)) || bytes.toString('hex', 8, 24) !== keys.archiveId) return null
  return {
    number: bytes.readUInt32LE(24),
    created: Number(bytes.readBigUInt64LE(32)),
    before: Number(bytes.readBigUInt64LE(40)),
    salt: Uint8Array.from(bytes.subarray(48, 80)),
    saltBefore: Uint8Array.from(bytes.subarray(80, MAC_AT)),
  }
}

function macOf(keys: ArchiveKeys, header: Uint8Array): Buffer {
  return createHmac('sha256', keyObject(keys.headerKey)).update(header.subarray(0, MAC_AT)).digest()
}
