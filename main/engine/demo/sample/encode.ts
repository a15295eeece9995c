/** Transfer encodings (RFC 2045) and encoded words (RFC 2047). */
import { type Charset, encodeText } from './charset.ts'

export function isAscii(text: string): boolean {
  return /^[\x20-\x7e\s]*$/.test(text)
}

/** Lines of 76 characters, CRLF, the last one too. */
export function base64Lines(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  return Buffer.from(text.replace(/.{1,76}/g, '$&\r\n'), 'latin1')
}

/** RFC 2045 6.7: CRLF stays a line end, lines have at most 76 characters. */
export function quotedPrintable(bytes: Uint8Array): Buffer {
  const lines = Buffer.from(bytes).toString('latin1').split('\r\n').map(quoteLine)
  return Buffer.from(lines.join('\r\n'), 'latin1')
}

function quoteLine(line: string): string {
  const units = [...line].map((symbol, at) => {
    const atEnd = at === line.length - 1
    return /[!-<>-~]/.test(symbol) || (/[ \t]/.test(symbol) && !atEnd) ? symbol : hex(symbol)
  })
  let out = ''
  let width = 0
  for (const unit of units) {
    if (width + unit.length > 75) {
      out += '=\r\n'
      width = 0
    }
    out += unit
    width += unit.length
  }
  return out
}

const hex = (symbol: string) => `=${symbol.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/**
 * A header's text: as it is when ASCII, else encoded words of at most 75 characters, folded, never cutting a character.
 * Mostly-Latin text goes out as Q, everything else as B, as most programs do.
 */
export function encodedWords(text: string, charset: Charset): string {
  if (isAscii(text)) return text
  const latin = [...text].filter(symbol => symbol.charCodeAt(0) < 0x80).length * 2 > text.length
  const code = (part: string) => {
    const bytes = encodeText(part, charset)
    return latin ? [...bytes.toString('latin1')].map(wordSymbol).join('') : bytes.toString('base64')
  }
  const room = 75 - `=?${charset}?B??=`.length
  const words: string[] = []
  let part = ''
  for (const symbol of text) {
    if (code(part + symbol).length > room) {
      words.push(part)
      part = ''
    }
    part += symbol
  }
  words.push(part)
  return words.map(word => `=?${charset}?${latin ? 'Q' : 'B'}?${code(word)}?=`).join('\r\n ')
}

/** Safe inside a phrase too (RFC 2047 5 (3)). */
function wordSymbol(symbol: string): string {
  if (symbol === ' ') return '_'
  return /[A-Za-z0-9!*+/-]/.test(symbol) ? symbol : hex(symbol)
}
