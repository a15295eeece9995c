/** A `.msg` file: one message in Outlook's own form. */
import { readFileSync, statSync } from 'node:fs'
import MsgReaderModule, { type FieldsData } from '@kenjiuno/msgreader'
import { attachmentOf, messageOf, type Properties } from './properties.ts'
import { unpackRtf } from './rtf.ts'
import { ATTACHMENTS_MAX, INNER_MAX, type OutlookAttachment, type OutlookMessage } from './types.ts'

// The package is CommonJS: what it exports as its default is a property of what Node imports, and the thing itself in a bundle.
const MsgReader = MsgReaderModule.default ?? (MsgReaderModule as unknown as typeof MsgReaderModule.default)

type Reading = InstanceType<typeof MsgReader>

const RTF_COMPRESSED = 0x1009
const ATTACH_METHOD = 0x3705
const BY_REFERENCE = [2, 3, 4]

/** Throws where the file is no message. */
export function readMsg(path: string): OutlookMessage {
  if (statSync(path).size > ATTACHMENTS_MAX * 2) throw new Error('it is larger than any message')
  const file = readFileSync(path)
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer
  const first = opened(bytes)
  // Texts that are not Unicode are in the code page the message names, which is known only when it was read.
  const codepage = first.fields.messageCodepage ?? first.fields.internetCodepage
  const { reader, fields } = codepage && codepage !== 65001 ? (again(bytes, codepage) ?? first) : first
  return outlookMessage(reader, fields, { left: ATTACHMENTS_MAX }, 0)
}

function opened(bytes: ArrayBuffer, ansiEncoding?: string): { reader: Reading; fields: FieldsData } {
  const reader = new MsgReader(bytes)
  reader.parserConfig = { includeRawProps: true, ...(ansiEncoding && { ansiEncoding }) }
  const fields = reader.getFileData()
  if (fields.dataType !== 'msg' || fields.error) throw new Error(fields.error ?? 'it is no Outlook message')
  return { reader, fields }
}

function again(bytes: ArrayBuffer, codepage: number): ReturnType<typeof opened> | null {
  try {
    return opened(bytes, `cp${codepage}`)
  } catch {
    return null // a code page nobody knows: as it was read without
  }
}

function outlookMessage(reader: Reading, fields: FieldsData, budget: { left: number }, depth: number): OutlookMessage {
  const properties = propertiesOf(fields)
  const attachments: OutlookAttachment[] = []
  let lost = 0
  for (const one of fields.attachments ?? []) {
    const found = attachment(reader, one, budget, depth)
    if (found) attachments.push(found)
    else lost++
  }
  return messageOf(properties, {
    recipients: (fields.recipients ?? []).map(propertiesOf),
    attachments,
    lost,
    rtf: () => unpackRtf(properties.bytes(RTF_COMPRESSED)),
  })
}

function attachment(reader: Reading, fields: FieldsData, budget: { left: number }, depth: number): OutlookAttachment | null {
  if (fields.innerMsgContentFields) {
    if (depth >= INNER_MAX) return null
    return { inner: outlookMessage(reader, fields.innerMsgContentFields, budget, depth + 1) }
  }
  const properties = propertiesOf(fields)
  if (typeof fields.dataId !== 'number' || BY_REFERENCE.includes(properties.int(ATTACH_METHOD))) return null
  budget.left -= fields.contentLength ?? 0
  if (budget.left < 0) throw new Error('its attachments are larger than a message can be')
  return attachmentOf(properties, reader.getAttachment(fields).content)
}

const RECIPIENT_KINDS: Record<string, number> = { to: 1, cc: 2, bcc: 3 }

function propertiesOf(fields: FieldsData): Properties {
  const values = new Map<number, unknown>()
  for (const { propertyTag, value } of fields.rawProps ?? []) if (propertyTag) values.set(Number.parseInt(propertyTag.slice(0, 4), 16), value)
  return {
    text: id => (typeof values.get(id) === 'string' ? (values.get(id) as string) : ''),
    int: id => {
      const value = values.get(id)
      return typeof value === 'number' ? value : (RECIPIENT_KINDS[String(value)] ?? 0)
    },
    date: id => {
      const ms = typeof values.get(id) === 'string' ? Date.parse(values.get(id) as string) : Number.NaN
      return Number.isFinite(ms) && ms > 0 ? ms : null
    },
    bytes: id => (values.get(id) instanceof Uint8Array ? (values.get(id) as Uint8Array) : null),
  }
}
