/** Text of header values: encoded words (RFC 2047), raw 8-bit bytes, and parameters of RFC 2231. */

import { decodeCharset } from './charset.ts'
import type { Param } from './header.ts'
import { decodeTransfer } from './transfer.ts'

const WORD = /=\?([^?\s]{1,60})\?([bq])\?([^?]*)\?=/gi
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
const EIGHT_BIT = /[\x80-\xff\x1b]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]+/g

interface Word {
  charset: string
  encoding: 'b' | 'q'
  bytes: Buffer
  /** Index behind it. */
  end: number
}

/** A header value (one character a byte) as text. Encoded words that were cut in the middle of a character are joined again. */
export function headerText(value: string): string {
  if (!value.includes('=?')) return plain(value)
  let text = ''
  let at = 0
  let last: Word | null = null
  const flush = () => {
    if (last) text += decodeCharset(last.bytes, last.charset)
    last = null
  }
  for (const match of value.matchAll(WORD)) {
    const between = value.slice(at, match.index)
    const word = readWord(match)
    // RFC 2047 6.2: white space between two encoded words is not shown.
    if (!(last && between.trim() === '')) {
      flush()
      text += plain(between)
    }
    const before = last as Word | null
    if (before && before.charset === word.charset && before.encoding === word.encoding) word.bytes = Buffer.concat([before.bytes, word.bytes])
    else flush()
    last = word
    at = word.end
  }
  flush()
  return text + plain(value.slice(at))
}

function readWord(match: RegExpMatchArray): Word {
  const encoding = match[2]!.toLowerCase() as Word['encoding']
  const raw = match[3]!
  return {
    // RFC 2231 section 5: a language may follow the charset.
    charset: match[1]!.split('*')[0]!.toLowerCase(),
    encoding,
    bytes:
      encoding === 'b'
        ? decodeTransfer(Buffer.from(raw, 'latin1'), 'base64')
        : decodeTransfer(Buffer.from(raw.replaceAll('_', ' '), 'latin1'), 'quoted-printable'),
    end: match.index! + match[0].length,
  }
}

/** A value that names no charset: RFC 6532 says UTF-8, old mail says nothing. */
const plain = (value: string): string => (EIGHT_BIT.test(value) ? decodeCharset(Buffer.from(value, 'latin1'), null) : value)

/** Without control characters: what is shown in one line. */
export const oneLine = (text: string): string => text.replace(CONTROL, ' ').trim()

/** A parameter's text: RFC 2231 where it names its charset, encoded words where a mailer put them all the same. */
export function paramText(param: Param | undefined): string {
  if (!param) return ''
  return oneLine(param.charset === null ? headerText(param.value) : decodeCharset(Buffer.from(param.value, 'latin1'), param.charset))
}
