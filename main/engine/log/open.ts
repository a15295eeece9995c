/** Makes a log, opens one for writing (with the lock, and what a crash left put right), or for reading. */

import { join } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import type { Clock } from '../base/clock.ts'
import { type Disk, diskError, realDisk } from '../base/files.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { type ArchiveFile, readArchiveFile, writeArchiveFile } from './archiveFile.ts'
import { readCopyClaim } from './copyFile.ts'
import { NO_COMMIT, writeHeadFile } from './headFile.ts'
import { type LockOptions, takeLock } from './lock.ts'
import { createReader } from './reader.ts'
import { findEnd, type Recovered } from './recover.ts'
import { createSegment, logDir, NO_SALT, newSalt, RECORDS_FROM, SEGMENT_BYTES } from './segment.ts'
import type { LogReader, LogWriter } from './types.ts'
import { createWriter, type LogEnd } from './writer.ts'

export interface WriteOptions {
  keys: ArchiveKeys
  clock: Clock
  /** Faults, in tests. */
  disk?: Disk
  /** A segment is finished when it has this many bytes or more. */
  segmentBytes?: number
  /** Ends the wait for a lock that looks abandoned. */
  signal?: AbortSignal
  lock?: Pick<LockOptions, 'self' | 'isRunning' | 'bootedAt'>
}

export type { Recovered }

/**
 * Makes the log of a new archive in a folder that has none (its keyring may be there already), and opens it for writing.
 * Throws folder-not-empty, archive-in-use, disk-full, read-only, permission-denied, destination-missing.
 */
export async function createLog(dir: string, options: WriteOptions & { id: string }): Promise<LogWriter> {
  const { id, keys, clock, disk = realDisk } = options
  if (id !== keys.archiveId) throw new AppError('internal', 'these keys belong to another archive')
  try {
    if ((await disk.stat(join(dir, 'archive.json'))) || (await disk.list(logDir(dir)))?.length)
      throw new AppError('folder-not-empty', `${dir} holds an archive already`, { facts: { path: dir } })
    await disk.makeDir(logDir(dir))
  } catch (error) {
    throw diskError(error, dir)
  }
  return underLock(dir, options, async () => {
    const salt = newSalt()
    const file = await createSegment(dir, keys, disk, { number: 1, created: clock.now(), salt, before: 0, saltBefore: NO_SALT })
    await file.close()
    const head = { segment: 1, length: RECORDS_FROM, salt: Buffer.from(salt).toString('hex'), seq: 0, commit: NO_COMMIT, time: 0 }
    await writeHeadFile(dir, keys, disk, head)
    // Last: a folder with an archive.json is an archive, so all else must be there before.
    await writeArchiveFile(dir, { id, created: new Date(clock.now()).toISOString() }, disk)
    return { segment: 1, whole: RECORDS_FROM, salt, head: null, finished: false, recovered: [] }
  })
}

/**
 * Opens a log for writing. What a crash left behind the last whole commit stays where it is, counts for nothing, and is told to
 * `onRecovered`. Throws archive-is-copy, archive-in-use, not-an-archive, newer-format, disk-full, read-only, permission-denied, destination-missing.
 */
export async function openLogWriter(dir: string, options: WriteOptions & { onRecovered?: (what: Recovered) => void }): Promise<LogWriter> {
  const { keys, disk = realDisk, onRecovered } = options
  const { id, created, salvaged } = await checkIsOurs(dir, keys, disk)
  // What a copy gets comes from its archive; one that went on by itself could not be brought up to date any more.
  if (await readCopyClaim(dir, disk)) throw new AppError('archive-is-copy', `${dir} is a copy`, { facts: { path: dir } })
  return underLock(dir, options, async () => {
    if (salvaged) await writeArchiveFile(dir, { id, created }, disk)
    const { end, recovered } = await findEnd(dir, keys, disk)
    if (recovered) onRecovered?.(recovered)
    return end
  })
}

/** Opens a log for reading; the folder may be read-only, and somebody may be writing to it. Throws not-an-archive, newer-format. */
export async function openLogReader(dir: string, { keys, disk = realDisk }: { keys: ArchiveKeys; disk?: Disk }): Promise<LogReader> {
  await checkIsOurs(dir, keys, disk)
  return createReader(dir, keys, disk)
}

async function checkIsOurs(dir: string, keys: ArchiveKeys, disk: Disk): Promise<ArchiveFile> {
  const file = await readArchiveFile(dir, disk)
  if (file.id !== keys.archiveId) throw new AppError('not-an-archive', `${dir} holds another archive than its keys are of`, { facts: { path: dir } })
  return file
}

async function underLock(dir: string, options: WriteOptions, prepare: () => Promise<LogEnd>): Promise<LogWriter> {
  const { keys, clock, disk = realDisk, segmentBytes = SEGMENT_BYTES, signal, lock: who } = options
  const lock = await takeLock(join(dir, 'lock'), { clock, disk, ...(signal && { signal }), ...who })
  try {
    const end = await prepare()
    return await createWriter({ dir, keys, clock, disk, lock, reader: createReader(dir, keys, disk), end, segmentBytes })
  } catch (error) {
    await lock.release()
    throw diskError(error, dir)
  }
}
