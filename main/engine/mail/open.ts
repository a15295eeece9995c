/** What a person opens of a message, read from its bytes: where an attachment lies, and what small ones say. Runs in a thread that can be ended. */
import { isMessage } from '../../contract/attachmentNames.ts'
import type { CalendarEvent, ContactCard } from '../../contract/reading.ts'
import type { Address, Attachment } from '../../contract/types.ts'
import { type HoledBytes, packHoled, unpackHoled } from '../base/holed.ts'
import { attachedText } from './attached/attachedText.ts'
import { openOpaque } from './attached/opaque.ts'
import type { AttachedText } from './attached/types.ts'
import { readCalendar } from './calendar.ts'
import { decodeCharset } from './charset.ts'
import { readContacts } from './contacts.ts'
import { readContent } from './content.ts'
import type { MailView } from './mailView.ts'
import { readHeaders } from './parse.ts'
import { bodyBytes, bodyRange } from './parts.ts'
import type { MimePart } from './structure.ts'
import { decodeTransfer } from './transfer.ts'
import { viewMessage } from './view.ts'

/** Where an attachment's body is in the message, still encoded. */
export interface AttachmentPlace {
  attachment: Attachment
  from: number
  to: number
  encoding: MimePart['encoding']
  charset: string | null
}

/** A message that came in an attachment. */
export interface InnerMessage extends MailView {
  subject: string
  from: Address[]
  to: Address[]
  date: number | null
}

/** An attachment of a message that came in an attachment, in the order of InnerMessage.attachments. */
export interface WithinAttachment {
  attachment: Attachment
  charset: string | null
  bytes: Uint8Array
}

/** Each opener takes bytes and says what they are to a reader; a name of one is what the thread is asked for. */
export const openers = {
  /** Of a parse view (base/holed.ts). */
  places: (view: Uint8Array): AttachmentPlace[] => {
    const holed: HoledBytes = unpackHoled(view)
    return readContent(holed).attachments.map(({ attachment, body }) => ({
      attachment,
      ...bodyRange(holed, body),
      encoding: body.part.encoding,
      charset: body.part.params.get('charset')?.value ?? null,
    }))
  },
  text: (bytes: Uint8Array, charset: string | null): string => decodeCharset(bufferOf(bytes), charset),
  events: (bytes: Uint8Array, charset: string | null): CalendarEvent[] => readCalendar(decodeCharset(bufferOf(bytes), charset)),
  contacts: (bytes: Uint8Array, charset: string | null): ContactCard[] => readContacts(decodeCharset(bufferOf(bytes), charset)),
  /** All of an attachment's text. */
  attached: (bytes: Uint8Array, { name, type }: Pick<Attachment, 'name' | 'type'>, charset: string | null): Promise<AttachedText> =>
    attachedText({ bytes: bufferOf(bytes), name, type, charset }),
  /** A message in an envelope: winmail.dat, an opaque signature. Null where it cannot be opened. */
  opaque: (bytes: Uint8Array, type: string): (InnerMessage & { isSigned: boolean }) | null => {
    const opened = openOpaque(bufferOf(bytes), type)
    return opened && { ...innerMessage(opened.bytes), isSigned: opened.isSigned }
  },
  message: (bytes: Uint8Array): InnerMessage => innerMessage(bytes),
  /** Through as many messages as `path` is long, each in an attachment of the one around it. Null where there is no such one. */
  within: (bytes: Uint8Array, { name, type }: Pick<Attachment, 'name' | 'type'>, path: readonly number[]): WithinAttachment | null => {
    let found: WithinAttachment | null = null
    for (const index of path) {
      const message: Buffer | null = found ? messageIn(found.bytes, found.attachment) : messageIn(bytes, { name, type })
      found = message && attachmentOf(message, index)
      if (!found) return null
    }
    return found
  },
}

function innerMessage(bytes: Uint8Array): InnerMessage {
  const { subject, from, to, date } = readHeaders({ bytes, holes: [] })
  return { ...viewMessage(packHoled({ bytes, holes: [] })), subject, from, to, date }
}

/** What stands in a file of this kind as a message; null where it is none, or cannot be opened. */
function messageIn(bytes: Uint8Array, { name, type }: Pick<Attachment, 'name' | 'type'>): Buffer | null {
  return openOpaque(bufferOf(bytes), type)?.bytes ?? (isMessage(type, name) ? bufferOf(bytes) : null)
}

function attachmentOf(message: Buffer, index: number): WithinAttachment | null {
  const holed: HoledBytes = { bytes: message, holes: [] }
  const found = readContent(holed).attachments[index]
  if (!found) return null
  const { part } = found.body
  return {
    attachment: found.attachment,
    charset: part.params.get('charset')?.value ?? null,
    bytes: decodeTransfer(bodyBytes(holed, found.body), part.encoding),
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
