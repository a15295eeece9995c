/** What the reader asks of attachments. */
import { join } from 'node:path'
import { extensionOf } from '../../contract/dangers.ts'
import { toPlainError } from '../../contract/errors.ts'
import type { AttachmentPreview, AttachmentReport, InnerMessage } from '../../contract/reading.ts'
import type { OpenArchive } from '../archive/openArchive.ts'
import type { EngineContext } from '../context.ts'
import { attachmentBytes, attachmentPieces, attachmentPlace, attachmentPlaces } from '../jobs/attachments/attachment.ts'
import { contentDangers, HEAD_BYTES, holdsMacros, kindOf } from '../jobs/attachments/kind.ts'
import { attachmentName } from '../jobs/attachments/name.ts'
import { markFromElsewhere } from '../jobs/fromElsewhere.ts'
import { saveFile } from '../jobs/saveFile.ts'
import type { RecordId } from '../log/types.ts'
import type { AttachmentPlace } from '../mail/open.ts'
import type { CallAnswers } from '../serve.ts'

const PREVIEW_MAX = 32 * 1024 * 1024
const TEXT_MAX = 512 * 1024
const MESSAGE_MAX = 8 * 1024 * 1024

type AttachmentCalls = Extract<keyof CallAnswers, `attachment.${string}`>

export function attachmentCalls({ archives, clock }: EngineContext): Pick<CallAnswers, AttachmentCalls> {
  const placeIn = (open: OpenArchive, message: string, index: number) =>
    attachmentPlace(open.read, view => open.opening.ask('places', view), message as RecordId, index)

  const save = async (open: OpenArchive, message: string, place: AttachmentPlace, to: string) => {
    const saved = await saveFile(to, attachmentPieces(open.read, message as RecordId, place))
    await markFromElsewhere(saved.path, clock.now())
    return saved
  }

  return {
    'attachment.report': async ({ archive, message, index }) => {
      const open = await archives.open(archive)
      return report(open, message as RecordId, await placeIn(open, message, index))
    },
    'attachment.preview': async ({ archive, message, index }) => {
      const open = await archives.open(archive)
      return preview(open, message as RecordId, await placeIn(open, message, index))
    },
    'attachment.save': async ({ archive, message, index, to }) => {
      const open = await archives.open(archive)
      return save(open, message, await placeIn(open, message, index), to)
    },
    'attachment.saveAll': async ({ archive, message, to }) => {
      const open = await archives.open(archive)
      const places = await attachmentPlaces(open.read, view => open.opening.ask('places', view), message as RecordId)
      const saved: { index: number; path: string; bytes: number }[] = []
      const failed: { index: number; name: string; error: ReturnType<typeof toPlainError> }[] = []
      for (const place of places) {
        const { index, name } = place.attachment
        try {
          saved.push({ index, ...(await save(open, message, place, join(to, attachmentName(name)))) })
        } catch (error) {
          failed.push({ index, name, error: toPlainError(error) })
        }
      }
      return { saved, failed }
    },
  }
}

async function report(open: OpenArchive, id: RecordId, place: AttachmentPlace): Promise<AttachmentReport> {
  const { index, name, type, size } = place.attachment
  const head = await attachmentBytes(open.read, id, place, HEAD_BYTES)
  const dangers = contentDangers(name, head)
  if (!dangers.includes('macros') && (await holdsMacros(name, attachmentPieces(open.read, id, place)))) dangers.push('macros')
  return { index, name, safeName: attachmentName(name), type, size, dangers, really: kindOf(head) }
}

const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp', 'image/svg+xml'])
const TEXTS = new Set(
  'txt text log csv tsv md json xml yml yaml html htm css js ts py c h cpp java sql ini conf diff patch tex srt po properties asc pem rtf'.split(' '),
)

async function preview(open: OpenArchive, id: RecordId, place: AttachmentPlace): Promise<AttachmentPreview> {
  const { name, type, size } = place.attachment
  const { charset } = place
  const read = (most: number) => attachmentBytes(open.read, id, place, most)
  const head = await read(HEAD_BYTES)
  if (head.length === 0) return { kind: 'none', why: 'empty' }
  const extension = extensionOf(name)
  const kind = kindOf(head)
  if (kind !== null && IMAGES.has(kind)) return size > PREVIEW_MAX ? tooLarge : { kind: 'image', type: kind, bytes: await read(PREVIEW_MAX) }
  if (kind === 'application/pdf') return size > PREVIEW_MAX ? tooLarge : { kind: 'pdf', bytes: await read(PREVIEW_MAX) }
  if (kind === 'text/calendar') return { kind: 'events', events: await open.opening.ask('events', await read(TEXT_MAX), charset) }
  if (kind === 'text/vcard') return { kind: 'contacts', contacts: await open.opening.ask('contacts', await read(TEXT_MAX), charset) }
  if (mayBeOpaque(type, name)) {
    if (size > MESSAGE_MAX) return tooLarge
    const opened = await open.opening.ask('opaque', await read(MESSAGE_MAX), type)
    if (opened) return { kind: 'message', message: withoutRest(opened), envelope: opened.isSigned ? 'signed' : 'winmail' }
  }
  if (type === 'message/rfc822' || type === 'message/global' || extension === 'eml') {
    if (size > MESSAGE_MAX) return tooLarge
    return { kind: 'message', message: withoutRest(await open.opening.ask('message', await read(MESSAGE_MAX))) }
  }
  if (
    (kind === null || kind.startsWith('text/')) &&
    (type.startsWith('text/') || TEXTS.has(extension) || type === 'message/delivery-status') &&
    !head.includes(0)
  ) {
    const bytes = await read(TEXT_MAX)
    return { kind: 'text', text: await open.opening.ask('text', bytes, charset), truncated: bytes.length >= TEXT_MAX }
  }
  return { kind: 'none', why: 'unknown' }
}

const mayBeOpaque = (type: string, name: string): boolean =>
  /^application\/(?:(?:x-)?pkcs7-mime|(?:vnd\.)?ms-tnef)$/.test(type) || /^winmail\.dat$/i.test(name)

const withoutRest = ({ subject, from, to, cc, date, text, html, attachments }: InnerMessage): InnerMessage => ({
  subject,
  from,
  to,
  cc,
  date,
  text,
  html,
  attachments,
})

const tooLarge: AttachmentPreview = { kind: 'none', why: 'too-large' }
