/**
 * How a message is put together from a message record (docs/FORMAT.md section 5). Decoding trusts nothing: the record was
 * authenticated, but a reader must also survive what another program, or an older bug, wrote.
 */
import { AppError } from '../../contract/errors.ts'
import type { RecordId } from './types.ts'

/** A blob of a part: its id and the length of its plain bytes. */
export interface BlobRef {
  id: RecordId
  length: number
}

export interface LiteralPart {
  type: 'literal'
  length: number
}

export interface RawPart {
  type: 'raw'
  /** A body of type text that a reader of the text wants. */
  text: boolean
  blobs: BlobRef[]
}

/** The line structure of a base64 body: enough to write exactly the same characters again. */
export interface Base64Lines {
  /** Characters a line. */
  width: number
  lineEnd: '\n' | '\r\n'
  /** The last line has its line end too. */
  closed: boolean
}

export interface Base64Part extends Base64Lines {
  type: 'base64'
  text: boolean
  blobs: BlobRef[]
}

export type Part = LiteralPart | RawPart | Base64Part

export interface Assembly {
  /** SHA-256 of the whole message. */
  sha256: Uint8Array
  size: number
  parts: Part[]
  /** The bytes of all literal parts, in order. */
  literals: Uint8Array
}

export const BLOB_MAX = 3 * 1024 * 1024
export const LITERALS_MAX = 1024 * 1024
/** Bounds the work of a reader. A writer keeps far below it. */
export const PARTS_MAX = 65_536
const BLOBS_MAX = 200_000 // 600 GB in one message

const VERSION = 1
const HEAD = 1 + 32 + 8 + 4
const REF = 32 + 4
const TYPE_LITERAL = 0
const TYPE_RAW = 1
const TYPE_BASE64 = 2
const LF = 1
const CRLF = 2

/** `literals` in as many pieces as they come in. */
export function encodeAssembly({ sha256, size, parts }: Omit<Assembly, 'literals'>, literals: readonly Uint8Array[]): Uint8Array {
  let length = HEAD
  for (const piece of literals) length += piece.length
  for (const part of parts) length += part.type === 'literal' ? 5 : (part.type === 'raw' ? 6 : 10) + part.blobs.length * REF
  const out = Buffer.allocUnsafe(length)
  out[0] = VERSION
  out.set(sha256, 1)
  out.writeBigUInt64LE(BigInt(size), 33)
  out.writeUInt32LE(parts.length, 41)
  let at = HEAD
  for (const part of parts) {
    if (part.type === 'literal') {
      out[at] = TYPE_LITERAL
      at = out.writeUInt32LE(part.length, at + 1)
      continue
    }
    out[at++] = part.type === 'raw' ? TYPE_RAW : TYPE_BASE64
    out[at++] = part.text ? 1 : 0
    if (part.type === 'base64') {
      at = out.writeUInt16LE(part.width, at)
      out[at++] = part.lineEnd === '\n' ? LF : CRLF
      out[at++] = part.closed ? 1 : 0
    }
    at = out.writeUInt32LE(part.blobs.length, at)
    for (const blob of part.blobs) {
      out.write(blob.id, at, 32, 'hex')
      at = out.writeUInt32LE(blob.length, at + 32)
    }
  }
  for (const piece of literals) {
    out.set(piece, at)
    at += piece.length
  }
  return out
}

/** Throws record-damaged for anything that is not exactly a message record of version 1 with consistent lengths; newer-format for a later version. */
export function decodeAssembly(payload: Uint8Array): Assembly {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  if (bytes.length < HEAD) throw damaged('too short')
  if (bytes[0]! > VERSION) throw new AppError('newer-format', `message record of version ${bytes[0]}`, { facts: { version: bytes[0]! } })
  if (bytes[0] !== VERSION) throw damaged('version 0')
  const size = Number(bytes.readBigUInt64LE(33))
  if (!Number.isSafeInteger(size)) throw damaged('impossible length')
  const count = bytes.readUInt32LE(41)
  if (count > PARTS_MAX) throw damaged('too many parts')

  let at = HEAD
  const need = (n: number): number => {
    if (bytes.length - at < n) throw damaged('cut short')
    at += n
    return at - n
  }
  const flag = (what: string): boolean => {
    const value = bytes[need(1)]!
    if (value > 1) throw damaged(`${what} is ${value}`)
    return value === 1
  }

  const parts: Part[] = []
  let literalLength = 0
  let total = 0
  let blobCount = 0
  const blobRefs = (): BlobRef[] => {
    const n = bytes.readUInt32LE(need(4))
    blobCount += n
    if (n === 0 || blobCount > BLOBS_MAX) throw damaged(`${n} blobs in a part`)
    const blobs: BlobRef[] = []
    for (let i = 0; i < n; i++) {
      const from = need(REF)
      const length = bytes.readUInt32LE(from + 32)
      if (length === 0 || length > BLOB_MAX || (i < n - 1 && length !== BLOB_MAX)) throw damaged(`a blob of ${length} bytes`)
      blobs.push({ id: bytes.toString('hex', from, from + 32) as RecordId, length })
    }
    return blobs
  }

  for (let i = 0; i < count; i++) {
    const type = bytes[need(1)]
    let part: Part
    if (type === TYPE_LITERAL) {
      part = { type: 'literal', length: bytes.readUInt32LE(need(4)) }
      literalLength += part.length
    } else if (type === TYPE_RAW) {
      part = { type: 'raw', text: flag('what'), blobs: blobRefs() }
    } else if (type === TYPE_BASE64) {
      const text = flag('what')
      const width = bytes.readUInt16LE(need(2))
      if (width % 4 !== 0 || width < 4 || width > 996) throw damaged(`lines of ${width} characters`)
      const end = bytes[need(1)]
      if (end !== LF && end !== CRLF) throw damaged(`line end ${end}`)
      part = { type: 'base64', text, width, lineEnd: end === LF ? '\n' : '\r\n', closed: flag('closed'), blobs: blobRefs() }
    } else throw damaged(`part of type ${type}`)
    total += partLength(part)
    parts.push(part)
  }
  const literals = bytes.subarray(at)
  if (literals.length !== literalLength) throw damaged('literal bytes do not add up')
  if (total !== size) throw damaged('parts do not add up to the length')
  return { sha256: Uint8Array.from(bytes.subarray(1, 33)), size, parts, literals }
}

/** Bytes of the message that a part stands for. */
export function partLength(part: Part): number {
  if (part.type === 'literal') return part.length
  const plain = plainLength(part)
  return part.type === 'raw' ? plain : base64Length(plain, part)
}

/** Bytes of a part's blobs together: for base64, the decoded length. */
export function plainLength(part: RawPart | Base64Part): number {
  let sum = 0
  for (const blob of part.blobs) sum += blob.length
  return sum
}

/** Characters and line ends that `plain` bytes take as base64 lines. */
export function base64Length(plain: number, { width, lineEnd, closed }: Base64Lines): number {
  const characters = Math.ceil(plain / 3) * 4
  const lines = Math.ceil(characters / width)
  return characters + (closed ? lines : Math.max(0, lines - 1)) * lineEnd.length
}

const damaged = (why: string) => new AppError('record-damaged', `message record: ${why}`)
