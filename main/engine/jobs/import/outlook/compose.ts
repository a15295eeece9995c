/**
 * A MIME message made of what Outlook keeps. These are not the bytes that travelled: Outlook throws those away. Its stored headers stand as
 * they are; the body is put together anew, always in the same way, so that a second import makes the same bytes and knows them again.
 */
import { createHash } from 'node:crypto'
import type { OutlookAddress, OutlookAttachment, OutlookMessage } from './types.ts'

export function composeMessage(message: OutlookMessage): Buffer {
  const { lines, names } = storedHeaders(message.headers)
  const head = [
    ...lines,
    ...ownHeaders(message)
      .filter(([name]) => !names.has(name.toLowerCase()) && !isStandIn(name, names))
      .map(field),
  ]
  if (message.lost > 0) head.push(field(['X-Mailcoffer-Lost-Attachments', String(message.lost)]))
  return Buffer.concat([Buffer.from(head.map(line => `${line}\r\n`).join('')), entity(message)])
}

type Field = readonly [name: string, value: string]
const field = ([name, value]: Field): string => `${name}: ${value}`
/** A message that came says itself who it was for; Sender and Bcc would only be guesses beside that. */
const isStandIn = (name: string, names: ReadonlySet<string>): boolean => names.has('from') && (name === 'Sender' || name === 'Bcc')

/** Without those of the body, which is written anew, and without lines that are no header. */
function storedHeaders(text: string): { lines: string[]; names: Set<string> } {
  const lines: string[] = []
  const names = new Set<string>()
  let wanted = false
  for (const line of text
    .replaceAll('\0', '')
    .trimStart()
    .split(/\r\n|\n|\r/)) {
    if (/^[ \t]/.test(line)) {
      if (wanted && line.trim() !== '') lines.push(line)
      continue
    }
    const name = /^([!-9;-~]{1,100})[ \t]*:/.exec(line)?.[1]?.toLowerCase()
    if (line === '' && lines.length > 0) break
    wanted = name !== undefined && !name.startsWith('content-') && name !== 'mime-version'
    if (!wanted || name === undefined) continue
    lines.push(line)
    names.add(name)
  }
  return { lines, names }
}

function ownHeaders({ from, sender, recipients, subject, sent, received, messageId, inReplyTo, references }: OutlookMessage): Field[] {
  const to = (kind: string) => addressList(recipients.filter(one => one.kind === kind))
  const date = sent ?? received
  const fields: Field[] = [
    ['Date', date === null ? '' : new Date(date).toUTCString().replace('GMT', '+0000')],
    ['From', from ? addressList([from]) : ''],
    ['Sender', sender ? addressList([sender]) : ''],
    ['To', to('to')],
    ['Cc', to('cc')],
    ['Bcc', to('bcc')],
    ['Subject', words(subject)],
    ['Message-ID', oneLine(messageId)],
    ['In-Reply-To', oneLine(inReplyTo)],
    ['References', oneLine(references)],
  ]
  return [...fields.filter(([, value]) => value !== ''), ['MIME-Version', '1.0']]
}

const addressList = (list: readonly OutlookAddress[]): string => list.map(mailbox).join(',\r\n ')

/** Exchange's own addresses (`/O=…/CN=…`) are no mail addresses: they are quoted, so that what was known is not lost. */
function mailbox({ name, address }: OutlookAddress): string {
  const plain = oneLine(address)
  const spec = /^[^\s<>()"@,;:]+@[^\s<>()"@,;:]+$/.test(plain) ? `<${plain}>` : plain === '' ? '' : `<${quoted(plain)}@unknown.invalid>`
  return `${phrase(name)} ${spec}`.trim()
}

const phrase = (name: string): string => (name === '' ? '' : /^[\x20-\x7e]*$/.test(oneLine(name)) ? quoted(oneLine(name)) : words(name))
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll(/[^\x20-\x7e]/g, '_')}"`
// biome-ignore lint/suspicious/noControlCharactersInRegex: a line end in a value would begin a header of a stranger's choice
const oneLine = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').trim()

/** RFC 2047: ASCII as it is, everything else as encoded words of whole characters. */
function words(text: string): string {
  const line = oneLine(text)
  if (/^[\x20-\x7e]*$/.test(line) && !line.includes('=?')) return line
  const encoded: string[] = []
  let held = ''
  const end = () => {
    encoded.push(`=?utf-8?B?${Buffer.from(held).toString('base64')}?=`)
    held = ''
  }
  for (const character of line) {
    if (Buffer.byteLength(held + character) > 45) end()
    held += character
  }
  if (held !== '') end()
  return encoded.join('\r\n ')
}

/** The headers of the body and the body. */
function entity(message: OutlookMessage): Buffer {
  const signed = signedEntity(message)
  if (signed) return signed
  const inline = message.html ? message.attachments.filter(one => !('inner' in one) && one.inline) : []
  const beside = message.attachments.filter(one => !inline.includes(one))
  const text = message.text === '' && message.html ? [] : [textPart('plain', message.text)]
  const html = message.html ? [htmlPart(message.html)] : []
  const shown = multipart('related', [multipart('alternative', [...text, ...html]), ...inline.map(attachmentPart)])
  const rtf = message.rtf && message.rtf.length > 0 ? [attachmentPart(rtfAttachment(message.rtf))] : []
  return multipart('mixed', [shown, ...rtf, ...beside.map(attachmentPart)])
}

const rtfAttachment = (data: Uint8Array): OutlookAttachment => ({ name: 'message.rtf', type: 'text/rtf', contentId: '', inline: false, data })

/** S/MIME: what was signed or encrypted is kept whole, and is the body. */
function signedEntity({ messageClass, attachments }: OutlookMessage): Buffer | null {
  const only = attachments.length === 1 ? attachments[0]! : null
  if (!/^IPM\.Note\.SMIME/i.test(messageClass) || !only || 'inner' in only) return null
  const data = Buffer.from(only.data.buffer, only.data.byteOffset, only.data.byteLength)
  if (/^content-type:[ \t]*multipart\/signed/i.test(data.toString('latin1', 0, 200))) return data
  return leaf(['Content-Type: application/pkcs7-mime; name="smime.p7m"', 'Content-Disposition: attachment; filename="smime.p7m"'], data, true)
}

function multipart(kind: string, parts: readonly Buffer[]): Buffer {
  if (parts.length === 1) return parts[0]!
  // Of what it holds: the same message has the same boundary, and nobody can have put it into a body beforehand.
  const hash = createHash('sha256').update(kind)
  for (const part of parts) hash.update(part)
  const boundary = `=_${hash.digest('hex').slice(0, 32)}`
  const pieces: Buffer[] = [Buffer.from(`Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n`)]
  for (const part of parts) pieces.push(Buffer.from(`--${boundary}\r\n`), part, Buffer.from('\r\n'))
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)])
}

function textPart(kind: string, text: string): Buffer {
  const lines = text.replaceAll(/\r\n|\n|\r/g, '\r\n')
  const plain = /^[\x20-\x7e\t\r\n]*$/.test(lines) && !/[^\n]{900}/.test(lines)
  return leaf([`Content-Type: text/${kind}; charset=utf-8`], Buffer.from(lines), !plain)
}

const htmlPart = ({ bytes, charset }: NonNullable<OutlookMessage['html']>): Buffer =>
  leaf([`Content-Type: text/html; charset=${charset}`], Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), true)

function attachmentPart(attachment: OutlookAttachment): Buffer {
  if ('inner' in attachment) return Buffer.concat([Buffer.from('Content-Type: message/rfc822\r\n\r\n'), composeMessage(attachment.inner)])
  const { name, type, contentId, inline, data } = attachment
  const safeType = /^[\w.+-]+\/[\w.+-]+$/.test(type) && !/^(multipart|message)\//i.test(type) ? type : 'application/octet-stream'
  const head = [
    `Content-Type: ${safeType}`,
    `Content-Disposition: ${inline ? 'inline' : 'attachment'}; ${fileName(name)}`,
    ...(contentId === '' ? [] : [`Content-ID: <${oneLine(contentId).replaceAll(/[^\x21-\x7e]/g, '_')}>`]),
  ]
  return leaf(head, Buffer.from(data.buffer, data.byteOffset, data.byteLength), true)
}

/** RFC 2231 */
function fileName(name: string): string {
  const line = oneLine(name)
  if (/^[\x20-\x7e]*$/.test(line)) return `filename=${quoted(line)}`
  return `filename*=utf-8''${encodeURIComponent(Buffer.from(line).toString()).replaceAll(/['()*!]/g, one => `%${one.charCodeAt(0).toString(16)}`)}`
}

const LINE = 57 // bytes that make 76 characters of base64

function leaf(head: readonly string[], body: Buffer, base64: boolean): Buffer {
  if (!base64) return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\nContent-Transfer-Encoding: 7bit\r\n\r\n`), body, Buffer.from('\r\n')])
  const lines: string[] = [...head, 'Content-Transfer-Encoding: base64', '']
  for (let at = 0; at < body.length; at += LINE) lines.push(body.toString('base64', at, Math.min(body.length, at + LINE)))
  return Buffer.from(`${lines.join('\r\n')}\r\n`)
}
