/** Bytes to text. Mail names its charset wrongly, or not at all, often enough that the name is only a first guess. */
import { isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { analyse } from 'chardet'
import { decode as decodeTable } from 'iconv-lite'

const SAMPLE = 8 * 1024
const CANDIDATES = 4
const DECODERS_MAX = 100 // labels a sender can make up without end

/** Never throws. `label` as the message names it, null when it does not. */
export function decodeCharset(bytes: Buffer, label: string | null): string {
  if (isAscii(bytes)) {
    const escapes = label !== null && /^(iso-2022|hz-gb|utf-?7|csiso2022|unicode-1-1-utf-7|utf-?16|utf-?32)/i.test(label)
    if (!escapes && (label !== null || !bytes.includes(0x1b))) return bytes.toString('latin1')
  }
  const name = label === null ? '' : canonical(label)
  if (name === 'utf-8' && isUtf8(bytes)) return withoutMark(bytes.toString('utf8'))
  if (name === 'utf-7') return decodeUtf7(bytes)
  // US-ASCII with the eighth bit set says nothing, and what is valid UTF-8 by chance is not much else in practice.
  if (name === '' || name === 'us-ascii') return guess(bytes)
  const decoder = decoderOf(name)
  if (!decoder) return guess(bytes)
  // Text in a charset of one byte a character is hardly ever valid UTF-8 by chance: the name is wrong.
  if (ONE_BYTE.test(name) && isUtf8(bytes)) return withoutMark(bytes.toString('utf8'))
  const text = decoder.decode(bytes)
  return mostlyBroken(text) ? guess(bytes) : text
}

const ONE_BYTE = /^(?:windows-|iso-8859-|koi8|ibm866|macintosh|x-mac)/

/** Without any name: UTF-8 when it is valid, else what the letters look like. */
function guess(bytes: Buffer): string {
  if (isUtf8(bytes) && !bytes.includes(0x1b)) return withoutMark(bytes.toString('utf8'))
  // The detector goes by how often letters come; whatever cannot be read as what it says is something else.
  let first: string | null = null
  for (const { name } of analyse(bytes.subarray(0, SAMPLE)).slice(0, CANDIDATES)) {
    const text = decoderOf(canonical(name))?.decode(bytes)
    if (text !== undefined && !text.includes('\ufffd')) return text
    first ??= text ?? null
  }
  return first ?? decoderOf('windows-1252')!.decode(bytes)
}

const aliases: Record<string, string> = {
  utf8: 'utf-8',
  'unicode-1-1-utf-8': 'utf-8',
  ascii: 'us-ascii',
  'ansi_x3.4-1968': 'us-ascii',
  'iso-8859-1': 'windows-1252',
  'iso-8859-8-i': 'iso-8859-8-i',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  cp936: 'gb18030',
  ms936: 'gb18030',
  'gb_2312-80': 'gb18030',
  'x-gbk': 'gb18030',
  'ks_c_5601-1987': 'euc-kr',
  ks_c_5601: 'euc-kr',
  ksc5601: 'euc-kr',
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  uhc: 'euc-kr',
  cp950: 'big5',
  cp932: 'shift_jis',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  cp50222: 'iso-2022-jp',
  'eucjp-ms': 'euc-jp',
  cp874: 'windows-874',
  utf7: 'utf-7',
  'unicode-1-1-utf-7': 'utf-7',
  unicode: 'utf-16le',
}

function canonical(label: string): string {
  const name = label
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, '')
    .replace(/^x-(?=cp|ms|windows|gbk|big5|euc)/, '')
  const found = aliases[name]
  if (found !== undefined) return found
  const page = /^(?:cp|win|windows|ms|ibm)[-_]?(12\d\d|866|949|936|950|932|874)$/.exec(name)?.[1]
  if (page === undefined) return name
  return page.length === 4 ? `windows-${page}` : page === '866' ? 'ibm866' : (aliases[`cp${page}`] ?? name)
}

interface Decoder {
  decode(bytes: Buffer): string
}

const decoders = new Map<string, Decoder | null>()
// Node's own knows only the first 2,350 of the 11,172 syllables that Korean mail is written with (code page 949).
const korean: Decoder = { decode: bytes => decodeTable(bytes, 'cp949') }

function decoderOf(name: string): Decoder | null {
  if (name === 'euc-kr') return korean
  const known = decoders.get(name)
  if (known !== undefined) return known
  let decoder: Decoder | null = null
  try {
    decoder = new TextDecoder(name)
  } catch {
    // A label that no standard knows: the caller guesses.
  }
  if (decoders.size < DECODERS_MAX) decoders.set(name, decoder)
  return decoder
}

const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)

/** A few bad bytes are damage; more of them are another charset. */
function mostlyBroken(text: string): boolean {
  let broken = 0
  for (let at = text.indexOf('\ufffd'); at >= 0 && broken < 1000; at = text.indexOf('\ufffd', at + 1)) broken++
  return broken > 3 && broken > text.length / 100
}

/** RFC 2152, as far as old mail uses it. */
function decodeUtf7(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/\+([A-Za-z0-9+/]*)-?/g, (_, encoded: string) => {
    if (encoded === '') return '+'
    const units = Buffer.from(encoded, 'base64')
    let text = ''
    for (let i = 0; i + 1 < units.length; i += 2) text += String.fromCharCode((units[i]! << 8) | units[i + 1]!)
    return text
  })
}
