/** An attachment of a stored message, decoded, in pieces: a movie of a gigabyte takes a few megabytes of memory. */
import { AppError } from '../../contract/errors.ts'
import { unpackHoled } from '../base/holed.ts'
import { decodeAssembly } from '../log/assembly.ts'
import { assemblyRange, parseView, type ReadRecord } from '../log/message.ts'
import type { RecordId } from '../log/types.ts'
import { readContent } from '../mail/content.ts'
import { bodyRange } from '../mail/parts.ts'
import { decodeTransferStream } from '../mail/transfer.ts'

/** `index` as in ParsedMessage.attachments and ViewedMessage.attachments. Throws not-found, record-damaged, message-unknown. */
export async function* attachmentPieces(read: ReadRecord, id: RecordId, index: number): AsyncIterable<Uint8Array> {
  const view = unpackHoled(await parseView(read, id, { inlineImages: false }))
  const found = readContent(view).attachments[index]
  if (!found) throw new AppError('not-found', `message ${id.slice(0, 12)} has no attachment ${index}`)
  const { from, to } = bodyRange(view, found.body)
  yield* decodeTransferStream(assemblyRange(read, decodeAssembly(await read(id)), from, to), found.body.part.encoding)
}
