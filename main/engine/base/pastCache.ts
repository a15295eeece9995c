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

/** Two: while one is looked at, the next is read. */
interface Window {
  readonly bytes: Buffer
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
    if (bytes) return fileOn(handle, bytes, () => rooms.push(bytes))
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return null
}

/** Of files that were closed: two megabytes anew for each of 20,000 small files keep the garbage collector busy. */
const rooms: Buffer[] = []

/** O_DIRECT takes only buffers at a multiple of the block size, and JavaScript does not tell where one lies: so it is tried. */
async function alignedBuffer(handle: fs.FileHandle): Promise<Buffer | null> {
  const before = rooms.pop()
  if (before) {
    const read = await handle.read(before, 0, BLOCK, 0).catch(unlessRefused)
    if (!read) rooms.push(before)
    return read && before
  }
  const room = Buffer.allocUnsafeSlow(2 * WINDOW + BLOCK)
  for (let at = BLOCK - STEP; at >= 0; at -= STEP) {
    const read = await handle.read(room, at, BLOCK, 0).catch(unlessRefused)
    if (read) return room.subarray(at, at + 2 * WINDOW)
  }
  return null
}

function fileOn(handle: fs.FileHandle, room: Buffer, giveBack: () => void): DiskFile {
  let window: Window = { bytes: room.subarray(0, WINDOW), start: 0, length: 0 }
  let spare: Window = { bytes: room.subarray(WINDOW), start: 0, length: 0 }
  let coming: Promise<void> | null = null
  const only = () => Promise.reject(new Error('open for reading only'))

  const fill = async (into: Window, start: number) => {
    into.start = start
    into.length = 0
    into.length = (await handle.read(into.bytes, 0, WINDOW, start)).bytesRead
  }
  const moveTo = async (start: number) => {
    const ahead = coming !== null && spare.start === start
    const before = coming
    coming = null
    if (ahead) await before
    else {
      await before?.catch(() => {}) // nobody asked for it after all
      await fill(spare, start)
    }
    ;[window, spare] = [spare, window]
    if (window.length < WINDOW) return
    coming = fill(spare, start + WINDOW)
    coming.catch(() => {}) // told to who asks for it
  }

  return {
    async read(buffer, position) {
      let done = 0
      while (done < buffer.length) {
        const at = position + done
        if (at < window.start || at >= window.start + window.length) {
          await moveTo(at - (at % BLOCK))
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
    close: async () => {
      await coming?.catch(() => {})
      await handle.close()
      giveBack()
    },
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
