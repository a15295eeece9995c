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
    const first = await firstWindow(handle)
    if (first) return fileOn(handle, first)
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return null
}

/** Of files that were closed: a megabyte anew for each of 20,000 small files keeps the garbage collector busy. */
const rooms: Buffer[] = []
const KEPT = 8
/** Where in its memory the last room began: mostly the next one does, too. */
let usual = 0

/** The beginning of the file; null where it cannot be read in this way. */
async function firstWindow(handle: fs.FileHandle): Promise<Window | null> {
  const bytes = rooms.pop() ?? (await newRoom(handle))
  const read = bytes && (await handle.read(bytes, 0, WINDOW, 0).catch(unlessRefused))
  if (!read && bytes) rooms.push(bytes)
  return bytes && read && { bytes, start: 0, length: read.bytesRead }
}

/** O_DIRECT takes only buffers at a multiple of the block size, and JavaScript does not tell where one lies: so it is tried. */
async function newRoom(handle: fs.FileHandle): Promise<Buffer | null> {
  const memory = Buffer.allocUnsafeSlow(WINDOW + BLOCK)
  for (let at = usual, tries = 0; tries < BLOCK / STEP; at = (at + STEP) % BLOCK, tries++) {
    const read = await handle.read(memory, at, BLOCK, 0).catch(unlessRefused)
    if (!read) continue
    usual = at
    return memory.subarray(at, at + WINDOW)
  }
  return null
}

function fileOn(handle: fs.FileHandle, first: Window): DiskFile {
  let window = first
  /** While one window is looked at, the next is read; a small file has only one. */
  let spare: Window | null = null
  let coming: Promise<void> | null = null
  const only = () => Promise.reject(new Error('open for reading only'))

  const fill = async (start: number) => {
    spare ??= { bytes: rooms.pop() ?? (await newRoom(handle))!, start, length: 0 }
    spare.start = start
    spare.length = 0
    spare.length = (await handle.read(spare.bytes, 0, WINDOW, start)).bytesRead
  }
  const readAhead = () => {
    if (window.length < WINDOW) return
    coming = fill(window.start + WINDOW)
    coming.catch(() => {}) // told to who asks for it
  }
  const moveTo = async (start: number) => {
    const ahead = coming !== null && window.start + WINDOW === start
    const before = coming
    coming = null
    if (ahead) await before
    else {
      await before?.catch(() => {}) // nobody asked for it after all
      await fill(start)
    }
    ;[window, spare] = [spare!, window]
    readAhead()
  }
  /** Where it ends in the middle of a block, the file ends. */
  const isEnd = (at: number) => at === window.start + window.length && at % BLOCK !== 0
  readAhead()

  return {
    async read(buffer, position) {
      let done = 0
      while (done < buffer.length) {
        const at = position + done
        if (isEnd(at)) break
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
      for (const { bytes } of spare ? [window, spare] : [window]) if (rooms.length < KEPT) rooms.push(bytes)
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
