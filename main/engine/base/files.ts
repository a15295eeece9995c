/**
 * The disk as a value. Whatever must survive a crash, a full disk or a pulled drive is written through a `Disk`, so that a test can put
 * one in front that fails where it wants. The real one adds nothing to node:fs but names for what matters here.
 */
import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import { systemClock } from './clock.ts'
import { fileError } from './fileError.ts'
import { makeFolders } from './folders.ts'
import { openPastCache } from './pastCache.ts'
import { isOnLocalDisk } from './volumes.ts'

export interface DiskFile {
  /** Reads at `position` until the buffer is full or the file ends; returns the number of bytes. */
  read(buffer: Uint8Array, position: number): Promise<number>
  /** Writes all of it at `position`, in one call where the system takes it in one. */
  write(bytes: Uint8Array, position: number): Promise<void>
  /** Content and length are on the disk when it returns (fdatasync). */
  datasync(): Promise<void>
  truncate(length: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

export interface Disk {
  /** `create` fails with EEXIST where the file exists; `replace` empties it; `write` needs an existing one and keeps its content. */
  open(path: string, mode: 'read' | 'write' | 'create' | 'replace'): Promise<DiskFile>
  /** For reading what is on the medium, and not what memory has of it; null where that cannot be had of this file system. */
  openPastCache?(path: string): Promise<DiskFile | null>
  /** Null where there is no such file. */
  stat(path: string): Promise<{ size: number; mtimeMs: number } | null>
  /** Names in a folder, sorted; null where there is no such folder. */
  list(dir: string): Promise<string[] | null>
  /** Creates it and what lies above, where missing. */
  makeDir(dir: string): Promise<void>
  /** Replaces the target, atomically. */
  rename(from: string, to: string): Promise<void>
  /** No error where it is gone already. */
  remove(path: string): Promise<void>
  /** Makes names created, renamed or removed in a folder durable. */
  syncDir(dir: string): Promise<void>
  /** Everything that was written to the file system of this folder is on the medium; false where that cannot be had at once. */
  syncAll?(dir: string): Promise<boolean>
}

// What is kept is private mail: nobody else on this computer reads it.
const FILE_MODE = 0o600
const DIR_MODE = 0o700
const FLAGS = { read: 'r', write: 'r+', create: 'wx+', replace: 'w+' } as const

export const realDisk: Disk = {
  open: async (path, mode) => fileOn(await fs.open(path, FLAGS[mode], FILE_MODE)),
  openPastCache,
  stat: path => fs.stat(path).then(({ size, mtimeMs }) => ({ size, mtimeMs }), nullWhereMissing),
  list: dir => fs.readdir(dir).then(names => names.sort(), nullWhereMissing),
  makeDir: dir => makeFolders(dir, DIR_MODE),
  rename: (from, to) => fs.rename(from, to),
  remove: path => fs.rm(path, { force: true }),
  syncDir,
  syncAll,
}

/**
 * Replaces a file so that a crash leaves the old content or the new, never a mixture: temporary file, fsync, rename, fsync of the folder.
 * Throws disk-full, read-only, permission-denied, destination-missing.
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string, disk: Disk = realDisk): Promise<void> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const temporary = `${path}.tmp`
  try {
    const file = await disk.open(temporary, 'replace')
    try {
      await file.write(bytes, 0)
      await file.datasync()
    } finally {
      await file.close()
    }
    await renameOver(temporary, path, disk)
    await disk.syncDir(dirname(path))
  } catch (error) {
    // What is left of the temporary file is worth nothing, and may be what fills the disk.
    await disk.remove(temporary).catch(() => {})
    throw diskError(error, path)
  }
}

/** Windows and SMB neither replace nor remove a file that somebody has open; a reader has it open for milliseconds. */
const BUSY_TRIES = 20
const BUSY_MS = 50

/** Again and again while that is what stands in the way. */
export async function whileBusy(work: () => Promise<void>): Promise<void> {
  for (let tries = BUSY_TRIES; ; tries--) {
    try {
      return await work()
    } catch (error) {
      const busy = systemCode(error) === 'EBUSY' || (process.platform === 'win32' && ['EPERM', 'EACCES'].includes(systemCode(error)))
      if (!busy || tries === 0) throw error
      await systemClock.sleep(BUSY_MS)
    }
  }
}

/** A share whose driver replaces by removing first says that the file exists where it may not remove it: that is a permission, and is waited for as one. */
export async function renameOver(from: string, to: string, disk: Disk): Promise<void> {
  try {
    await whileBusy(() => disk.rename(from, to))
  } catch (error) {
    throw systemCode(error) === 'EEXIST'
      ? Object.assign(new Error('what stands there cannot be replaced', { cause: error }), { code: 'EACCES' })
      : error
  }
}

/** All bytes of a small file, null where there is none. Throws invalid-input for one larger than `limit`. */
export async function readSmallFile(path: string, limit: number, disk: Disk = realDisk, tries = 3): Promise<Uint8Array | null> {
  const stat = await disk.stat(path)
  if (!stat) return null
  if (stat.size > limit) throw new AppError('invalid-input', `${path} is larger than ${limit} bytes`)
  // Some shares replace a file by removing it first: it was there, and is again in a moment, or never more.
  const file = await disk.open(path, 'read').catch(nullWhereMissing)
  if (!file) return tries > 0 ? readSmallFile(path, limit, disk, tries - 1) : null
  try {
    const bytes = new Uint8Array(stat.size)
    return bytes.subarray(0, await file.read(bytes, 0))
  } finally {
    await file.close()
  }
}

/** What the system says about a disk, in the words of the contract; a drive or share that is gone is destination-missing. */
export function diskError(error: unknown, path: string): AppError {
  try {
    return fileError('destination-missing', path)(error)
  } catch (mapped) {
    if (mapped instanceof AppError) return mapped
    return new AppError('internal', `${systemCode(error) || String(error)} at ${path}`, { facts: { path }, cause: error })
  }
}

/** ENOENT and its like, or '' for what did not come from the system. */
export function systemCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

function fileOn(handle: fs.FileHandle): DiskFile {
  return {
    async read(buffer, position) {
      let done = 0
      while (done < buffer.length) {
        const { bytesRead } = await handle.read(buffer, done, buffer.length - done, position + done)
        if (bytesRead === 0) break
        done += bytesRead
      }
      return done
    },
    async write(bytes, position) {
      let done = 0
      while (done < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
        done += bytesWritten
      }
    },
    datasync: () => handle.datasync(),
    truncate: length => handle.truncate(length),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  }
}

async function syncDir(dir: string): Promise<void> {
  // Windows has no such call, and makes renames durable with the file.
  if (process.platform === 'win32') return
  const handle = await fs.open(dir, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // Some network and FUSE file systems do not offer it for folders; there is nothing better to do on them.
    if (!['EINVAL', 'ENOTSUP', 'EBADF', 'ENOSYS'].includes(systemCode(error))) throw error
  } finally {
    await handle.close()
  }
}

/** For many small files: one by one, each waits for the disk. Node has no syncfs, the system has a command for it. A server or a driver that is a program does not hear of it. */
async function syncAll(dir: string): Promise<boolean> {
  if (process.platform !== 'linux' || !(await isOnLocalDisk(dir))) return false
  return new Promise(done => {
    execFile('sync', ['-f', dir], error => done(error === null))
  })
}

function nullWhereMissing(error: unknown): null {
  if (systemCode(error) === 'ENOENT') return null
  throw error
}
