/** An export as one ZIP file (ZIP64 where it grows beyond 4 GB), under a temporary name until it is whole. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { type Entry, openPromise, type ZipFile as ZipReader } from 'yauzl'
import { ZipFile } from 'yazl'
import { AppError } from '../../../contract/errors.ts'
import { fileError } from '../../base/fileError.ts'
import { diskError } from '../../base/files.ts'
import type { Target, TargetDeps } from './target.ts'

export async function zipTarget(to: string, { disk, room, checkpoint }: TargetDeps): Promise<Target> {
  const fail = fileError('destination-missing', to)
  const dir = dirname(to)
  const temporary = join(room.path, 'part.zip')
  const lists = join(room.path, 'lists')
  // What an earlier try left, of a drive that was pulled.
  for (const path of [temporary, lists]) await fs.rm(path, { recursive: true, force: true }).catch(fail)
  await fs.mkdir(lists, { mode: 0o700 }).catch(fail)
  const zip = new ZipFile()
  const output = createWriteStream(temporary, { mode: 0o600, flags: 'wx' })
  zip.outputStream.pipe(output)
  // A list that cannot be read any more, with its drive: without a listener the whole process would end.
  zip.on('error', error => output.destroy(error))
  const written = finished(output)
  written.catch(() => {}) // met by whoever waits for it

  /** The error of the disk, where it comes before the entry's own end. */
  const orBroken = <T>(work: Promise<T>): Promise<T> => Promise.race([work, written.then(() => work)]).catch(fail)

  return {
    lists,
    path: to,
    atOnce: 1, // one behind the other in one file
    has: async () => false,
    names: async () => [],
    rename: async () => {},
    folder: async path => {
      zip.addEmptyDirectory(path)
    },
    put: async (path, pieces, time) => {
      await checkpoint()
      await room.check()
      const hash = createHash('sha256')
      let bytes = 0
      const counted = async function* () {
        for await (const piece of pieces) {
          hash.update(piece)
          bytes += piece.length
          yield piece
        }
      }
      const stream = Readable.from(counted(), { objectMode: false })
      zip.addReadStream(stream, path, { mtime: new Date(Math.max(time, 315_532_800_000)), mode: 0o100600 })
      await orBroken(finished(stream, { writable: false }))
      return { sha256: hash.digest('hex'), bytes }
    },
    finish: async listFiles => {
      for (const name of listFiles) zip.addFile(join(lists, ...name.split('/')), name, { mode: 0o100600 })
      zip.end()
      await written.catch(fail)
      const file = await fs.open(temporary, 'r+').catch(fail)
      await file.sync().catch(fail)
      await file.close()
      await fs.rename(temporary, to).catch(fail)
      await disk.syncDir(dir).catch(fail)
    },
    readBack: async function* (paths, onBytes) {
      // Entries come in the order in which they were written, and so do the paths.
      const reader = await openPromise(to, { autoClose: false, lazyEntries: true }).catch(fail)
      try {
        const entries = reader.eachEntry()
        let ended = false
        for await (const path of paths) {
          await checkpoint()
          let found: string | null = null
          while (found === null && !ended) {
            const { value: entry, done } = await entries.next()
            ended = done === true
            if (entry?.fileName === path) found = await hashEntry(reader, entry, onBytes)
          }
          yield { path, sha256: found }
        }
      } catch (error) {
        throw unread(error, to)
      } finally {
        reader.close()
      }
    },
    discard: async () => {
      output.destroy()
      await written.catch(() => {})
      await fs.rm(temporary, { force: true }).catch(() => {}) // a drive that is gone cannot be tidied
      await fs.rm(lists, { recursive: true, force: true }).catch(() => {})
    },
  }
}

async function hashEntry(reader: ZipReader, entry: Entry, onBytes: (bytes: number) => void): Promise<string> {
  const stream = await reader.openReadStreamPromise(entry)
  const hash = createHash('sha256')
  for await (const piece of stream) {
    hash.update(piece as Uint8Array)
    onBytes((piece as Uint8Array).length)
  }
  return hash.digest('hex')
}

/** The drive may be gone; or what came back is no ZIP file any more. */
function unread(error: unknown, path: string): AppError {
  const known = diskError(error, path)
  return known.code === 'internal' ? new AppError('byte-check-failed', `${path} does not come back as it was written`, { cause: error }) : known
}
