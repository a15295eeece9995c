/** Base64 in lines, exactly as a mailer wrote it: the way back from a decoded blob to the bytes that were received. */
import type { Base64Lines } from './assembly.ts'

export type LineShape = Pick<Base64Lines, 'width' | 'lineEnd'>

export interface Base64Writer {
  /** The text of these bytes. All calls but the last are given a multiple of three bytes. */
  write(plain: Uint8Array): Buffer
  /** What comes after the last character: a line end where the last line has one too. */
  end(closed: boolean): Buffer
}

/** Memory for `length` bytes. Fresh memory costs as much as all else here, so who keeps nothing may give the same again. */
export type Allocate = (length: number) => Buffer

const BATCH = 48 * 1024 // bytes, a multiple of three: strings of this length are cheap, longer ones are not
const characters = Buffer.allocUnsafeSlow((BATCH / 3) * 4)

export const createBase64Writer = (shape: LineShape, allocate: Allocate = Buffer.allocUnsafe): Base64Writer => new LinesWriter(shape, allocate)

/** Keeps the column from one call to the next, since blobs end where three megabytes are full and not where a line ends. A class, because there is one for each attachment: see structure.ts. */
class LinesWriter implements Base64Writer {
  private readonly width: number
  private readonly lineEnd: LineShape['lineEnd']
  private readonly allocate: Allocate
  private column = 0

  constructor({ width, lineEnd }: LineShape, allocate: Allocate) {
    this.width = width
    this.lineEnd = lineEnd
    this.allocate = allocate
  }

  write(plain: Uint8Array): Buffer {
    const { width, lineEnd, allocate } = this
    const crlf = lineEnd === '\r\n'
    const bytes = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
    const length = Math.ceil(plain.length / 3) * 4
    let { column } = this
    const out = allocate(length + (Math.ceil((column + length) / width) + 1) * lineEnd.length)
    let to = 0
    for (let at = 0; at < bytes.length; at += BATCH) {
      const count = characters.write(bytes.toString('base64', at, Math.min(at + BATCH, bytes.length)), 'latin1')
      let from = 0
      while (from < count) {
        // A line's end is written when the next line begins: only `end` knows whether the last one has one.
        if (column === width) {
          if (crlf) out[to++] = 13
          out[to++] = 10
          column = 0
        }
        const n = Math.min(width - column, count - from)
        characters.copy(out, to, from, from + n)
        to += n
        from += n
        column += n
      }
    }
    this.column = column
    return out.subarray(0, to)
  }

  end(closed: boolean): Buffer {
    return Buffer.from(closed && this.column > 0 ? this.lineEnd : '', 'latin1')
  }
}

/** Gives the same memory again and again: each result is good until the next. */
export function reusing(): Allocate {
  let buffer: Buffer = Buffer.alloc(0)
  return length => {
    if (buffer.length < length) buffer = Buffer.allocUnsafeSlow(length)
    return buffer.length === length ? buffer : buffer.subarray(0, length)
  }
}
