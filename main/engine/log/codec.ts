/**
 * Compression of record payloads: the one place that asks whether this runtime has zstd (Node 22.15 and later has, Electron's too).
 * Without it deflate is written, and what others wrote as zstd is read by a small portable decoder.
 */
import * as zlib from 'node:zlib'
import { Decompress as PortableZstd } from 'fzstd'
import { inGate } from '../base/threadGate.ts'
import { CODEC_DEFLATE, CODEC_NONE, CODEC_ZSTD, type Codec } from './types.ts'
import { keptZstd, type Zstd } from './zstd.ts'

export interface Compressed {
  codec: Codec
  /** The input itself where `codec` is CODEC_NONE. */
  bytes: Uint8Array
}

export interface PayloadCodec {
  /** What `compress` writes on this runtime. */
  readonly name: 'zstd' | 'deflate'
  /** Smaller, or exactly as it was: never longer than the input. */
  compress(bytes: Uint8Array): Compressed
  /**
   * The bytes before compression. Nothing larger than `plainLength` is ever allocated, so a payload that swells without end
   * costs nothing. Throws a plain Error when the result has not exactly that length, or cannot be decompressed.
   */
  decompress(codec: number, bytes: Uint8Array, plainLength: number): Uint8Array
}

// Headers and frames of zstd and deflate cost more than they save below this.
const TOO_SMALL = 48
// Looking at three pieces first costs 2 % where it pays to go on, and saves the whole run over photographs and archives.
const SAMPLED_FROM = 64 * 1024
const SAMPLE = 4 * 1024
// What does not shrink by a twentieth is not worth being decompressed at every reading.
const WORTH_IT = 0.95

const zstd: Zstd | null =
  typeof zlib.zstdCompressSync === 'function' && typeof zlib.zstdDecompressSync === 'function'
    ? {
        compress: bytes => inGate(() => keptZstd().compress(bytes)),
        decompress: (bytes, length) => inGate(() => keptZstd().decompress(bytes, length)),
      }
    : null

export function createCodec(options: { zstd: boolean }): PayloadCodec {
  const native = options.zstd ? zstd : null
  const shrink = native ? native.compress : (bytes: Uint8Array) => inGate(() => zlib.deflateSync(bytes))
  const codec = native ? CODEC_ZSTD : CODEC_DEFLATE

  return {
    name: native ? 'zstd' : 'deflate',

    compress(bytes) {
      if (bytes.length < TOO_SMALL || (bytes.length >= SAMPLED_FROM && !sampleShrinks(bytes, shrink))) return { codec: CODEC_NONE, bytes }
      const shrunk = shrink(bytes)
      return shrunk.length <= bytes.length * WORTH_IT ? { codec, bytes: shrunk } : { codec: CODEC_NONE, bytes }
    },

    decompress(by, bytes, plainLength) {
      const plain = undo(by, bytes, plainLength)
      if (plain.length !== plainLength) throw new Error(`decompressed to ${plain.length} bytes instead of ${plainLength}`)
      return plain
    },
  }

  function undo(by: number, bytes: Uint8Array, plainLength: number): Uint8Array {
    if (by === CODEC_NONE) return bytes
    if (by === CODEC_DEFLATE) return inGate(() => zlib.inflateSync(bytes, roomFor(plainLength)))
    if (by !== CODEC_ZSTD) throw new Error(`codec ${by} is not known`)
    return native ? native.decompress(bytes, plainLength) : portable(bytes, plainLength)
  }
}

/** Not more than that, and all of it at once with a byte to see that it ends there. */
const roomFor = (length: number) => ({ maxOutputLength: Math.max(1, length), chunkSize: Math.max(zlib.constants.Z_MIN_CHUNK, length + 1) })

/** MAILCOFFER_NO_ZSTD=1 hides zstd, so that tests see what an older runtime does. */
const standard = createCodec({ zstd: process.env['MAILCOFFER_NO_ZSTD'] !== '1' })

export const codecName = standard.name
export const compress = standard.compress
export const decompress = standard.decompress

function sampleShrinks(bytes: Uint8Array, shrink: (bytes: Uint8Array) => Uint8Array): boolean {
  const sample = new Uint8Array(3 * SAMPLE)
  for (let i = 0; i < 3; i++) {
    const from = Math.floor(((bytes.length - SAMPLE) * i) / 2)
    sample.set(bytes.subarray(from, from + SAMPLE), i * SAMPLE)
  }
  return shrink(sample).length <= sample.length * WORTH_IT
}

/** fzstd's one-shot call takes the caller's length on trust; its stream tells what really came out. */
function portable(bytes: Uint8Array, plainLength: number): Uint8Array {
  const plain = new Uint8Array(plainLength)
  let length = 0
  const stream = new PortableZstd(piece => {
    if (length + piece.length > plainLength) throw new Error(`decompressed to more than ${plainLength} bytes`)
    plain.set(piece, length)
    length += piece.length
  })
  stream.push(bytes, true)
  return plain.subarray(0, length)
}
