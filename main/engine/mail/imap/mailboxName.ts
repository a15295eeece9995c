/**
 * Mailbox names. On the wire they are modified UTF-7 (RFC 3501 5.1.3) or, from servers that know no better, UTF-8. The raw name is the
 * mailbox's identity and is never changed; what is decoded here is only shown to people.
 */

/** Levels of a raw name for people. A level that is not valid modified UTF-7 is shown as it is. */
export function decodePath(raw: string, delimiter: string): string[] {
  const levels = delimiter === '' ? [raw] : raw.split(delimiter)
  const named = levels.filter(level => level !== '')
  return (named.length > 0 ? named : [raw]).map(decodeLevel)
}

function decodeLevel(level: string): string {
  if (!level.includes('&')) return level
  try {
    return level.replace(/&([^-]*)(-?)/g, (_, coded: string, end: string) => {
      if (end === '') throw new RangeError('a shift without its end')
      return coded === '' ? '&' : decodeShift(coded)
    })
  } catch {
    return level // The raw name is what counts; a person sees it in place of a decoded one.
  }
}

const utf16 = new TextDecoder('utf-16le', { fatal: true })

/** Base64 of UTF-16 big-endian, with `,` for `/` and no padding. Throws when it is not exactly that. */
function decodeShift(coded: string): string {
  if (!/^[A-Za-z0-9+,]+$/.test(coded)) throw new RangeError('not base64')
  const bytes = Buffer.from(coded.replaceAll(',', '/'), 'base64')
  if (bytes.length % 2 !== 0 || bytes.toString('base64').replace(/=+$/, '') !== coded.replaceAll(',', '/')) throw new RangeError('not UTF-16')
  return utf16.decode(bytes.swap16())
}

/** A level as modified UTF-7 (RFC 3501 5.1.3): what mailboxes that we make are called on the wire. */
export function encodeLevel(level: string): string {
  return level.replace(/&|[^\x20-\x7e]+/g, run => (run === '&' ? '&-' : `&${encodeShift(run)}-`))
}

function encodeShift(run: string): string {
  const bytes = Buffer.from(run, 'utf16le').swap16()
  return bytes.toString('base64').replace(/=+$/, '').replaceAll('/', ',')
}
