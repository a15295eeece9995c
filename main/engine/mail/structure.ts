/**
 * Finds the structure of a message while it flows past: headers, boundaries, bodies (RFC 2045, 2046). Nothing is decoded and every
 * byte is handed on, in order, exactly once; so whatever a mailer or an attacker wrote, putting the pieces together gives the message.
 * Memory is bounded: at most a header block (256 KB) and one unfinished line are held.
 */
import { fieldValue, type HeaderField, headerFields, type Param, structured } from './header.ts'

export interface MimePart {
  parent: MimePart | null
  /** multipart: its children follow. message: a message/rfc822 whose only child follows. leaf: everything else. */
  kind: 'leaf' | 'multipart' | 'message'
  fields: HeaderField[]
  /** Lower case, "text/plain" where nothing is said. */
  type: string
  params: Map<string, Param>
  /** uuencode: a file that was found in the middle of a text (uuencode.ts); no part says so of itself. */
  encoding: 'base64' | 'quoted-printable' | 'identity' | 'uuencode'
}

/** Where the bytes go. `body` of a multipart is its preamble and epilogue. Arrays are parts of what was given to `feed`, not copies. */
export interface WalkHandler {
  /** Headers, boundary lines, and the line ends that belong to them. */
  structure(bytes: Buffer): void
  open(part: MimePart): void
  body(part: MimePart, bytes: Buffer): void
  close(part: MimePart): void
}

export interface Walker {
  feed(chunk: Buffer): void
  /** Bytes were left out here; what follows does not begin a line. */
  gap(): void
  end(): void
}

const HEADER_MAX = 256 * 1024
const LINE_MAX = 64 * 1024
const DEPTH_MAX = 100
const PARTS_MAX = 10_000
const BOUNDARY_MAX = 256
const PADDING_MAX = 256

interface Frame {
  part: MimePart
  /** Without the two hyphens. */
  boundary: Buffer
}

const LF = 10
const CR = 13
const HYPHEN = 45
const DELIMITER = Buffer.from('\n--')
const EMPTY = Buffer.alloc(0)

export const createWalker = (handler: WalkHandler): Walker => new MessageWalker(handler)

type Found = { frame: number; closing: boolean; end: number }

/** A class, as all that is made anew for each message: what V8 compiled of methods stays, of closures it goes with the last that lives (DECISIONS.md). */
class MessageWalker implements Walker {
  private readonly handler: WalkHandler
  private readonly frames: Frame[] = []
  private held: Buffer = EMPTY
  private state: 'header' | 'body' | 'rest' = 'header'
  // Parts that are open, from the outermost. In state 'body' the last one gets the bytes.
  private readonly open: MimePart[] = []
  private parent: MimePart | null = null
  private header: Buffer[] = []
  private headerLength = 0
  private atLineStart = true
  private parts = 0

  constructor(handler: WalkHandler) {
    this.handler = handler
  }

  feed(chunk: Buffer): void {
    this.run(this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk, false)
  }

  private run(buffer: Buffer, final: boolean): void {
    this.held = EMPTY
    let at = 0
    while (at < buffer.length) {
      const before = this.state
      const next =
        this.state === 'header'
          ? this.readHeader(buffer, at, final)
          : this.state === 'body'
            ? this.readBody(buffer, at, final)
            : this.readRest(buffer, at)
      if (next === at && this.state === before) {
        this.held = buffer.subarray(at)
        return
      }
      at = next
    }
  }

  gap(): void {
    if (this.held.length > 0) this.run(this.held, true)
    this.atLineStart = false
  }

  end(): void {
    if (this.held.length > 0) this.run(this.held, true)
    if (this.state === 'header') this.headerEnds(true)
    this.closeTo(0)
  }

  /** Consumes whole lines up to the end of the header; returns where it stopped. */
  private readHeader(buffer: Buffer, from: number, final: boolean): number {
    let at = from
    while (at < buffer.length) {
      if (this.atLineStart && this.frames.length > 0 && buffer[at] === HYPHEN) {
        const found = this.boundaryAt(buffer, at, final)
        if (found === 'more') return this.takeHeader(buffer, from, at)
        if (found) {
          this.takeHeader(buffer, from, at)
          this.headerEnds(true)
          return this.delimiter(buffer, at, found)
        }
      }
      const lf = buffer.indexOf(LF, at)
      if (lf < 0) {
        // A line without an end is waited for, but not for ever.
        if (!final && buffer.length - at < LINE_MAX) return this.takeHeader(buffer, from, at)
        this.atLineStart = false
        return this.takeHeader(buffer, from, buffer.length)
      }
      const empty = this.atLineStart && (lf === at || (lf === at + 1 && buffer[at] === CR))
      at = lf + 1
      this.atLineStart = true
      if (empty) {
        this.takeHeader(buffer, from, at)
        this.headerEnds(false)
        return at
      }
    }
    return this.takeHeader(buffer, from, at)
  }

  private takeHeader(buffer: Buffer, from: number, to: number): number {
    if (to === from) return to
    const bytes = buffer.subarray(from, to)
    this.handler.structure(bytes)
    if (this.headerLength < HEADER_MAX) this.header.push(bytes.subarray(0, HEADER_MAX - this.headerLength))
    this.headerLength += bytes.length
    return to
  }

  /** `cut`: no empty line came, so there is no body either. */
  private headerEnds(cut: boolean): void {
    const part = describe(this.header.length === 1 ? this.header[0]! : Buffer.concat(this.header), this.parent)
    this.header = []
    this.headerLength = 0
    this.parts++
    const deep = this.open.length >= DEPTH_MAX
    const boundary = part.kind === 'multipart' ? part.params.get('boundary')?.value : undefined
    if (deep || (part.kind === 'multipart' && (!boundary || boundary.length > BOUNDARY_MAX)) || (part.kind === 'message' && cut)) part.kind = 'leaf'
    this.open.push(part)
    this.handler.open(part)
    this.atLineStart = true
    if (this.parts >= PARTS_MAX) {
      part.kind = 'leaf'
      this.state = 'rest'
    } else if (part.kind === 'message') {
      this.parent = part
      this.state = 'header'
    } else {
      if (part.kind === 'multipart') this.frames.push({ part, boundary: Buffer.from(boundary!, 'latin1') })
      this.state = 'body'
    }
  }

  private readRest(buffer: Buffer, from: number): number {
    this.handler.body(this.open.at(-1)!, from === 0 ? buffer : buffer.subarray(from))
    return buffer.length
  }

  private readBody(buffer: Buffer, from: number, final: boolean): number {
    if (this.frames.length === 0) return this.readRest(buffer, from)
    let at = from
    if (this.atLineStart) {
      const found = this.boundaryAt(buffer, at, final)
      if (found === 'more') return from
      if (found) return this.delimiter(buffer, at, found)
    }
    while (true) {
      const lf = buffer.indexOf(DELIMITER, at)
      if (lf < 0) break
      const found = this.boundaryAt(buffer, lf + 1, final)
      if (found) {
        const end = lf > from && buffer[lf - 1] === CR ? lf - 1 : lf
        this.giveBody(buffer, from, end)
        return found === 'more' ? end : this.delimiter(buffer, end, found)
      }
      at = lf + 1
    }
    const end = final ? buffer.length : beforeLineEnd(buffer, from)
    this.giveBody(buffer, from, end)
    return end
  }

  private giveBody(buffer: Buffer, from: number, to: number): void {
    if (to === from) return
    this.atLineStart = false
    this.handler.body(this.open.at(-1)!, buffer.subarray(from, to))
  }

  /** Hands on the delimiter line, with the line end before it from `from` on, and goes on behind it. */
  private delimiter(buffer: Buffer, from: number, found: Found): number {
    const { part } = this.frames[found.frame]!
    this.closeTo(this.open.indexOf(part) + 1)
    this.frames.length = found.closing ? found.frame : found.frame + 1
    this.handler.structure(buffer.subarray(from, found.end))
    this.atLineStart = true
    this.parent = part
    this.state = found.closing ? 'body' : 'header'
    return found.end
  }

  /** A delimiter line of one of the open multiparts, the innermost first. 'more': the buffer ends too early to tell. */
  private boundaryAt(buffer: Buffer, at: number, final: boolean): Found | 'more' | null {
    if (buffer.length - at < 2) return !final && (buffer.length === at || buffer[at] === HYPHEN) ? 'more' : null
    if (buffer[at] !== HYPHEN || buffer[at + 1] !== HYPHEN) return null
    for (let frame = this.frames.length - 1; frame >= 0; frame--) {
      const { boundary } = this.frames[frame]!
      const from = at + 2
      const there = Math.min(boundary.length, buffer.length - from)
      if (boundary.compare(buffer, from, from + there, 0, there) !== 0) continue
      if (there < boundary.length) {
        if (final) continue
        return 'more'
      }
      const found = delimiterEnd(buffer, from + there, final)
      if (found === 'more') return found
      if (found) return { frame, ...found }
    }
    return null
  }

  private closeTo(length: number): void {
    while (this.open.length > length) this.handler.close(this.open.pop()!)
  }
}

/** What may follow a boundary: two hyphens when it closes, white space, and the line's end. */
function delimiterEnd(buffer: Buffer, from: number, final: boolean): { closing: boolean; end: number } | 'more' | null {
  const closing = buffer[from] === HYPHEN && buffer[from + 1] === HYPHEN
  let at = closing ? from + 2 : from
  while (at < buffer.length && at - from < PADDING_MAX && (buffer[at] === 32 || buffer[at] === 9 || buffer[at] === CR)) at++
  if (at < buffer.length) return buffer[at] === LF ? { closing, end: at + 1 } : !final && isStart(buffer, from, at) ? 'more' : null
  return final ? { closing, end: at } : 'more'
}

/** A single hyphen at the very end of the buffer may become two. */
const isStart = (buffer: Buffer, from: number, at: number): boolean => at === from && buffer[at] === HYPHEN && at + 1 === buffer.length

/** A line end (or part of one) at the end of the buffer may belong to a delimiter that has not come yet. */
function beforeLineEnd(buffer: Buffer, from: number): number {
  let end = buffer.length
  if (end > from && buffer[end - 1] === HYPHEN && end - 1 > from && buffer[end - 2] === LF) end--
  if (end > from && buffer[end - 1] === LF) end--
  else if (end !== buffer.length) return buffer.length
  if (end > from && buffer[end - 1] === CR) end--
  return end
}

function describe(header: Buffer, parent: MimePart | null): MimePart {
  const fields = headerFields(header)
  const type = fieldValue(fields, 'content-type')
  const { value, params } = type === null ? { value: '', params: new Map<string, Param>() } : structured(type)
  const encoding = (fieldValue(fields, 'content-transfer-encoding') ?? '').toLowerCase()
  const part: MimePart = {
    parent,
    kind: 'leaf',
    fields,
    type: /^[^/\s]+\/[^/\s]+$/.test(value) ? value : defaultType(parent, value),
    params,
    encoding: encoding.includes('base64') ? 'base64' : encoding.includes('quoted-printable') ? 'quoted-printable' : 'identity',
  }
  if (part.type.startsWith('multipart/')) part.kind = 'multipart'
  else if ((part.type === 'message/rfc822' || part.type === 'message/global') && part.encoding === 'identity') part.kind = 'message'
  return part
}

/** RFC 2046 5.1.5: what a digest holds is messages. RFC 2045 5.2: text otherwise. */
const defaultType = (parent: MimePart | null, value: string): string =>
  value === '' && parent?.type === 'multipart/digest'
    ? 'message/rfc822'
    : value === 'text' || value === ''
      ? 'text/plain'
      : 'application/octet-stream'
