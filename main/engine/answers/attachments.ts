/** What the reader asks of attachments. */
import { join } from 'node:path'
import { extensionOf, isEnvelope, isMessage } from '../../contract/attachmentNames.ts'
import { AppError, toPlainError } from '../../contract/errors.ts'
import type { AttachmentPreview, AttachmentReport, InnerMessage } from '../../contract/reading.ts'
import type { Attachment } from '../../contract/types.ts'
import type { OpenArchive } from '../archive/openArchive.ts'
import type { EngineContext } from '../context.ts'
import { attachmentPieces, attachmentPlace, attachmentPlaces, firstBytes } from '../jobs/attachments/attachment.ts'
import { contentDangers, HEAD_BYTES, holdsMacros, kindOf } from '../jobs/attachments/kind.ts'
import { attachmentName } from '../jobs/attachments/name.ts'
import { markFromElsewhere } from '../jobs/fromElsewhere.ts'
import { saveFile } from '../jobs/saveFile.ts'
import type { RecordId } from '../log/types.ts'
import type { AttachmentPlace } from '../mail/open.ts'
import type { CallAnswers } from '../serve.ts'

const PREVIEW_MAX = 32 * 1024 * 1024
const TEXT_MAX = 512 * 1024
/** Of an attachment that is a message, which is read whole. */
const MESSAGE_MAX = 24 * 1024 * 1024

type AttachmentCalls = Extract<keyof CallAnswers, `attachment.${string}`>

/** An attachment, wherever it lies. */
interface Source {
  attachment: Attachment
  charset: string | null
  pieces(): AsyncIterable<Uint8Array>
}

export function attachmentCalls({ archives, clock }: EngineContext): Pick<CallAnswers, AttachmentCalls> {
  const save = async (source: Source, to: string) => {
    const saved = await saveFile(to, source.pieces())
    await markFromElsewhere(saved.path, clock.now())
    return saved
  }

  return {
    'attachment.report': async ({ archive, ...which }) => report(await sourceOf(await archives.open(archive), which)),
    'attachment.preview': async ({ archive, ...which }) => {
      const open = await archives.open(archive)
      return preview(open, await sourceOf(open, which))
    },
    'attachment.save': async ({ archive, to, ...which }) => save(await sourceOf(await archives.open(archive), which), to),
    'attachment.saveAll': async ({ archive, message, to }) => {
      const open = await archives.open(archive)
      const places = await attachmentPlaces(open.read, view => open.opening.ask('places', view), message as RecordId)
      const saved: { index: number; path: string; bytes: number }[] = []
      const failed: { index: number; name: string; error: ReturnType<typeof toPlainError> }[] = []
      for (const place of places) {
        const { index, name } = place.attachment
        try {
          saved.push({ index, ...(await save(outer(open, message as RecordId, place), join(to, attachmentName(name)))) })
        } catch (error) {
          failed.push({ index, name, error: toPlainError(error) })
        }
      }
      return { saved, failed }
    },
  }
}

const outer = (open: OpenArchive, id: RecordId, place: AttachmentPlace): Source => ({
  attachment: place.attachment,
  charset: place.charset,
  pieces: () => attachmentPieces(open.read, id, place),
})

/** Throws not-found where there is none, or where it lies in something that is too large to be read whole. */
async function sourceOf(
  open: OpenArchive,
  { message, index, within = [] }: { message: string; index: number; within?: number[] | undefined },
): Promise<Source> {
  const id = message as RecordId
  const source = outer(open, id, await attachmentPlace(open.read, view => open.opening.ask('places', view), id, index))
  if (within.length === 0) return source
  const { name, type, size } = source.attachment
  const found =
    size <= MESSAGE_MAX ? await open.opening.hand('within', await firstBytes(source.pieces(), MESSAGE_MAX, size), { name, type }, within) : null
  if (!found) throw new AppError('not-found', `attachment ${index} of message ${id.slice(0, 12)} holds no attachment ${within.join('.')}`)
  return {
    attachment: found.attachment,
    charset: found.charset,
    async *pieces() {
      yield found.bytes
    },
  }
}

async function report({ attachment, pieces }: Source): Promise<AttachmentReport> {
  const { index, name, type, size } = attachment
  const head = await firstBytes(pieces(), HEAD_BYTES)
  const dangers = contentDangers(name, head)
  if (!dangers.includes('macros') && (await holdsMacros(name, pieces()))) dangers.push('macros')
  return { index, name, safeName: attachmentName(name), type, size, dangers, really: kindOf(head) }
}

const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp', 'image/svg+xml'])
const TEXTS = new Set(
  'txt text log csv tsv md json xml yml yaml html htm css js ts py c h cpp java sql ini conf diff patch tex srt po properties asc pem rtf'.split(' '),
)

async function preview(open: OpenArchive, { attachment, charset, pieces }: Source): Promise<AttachmentPreview> {
  const { name, type, size } = attachment
  const read = (most: number) => firstBytes(pieces(), most, size)
  const head = await read(HEAD_BYTES)
  if (head.length === 0) return { kind: 'none', why: 'empty' }
  const extension = extensionOf(name)
  const kind = kindOf(head)
  if (kind !== null && IMAGES.has(kind)) return size > PREVIEW_MAX ? tooLarge : { kind: 'image', type: kind, bytes: await read(PREVIEW_MAX) }
  if (kind === 'application/pdf') return size > PREVIEW_MAX ? tooLarge : { kind: 'pdf', bytes: await read(PREVIEW_MAX) }
  if (kind === 'text/calendar') return { kind: 'events', events: await open.opening.ask('events', await read(TEXT_MAX), charset) }
  if (kind === 'text/vcard') return { kind: 'contacts', contacts: await open.opening.ask('contacts', await read(TEXT_MAX), charset) }
  if (isEnvelope(type, name)) {
    if (size > MESSAGE_MAX) return tooLarge
    const opened = await open.opening.ask('opaque', await read(MESSAGE_MAX), type)
    if (opened) return { kind: 'message', message: withoutRest(opened), envelope: opened.isSigned ? 'signed' : 'winmail' }
  }
  if (isMessage(type, name)) {
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
