/**
 * Reads a file from the medium and not from the system's memory of what was just written to it, where the system offers that (Linux, by
 * O_DIRECT). Reading back what was written proves nothing about a drive as long as the answer comes from the cache.
 */
import { constants } from 'node:fs'
import * as fs from 'node:fs/promises'
import type { DiskFile } from './files.ts'

const BLOCK = 4096
const WINDOW = 1024 * 1024
/** What allocators align to: of the 256 places in a page that a buffer can begin at, one is at the page's start. */
const STEP = 16

interface Window {
  bytes: Buffer
  start: number
  length: number
}

/** Null where this system, or this file system, does not offer it. Throws what opening and reading throw. */
export async function openPastCache(path: string): Promise<DiskFile | null> {
  const direct = (constants as { O_DIRECT?: number }).O_DIRECT
  if (direct === undefined) return null
  const handle = await fs.open(path, constants.O_RDONLY | direct).catch(unlessRefused)
  if (!handle) return null
  try {
    const bytes = await alignedBuffer(handle)
    if (bytes) return fileOn(handle, { bytes, start: 0, length: 0 })
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return null
}

/** O_DIRECT takes only buffers at a multiple of the block size, and JavaScript does not tell where one lies: so it is tried. */
async function alignedBuffer(handle: fs.FileHandle): Promise<Buffer | null> {
  const room = Buffer.allocUnsafeSlow(WINDOW + BLOCK)
  for (let at = BLOCK - STEP; at >= 0; at -= STEP) {
    const read = await handle.read(room, at, BLOCK, 0).catch(unlessRefused)
    if (read) return room.subarray(at, at + WINDOW)
  }
  return null
}

function fileOn(handle: fs.FileHandle, window: Window): DiskFile {
  const only = () => Promise.reject(new Error('open for reading only'))
  return {
    async read(buffer, position) {
      let done = 0
      while (done < buffer.length) {
        const at = position + done
        if (at < window.start || at >= window.start + window.length) {
          window.start = at - (at % BLOCK)
          window.length = (await handle.read(window.bytes, 0, WINDOW, window.start)).bytesRead
          if (window.start + window.length <= at) break
        }
        const from = at - window.start
        const piece = window.bytes.subarray(from, Math.min(window.length, from + buffer.length - done))
        buffer.set(piece, done)
        done += piece.length
      }
      return done
    },
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
    write: only,
    datasync: only,
    truncate: only,
  }
}

/** EINVAL: not aligned as it wants it, or not offered at all. */
function unlessRefused(error: unknown): null {
  if (['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
  throw error
}
