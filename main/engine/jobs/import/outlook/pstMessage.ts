/** One message of a PST file, with its attachments and the messages in them. */
import { PSTAttachment, type PSTFile, PSTMessage, type PSTRecipient } from 'pst-extractor'
import { PSTNodeInputStream } from 'pst-extractor/dist/PSTNodeInputStream.class.js'
import { PSTTableBC } from 'pst-extractor/dist/PSTTableBC.class.js'
import { attachmentOf, messageOf, type Properties } from './properties.ts'
import { unpackRtf } from './rtf.ts'
import { ATTACHMENTS_MAX, INNER_MAX, type OutlookAttachment, type OutlookMessage } from './types.ts'

const RTF_COMPRESSED = 0x1009
const ATTACH_DATA = 0x3701
const PT_OBJECT = 0x000d
const RECIPIENTS_MAX = 20_000

interface Budget {
  left: number
}

export function readPstMessage(file: PSTFile, message: PSTMessage, budget: Budget = { left: ATTACHMENTS_MAX }, depth = 0): OutlookMessage {
  const properties = propertiesOf(message)
  return messageOf(properties, {
    recipients: recipientsOf(message),
    ...attachmentsOf(file, message, budget, depth),
    rtf: () => unpackRtf(properties.bytes(RTF_COMPRESSED)),
  })
}

function recipientsOf(message: PSTMessage): Properties[] {
  const all: Properties[] = []
  for (let n = 0; n < Math.min(message.numberOfRecipients, RECIPIENTS_MAX); n++) {
    const one: PSTRecipient | null = message.getRecipient(n)
    if (one) all.push(propertiesOf(one))
  }
  return all
}

function attachmentsOf(file: PSTFile, message: PSTMessage, budget: Budget, depth: number): { attachments: OutlookAttachment[]; lost: number } {
  const attachments: OutlookAttachment[] = []
  let lost = 0
  try {
    // Asked for its count, the library takes a table that it cannot read for an empty one.
    ;(message as unknown as { processAttachments(): void }).processAttachments()
  } catch {
    return { attachments, lost: 1 }
  }
  for (let n = 0; n < message.numberOfAttachments; n++) {
    const found = readable(() => attachmentIn(file, message.getAttachment(n), budget, depth))
    if (found) attachments.push(found)
    else lost++
  }
  if (budget.left < 0) throw new Error('its attachments are larger than a message can be')
  return { attachments, lost }
}

/** One attachment that cannot be read is counted; the message comes without it. */
function readable<T>(read: () => T | null): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

function attachmentIn(file: PSTFile, attachment: PSTAttachment, budget: Budget, depth: number): OutlookAttachment | null {
  if (attachment.attachMethod === PSTAttachment.ATTACHMENT_METHOD_EMBEDDED) {
    const inner = innerMessage(file, attachment)
    return inner && depth < INNER_MAX ? { inner: readPstMessage(file, inner, budget, depth + 1) } : null
  }
  const stream = attachment.fileInputStream
  if (!stream) return null
  const length = stream.length.toNumber()
  budget.left -= length
  if (budget.left < 0) return null
  const data = Buffer.alloc(length)
  if (length > 0) stream.readCompletely(data)
  return attachmentOf(propertiesOf(attachment), data)
}

interface Inside {
  pstTableItems: Map<number, { entryValueType: number; data: Buffer }> | null
  localDescriptorItems: ReturnType<PSTFile['getPSTDescriptorItems']> | null
}

/** The library's own getter wants a node, which no message in a message has. */
function innerMessage(file: PSTFile, attachment: PSTAttachment): PSTMessage | null {
  const { pstTableItems, localDescriptorItems } = attachment as unknown as Inside
  const item = pstTableItems?.get(ATTACH_DATA)
  if (item?.entryValueType !== PT_OBJECT || item.data.length < 4) return null
  const nested = localDescriptorItems?.get(item.data.readUInt32LE(0))
  if (!nested) return null
  const below = nested.subNodeOffsetIndexIdentifier
  const local = below > 0 ? file.getPSTDescriptorItems(attachment.descriptorNodeId.add(below)) : new Map()
  return new PSTMessage(file, undefined as never, new PSTTableBC(new PSTNodeInputStream(file, nested)), local)
}

interface Access {
  getStringItem(id: number): string
  getIntItem(id: number): number
  getDateItem(id: number): Date | null
  getBinaryItem(id: number): Buffer | null
}

function propertiesOf(object: unknown): Properties {
  const from = object as Access
  return {
    text: id => from.getStringItem(id).replaceAll('\0', ''),
    int: id => from.getIntItem(id),
    date: id => {
      const ms = from.getDateItem(id)?.getTime() ?? 0
      return Number.isFinite(ms) && ms > 0 ? ms : null
    },
    bytes: id => from.getBinaryItem(id),
  }
}
