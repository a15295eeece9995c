/** Content-Transfer-Encoding (RFC 2045 section 6), undone: of a body in memory, and of one that flows past. */
import type { MimePart } from './structure.ts'
import { decodeUu } from './uuencode.ts'

type Encoding = MimePart['encoding']

export function decodeTransfer(bytes: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'base64') return Buffer.from(bytes.toString('latin1'), 'base64')
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(bytes)
  if (encoding === 'uuencode') return decodeUu(bytes)
  return bytes
}

const EQUALS = 61
const LF = 10
const CR = 13

/** -1 for what is no hexadecimal digit. */
const HEX = new Int8Array(256).fill(-1)
for (let i = 0; i < 16; i++) for (const digit of [i.toString(16), i.toString(16).toUpperCase()]) HEX[digit.charCodeAt(0)] = i

/** What is no escape stays as it is, as RFC 2045 6.7 advises. */
function decodeQuotedPrintable(bytes: Buffer): Buffer {
  let from = bytes.indexOf(EQUALS)
  if (from < 0) return bytes
  const out = Buffer.allocUnsafe(bytes.length)
  bytes.copy(out, 0, 0, from)
  let to = from
  const length = bytes.length
  while (from < length) {
    const c = bytes[from]!
    if (c === EQUALS) {
      const value = from + 2 < length ? (HEX[bytes[from + 1]!]! << 4) | HEX[bytes[from + 2]!]! : -1
      if (value >= 0) {
        out[to++] = value
        from += 3
        continue
      }
      const end = softBreak(bytes, from + 1)
      if (end > 0) {
        from = end
        continue
      }
    }
    out[to++] = c
    from++
  }
  return out.subarray(0, to)
}

/** Where the next line begins after an equals sign with nothing but white space behind it; 0 when it is something else. */
function softBreak(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === CR)) at++
  if (at >= bytes.length) return bytes.length
  return bytes[at] === LF ? at + 1 : 0
}

/** The same for a body of any size. Each piece is decoded as far as it goes; a few bytes may wait for the next. */
export async function* decodeTransferStream(pieces: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncIterable<Uint8Array> {
  if (encoding === 'identity') {
    yield* pieces
    return
  }
  let held = Buffer.alloc(0)
  for await (const piece of pieces) {
    const bytes = encoding === 'base64' ? base64Characters(held, piece) : Buffer.concat([held, piece])
    const end = encoding === 'base64' ? bytes.length - (bytes.length % 4) : quotedEnd(bytes)
    held = Buffer.from(bytes.subarray(end))
    if (end > 0) yield decodeTransfer(bytes.subarray(0, end), encoding)
  }
  if (held.length > 0) yield decodeTransfer(held, encoding)
}

/** Only what a decoder counts, so that groups of four stay together from piece to piece. */
function base64Characters(held: Buffer, piece: Uint8Array): Buffer {
  const text = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1')
  return Buffer.concat([held, Buffer.from(text.replace(/[^A-Za-z0-9+/=_-]+/g, ''), 'latin1')])
}

/** Up to the last line end: no escape spans that. A line without an end is held 64 KB at most. */
function quotedEnd(bytes: Buffer): number {
  const lf = bytes.lastIndexOf(LF)
  if (lf >= 0) return lf + 1
  return bytes.length > 65_536 ? bytes.length - 2 : 0
}
