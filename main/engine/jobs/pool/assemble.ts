/**
 * One message on its way into records: split, hashed, compressed, and proven. Each piece is put together again, from what will be
 * stored and by the code that readers use, and compared with what came in before its record leaves. Where that ever fails, the
 * message goes on undivided, as raw blobs: a mistake in splitting costs space, never bytes.
 */
import { createHash, type Hash, hash, type KeyObject } from 'node:crypto'
import type { HoledBytes } from '../../base/holed.ts'
import { recordId } from '../../keys/archiveKeys.ts'
import { type Base64Part, BLOB_MAX, decodeAssembly, encodeAssembly, type Part, type RawPart } from '../../log/assembly.ts'
import { type Base64Writer, createBase64Writer, type LineShape, reusing } from '../../log/base64Lines.ts'
import { type Compressed, compress } from '../../log/codec.ts'
import { buildView, viewPlan, viewTextMax } from '../../log/parseView.ts'
import type { RecordId, Unsealed } from '../../log/types.ts'
import { createSplitter, type SplitSink, type Splitter } from '../../mail/split.ts'
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
const NOTHING = Buffer.alloc(0)
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

export const createAssembler = (deps: AssembleDeps): Assembler => new MessageAssembler(deps)

/** A class, because there is one for each message: see mail/structure.ts. */
class MessageAssembler implements Assembler, SplitSink {
  private readonly deps: AssembleDeps
  // In one piece it is hashed at once, which makes nothing that has to be collected.
  private readonly sha: Hash | null
  private onePiece: Buffer = NOTHING
  private size = 0
  private readonly proof = createProof()
  private readonly literals: Buffer[] = []
  private readonly parts: Part[] = []
  private readonly given = new Set<RecordId>()
  private readonly texts = new Map<RecordId, Uint8Array>()
  private textLeft: number
  private readonly splitter: Splitter
  private whole: ReturnType<typeof createWhole> | null

  private part: RawPart | Base64Part | null = null
  private writer: Base64Writer | null = null
  private textFits = true

  constructor(deps: AssembleDeps) {
    this.deps = deps
    this.sha = deps.inOnePiece ? null : createHash('sha256')
    this.textLeft = deps.viewless ? 0 : viewTextMax
    this.splitter = createSplitter(this)
    this.whole = deps.whole ? createWhole(this) : null
  }

  feed(chunk: Buffer): void {
    if (chunk.length === 0) return
    if (this.sha) this.sha.update(chunk)
    else this.onePiece = chunk
    this.size += chunk.length
    this.proof.expect(chunk)
    try {
      if (this.whole) this.whole.feed(chunk)
      else this.splitter.feed(chunk)
    } catch (error) {
      this.giveUp(error)
    }
  }

  end(): Assembled {
    try {
      if (!this.whole) this.splitter.end()
    } catch (error) {
      this.giveUp(error)
    }
    this.whole?.end()
    const { proof, sha, size, parts, literals, texts, given, deps } = this
    if (proof.rest().length > 0) throw new ByteMismatch('fewer bytes than came in')
    const sha256 = sha ? sha.digest() : hash('sha256', this.onePiece, 'buffer')
    const payload = encodeAssembly({ sha256, size, parts }, literals)
    // What was proven is what the record says, read as a reader will.
    const stored = decodeAssembly(payload)
    if (!sameParts(stored.parts, parts) || !isJoined(stored.literals, literals)) throw new ByteMismatch('the record does not say what was proven')
    const id = recordId(deps.idKey, 'message', sha256)
    const view = deps.viewless ? null : buildView(stored, viewPlan(stored, { inlineImages: false }), blob => texts.get(blob)!)
    deps.give({ kind: 'message', id, ...compress(payload), plainLength: payload.length })
    return { id, size, refers: [...given], view }
  }

  literal(bytes: Buffer): void {
    this.proof.prove([bytes])
    // A copy, so that a few header lines do not keep the chunk they came in.
    this.literals.push(this.deps.inOnePiece ? bytes : Buffer.from(bytes))
    const last = this.parts.at(-1)
    if (last?.type === 'literal') last.length += bytes.length
    else this.parts.push({ type: 'literal', length: bytes.length })
  }

  beginRaw(text: boolean): void {
    this.part = { type: 'raw', text, blobs: [] }
    this.writer = null
    this.textFits = true
  }

  beginBase64(text: boolean, shape: LineShape): void {
    const { base64Writer = createBase64Writer } = this.deps
    this.part = { type: 'base64', text, ...shape, closed: false, blobs: [] }
    this.writer = base64Writer(shape, forProof)
    this.textFits = true
  }

  blob(plain: Buffer): void {
    const part = this.part!
    this.proof.prove(this.writer ? written(this.writer, plain) : [plain])
    if (part.blobs.length === 0) this.parts.push(part)
    part.blobs.push({ id: this.giveBlob(plain, part.text), length: plain.length })
  }

  endPart(closed: boolean): void {
    if (this.part?.type === 'base64') {
      this.proof.prove([this.writer!.end(closed)])
      this.part.closed = closed
    }
    this.part = null
    this.writer = null
  }

  private giveBlob(plain: Buffer, text: boolean): RecordId {
    const { idKey, isStored, give } = this.deps
    const id = recordId(idKey, 'blob', hash('sha256', plain, 'buffer'))
    if (text && this.textFits) {
      this.textFits = plain.length <= this.textLeft
      if (this.textFits) {
        this.textLeft -= plain.length
        this.texts.set(id, Buffer.from(plain))
      }
    }
    if (!this.given.has(id)) {
      this.given.add(id)
      if (!isStored(id)) give({ kind: 'blob', id, ...compressed(plain), plainLength: plain.length })
    }
    return id
  }

  /** From the first byte that is not proven on, everything goes on as it is. */
  private giveUp(error: unknown): void {
    if (!(error instanceof ByteMismatch)) throw error
    this.part = null
    this.writer = null
    this.whole = createWhole(this)
    for (const bytes of this.proof.rest()) {
      this.proof.expect(bytes)
      this.whole.feed(bytes)
    }
  }
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
