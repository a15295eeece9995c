/**
 * Cuts a message into what is stored in its record (literals: headers, boundaries, texts) and what is lifted out into blobs of
 * its own (large bodies), while it flows past. What is cut where depends on the bytes alone, never on how they were chunked.
 */
import { giveBack } from '../base/giveBack.ts'
import { type Base64Body, createBase64Body, type LineShape, lineShape, type PlainSink } from './base64Body.ts'
import { createWalker, type MimePart, type Walker, type WalkHandler } from './structure.ts'

/** A part is begun, given its blobs, and ended. Literals come between parts. All in the order of the message. */
export interface SplitSink {
  literal(bytes: Buffer): void
  beginRaw(text: boolean): void
  beginBase64(text: boolean, shape: LineShape): void
  /** Plain bytes: 3 MiB, or less in the last blob of a part. They are used for something else afterwards: who wants to keep them copies. */
  blob(plain: Buffer): void
  /** `closed` matters to base64 only: the last line has its line end too. */
  endPart(closed: boolean): void
}

export interface Splitter {
  feed(chunk: Buffer): void
  end(): void
}

// Signatures' logos are this small, and come with every message of a firm; below it a record costs more than it saves.
const LIFT_FROM = 4 * 1024
const LIFT_TEXT_FROM = 256 * 1024 // a reader of text wants them with the message
const LITERALS_MAX = 1024 * 1024
const BLOB = 3 * 1024 * 1024

export const createSplitter = (sink: SplitSink): Splitter => new MessageSplitter(sink)

/** Classes, because they are made anew for each message: see structure.ts. */
class MessageSplitter implements Splitter, WalkHandler {
  private readonly sink: SplitSink
  private readonly blobs: Blobs
  private readonly walker: Walker
  private literalsLeft = LITERALS_MAX
  private part: 'none' | 'overflow' | 'body' = 'none'
  private run: BodyRun | null = null

  constructor(sink: SplitSink) {
    this.sink = sink
    this.blobs = new Blobs(sink)
    this.walker = createWalker(this)
  }

  feed(chunk: Buffer): void {
    this.walker.feed(chunk)
  }

  end(): void {
    this.walker.end()
    this.finishRun()
    this.endPart(false)
  }

  structure(bytes: Buffer): void {
    this.finishRun()
    this.literal(bytes)
  }

  open(): void {}

  close(): void {}

  body(owner: MimePart, bytes: Buffer): void {
    this.run ??= new BodyRun(this, this.blobs, owner)
    this.run.feed(bytes)
  }

  /** What no longer fits beside the literals goes on as a raw part, marked as text because it holds structure. */
  literal(bytes: Buffer): void {
    const fits = Math.min(this.literalsLeft, bytes.length)
    if (fits > 0) {
      this.sink.literal(fits === bytes.length ? bytes : bytes.subarray(0, fits))
      this.literalsLeft -= fits
    }
    if (fits === bytes.length) return
    if (this.part !== 'overflow') {
      this.part = 'overflow'
      this.sink.beginRaw(true)
    }
    this.blobs.add(bytes.subarray(fits))
  }

  beginPart(text: boolean, shape: LineShape | null): void {
    this.endPart(false)
    this.part = 'body'
    if (shape) this.sink.beginBase64(text, shape)
    else this.sink.beginRaw(text)
  }

  endPart(closed: boolean): void {
    if (this.part === 'none') return
    this.blobs.flush()
    this.sink.endPart(closed)
    this.part = 'none'
  }

  private finishRun(): void {
    this.run?.end()
    this.run = null
  }
}

/** One run of body bytes: small ones become literals, large ones a part. */
class BodyRun {
  private readonly splitter: MessageSplitter
  private readonly blobs: Blobs
  private readonly text: boolean
  private mode: 'waiting' | 'raw' | 'base64' = 'waiting'
  private waiting: Buffer[] = []
  private length = 0
  private threshold: number
  private mayDecode: boolean
  private base64: Base64Body | null = null

  constructor(splitter: MessageSplitter, blobs: Blobs, owner: MimePart) {
    this.splitter = splitter
    this.blobs = blobs
    this.text = owner.kind !== 'leaf' || owner.type === 'text/plain' || owner.type === 'text/html'
    this.threshold = this.text ? LIFT_TEXT_FROM : LIFT_FROM
    this.mayDecode = owner.kind === 'leaf' && owner.encoding === 'base64'
  }

  feed(bytes: Buffer): void {
    if (this.mode === 'waiting') this.wait(bytes)
    else if (this.mode === 'raw') this.blobs.add(bytes)
    else if (!this.base64!.feed(bytes)) this.deviate()
  }

  end(): void {
    if (this.mode === 'base64') {
      this.base64!.end()
      this.deviate()
    }
    if (this.mode === 'raw') this.splitter.endPart(false)
    for (const bytes of this.waiting) this.splitter.literal(bytes)
  }

  private wait(bytes: Buffer): void {
    this.waiting.push(bytes)
    this.length += bytes.length
    if (this.length < this.threshold) return
    const all = this.waiting.length === 1 ? this.waiting[0]! : Buffer.concat(this.waiting)
    this.waiting = []
    const shape = this.mayDecode ? lineShape(all.subarray(0, LIFT_FROM)) : null
    this.splitter.beginPart(this.text, shape)
    this.mode = shape ? 'base64' : 'raw'
    if (shape) this.base64 = createBase64Body(shape, this.blobs)
    this.feed(all)
  }

  /** The base64 part ends here. What is left of the body waits again, to become a literal or a raw part. */
  private deviate(): void {
    const { rest, closed } = this.base64!
    this.splitter.endPart(closed)
    this.base64 = null
    this.mode = 'waiting'
    this.mayDecode = false
    this.threshold = LIFT_FROM
    this.length = 0
    if (rest.length > 0) this.feed(rest)
  }
}

const spare: Buffer[] = []
/** What held more than this is given back: only what was touched of an array takes memory. */
const KEPT = 512 * 1024

/** Collects bytes into blobs of exactly 3 MiB, the last one excepted. One array that makes up a blob by itself is not copied. */
class Blobs implements PlainSink {
  private readonly sink: SplitSink
  private only: Buffer | null = null
  private collected: Buffer | null = null
  private length = 0

  constructor(sink: SplitSink) {
    this.sink = sink
  }

  /** Bytes that stay as they are until the blob is given. */
  add(bytes: Buffer): void {
    this.take(bytes, true)
  }

  /** Bytes that do not. */
  plain(bytes: Buffer): void {
    this.take(bytes, false)
  }

  flush(): void {
    const { collected, length } = this
    if (length > 0) this.sink.blob(this.only ?? collected!.subarray(0, length))
    if (collected && length <= KEPT) spare.push(collected)
    else if (collected) giveBack(collected)
    this.only = null
    this.collected = null
    this.length = 0
  }

  private take(bytes: Buffer, keeps: boolean): void {
    let from = 0
    while (from < bytes.length) {
      const n = Math.min(BLOB - this.length, bytes.length - from)
      const piece = n === bytes.length ? bytes : bytes.subarray(from, from + n)
      if (this.length === 0 && keeps) this.only = piece
      else this.collect(piece)
      this.length += n
      from += n
      if (this.length === BLOB) this.flush()
    }
  }

  private collect(bytes: Buffer): void {
    this.collected ??= spare.pop() ?? Buffer.allocUnsafeSlow(BLOB)
    this.only?.copy(this.collected)
    this.only = null
    bytes.copy(this.collected, this.length)
  }
}
