import { randomBytes } from 'node:crypto'
import { constants, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createCodec } from '../../../main/engine/log/codec.ts'
import { CODEC_DEFLATE, CODEC_NONE, CODEC_ZSTD } from '../../../main/engine/log/types.ts'

const modern = createCodec({ zstd: true })
const old = createCodec({ zstd: false })
const text = (length: number) => Buffer.from('The quick brown fox, 17 times over.\r\n'.repeat(Math.ceil(length / 36))).subarray(0, length)

describe('payloads come back as they were, whoever wrote them', () => {
  for (const length of [0, 1, 47, 48, 1000, 65_535, 65_536, 200_000, 3_145_728])
    for (const [kind, bytes] of [
      ['text', text(length)],
      ['noise', randomBytes(length)],
    ] as const)
      for (const writer of [modern, old])
        for (const reader of [modern, old])
          it(`${length} bytes of ${kind}, written with ${writer.name}, read where there is ${reader.name}`, () => {
            const { codec, bytes: stored } = writer.compress(bytes)
            expect(stored.length).toBeLessThanOrEqual(bytes.length)
            expect(Buffer.compare(reader.decompress(codec, stored, length), bytes)).toBe(0)
          })
})

describe('compression is used where it pays', () => {
  it('text shrinks, with zstd where there is zstd and with deflate elsewhere', () => {
    expect(modern.compress(text(5000)).codec).toBe(CODEC_ZSTD)
    expect(old.compress(text(5000)).codec).toBe(CODEC_DEFLATE)
  })
  it('noise is kept as it is, without a copy', () => {
    const noise = randomBytes(100_000)
    expect(modern.compress(noise)).toEqual({ codec: CODEC_NONE, bytes: noise })
    expect(modern.compress(noise).bytes).toBe(noise)
  })
})

it('short payloads that are held hold little more than their own size', () => {
  const plain = text(1000)
  for (const codec of [modern, old]) {
    const { codec: by, bytes } = codec.compress(plain)
    const held = Array.from({ length: 1000 }, () => codec.decompress(by, bytes, plain.length))
    const memory = [...new Set(held.map(({ buffer }) => buffer))].reduce((sum, { byteLength }) => sum + byteLength, 0)
    expect(memory).toBeLessThan(2_000_000)
  }
})

it('what is broken costs nothing of what comes after it', () => {
  const plain = text(5000)
  const { bytes } = modern.compress(plain)
  const swapped = Buffer.from(bytes)
  swapped[swapped.length >> 1]! ^= 0xff
  const unended = zstdCompressSync(plain, { finishFlush: constants.ZSTD_e_flush })
  for (const broken of [swapped, bytes.subarray(0, -1), bytes.subarray(0, 12), Buffer.concat([bytes, bytes]), text(100), unended]) {
    try {
      modern.decompress(CODEC_ZSTD, broken, plain.length)
    } catch {
      // said, or not to be noticed here: what comes after it is the question
    }
    expect(Buffer.compare(modern.decompress(CODEC_ZSTD, bytes, plain.length), plain)).toBe(0)
  }
})

describe('a length that was promised is held to', () => {
  const stored = { zstd: zstdCompressSync(text(5000)), deflate: old.compress(text(5000)).bytes }
  for (const reader of [modern, old])
    for (const [name, codec] of [
      ['zstd', CODEC_ZSTD],
      ['deflate', CODEC_DEFLATE],
    ] as const)
      for (const promised of [0, 4999, 5001])
        it(`${name} of 5,000 bytes is refused as ${promised} where there is ${reader.name}`, () => {
          expect(() => reader.decompress(codec, stored[name], promised)).toThrow()
        })
  it('a frame that stops in the middle is refused', () => {
    for (const reader of [modern, old]) expect(() => reader.decompress(CODEC_ZSTD, stored.zstd.subarray(0, -3), 5000)).toThrow()
  })
  it('64 MB of zeros in a few kilobytes is refused without being unpacked', () => {
    const bomb = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024))
    for (const reader of [modern, old]) {
      const before = process.memoryUsage().arrayBuffers
      expect(() => reader.decompress(CODEC_ZSTD, bomb, 1000)).toThrow()
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024)
    }
  })
  it('a codec nobody knows is refused', () => {
    expect(() => modern.decompress(7, text(10), 10)).toThrow()
  })
})
