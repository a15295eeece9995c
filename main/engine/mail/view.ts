/** What the reader shows of a message. Never throws: a message that cannot be shown says so in a field. */
import { type HoledBytes, unpackHoled } from '../base/holed.ts'
import { readAuthentication } from './authentication.ts'
import { readCalendar } from './calendar.ts'
import { readContacts } from './contacts.ts'
import { type Content, readContent } from './content.ts'
import { unflow } from './flowed.ts'
import { fieldValue } from './header.ts'
import { htmlBeginning } from './htmlBeginning.ts'
import { markHtml } from './htmlMarks.ts'
import { htmlText } from './htmlText.ts'
import { type MailView, unviewed } from './mailView.ts'
import { readAddresses, readHeaders, readLine } from './parse.ts'
import { type BodyPart, bodyBytes } from './parts.ts'
import { sanitise } from './sanitise.ts'
import type { MimePart } from './structure.ts'
import { bodyText } from './text.ts'
import { decodeTransfer } from './transfer.ts'

const TEXT_MAX = 1024 * 1024 // characters; nobody scrolls further, and a window must not have to lay it out
const HTML_MAX = 1024 * 1024
const IMAGE_MAX = 4 * 1024 * 1024
const IMAGES_MAX = 16 * 1024 * 1024
const CARD_MAX = 256 * 1024
const EVENTS_MAX = 20
const CONTACTS_MAX = 50

/** Takes the parse view with inline images kept (log/message.ts). `beginning`: of long HTML, only what is seen first. */
export function viewMessage(packed: Uint8Array, beginning = false): MailView {
  const view = unpackHoled(packed)
  try {
    return show(view, beginning)
  } catch {
    // The raw message and its attachments' bytes can still be had.
    return unviewed('parse-failed')
  }
}

function show(view: HoledBytes, beginning: boolean): MailView {
  const content = readContent(view)
  const { fields } = content.root
  const blocks = readBlocks(view, content)
  const cut = beginning && cutHtml(blocks)
  const texts = blocks.map(({ plain, html }) => plain ?? htmlText(html!)).join('\n\n')
  const sources = blocks.map(({ plain, html }) => html ?? `<div style="white-space:pre-wrap">${escapeHtml(plain!)}</div>`)
  const source = blocks.some(block => block.html !== null) ? sources.join('<hr>') : null
  const clean = source === null ? null : sanitise(source.slice(0, HTML_MAX), inlineImages(view, content))
  const marked = clean && markHtml(clean.html)
  return {
    cc: readAddresses(fields, 'cc'),
    bcc: readAddresses(fields, 'bcc'),
    replyTo: readAddresses(fields, 'reply-to'),
    rfcMessageId: readHeaders(view).rfcMessageId,
    text: texts.slice(0, TEXT_MAX),
    html: marked?.html ?? null,
    remoteContentBlocked: clean?.blocked ?? false,
    ...(cut && { beginning: cut }),
    truncated: texts.length > TEXT_MAX || (source?.length ?? 0) > HTML_MAX || content.texts.some(body => body.holes.length > 0),
    attachments: content.attachments.map(({ attachment }) => attachment),
    links: marked?.links ?? { mismatched: 0, lookalike: 0 },
    remoteImages: clean?.remote ?? [],
    trackers: clean?.trackers ?? 0,
    authentication: readAuthentication(fields),
    events: cards(view, content, /^text\/calendar$/, readCalendar).slice(0, EVENTS_MAX),
    contacts: cards(view, content, /^text\/(?:x-)?vcard$/, readContacts).slice(0, CONTACTS_MAX),
    failure: null,
  }
}

/** A stretch of the message in one or both of its forms. */
interface Block {
  plain: string | null
  html: string | null
}

/** Leaves the beginning of the first long HTML and nothing of what follows it; whether there was such. */
function cutHtml(blocks: Block[]): boolean {
  const at = blocks.findIndex(({ html }) => html !== null && htmlBeginning(html) !== null)
  if (at < 0) return false
  const { plain, html } = blocks[at]!
  blocks[at] = { plain, html: html!.slice(0, htmlBeginning(html!)!) }
  blocks.length = at + 1
  return true
}

/** Texts within one multipart/alternative are forms of the same; all others follow one another. An inner message begins with its headers. */
function readBlocks(view: HoledBytes, { texts }: Content): Block[] {
  const blocks: Block[] = []
  const alternatives = new Map<MimePart, Block>()
  const introduced = new Set<MimePart>()
  for (const body of texts) {
    const { part } = body
    const inner = ancestor(part, ({ parent }) => parent?.kind === 'message')
    if (inner && !introduced.has(inner)) {
      introduced.add(inner)
      blocks.push({ plain: introduction(inner), html: null })
    }
    const alternative = ancestor(part, ({ type }) => type === 'multipart/alternative')
    let block = alternative && alternatives.get(alternative)
    if (!block) {
      block = { plain: null, html: null }
      blocks.push(block)
      if (alternative) alternatives.set(alternative, block)
    }
    const form = part.type === 'text/html' ? 'html' : 'plain'
    const text = form === 'html' ? bodyText(view, body, HTML_MAX * 2) : plainText(view, body)
    block[form] = block[form] === null ? text : `${block[form]}\n${text}`
  }
  return blocks
}

function plainText(view: HoledBytes, body: BodyPart): string {
  const text = bodyText(view, body, TEXT_MAX * 2)
  const { params } = body.part
  if (params.get('format')?.value.toLowerCase() !== 'flowed') return text.replace(/\r\n/g, '\n')
  return unflow(text, params.get('delsp')?.value.toLowerCase() === 'yes')
}

function introduction({ fields }: MimePart): string {
  const from = readAddresses(fields, 'from').map(({ name, address }) => (name === '' ? address : `${name} <${address}>`))
  return ['—'.repeat(20), from.join(', '), fieldValue(fields, 'date') ?? '', readLine(fields, 'subject', 500)].filter(line => line !== '').join('\n')
}

function ancestor(part: MimePart, is: (part: MimePart) => boolean): MimePart | null {
  for (let at: MimePart | null = part; at; at = at.parent) if (is(at)) return at
  return null
}

/** What the calendar objects or contact cards among the attachments hold; those that are too large for the view are opened as attachments. */
function cards<T>(view: HoledBytes, { attachments }: Content, type: RegExp, read: (text: string) => T[]): T[] {
  return attachments
    .filter(({ body }) => type.test(body.part.type) && body.holes.length === 0)
    .slice(0, CONTACTS_MAX)
    .flatMap(({ body }) => read(bodyText(view, body, CARD_MAX)))
}

/** Images of the message by Content-ID, as data: URLs, until their budget is spent: each time one is shown costs its length, or a thousand tags would make gigabytes of one image. */
function inlineImages(view: HoledBytes, { attachments }: Content): (cid: string) => string | null {
  let left = (IMAGES_MAX * 4) / 3
  const urls = new Map<string, string | null>()
  return cid => {
    const known = urls.get(cid)
    if (known !== undefined) return spend(known)
    const found = attachments.find(({ attachment }) => attachment.cid === cid && /^image\/(png|jpe?g|gif|webp|bmp)$/.test(attachment.type))
    let url: string | null = null
    if (found && found.body.holes.length === 0 && found.attachment.size <= Math.min(IMAGE_MAX, left)) {
      url = `data:${found.attachment.type};base64,${decodeTransfer(bodyBytes(view, found.body), found.body.part.encoding).toString('base64')}`
    }
    urls.set(cid, url)
    return spend(url)
  }

  function spend(url: string | null): string | null {
    if (url === null || url.length > left) return null
    left -= url.length
    return url
  }
}

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
