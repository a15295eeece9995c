/**
 * A base64 body that can be stored decoded: every line as long as the first, one kind of line end, nothing a decoder would forgive.
 * Then encoding the decoded bytes gives exactly the characters that came. Where that ends, it says how far it was true.
 */

/** Enough to write the lines again (docs/FORMAT.md section 5). */
export interface LineShape {
  width: number
  lineEnd: '\n' | '\r\n'
}

const LF = 10
const CR = 13
const EQUALS = 61
const WIDTH_MAX = 996
const BATCH = 64 * 1024 // characters decoded at a time: strings of this length are cheap, longer ones are not

/** The shape of the lines that these first bytes of a body begin with; null when it cannot be stored decoded. */
export function lineShape(probe: Buffer): LineShape | null {
  const lf = probe.indexOf(LF)
  if (lf < 4) return null
  const crlf = probe[lf - 1] === CR
  const width = crlf ? lf - 1 : lf
  if (width % 4 !== 0 || width < 4 || width > WIDTH_MAX) return null
  const shape: LineShape = { width, lineEnd: crlf ? '\r\n' : '\n' }
  const step = lf + 1
  const lines = regularLines(probe, 0, step, crlf, Math.floor(probe.length / step))
  // Every line the probe holds must be one of them: a body that changes at its beginning is no such body.
  return lines === Math.floor(probe.length / step) && decodeLines(probe, 0, lines * step, lines * width) ? shape : null
}

export interface Base64Body {
  /** Gives what the bytes decode to. Returns false when the body deviates; the rest is then in `rest`. */
  feed(bytes: Buffer): boolean
  /** No more bytes come. */
  end(): void
  /** After a deviation or the end: whether the last line taken had its line end. */
  readonly closed: boolean
  /** What was not taken: the bytes from the first line on that cannot be written again. */
  readonly rest: Buffer
}

/** What is given is used for something else afterwards. */
export function createBase64Body({ width, lineEnd }: LineShape, give: (plain: Buffer) => void): Base64Body {
  const crlf = lineEnd === '\r\n'
  const step = width + lineEnd.length
  const batchLines = Math.max(1, Math.floor(BATCH / step))
  let held: Buffer = Buffer.alloc(0)
  let closed = false
  let over = false

  function run(buffer: Buffer, final: boolean): boolean {
    let at = 0
    while (true) {
      let lines = regularLines(buffer, at, step, crlf, Math.min(batchLines, Math.floor((buffer.length - at) / step)))
      if (lines > 0 && buffer[at + (lines - 1) * step + width - 1] === EQUALS) lines-- // a padded line is the last one
      if (lines > 0) {
        let plain = decodeLines(buffer, at, at + lines * step, lines * width)
        if (!plain) {
          lines = validLines(buffer, at, lines, width, step)
          plain = decodeLines(buffer, at, at + lines * step, lines * width)!
        }
        if (lines > 0) {
          give(plain)
          at += lines * step
          closed = true
          continue
        }
      }
      const left = buffer.length - at
      if (left === 0 || (!final && left < step && buffer.indexOf(LF, at) < 0)) {
        if (final) return stop(buffer, at)
        held = buffer.subarray(at)
        return true
      }
      return lastLine(buffer, at)
    }
  }

  /** A line that is shorter or padded may end the body; anything else is where it deviates. */
  function lastLine(buffer: Buffer, at: number): boolean {
    const lf = buffer.indexOf(LF, at)
    const end = lf < 0 ? buffer.length : lf > at && buffer[lf - 1] === CR ? lf - 1 : lf
    const text = end - at <= width ? buffer.toString('latin1', at, end) : ''
    const plain = Buffer.from(text, 'base64')
    if (text.length === 0 || plain.toString('base64') !== text) return stop(buffer, at)
    give(plain)
    closed = lf >= 0 && end < lf === crlf
    return stop(buffer, closed ? lf + 1 : end)
  }

  function stop(buffer: Buffer, at: number): boolean {
    held = buffer.subarray(at)
    over = true
    return false
  }

  return {
    feed: bytes => run(held.length > 0 ? Buffer.concat([held, bytes]) : bytes, false),
    end() {
      if (!over) run(held, true)
    },
    get closed() {
      return closed
    },
    get rest() {
      return held
    },
  }
}

/** How many lines from `at` on have their line end where it belongs, at most `most`. */
function regularLines(buffer: Buffer, at: number, step: number, crlf: boolean, most: number): number {
  let end = at + step - 1
  let n = 0
  while (n < most && buffer[end] === LF && (!crlf || buffer[end - 1] === CR)) {
    n++
    end += step
  }
  return n
}

const decoded = Buffer.allocUnsafeSlow(BATCH)

/** Null unless each of `characters` is a base64 character: Node's decoder passes over all others, and takes the URL alphabet too. */
function decodeLines(buffer: Buffer, from: number, to: number, characters: number): Buffer | null {
  const text = buffer.toString('latin1', from, to)
  const length = decoded.write(text, 'base64')
  return length === (characters / 4) * 3 && !text.includes('-') && !text.includes('_') ? decoded.subarray(0, length) : null
}

function validLines(buffer: Buffer, at: number, lines: number, width: number, step: number): number {
  for (let n = 0; n < lines; n++) {
    const from = at + n * step
    if (!/^[A-Za-z0-9+/]+$/.test(buffer.toString('latin1', from, from + width))) return n
  }
  return lines
}
