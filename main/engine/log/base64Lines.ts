/** Base64 in lines, exactly as a mailer wrote it: the way back from a decoded blob to the bytes that were received. */
import type { Base64Lines } from './assembly.ts'

export type LineShape = Pick<Base64Lines, 'width' | 'lineEnd'>

export interface Base64Writer {
  /** The text of these bytes. All calls but the last are given a multiple of three bytes. */
  write(plain: Uint8Array): Buffer
  /** What comes after the last character: a line end where the last line has one too. */
  end(closed: boolean): Buffer
}

/** Keeps the column from one call to the next, since blobs end where three megabytes are full and not where a line ends. */
export function createBase64Writer({ width, lineEnd }: LineShape): Base64Writer {
  const crlf = lineEnd === '\r\n'
  let column = 0

  return {
    write(plain) {
      const text = asBuffer(plain).toString('base64')
      const room = text.length + (Math.ceil((column + text.length) / width) + 1) * lineEnd.length
      const characters = Buffer.from(text, 'latin1')
      const out = Buffer.allocUnsafe(room)
      let to = 0
      let from = 0
      while (from < characters.length) {
        // A line's end is written when the next line begins: only `end` knows whether the last one has one.
        if (column === width) {
          if (crlf) out[to++] = 13
          out[to++] = 10
          column = 0
        }
        const n = Math.min(width - column, characters.length - from)
        characters.copy(out, to, from, from + n)
        to += n
        from += n
        column += n
      }
      return out.subarray(0, to)
    },
    end: closed => Buffer.from(closed && column > 0 ? lineEnd : '', 'latin1'),
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
