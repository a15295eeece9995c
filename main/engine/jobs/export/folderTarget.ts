/** An export as plain files. Whole files only: each is written in the workroom, read back from the medium in the end, and never half there under its name. */
import { createHash, type Hash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from '../../base/fileError.ts'
import type { DiskFile } from '../../base/files.ts'
import { makeFolders } from '../../base/folders.ts'
import { atOnce } from '../atOnce.ts'
import { gathered } from './gathered.ts'
import type { Target, TargetDeps } from './target.ts'

const AT_ONCE = 8
const PIECE = 256 * 1024

export function folderTarget(to: string, { disk, room, checkpoint }: TargetDeps): Target {
  const failAt = (path: string) => fileError('destination-missing', path)
  const made = new Map<string, Promise<void>>()
  const absolute = (path: string) => join(to, ...path.split('/'))
  const folder = (path: string): Promise<void> => {
    const making = made.get(path) ?? makeFolders(absolute(path)).catch(failAt(absolute(path)))
    made.set(path, making)
    return making
  }
  const buffers: Buffer[] = []
  let temporaries = 0

  let synced = false
  const hashOf = async (path: string, onBytes: (bytes: number) => void): Promise<string | null> => {
    const full = absolute(path)
    const buffer = buffers.pop() ?? Buffer.allocUnsafe(PIECE)
    try {
      if (!synced) await syncFile(full)
      const file = (await disk.openPastCache?.(full)) ?? (await disk.open(full, 'read'))
      try {
        return await hashFile(file, buffer, onBytes)
      } finally {
        await file.close()
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      return failAt(full)(error)
    } finally {
      buffers.push(buffer)
    }
  }

  return {
    lists: to,
    path: to,
    atOnce: AT_ONCE,
    has: async (path, size, sha256) => {
      const there = await fs.stat(absolute(path)).catch(() => null) // not there is the usual answer
      if (there?.size !== size) return false
      await checkpoint()
      return (await hashOf(path, () => {})) === (await sha256())
    },
    names: path => fs.readdir(absolute(path)).catch(() => []),
    rename: (from, path) => fs.rename(absolute(from), absolute(path)).catch(failAt(absolute(path))),
    folder,
    put: async (path, pieces, time) => {
      await checkpoint()
      await room.check()
      await folder(dirname(path))
      const full = absolute(path)
      const fail = failAt(full)
      const temporary = join(room.path, `part${++temporaries}`)
      const hash = createHash('sha256')
      let bytes = 0
      const file = await fs.open(temporary, 'w', 0o600).catch(fail)
      try {
        const out = gathered(file)
        for await (const piece of pieces) {
          hash.update(piece)
          bytes += piece.length
          await out.write(piece).catch(fail)
        }
        await out.end().catch(fail)
        if (time > 0) await file.utimes(time / 1000, time / 1000).catch(() => {}) // a date that the file system cannot hold is no loss
        await file.close()
        await fs.rename(temporary, full).catch(fail)
      } catch (error) {
        await file.close().catch(() => {}) // the first error says more
        await fs.rm(temporary, { force: true }).catch(() => {}) // a drive that is gone cannot be tidied
        throw error
      }
      return { sha256: hash.digest('hex'), bytes }
    },
    finish: async listFiles => {
      await room.mustBeThere()
      synced = (await disk.syncAll?.(to)) ?? false
      // All others are when they are read back.
      if (!synced) for (const path of listFiles) await syncFile(absolute(path)).catch(failAt(absolute(path)))
      for (const path of ['', ...made.keys()]) await disk.syncDir(absolute(path)).catch(failAt(absolute(path)))
    },
    readBack: (paths, onBytes) => {
      const tasks = async function* () {
        for await (const path of paths) {
          await checkpoint()
          yield { weight: PIECE, work: async () => ({ path, sha256: await hashOf(path, onBytes) }) }
        }
      }
      return atOnce(tasks(), { tasks: AT_ONCE, weight: AT_ONCE * PIECE })
    },
    discard: async () => {},
  }
}

/** What is still in memory only has to be on the medium before the medium is asked. Windows and some shares do so only for who may write the file. */
async function syncFile(path: string): Promise<void> {
  const file = await fs.open(path, 'r+').catch(() => fs.open(path, 'r'))
  await file.datasync().catch(() => {}) // not offered here
  await file.close()
}

async function hashFile(file: DiskFile, buffer: Buffer, onBytes: (bytes: number) => void): Promise<string> {
  const hash: Hash = createHash('sha256')
  for (let at = 0; ; ) {
    const read = await file.read(buffer, at)
    hash.update(buffer.subarray(0, read))
    at += read
    onBytes(read)
    if (read < buffer.length) return hash.digest('hex')
  }
}
