/**
 * Cuts a message into what is stored in its record (literals: headers, boundaries, texts) and what is lifted out into blobs of
 * its own (large bodies), while it flows past. What is cut where depends on the bytes alone, never on how they were chunked.
 */
import { giveBack } from '../base/giveBack.ts'
import { type Base64Body, createBase64Body, type LineShape, lineShape } from './base64Body.ts'
import { createWalker, type MimePart } from './structure.ts'

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

export function createSplitter(sink: SplitSink): Splitter {
  let literalsLeft = LITERALS_MAX
  let part: 'none' | 'overflow' | 'body' = 'none'
  const blobs = createBlobs(sink.blob)

  let run: BodyRun | null = null
  const walker = createWalker({
    structure(bytes) {
      finishRun()
      literal(bytes)
    },
    open() {},
    close() {},
    body(owner, bytes) {
      run ??= createRun(owner)
      run.feed(bytes)
    },
  })

  /** What no longer fits beside the literals goes on as a raw part, marked as text because it holds structure. */
  function literal(bytes: Buffer): void {
    const fits = Math.min(literalsLeft, bytes.length)
    if (fits > 0) {
      sink.literal(bytes.subarray(0, fits))
      literalsLeft -= fits
    }
    if (fits === bytes.length) return
    if (part !== 'overflow') {
      part = 'overflow'
      sink.beginRaw(true)
    }
    blobs.add(bytes.subarray(fits))
  }

  function begin(text: boolean, shape: LineShape | null): void {
    endPart(false)
    part = 'body'
    if (shape) sink.beginBase64(text, shape)
    else sink.beginRaw(text)
  }

  function endPart(closed: boolean): void {
    if (part === 'none') return
    blobs.flush()
    sink.endPart(closed)
    part = 'none'
  }

  function finishRun(): void {
    run?.end()
    run = null
  }

  interface BodyRun {
    feed(bytes: Buffer): void
    end(): void
  }

  /** One run of body bytes: small ones become literals, large ones a part. */
  function createRun(owner: MimePart): BodyRun {
    const text = owner.kind !== 'leaf' || owner.type === 'text/plain' || owner.type === 'text/html'
    let mode: 'waiting' | 'raw' | 'base64' = 'waiting'
    let waiting: Buffer[] = []
    let length = 0
    let threshold = text ? LIFT_TEXT_FROM : LIFT_FROM
    let mayDecode = owner.kind === 'leaf' && owner.encoding === 'base64'
    let base64: Base64Body | null = null

    const wait = (bytes: Buffer): void => {
      waiting.push(bytes)
      length += bytes.length
      if (length < threshold) return
      const all = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting)
      waiting = []
      const shape = mayDecode ? lineShape(all.subarray(0, LIFT_FROM)) : null
      begin(text, shape)
      mode = shape ? 'base64' : 'raw'
      if (shape) base64 = createBase64Body(shape, blobs.copy)
      feed(all)
    }

    const feed = (bytes: Buffer): void => {
      if (mode === 'waiting') wait(bytes)
      else if (mode === 'raw') blobs.add(bytes)
      else if (!base64!.feed(bytes)) deviate()
    }

    /** The base64 part ends here. What is left of the body waits again, to become a literal or a raw part. */
    const deviate = (): void => {
      const { rest, closed } = base64!
      endPart(closed)
      base64 = null
      mode = 'waiting'
      mayDecode = false
      threshold = LIFT_FROM
      length = 0
      if (rest.length > 0) feed(rest)
    }

    return {
      feed,
      end() {
        if (mode === 'base64') {
          base64!.end()
          deviate()
        }
        if (mode === 'raw') endPart(false)
        for (const bytes of waiting) literal(bytes)
      },
    }
  }

  return {
    feed: walker.feed,
    end() {
      walker.end()
      finishRun()
      endPart(false)
    },
  }
}

const spare: Buffer[] = []
/** What held more than this is given back: only what was touched of an array takes memory. */
const KEPT = 512 * 1024

/** Collects bytes into blobs of exactly 3 MiB, the last one excepted. One array that makes up a blob by itself is not copied. */
function createBlobs(give: (blob: Buffer) => void) {
  let only: Buffer | null = null
  let collected: Buffer | null = null
  let length = 0

  function flush(): void {
    if (length > 0) give(only ?? collected!.subarray(0, length))
    if (collected && length <= KEPT) spare.push(collected)
    else if (collected) giveBack(collected)
    only = null
    collected = null
    length = 0
  }

  function collect(bytes: Buffer): void {
    collected ??= spare.pop() ?? Buffer.allocUnsafeSlow(BLOB)
    if (only) only.copy(collected)
    only = null
    bytes.copy(collected, length)
  }

  function take(bytes: Buffer, keeps: boolean): void {
    let from = 0
    while (from < bytes.length) {
      const n = Math.min(BLOB - length, bytes.length - from)
      const piece = n === bytes.length ? bytes : bytes.subarray(from, from + n)
      if (length === 0 && keeps) only = piece
      else collect(piece)
      length += n
      from += n
      if (length === BLOB) flush()
    }
  }

  return {
    flush,
    /** Bytes that stay as they are until the blob is given. */
    add: (bytes: Buffer) => take(bytes, true),
    /** Bytes that do not. */
    copy: (bytes: Buffer) => take(bytes, false),
  }
}
