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
const NOTHING = Buffer.alloc(0)
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

/** Takes what a body decodes to. The memory is used for something else afterwards. */
export interface PlainSink {
  plain(bytes: Buffer): void
}

export const createBase64Body = (shape: LineShape, sink: PlainSink): Base64Body => new LinedBody(shape, sink)

/** A class, because there is one for each attachment: see structure.ts. */
class LinedBody implements Base64Body {
  private readonly sink: PlainSink
  private readonly width: number
  private readonly crlf: boolean
  /** Bytes of a line with its end. */
  private readonly step: number
  private readonly batchLines: number
  private held: Buffer = NOTHING
  private over = false
  closed = false

  constructor({ width, lineEnd }: LineShape, sink: PlainSink) {
    this.sink = sink
    this.width = width
    this.crlf = lineEnd === '\r\n'
    this.step = width + lineEnd.length
    this.batchLines = Math.max(1, Math.floor(BATCH / this.step))
  }

  get rest(): Buffer {
    return this.held
  }

  feed(bytes: Buffer): boolean {
    return this.run(this.held.length > 0 ? Buffer.concat([this.held, bytes]) : bytes, false)
  }

  end(): void {
    if (!this.over) this.run(this.held, true)
  }

  private run(buffer: Buffer, final: boolean): boolean {
    const { width, step, crlf, batchLines } = this
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
          this.sink.plain(plain)
          at += lines * step
          this.closed = true
          continue
        }
      }
      const left = buffer.length - at
      if (left === 0 || (!final && left < step && buffer.indexOf(LF, at) < 0)) {
        if (final) return this.stop(buffer, at)
        this.held = buffer.subarray(at)
        return true
      }
      return this.lastLine(buffer, at)
    }
  }

  /** A line that is shorter or padded may end the body; anything else is where it deviates. */
  private lastLine(buffer: Buffer, at: number): boolean {
    const lf = buffer.indexOf(LF, at)
    const end = lf < 0 ? buffer.length : lf > at && buffer[lf - 1] === CR ? lf - 1 : lf
    const text = end - at <= this.width ? buffer.toString('latin1', at, end) : ''
    const plain = Buffer.from(text, 'base64')
    if (text.length === 0 || plain.toString('base64') !== text) return this.stop(buffer, at)
    this.sink.plain(plain)
    this.closed = lf >= 0 && end < lf === this.crlf
    return this.stop(buffer, this.closed ? lf + 1 : end)
  }

  private stop(buffer: Buffer, at: number): boolean {
    this.held = buffer.subarray(at)
    this.over = true
    return false
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
