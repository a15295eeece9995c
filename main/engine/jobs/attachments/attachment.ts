/** Attachments of a stored message, decoded, in pieces: a movie of a gigabyte takes a few megabytes of memory. */
import { AppError } from '../../../contract/errors.ts'
import { giveBack } from '../../base/giveBack.ts'
import { decodeAssembly } from '../../log/assembly.ts'
import { assemblyRange, parseView, type ReadRecord, storedDecoded } from '../../log/message.ts'
import type { RecordId } from '../../log/types.ts'
import type { AttachmentPlace } from '../../mail/open.ts'
import { decodeTransferStream } from '../../mail/transfer.ts'

/** Finds attachments in a parse view; the opening thread's, which hostile structure can only end. */
export type FindPlaces = (view: Uint8Array) => Promise<AttachmentPlace[]>

/** All of a message, in the order of ViewedMessage.attachments. Throws record-damaged, message-unknown, parse-timeout, parse-failed. */
export async function attachmentPlaces(read: ReadRecord, find: FindPlaces, id: RecordId): Promise<AttachmentPlace[]> {
  return find(await parseView(read, id, { inlineImages: false }))
}

/** `index` as in ParsedMessage.attachments and ViewedMessage.attachments. Throws not-found besides. */
export async function attachmentPlace(read: ReadRecord, find: FindPlaces, id: RecordId, index: number): Promise<AttachmentPlace> {
  const found = (await attachmentPlaces(read, find, id))[index]
  if (!found) throw new AppError('not-found', `message ${id.slice(0, 12)} has no attachment ${index}`)
  return found
}

export async function* attachmentPieces(read: ReadRecord, id: RecordId, { from, to, encoding }: AttachmentPlace): AsyncIterable<Uint8Array> {
  const assembly = decodeAssembly(await read(id))
  const decoded = encoding === 'base64' ? storedDecoded(read, assembly, from, to) : null
  yield* decoded ?? decodeTransferStream(assemblyRange(read, assembly, from, to), encoding)
}

/** The whole attachment, or its first `most` bytes. */
export const attachmentBytes = (read: ReadRecord, id: RecordId, place: AttachmentPlace, most: number): Promise<Uint8Array> =>
  firstBytes(attachmentPieces(read, id, place), most, place.attachment.size)

/** All of it, or its first `most` bytes. Where about `expected` come, they are gathered as they come, and are never in memory twice. */
export async function firstBytes(all: AsyncIterable<Uint8Array>, most: number, expected = 0): Promise<Uint8Array> {
  let whole: Uint8Array | null = null
  let length = 0
  for await (const piece of all) {
    const bytes = piece.subarray(0, most - length)
    const come = length + bytes.length
    if (whole === null && bytes.length >= Math.min(expected, most)) whole = bytes
    else {
      whole = withRoom(whole, length, Math.max(come, Math.min(expected, most)))
      whole.set(bytes, length)
      giveBack(piece)
    }
    length = come
    if (length >= most) break
  }
  if (whole === null || whole.length === length) return whole ?? new Uint8Array(0)
  return whole.slice(0, length)
}

function withRoom(before: Uint8Array | null, length: number, wanted: number): Uint8Array {
  if (before !== null && before.length >= wanted) return before
  const room = new Uint8Array(before === null ? wanted : Math.max(wanted, 2 * length))
  if (before === null) return room
  room.set(before.subarray(0, length))
  giveBack(before)
  return room
}
