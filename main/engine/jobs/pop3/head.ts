/** The header of a message as its mark: what TOP n 0 tells without the message being fetched. */
import { createHmac } from 'node:crypto'
import { hkdf } from '../../keys/archiveKeys.ts'

const END = Buffer.from('\r\n\r\n')
const LINE_END = Buffer.from('\r\n')

/** Key of the marks: a plain hash would tell of known messages to whoever reads the facts after an erase. */
export function headKeyOf({ idKey, archiveId }: { idKey: Uint8Array; archiveId: string }): Uint8Array {
  return hkdf(idKey, Buffer.from(archiveId, 'hex'), 'mailcoffer/1/pop3-head')
}

/** The header without the empty line and the line end before it; of a message, of its beginning, or of the answer to TOP n 0. */
export function headOf(bytes: Uint8Array): Buffer {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (message.subarray(0, 2).equals(LINE_END)) return message.subarray(0, 0)
  const end = message.indexOf(END)
  if (end >= 0) return message.subarray(0, end)
  return message.subarray(0, message.length - (message.subarray(-2).equals(LINE_END) ? 2 : 0))
}

/** Lower-case hex. */
export function markOf(key: Uint8Array, head: Uint8Array): string {
  return createHmac('sha256', key).update(head).digest('hex')
}

/** Two messages with the same header of this kind are the same message; without a Message-ID, a machine may have written many within a second. */
export function tellsApart(head: Uint8Array): boolean {
  return /^message-id:[ \t]*\S/im.test(Buffer.from(head).toString('latin1'))
}
