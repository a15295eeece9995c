/** Messages in an envelope that mail programs other than the sender's do not open: winmail.dat, and opaque S/MIME signatures. Opened, as the message within. */
import { signedContent } from './signedData.ts'
import { isTnef, readTnef, type Tnef } from './tnef.ts'

export interface Opened {
  /** A whole message or MIME entity. */
  bytes: Buffer
  /** It was signed, and nobody has looked at the signature. */
  isSigned: boolean
}

/** Null where it is no such thing, or cannot be opened: encrypted, damaged. */
export function openOpaque(bytes: Buffer, type: string): Opened | null {
  if (isTnef(bytes)) return { bytes: asMime(readTnef(bytes)), isSigned: false }
  if (!isPkcs7(type)) return null
  const content = signedContent(bytes)
  return content && { bytes: content, isSigned: true }
}

export const isPkcs7 = (type: string): boolean => /^application\/(?:x-)?pkcs7-mime$/.test(type)

function asMime({ subject, html, text, files }: Tnef): Buffer {
  const boundary = '=_mailcoffer-winmail'
  const part = (type: string, body: Buffer, more = '') =>
    `--${boundary}\r\nContent-Type: ${type}\r\n${more}Content-Transfer-Encoding: base64\r\n\r\n${body.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`
  const parts = [
    html === null ? part('text/plain; charset=utf-8', Buffer.from(text)) : part('text/html; charset=utf-8', Buffer.from(html)),
    ...files.map(({ name, type, bytes }) => {
      const known = /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : isTnef(bytes) ? 'application/ms-tnef' : 'application/octet-stream'
      return part(known, bytes, `Content-Disposition: attachment; filename*=utf-8''${percent(name)}\r\n`)
    }),
  ]
  const head = `Subject: =?utf-8?b?${Buffer.from(subject).toString('base64')}?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`
  return Buffer.from(`${head}${parts.join('')}--${boundary}--\r\n`, 'latin1')
}

/** RFC 2231; half of a surrogate pair has no bytes, and brackets would be a comment. */
const percent = (name: string): string =>
  encodeURIComponent(name.replace(/\p{Cs}/gu, '_')).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16)}`)
