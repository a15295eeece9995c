/** What the parts of a message are to a reader: its text, and its attachments in an order that never changes. */

import type { Attachment } from '../../contract/types.ts'
import type { HoledBytes } from '../base/holed.ts'
import { fieldValue, type Structured, structured } from './header.ts'
import { type BodyPart, bodyBytes, bodyParts } from './parts.ts'
import type { MimePart } from './structure.ts'
import { decodeTransfer } from './transfer.ts'
import { uuFiles } from './uuencode.ts'
import { headerText, oneLine, paramText } from './words.ts'

export interface AttachmentPart {
  body: BodyPart
  attachment: Attachment
  /** The name as the message states it; '' where it states none and `attachment.name` was made up. */
  stated: string
}

export interface Content {
  /** The outermost message's headers. */
  root: MimePart
  /** Bodies of text to show, in order. */
  texts: BodyPart[]
  attachments: AttachmentPart[]
  /** Messages within the message. */
  inner: MimePart[]
}

const ATTACHMENTS_MAX = 1000

export function readContent(view: HoledBytes): Content {
  const all = bodyParts(view)
  const content: Content = { root: all[0]!.part, texts: [], attachments: [], inner: [] }
  const uuencoded: { body: BodyPart; name: string }[] = []
  all.forEach((body, i) => {
    const { part } = body
    if (part.parent?.kind === 'message') content.inner.push(part)
    if (part.kind === 'multipart') {
      // A multipart without parts: its boundary never came, and what is there is all the text there is.
      if (all[i + 1]?.part.parent !== part && body.end > body.start) content.texts.push(body)
      return
    }
    const disposition = structured(fieldValue(part.fields, 'content-disposition') ?? '')
    const stated = paramText(disposition.params.get('filename') ?? part.params.get('name'))
    if (isText(part, disposition, stated, content.texts.length > 0)) content.texts.push(...withoutFiles(view, body, uuencoded))
    else if (content.attachments.length < ATTACHMENTS_MAX)
      content.attachments.push(describe(view, body, disposition, stated, content.attachments.length, all[i + 1]))
  })
  // Behind the others, which keep their numbers.
  for (const { body, name } of uuencoded)
    if (content.attachments.length < ATTACHMENTS_MAX)
      content.attachments.push(describe(view, body, structured('attachment'), name, content.attachments.length, undefined))
  return content
}

/** A plain text, cut where files stand in it. */
function withoutFiles(view: HoledBytes, body: BodyPart, files: { body: BodyPart; name: string }[]): BodyPart[] {
  const { part, start, end, holes } = body
  if (part.type !== 'text/plain' || part.encoding !== 'identity' || holes.length > 0) return [body]
  const texts: BodyPart[] = []
  let from = start
  for (const { name, ...at } of uuFiles(bodyBytes(view, body))) {
    texts.push({ ...body, start: from, end: start + at.from })
    const type = typeNamed(name)
    files.push({
      name,
      body: {
        part: { ...part, kind: 'leaf', fields: [], params: new Map(), type, encoding: 'uuencode' },
        start: start + at.start,
        end: start + at.end,
        holes: [],
      },
    })
    from = start + at.to
  }
  if (
    from === start ||
    bodyBytes(view, { ...body, start: from })
      .toString('latin1')
      .trim() !== ''
  )
    texts.push({ ...body, start: from, end })
  return texts
}

const typeNamed = (name: string): string =>
  Object.entries(extensions).find(([, ending]) => name.toLowerCase().endsWith(ending))?.[0] ?? 'application/octet-stream'

/** A part that is named and not the first text is an attachment, even where it is "inline": that is how text files are sent. */
function isText(part: MimePart, { value }: Structured, stated: string, hasText: boolean): boolean {
  if (part.type !== 'text/plain' && part.type !== 'text/html') return false
  return value !== 'attachment' && !(stated !== '' && hasText)
}

function describe(
  view: HoledBytes,
  body: BodyPart,
  disposition: Structured,
  stated: string,
  index: number,
  next: BodyPart | undefined,
): AttachmentPart {
  const { part } = body
  const cid = (fieldValue(part.fields, 'content-id') ?? '').replace(/^<|>$/g, '').trim()
  const related = part.parent?.type === 'multipart/related'
  return {
    body,
    stated,
    attachment: {
      index,
      name: stated || madeUpName(part, index, next),
      type: part.type,
      size: decodedSize(view, body),
      inline: disposition.value === 'inline' || (related && cid !== '' && disposition.value !== 'attachment'),
      cid: cid === '' ? null : cid,
    },
  }
}

function madeUpName(part: MimePart, index: number, next: BodyPart | undefined): string {
  if (part.kind === 'message' && next?.part.parent === part) {
    const subject = oneLine(headerText(fieldValue(next.part.fields, 'subject') ?? '')).slice(0, 100)
    if (subject !== '') return `${subject}.eml`
  }
  return `part-${index + 1}${extensions[part.type] ?? ''}`
}

const extensions: Record<string, string> = {
  'text/plain': '.txt',
  'text/html': '.html',
  'text/calendar': '.ics',
  'text/csv': '.csv',
  'text/vcard': '.vcf',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'application/pdf': '.pdf',
  'application/zip': '.zip',
  'application/json': '.json',
  'application/pgp-signature': '.asc',
  'application/pkcs7-signature': '.p7s',
  'application/ms-tnef': '.dat',
  'message/rfc822': '.eml',
  'message/delivery-status': '.txt',
}

/** Bytes of the attachment once decoded. Where its body was not stored decoded, what base64 usually makes of that length. */
function decodedSize(view: HoledBytes, body: BodyPart): number {
  const { encoding } = body.part
  const here = bodyBytes(view, body)
  let size = encoding === 'identity' ? here.length : decodeTransfer(here, encoding).length
  for (const hole of body.holes) size += hole.plain ?? (encoding === 'base64' ? Math.floor((hole.length * 57) / 78) : hole.length)
  return size
}
