/** Reads what a client sends: lines, and the literals that lines announce (RFC 9051 4.3, RFC 7888). Everything has a bound. */

/** Longest command line, literals apart. The longest a client of ours sends is a UID set of a few thousand numbers. */
export const LONGEST_LINE = 64 * 1024
/** Most bytes of literals in one command: names and passwords; and where messages are taken. */
export const LARGEST_LITERAL = 64 * 1024
export const LARGEST_MESSAGE = 32 * 1024 * 1024

/** The client went past a bound; the connection cannot go on, because what follows may be anything. */
export class TooLong extends Error {}

export interface CommandReader {
  /** One line without its line end, or null when the client has gone. Throws TooLong. */
  line(): Promise<Buffer | null>
  /**
   * One command: its line, and each literal in place behind its `{n}` CRLF. `goAhead` is called for each literal that waits for it.
   * Null when the client has gone. Throws TooLong.
   */
  command(goAhead: () => void): Promise<Buffer | null>
}

export function createReader(source: AsyncIterable<Buffer>, largestLiteral = LARGEST_LITERAL): CommandReader {
  const chunks = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)

  const more = async (): Promise<boolean> => {
    const next = await chunks.next()
    if (next.done === true) return false
    held = held.byteLength === 0 ? next.value : Buffer.concat([held, next.value])
    return true
  }

  const take = (length: number): Buffer => {
    const taken = held.subarray(0, length)
    held = held.subarray(length)
    return taken
  }

  const line = async (): Promise<Buffer | null> => {
    let searched = 0
    for (;;) {
      const end = held.indexOf(0x0a, searched)
      if (end > LONGEST_LINE || (end < 0 && held.byteLength > LONGEST_LINE)) throw new TooLong('line')
      if (end >= 0) {
        const whole = take(end + 1)
        return whole.subarray(0, whole.at(-2) === 0x0d ? -2 : -1)
      }
      searched = held.byteLength
      if (!(await more())) return null
    }
  }

  const bytes = async (length: number): Promise<Buffer | null> => {
    while (held.byteLength < length) if (!(await more())) return null
    return take(length)
  }

  const command = async (goAhead: () => void): Promise<Buffer | null> => {
    const pieces: Buffer[] = []
    let literals = 0
    let lines = 0
    for (;;) {
      const next = await line()
      if (next === null) return null
      pieces.push(next)
      lines += next.byteLength
      if (lines > LONGEST_LINE) throw new TooLong('command')
      const announced = /\{(\d{1,9})([+-]?)\}$/.exec(next.toString('latin1', Math.max(0, next.byteLength - 12)))
      if (!announced) return Buffer.concat(pieces)
      const length = Number(announced[1])
      literals += length
      if (literals > largestLiteral) throw new TooLong('literal')
      if (announced[2] === '') goAhead()
      const literal = await bytes(length)
      if (literal === null) return null
      pieces.push(CRLF, literal)
    }
  }

  return { line, command }
}

const CRLF = Buffer.from('\r\n')
