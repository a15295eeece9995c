/** Many small pieces in few writes: while one is under way the next is gathered. */
import type { FileHandle } from 'node:fs/promises'

export interface Gathered {
  /** May throw for what was written before. The piece must stay as it is until `end`. */
  write(piece: Uint8Array): Promise<void>
  end(): Promise<void>
}

const AT_ONCE = 1024 * 1024

export function gathered(file: Pick<FileHandle, 'appendFile' | 'writev'>): Gathered {
  let waiting: Uint8Array[] = []
  let bytes = 0
  let writing: Promise<void> = Promise.resolve()
  const flush = async () => {
    await writing
    const these = waiting
    waiting = []
    bytes = 0
    writing = writeAll(file, these)
    writing.catch(() => {}) // told by who comes next
  }
  return {
    write: async piece => {
      waiting.push(piece)
      bytes += piece.length
      if (bytes >= AT_ONCE) await flush()
    },
    end: async () => {
      await flush()
      await writing
    },
  }
}

async function writeAll(file: Pick<FileHandle, 'appendFile' | 'writev'>, pieces: Uint8Array[]): Promise<void> {
  if (pieces.length === 0) return
  const { bytesWritten } = await file.writev(pieces)
  const all = pieces.reduce((sum, { length }) => sum + length, 0)
  if (bytesWritten < all) await file.appendFile(Buffer.concat(pieces).subarray(bytesWritten))
}
