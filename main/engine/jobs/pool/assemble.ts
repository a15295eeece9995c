/**
 * One message on its way into records: split, hashed, compressed, and proven. Each piece is put together again, from what will be
 * stored and by the code that readers use, and compared with what came in before its record leaves. Where that ever fails, the
 * message goes on undivided, as raw blobs: a mistake in splitting costs space, never bytes.
 */
import { createHash, hash, type KeyObject } from 'node:crypto'
import type { HoledBytes } from '../../base/holed.ts'
import { recordId } from '../../keys/archiveKeys.ts'
import { type Base64Part, BLOB_MAX, decodeAssembly, encodeAssembly, type Part, type RawPart } from '../../log/assembly.ts'
import { type Base64Writer, createBase64Writer, reusing } from '../../log/base64Lines.ts'
import { type Compressed, compress } from '../../log/codec.ts'
import { buildView, viewPlan, viewTextMax } from '../../log/parseView.ts'
import type { RecordId, Unsealed } from '../../log/types.ts'
import { createSplitter, type SplitSink } from '../../mail/split.ts'
import { ByteMismatch, createProof } from './proof.ts'

export interface Assembled {
  id: RecordId
  size: number
  refers: RecordId[]
  /** Null where nobody wants it. */
  view: HoledBytes | null
}

// What is written to be compared is not kept, and is little at a time: it stays in the processor's cache.
const forProof = reusing()
const PROVEN_AT_ONCE = 48 * 1024 // a multiple of three

export interface AssembleDeps {
  /** Of the archive; a KeyObject is six times as fast as its bytes. */
  idKey: Uint8Array | KeyObject
  /** Blobs that need not be given again. */
  isStored(id: RecordId): boolean
  /** Each new blob while the message flows past; its message record last. */
  give(record: Unsealed): void
  /** Takes the place of the writer that readers use, in tests of what happens when it is wrong. */
  base64Writer?: typeof createBase64Writer
  /** The whole message comes in one `feed`, and stays where it is until the end. */
  inOnePiece?: boolean
  /** Do not look into the message at all. */
  whole?: boolean
  /** Nobody reads it now. */
  viewless?: boolean
}

export interface Assembler {
  /** The bytes must not change afterwards; nothing larger than a few MB of them is kept. */
  feed(chunk: Buffer): void
  end(): Assembled
}

export function createAssembler(deps: AssembleDeps): Assembler {
  const { idKey, isStored, give, base64Writer = createBase64Writer } = deps
  // In one piece it is hashed at once, which makes nothing that has to be collected.
  const sha = deps.inOnePiece ? null : createHash('sha256')
  let onePiece: Buffer = Buffer.alloc(0)
  const proof = createProof()
  const literals: Buffer[] = []
  const parts: Part[] = []
  const given = new Set<RecordId>()
  const texts = new Map<RecordId, Uint8Array>()
  let textLeft = deps.viewless ? 0 : viewTextMax
  let size = 0

  let part: RawPart | Base64Part | null = null
  let writer: Base64Writer | null = null
  let textFits = true

  const sink: SplitSink = {
    literal(bytes) {
      proof.prove([bytes])
      // A copy, so that a few header lines do not keep the chunk they came in.
      literals.push(deps.inOnePiece ? bytes : Buffer.from(bytes))
      const last = parts.at(-1)
      if (last?.type === 'literal') last.length += bytes.length
      else parts.push({ type: 'literal', length: bytes.length })
    },
    beginRaw(text) {
      begin({ type: 'raw', text, blobs: [] })
    },
    beginBase64(text, shape) {
      begin({ type: 'base64', text, ...shape, closed: false, blobs: [] })
    },
    blob(plain) {
      proof.prove(writer ? written(writer, plain) : [plain])
      if (part!.blobs.length === 0) parts.push(part!)
      part!.blobs.push({ id: giveBlob(plain, part!.text), length: plain.length })
    },
    endPart(closed) {
      if (part?.type === 'base64') {
        proof.prove([writer!.end(closed)])
        part.closed = closed
      }
      part = null
      writer = null
    },
  }

  function begin(next: RawPart | Base64Part): void {
    part = next
    writer = next.type === 'base64' ? base64Writer(next, forProof) : null
    textFits = true
  }

  function giveBlob(plain: Buffer, text: boolean): RecordId {
    const id = recordId(idKey, 'blob', hash('sha256', plain, 'buffer'))
    if (text && textFits) {
      textFits = plain.length <= textLeft
      if (textFits) {
        textLeft -= plain.length
        texts.set(id, Buffer.from(plain))
      }
    }
    if (!given.has(id)) {
      given.add(id)
      if (!isStored(id)) give({ kind: 'blob', id, ...compressed(plain), plainLength: plain.length })
    }
    return id
  }

  const splitter = createSplitter(sink)
  let whole: ReturnType<typeof createWhole> | null = deps.whole ? createWhole(sink) : null

  /** From the first byte that is not proven on, everything goes on as it is. */
  function giveUp(error: unknown): void {
    if (!(error instanceof ByteMismatch)) throw error
    part = null
    writer = null
    whole = createWhole(sink)
    for (const bytes of proof.rest()) {
      proof.expect(bytes)
      whole.feed(bytes)
    }
  }

  function feed(chunk: Buffer): void {
    if (chunk.length === 0) return
    if (sha) sha.update(chunk)
    else onePiece = chunk
    size += chunk.length
    proof.expect(chunk)
    try {
      if (whole) whole.feed(chunk)
      else splitter.feed(chunk)
    } catch (error) {
      giveUp(error)
    }
  }

  function end(): Assembled {
    try {
      if (!whole) splitter.end()
    } catch (error) {
      giveUp(error)
    }
    whole?.end()
    if (proof.rest().length > 0) throw new ByteMismatch('fewer bytes than came in')
    const sha256 = sha ? sha.digest() : hash('sha256', onePiece, 'buffer')
    const payload = encodeAssembly({ sha256, size, parts }, literals)
    // What was proven is what the record says, read as a reader will.
    const stored = decodeAssembly(payload)
    if (!sameParts(stored.parts, parts) || !isJoined(stored.literals, literals)) throw new ByteMismatch('the record does not say what was proven')
    const id = recordId(idKey, 'message', sha256)
    const view = deps.viewless ? null : buildView(stored, viewPlan(stored, { inlineImages: false }), blob => texts.get(blob)!)
    give({ kind: 'message', id, ...compress(payload), plainLength: payload.length })
    return { id, size, refers: [...given], view }
  }

  return { feed, end }
}

function* written(writer: Base64Writer, plain: Buffer): Iterable<Buffer> {
  for (let at = 0; at < plain.length; at += PROVEN_AT_ONCE) yield writer.write(plain.subarray(at, at + PROVEN_AT_ONCE))
}

/** What does not shrink comes back as it is, and the splitter's memory is used again. */
function compressed(plain: Buffer): Compressed {
  const result = compress(plain)
  return result.bytes === plain ? { ...result, bytes: Buffer.from(plain) } : result
}

/** Raw blobs of 3 MiB, whatever the bytes mean; marked as text so that a reader still finds headers and words in the first of them. */
function createWhole(sink: SplitSink) {
  let pieces: Buffer[] = []
  let length = 0
  let begun = false

  const flush = () => {
    if (length === 0) return
    if (!begun) sink.beginRaw(true)
    begun = true
    sink.blob(Buffer.concat(pieces, length))
    pieces = []
    length = 0
  }

  return {
    feed(bytes: Buffer): void {
      let from = 0
      while (from < bytes.length) {
        const n = Math.min(BLOB_MAX - length, bytes.length - from)
        pieces.push(bytes.subarray(from, from + n))
        length += n
        from += n
        if (length === BLOB_MAX) flush()
      }
    },
    end(): void {
      flush()
      if (begun) sink.endPart(false)
    },
  }
}

function isJoined(whole: Uint8Array, pieces: readonly Buffer[]): boolean {
  let at = 0
  for (const piece of pieces) {
    if (piece.compare(whole, at, at + piece.length) !== 0) return false
    at += piece.length
  }
  return at === whole.length
}

const sameParts = (a: Part[], b: Part[]): boolean => JSON.stringify(a) === JSON.stringify(b)
