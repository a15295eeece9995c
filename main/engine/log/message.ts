/**
 * Messages out of records. Whoever reads gets the exact bytes that were received, proven by length and SHA-256, or an error;
 * or a *parse view*: the message with its large bodies left out, which is all that reading its text needs.
 */
import { createHash } from 'node:crypto'
import { AppError } from '../../contract/errors.ts'
import { packHoled } from '../base/holed.ts'
import { type Assembly, type BlobRef, decodeAssembly, type Part, partLength } from './assembly.ts'
import { createBase64Writer } from './base64Lines.ts'
import { buildView, viewBlobs, viewPlan } from './parseView.ts'
import type { RecordId } from './types.ts'

/** Plain payload of a record, by its id. Throws record-damaged, message-unknown. */
export type ReadRecord = (id: RecordId) => Promise<Uint8Array>

/** It is this message that cannot be read, and not the drive it is on: that is gone, or will not do just now. */
export function isAboutMessage(error: unknown): error is AppError {
  return (
    error instanceof AppError && ['record-damaged', 'byte-check-failed', 'segment-missing', 'message-unknown', 'newer-format'].includes(error.code)
  )
}

/** The whole message in one array: for messages that fit into memory. Throws byte-check-failed, record-damaged. */
export async function readMessage(read: ReadRecord, id: RecordId): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of messagePieces(read, id)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/**
 * The message in pieces of at most about 4 MB. The last piece is given only after length and SHA-256 of everything were found
 * right: who writes the pieces to a file has a good file if the loop ends, and an error (byte-check-failed) otherwise.
 */
export async function* messagePieces(read: ReadRecord, id: RecordId): AsyncIterable<Uint8Array> {
  const assembly = decodeAssembly(await read(id))
  const hash = createHash('sha256')
  let length = 0
  let held: Uint8Array | null = null
  for await (const piece of assemblyPieces(read, assembly)) {
    hash.update(piece)
    length += piece.length
    if (held) yield held
    held = piece
  }
  if (length !== assembly.size || !hash.digest().equals(assembly.sha256))
    throw new AppError('byte-check-failed', `message ${id.slice(0, 12)} does not have the bytes it was received with`)
  if (held) yield held
}

/**
 * The message without its large bodies (packed by base/holed.ts), for Pool.parse and Pool.view: all structure, up to 4 MiB of text
 * and, when asked, the images that its HTML may show.
 */
export async function parseView(read: ReadRecord, id: RecordId, options: { inlineImages: boolean }): Promise<Uint8Array> {
  const assembly = decodeAssembly(await read(id))
  const plan = viewPlan(assembly, options)
  const blobs = new Map<RecordId, Uint8Array>()
  for (const blob of viewBlobs(assembly, plan)) if (!blobs.has(blob)) blobs.set(blob, await read(blob))
  return packHoled(buildView(assembly, plan, blob => blobs.get(blob)!))
}

/** SHA-256 and length of a message as stated by its record. */
export async function messageFacts(read: ReadRecord, id: RecordId): Promise<{ sha256: Uint8Array; size: number }> {
  const { sha256, size } = decodeAssembly(await read(id))
  return { sha256, size }
}

/** Bytes `from` to `to` (exclusive) of a message, reading no more blobs than these lie in. Not compared with the message's hash. */
export async function* assemblyRange(read: ReadRecord, assembly: Assembly, from: number, to: number): AsyncIterable<Uint8Array> {
  let partStart = 0
  let literalAt = 0
  for (const part of assembly.parts) {
    if (partStart >= to) return
    const length = partLength(part)
    if (partStart + length > from) yield* cut(partPieces(read, assembly, part, literalAt, from - partStart), partStart, from, to)
    if (part.type === 'literal') literalAt += part.length
    partStart += length
  }
}

/**
 * What base64 from `from` to `to` says, in pieces, where it was stored decoded: nothing is encoded only to be decoded again. Null where there is more
 * to it than one such part; what stands beside it is passed over if it is nothing that a decoder would count.
 */
export function storedDecoded(read: ReadRecord, { parts, literals }: Assembly, from: number, to: number): AsyncIterable<Uint8Array> | null {
  let found: Part | null = null
  let at = 0
  let literalAt = 0
  for (const part of parts) {
    const end = at + partLength(part)
    if (part.type === 'literal') {
      const beside = literals.subarray(literalAt + Math.max(0, from - at), literalAt + Math.min(part.length, Math.max(0, to - at)))
      if (COUNTED.test(Buffer.from(beside.buffer, beside.byteOffset, beside.byteLength).toString('latin1'))) return null
      literalAt += part.length
    } else if (at < to && end > from) {
      if (found || part.type !== 'base64' || at < from || end > to) return null
      found = part
    }
    at = end
  }
  return found && blobsOf(read, found)
}

const COUNTED = /[A-Za-z0-9+/=_-]/

async function* blobsOf(read: ReadRecord, { blobs }: Exclude<Part, { type: 'literal' }>): AsyncIterable<Uint8Array> {
  for (const blob of blobs) yield await readBlob(read, blob)
}

/** All bytes of a message, unchecked. */
export async function* assemblyPieces(read: ReadRecord, assembly: Assembly): AsyncIterable<Uint8Array> {
  yield* assemblyRange(read, assembly, 0, assembly.size)
}

type Piece = { at: number; bytes: Uint8Array }

/** Pieces of one part with their offset in it. May leave out whole blobs of a raw part before `from`. */
async function* partPieces(read: ReadRecord, assembly: Assembly, part: Part, literalAt: number, from: number): AsyncIterable<Piece> {
  if (part.type === 'literal') {
    yield { at: 0, bytes: assembly.literals.subarray(literalAt, literalAt + part.length) }
    return
  }
  let at = 0
  if (part.type === 'raw') {
    for (const blob of part.blobs) {
      if (at + blob.length > from) yield { at, bytes: await readBlob(read, blob) }
      at += blob.length
    }
    return
  }
  const writer = createBase64Writer(part)
  for (const blob of part.blobs) {
    const bytes = writer.write(await readBlob(read, blob))
    yield { at, bytes }
    at += bytes.length
  }
  yield { at, bytes: writer.end(part.closed) }
}

async function* cut(pieces: AsyncIterable<Piece>, start: number, from: number, to: number): AsyncIterable<Uint8Array> {
  for await (const { at, bytes } of pieces) {
    const begin = Math.max(0, from - start - at)
    const end = Math.min(bytes.length, to - start - at)
    if (end > begin) yield bytes.subarray(begin, end)
    if (start + at + bytes.length >= to) return
  }
}

export async function readBlob(read: ReadRecord, blob: BlobRef): Promise<Uint8Array> {
  const bytes = await read(blob.id)
  if (bytes.length !== blob.length)
    throw new AppError('record-damaged', `blob ${blob.id.slice(0, 12)} has ${bytes.length} bytes instead of ${blob.length}`)
  return bytes
}
