/**
 * The end of a multi-line answer, and the dots inside it (RFC 1939 section 3). A line is what ends in CRLF, and nothing else: a bare CR or LF is
 * part of its line, so that "LF . CRLF" inside a message ends nothing and changes nothing.
 */
const CR = 13
const LF = 10
const DOT = 46
const LINE_WITH_DOT = Buffer.from('\r\n.')
const NOTHING = Buffer.alloc(0)

export interface Unstuffer {
  /** The bytes of the answer that this chunk completes: views into it, or into what was held back of the one before. */
  feed(chunk: Buffer): { pieces: Buffer[] /** What came after the end; null while the end has not come. */; rest: Buffer | null }
}

export function createUnstuffer(): Unstuffer {
  let lineStart = true
  // Bytes that cannot be judged before the next ones are there: at most a CRLF, or a dot and a CR.
  let held: Buffer = NOTHING

  const feed = (chunk: Buffer) => {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    const pieces: Buffer[] = []
    const hold = (from: number) => {
      held = bytes.subarray(from)
      return { pieces, rest: null }
    }
    for (let at = 0; ; ) {
      if (lineStart) {
        if (at === bytes.length) return hold(at)
        if (bytes[at] === DOT) {
          if (at + 1 === bytes.length) return hold(at)
          if (bytes[at + 1] === CR) {
            if (at + 2 === bytes.length) return hold(at)
            if (bytes[at + 2] === LF) return { pieces, rest: bytes.subarray(at + 3) }
          }
          at++
        }
        lineStart = false
      }
      const next = bytes.indexOf(LINE_WITH_DOT, at)
      const end = next < 0 ? bytes.length - undecided(bytes, at) : next + 2
      if (end > at) pieces.push(bytes.subarray(at, end))
      if (next < 0) return hold(end)
      at = end
      lineStart = true
    }
  }
  return { feed }
}

/** How many bytes at the end may be the beginning of "CRLF dot". */
function undecided(bytes: Buffer, from: number): number {
  const last = bytes.length - 1
  if (last < from) return 0
  if (bytes[last] === CR) return 1
  return bytes[last] === LF && last > from && bytes[last - 1] === CR ? 2 : 0
}
