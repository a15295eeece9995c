/** Everything that lists and search need of a message, from its parse view. Bounded; throws only on its own mistakes. */
import { addressParser } from 'postal-mime'
import type { Address, Attachment } from '../../contract/types.ts'
import type { HoledBytes } from '../base/holed.ts'
import { type Content, readContent } from './content.ts'
import { readDate } from './date.ts'
import { fieldValue, type HeaderField, headerFields } from './header.ts'
import { htmlWords } from './htmlText.ts'
import { bodyText } from './text.ts'
import { headerText, oneLine } from './words.ts'

/** What was read. Text as written; search/normalise.ts makes tokens of it. */
export interface ReadMail {
  subject: string
  from: Address[]
  to: Address[]
  cc: Address[]
  /** Unix ms. */
  date: number | null
  rfcMessageId: string
  inReplyTo: string
  references: string[]
  attachments: Attachment[]
  /** Names and addresses: From, Sender and Reply-To; To; Cc and Bcc. */
  sender: string
  addressee: string
  copied: string
  /** List-Id (RFC 2919), '' where there is none. */
  list: string
  /** The text or the HTML points to a page. */
  hasLink: boolean
  /** The visible text, that of inner messages included. */
  body: string
  /** Names that the message gives its attachments. */
  names: string
}

const TEXT_MAX = 1024 * 1024 // characters for the index
const HEADERS_MAX = 64 * 1024
const SUBJECT_MAX = 2000
const ADDRESSES_MAX = 500
const REFERENCES_MAX = 100
// A plain alternative shorter than this share of the HTML's text leaves out what somebody will search for.
const TELLS_ALL = 0.6

export type ReadHeaders = Pick<ReadMail, 'subject' | 'from' | 'to' | 'cc' | 'date' | 'rfcMessageId' | 'inReplyTo' | 'references'>

export function readMail(view: HoledBytes): ReadMail {
  const content = readContent(view)
  const { fields } = content.root
  const headers = headersOf(fields)
  const people = (known: Address[], ...names: string[]) => peopleText([...known, ...names.flatMap(name => readAddresses(fields, name))])
  const { text, hasLink } = visibleText(view, content)
  return {
    ...headers,
    attachments: content.attachments.map(({ attachment }) => attachment),
    sender: people(headers.from, 'sender', 'reply-to'),
    addressee: people(headers.to),
    copied: people(headers.cc, 'bcc'),
    list: readLine(fields, 'list-id', SUBJECT_MAX),
    body: text,
    hasLink,
    names: content.attachments.map(({ stated }) => stated).join('\n'),
  }
}

/** What the first header block says, without a look at anything behind it. */
export function readHeaders({ bytes }: HoledBytes): ReadHeaders {
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADERS_MAX))
  return headersOf(headerFields(block.subarray(0, endOfHeaders(block))))
}

/** Behind the line end before the first empty line; all of it where there is none. */
function endOfHeaders(block: Buffer): number {
  for (let lf = block.indexOf(10); lf >= 0; lf = block.indexOf(10, lf + 1)) {
    const next = block[lf + 1]
    if (next === 10 || (next === 13 && block[lf + 2] === 10)) return lf + 1
  }
  return block.length
}

function headersOf(fields: readonly HeaderField[]): ReadHeaders {
  return {
    subject: readLine(fields, 'subject', SUBJECT_MAX),
    from: readAddresses(fields, 'from'),
    to: readAddresses(fields, 'to'),
    cc: readAddresses(fields, 'cc'),
    date: readDate(fieldValue(fields, 'date')),
    rfcMessageId: readIds(fieldValue(fields, 'message-id'))[0] ?? '',
    inReplyTo: readIds(fieldValue(fields, 'in-reply-to'))[0] ?? '',
    references: readIds(fieldValue(fields, 'references')).slice(-REFERENCES_MAX),
  }
}

/** A text header in one line. */
export function readLine(fields: readonly HeaderField[], name: string, max: number): string {
  return oneLine(headerText(fieldValue(fields, name) ?? '')).slice(0, max)
}

/** Addresses of all fields of that name; groups are opened (RFC 5322 3.4). */
export function readAddresses(fields: readonly HeaderField[], name: string): Address[] {
  const found: Address[] = []
  for (const field of fields) {
    if (field.name !== name || field.value === '') continue
    const simple = simpleAddress(field.value)
    if (simple) found.push(simple)
    else
      for (const { name, address } of addressParser(eightBit(field.value), { flatten: true }))
        if (found.length < ADDRESSES_MAX) found.push({ name: oneLine(name ?? ''), address: oneLine(address ?? '') })
  }
  return found
}

/** `name <local@host>` without anything that needs a parser: nearly all there are. */
function simpleAddress(value: string): Address | null {
  const match = /^(?:([A-Za-z0-9 .'_+-]*|"[^"\\\x80-\xff=]*") ?<)?([A-Za-z0-9._+-]+@[A-Za-z0-9.-]+)(>?)$/.exec(value)
  if (!match || (match[1] === undefined) !== (match[3] === '')) return null
  return { name: (match[1] ?? '').replaceAll('"', '').trim(), address: match[2]! }
}

/** Raw 8-bit text becomes characters; encoded words stay for the address parser, which must see their limits. */
const eightBit = (value: string): string => value.replace(/[\x80-\xff]+/g, headerText)

function readIds(value: string | null): string[] {
  if (value === null) return []
  const bracketed = value.match(/<[^<>\s]{1,990}>/g)
  return bracketed ? bracketed.map(id => id.slice(1, -1)) : value.split(/\s+/).filter(id => id.includes('@') && id.length < 990)
}

export function peopleText(people: Address[]): string {
  let text = ''
  for (const { name, address } of people) text += name === '' ? `${address}\n` : `${name} ${address}\n`
  return text
}

const LINK = /\bhttps?:\/\/[^\s<>"]/i
const HTML_LINK = /<a\s[^<>]{0,500}?href\s*=\s*["']?\s*https?:/i

function visibleText(view: HoledBytes, { texts, inner }: Content): { text: string; hasLink: boolean } {
  let text = ''
  for (const part of inner)
    text += `${readLine(part.fields, 'subject', SUBJECT_MAX)}\n${peopleText([...readAddresses(part.fields, 'from'), ...readAddresses(part.fields, 'to')])}`
  const head = text
  text = ''
  const html: string[] = []
  for (const body of texts) {
    if (text.length > TEXT_MAX) break
    const read = bodyText(view, body, TEXT_MAX * 2)
    if (body.part.type === 'text/html') html.push(read)
    else text += `${read}\n`
  }
  const plain = text
  for (const source of html) {
    if (text.length > TEXT_MAX) break
    const shown = htmlWords(source)
    if (plain.length < shown.length * TELLS_ALL) text += `${shown}\n`
  }
  return { text: (text + head).slice(0, TEXT_MAX), hasLink: LINK.test(plain) || html.some(source => HTML_LINK.test(source)) }
}
