/** Writes a letter as an RFC 5322 message, the way mail programs do: headers, MIME parts, transfer encodings. */
import { createHash } from 'node:crypto'
import { formatZone } from '../imap/format.ts'
import { type Charset, canEncode, encodeText } from './charset.ts'
import { base64Lines, encodedWords, isAscii, quotedPrintable } from './encode.ts'

export interface Person {
  name: string
  address: string
  /** Put under what they write. */
  signature?: string
}

export interface Attached {
  name: string
  type: string
  bytes: Uint8Array
  /** Shown inside the HTML as cid:…; put beside it in multipart/related. */
  cid?: string
}

export interface Letter {
  /** Left part of the Message-ID; what a reply names. */
  id: string
  from: Person
  to: Person[]
  cc?: Person[]
  /** '2023-03-14 09:12 +0100' */
  at: string
  subject: string
  /** Paragraphs are parted by an empty line. */
  text: string
  /** What it answers, below text and signature. */
  quoted?: string
  /** A body in HTML beside the text: made from it, or as given. */
  html?: true | string
  charset?: Charset
  transfer?: '7bit' | '8bit' | 'quoted-printable' | 'base64'
  files?: Attached[]
  /** Ids of the letters before it in the thread, oldest first. */
  thread?: string[]
  headers?: [string, string][]
}

const EOL = '\r\n'

export function messageId(id: string): string {
  return `<${id}@mail.latarnia.example>`
}

export function compose(letter: Letter): Uint8Array {
  const charset = letter.charset ?? (isAscii(signed(letter) + letter.subject + (letter.html ?? '')) ? 'us-ascii' : 'utf-8')
  const body = bodyOf(letter, charset)
  const head = [...headersOf(letter, charset), ['MIME-Version', '1.0'], ...body.headers].map(([name, value]) => `${name}: ${value}${EOL}`)
  return Buffer.concat([Buffer.from(head.join('') + EOL, 'latin1'), body.bytes])
}

/** '2023-03-14 09:12 +0100' as Unix seconds and minutes east of UTC. */
export function readTime(at: string): { seconds: number; zone: number } {
  const parts = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)(?::(\d\d))? ([+-])(\d\d)(\d\d)$/.exec(at)
  if (!parts) throw new Error(`not a time: ${at}`)
  const [year, month, day, hour, minute] = parts.slice(1, 6).map(Number) as [number, number, number, number, number]
  const zone = (parts[7] === '-' ? -1 : 1) * (Number(parts[8]) * 60 + Number(parts[9]))
  return { seconds: Date.UTC(year, month - 1, day, hour, minute, Number(parts[6] ?? secondOf(at))) / 1000 - zone * 60, zone }
}

/** RFC 5322 3.3. */
export function mailDate(at: string): string {
  const { seconds, zone } = readTime(at)
  const local = new Date((seconds + zone * 60) * 1000)
  // toUTCString is 'Tue, 14 Mar 2023 09:12:41 GMT' by its specification
  return local.toUTCString().replace('GMT', formatZone(zone))
}

/** Nobody sends at :00 every time. */
const secondOf = (at: string) => (createHash('sha256').update(at).digest()[0] as number) % 60

function headersOf(letter: Letter, charset: Charset): [string, string][] {
  const words = (text: string) => encodedWords(text, canEncode(text, charset) ? charset : 'utf-8')
  // A name may need more than the letter's charset has
  const person = (one: Person) => (one.name === '' ? one.address : `${phrase(one.name)} <${one.address}>`)
  const all: [string, string][] = [['From', person(letter.from)]]
  if (letter.to.length > 0) all.push(['To', letter.to.map(person).join(`,${EOL} `)])
  if (letter.cc) all.push(['Cc', letter.cc.map(person).join(`,${EOL} `)])
  all.push(['Subject', words(letter.subject)], ['Date', mailDate(letter.at)], ['Message-ID', messageId(letter.id)])
  const before = letter.thread?.map(messageId) ?? []
  if (before.length > 0) all.push(['In-Reply-To', before.at(-1) as string], ['References', before.join(`${EOL} `)])
  return [...(letter.headers ?? []), ...all]
}

function phrase(name: string): string {
  if (!isAscii(name)) return encodedWords(name, 'utf-8')
  return /^[\w .-]*$/.test(name) && !name.includes('.') ? name : `"${name.replace(/[\\"]/g, '\\$&')}"`
}

interface Part {
  headers: [string, string][]
  bytes: Buffer
}

function bodyOf(letter: Letter, charset: Charset): Part {
  const text = signed(letter)
  const transfer = letter.transfer ?? (charset === 'us-ascii' ? '7bit' : 'quoted-printable')
  const plain = textPart(wrap(text), 'plain', charset, transfer)
  if (!letter.html) return withFiles(plain, letter)
  const html = letter.html === true ? htmlOf(text) : letter.html
  const shown = textPart(html, 'html', charset, transfer === '7bit' ? 'quoted-printable' : transfer)
  const inline = letter.files?.filter(file => file.cid) ?? []
  const related = inline.length === 0 ? shown : multipart('related', letter.id, [shown, ...inline.map(filePart)])
  return withFiles(multipart('alternative', letter.id, [plain, related]), letter)
}

function signed({ text, from, quoted }: Letter): string {
  const signature = from.signature ? `\n\n-- \n${from.signature}` : ''
  return `${text}${signature}${quoted ? `\n\n${quoted}` : ''}`
}

function withFiles(body: Part, letter: Letter): Part {
  const files = letter.files?.filter(file => !file.cid) ?? []
  return files.length === 0 ? body : multipart('mixed', letter.id, [body, ...files.map(filePart)])
}

export function textPart(text: string, subtype: string, charset: Charset, transfer: NonNullable<Letter['transfer']>): Part {
  const raw = encodeText(text.replaceAll('\n', EOL) + EOL, charset)
  const bytes = transfer === 'base64' ? base64Lines(raw) : transfer === 'quoted-printable' ? quotedPrintable(raw) : raw
  return { headers: [['Content-Type', `text/${subtype}; charset=${charset}`], ...(transfer === '7bit' ? [] : [transferHeader(transfer)])], bytes }
}

const transferHeader = (transfer: string): [string, string] => ['Content-Transfer-Encoding', transfer]

function filePart(file: Attached): Part {
  const disposition = file.cid ? 'inline' : 'attachment'
  const whole = file.type === 'message/rfc822'
  // RFC 2046 5.2.1: a message inside a message is not encoded again
  const headers: [string, string][] = [
    ['Content-Type', whole || !isAscii(file.name) ? file.type : `${file.type}; name="${file.name}"`],
    ['Content-Disposition', `${disposition};${EOL} ${fileName(file.name)}`],
  ]
  if (file.cid) headers.push(['Content-ID', `<${file.cid}>`])
  if (!whole) headers.push(transferHeader('base64'))
  return { headers, bytes: whole ? Buffer.from(file.bytes) : base64Lines(file.bytes) }
}

/** RFC 2231 where the name is not ASCII. */
function fileName(name: string): string {
  if (isAscii(name)) return `filename="${name}"`
  const coded = encodeURIComponent(name).replace(/['()*]/g, symbol => `%${symbol.charCodeAt(0).toString(16).toUpperCase()}`)
  return `filename*=utf-8''${coded}`
}

export function multipart(subtype: string, id: string, parts: Part[]): Part {
  const boundary = `=_${createHash('sha256').update(`${subtype} ${id}`).digest('hex').slice(0, 24)}`
  const pieces: Buffer[] = []
  for (const part of parts) {
    const head = part.headers.map(([name, value]) => `${name}: ${value}${EOL}`).join('')
    pieces.push(Buffer.from(`--${boundary}${EOL}${head}${EOL}`, 'latin1'), part.bytes)
    if (part.bytes.at(-1) !== 0x0a) pieces.push(Buffer.from(EOL))
  }
  pieces.push(Buffer.from(`--${boundary}--${EOL}`))
  return { headers: [['Content-Type', `multipart/${subtype}; boundary="${boundary}"`]], bytes: Buffer.concat(pieces) }
}

/** Long lines are broken at spaces after about 76 characters; quoted lines and signatures stay as they are. */
function wrap(text: string): string {
  return text
    .split('\n')
    .map(line => (line.startsWith('>') ? line : line.replace(/(?=\S)(.{1,76})(?: +|$)/g, '$1\n').replace(/\n$/, '')))
    .join('\n')
}

function htmlOf(text: string): string {
  const paragraphs = text.split('\n\n').map(one => `<p style="margin:0 0 12px">${escapeHtml(one).replaceAll('\n', '<br>\n')}</p>`)
  return `<html><body style="font-family:Calibri,sans-serif;font-size:15px">\n${paragraphs.join('\n')}\n</body></html>`
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
