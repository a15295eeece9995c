/** A text part's bytes as text. */
import type { HoledBytes } from '../base/holed.ts'
import { decodeCharset } from './charset.ts'
import { type BodyPart, bodyBytes } from './parts.ts'
import { decodeTransfer } from './transfer.ts'

const BYTES_A_CHARACTER = 3

/** At most about `max` characters; what was left out of the view (texts of more than 4 MiB) is not there. */
export function bodyText(view: HoledBytes, body: BodyPart, max: number): string {
  const { encoding, params } = body.part
  // Quoted-printable takes three characters a byte, and a character three bytes.
  const bytes = bodyBytes(view, body).subarray(0, max * BYTES_A_CHARACTER * (encoding === 'quoted-printable' ? 3 : 1))
  return decodeCharset(decodeTransfer(bytes, encoding), params.get('charset')?.value ?? htmlCharset(bytes, body)).slice(0, max)
}

/** What an HTML body without a charset in its header says of itself. */
function htmlCharset(bytes: Buffer, { part }: BodyPart): string | null {
  if (part.type !== 'text/html' || part.encoding === 'base64') return null
  return /<meta[^>]{0,200}charset=(?:3D)?["']?([\w-]{2,40})/i.exec(bytes.toString('latin1', 0, 2048))?.[1] ?? null
}
