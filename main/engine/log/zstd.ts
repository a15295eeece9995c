/**
 * zstd with one context a thread and direction. `zstdCompressSync` makes a stream and a context for each call, which costs two to four times as much as
 * compressing a message of some KB, and leaves all that to the collector. Node.js has no public call that uses a context again; its streams have one inside
 * (`_handle`). It is tried before it is used, and where it is not what it was, the public calls do the work.
 */
import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'

export interface Zstd {
  compress(bytes: Uint8Array): Uint8Array
  /** Throws a plain Error where more than `length` bytes come out, or nothing that was compressed stands there. Fewer may come out. */
  decompress(bytes: Uint8Array, length: number): Uint8Array
}

// Level 1 takes two thirds of the time of level 3, and what it gives away on mail is 2 %.
const LEVEL_1 = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } }
/** Room for what does not shrink: else the context would need memory of its own for it. */
const mostOf = (length: number) => length + (length >> 8) + 64

/**
 * With calls that everybody may use. All of the room at once: else every short message stands in 16 KB of its own for as long as somebody holds it, and verifying
 * 200,000 of them took 280 MB.
 */
export const publicZstd: Zstd = {
  compress: bytes => zlib.zstdCompressSync(bytes, { ...LEVEL_1, chunkSize: mostOf(bytes.length) }),
  decompress: (bytes, length) =>
    zlib.zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, length), chunkSize: Math.max(zlib.constants.Z_MIN_CHUNK, length + 1) }),
}

/** What comes out of most records fits, and is copied; a larger one has memory of its own. */
const SCRATCH = 64 * 1024

let mine: Zstd | null = null

/** Of this thread; made when it is first needed. */
export function keptZstd(): Zstd {
  mine ??= createZstd()
  return mine
}

function createZstd(): Zstd {
  const compressor = createContext(() => zlib.createZstdCompress(LEVEL_1))
  const decompressor = createContext(() => zlib.createZstdDecompress())
  const scratch = Buffer.allocUnsafeSlow(SCRATCH)

  const kept: Zstd = {
    compress(bytes) {
      const most = mostOf(bytes.length)
      const out = most <= SCRATCH ? scratch : Buffer.allocUnsafeSlow(most)
      const length = compressor(bytes, out)
      if (length === null) return publicZstd.compress(bytes)
      return out === scratch ? Buffer.from(scratch.subarray(0, length)) : out.subarray(0, length)
    },
    decompress(bytes, length) {
      const out = Buffer.allocUnsafe(length + 1)
      return decompressor(bytes, out, length) === null ? publicZstd.decompress(bytes, length) : out.subarray(0, length)
    },
  }
  return works(kept) ? kept : publicZstd
}

function works({ compress, decompress }: Zstd): boolean {
  const sample = Buffer.from('The same twice, and the same twice. '.repeat(9))
  try {
    for (let turn = 0; turn < 2; turn++) {
      const small = compress(sample)
      if (!publicZstd.compress(sample).every((byte, i) => byte === small[i])) return false
      if (sample.compare(decompress(small, sample.length)) !== 0) return false
    }
    return true
  } catch {
    return false // whatever it is: the public calls say it better
  }
}

/** What streams of zlib have inside. */
interface Insides {
  readonly _handle: {
    writeSync(flush: number, input: Uint8Array, from: number, length: number, out: Uint8Array, to: number, room: number): void
  } | null
  /** After a write: room that is left, input that is left. */
  readonly _writeState: Uint32Array
}

/**
 * One whole frame a call; answers how much came out, or null where that is not `expected`, or anything else is not as it should be: then the next call has a new
 * context. A frame that gave all of its bytes and lacked its end leaves the context waiting for that. No beginning of another frame passes for it (as a block, it
 * would be longer than any block is), so the next call answers null.
 */
function createContext(make: () => Transform): (input: Uint8Array, out: Uint8Array, expected?: number) => number | null {
  let stream: (Transform & Insides) | null = null

  return (input, out, expected) => {
    stream ??= make().on('error', () => {}) as Transform & Insides // an error also closes the handle, which is seen below
    const { _handle: handle, _writeState: left } = stream
    try {
      handle!.writeSync(zlib.constants.ZSTD_e_end, input, 0, input.length, out, 0, out.length)
    } catch {
      stream.destroy()
    }
    const [room, rest] = left
    const length = out.length - room!
    if (!stream.destroyed && rest === 0 && room! > 0 && length === (expected ?? length)) return length
    stream.destroy()
    stream = null
    return null
  }
}
