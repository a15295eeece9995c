/** Outlook's winmail.dat (MS-OXTNEF): its text and its attachments. Bounded by the length of what is there: nothing in it is believed to be longer. */
import { decodeCharset } from '../charset.ts'
import { rtfText } from './rtf.ts'

export interface Tnef {
  subject: string
  /** One of both, the richer: HTML as it is, in UTF-8, or text. */
  html: string | null
  text: string
  files: { name: string; type: string; bytes: Buffer }[]
}

const SIGNATURE = 0x223e9f78
const FILES_MAX = 500
const TEXT_MAX = 2_000_000

// Attributes (MS-OXTNEF 2.1.3.2), without their types.
const SUBJECT = 0x8004
const BODY = 0x800c
const CODEPAGE = 0x9007
const MESSAGE_PROPERTIES = 0x9003
const FILE_BEGINS = 0x9002
const FILE_TITLE = 0x8010
const FILE_DATA = 0x800f
const FILE_PROPERTIES = 0x9005

// Properties (MS-OXPROPS).
const P_SUBJECT = 0x0037
const P_BODY = 0x1000
const P_RTF = 0x1009
const P_HTML = 0x1013
const P_CODEPAGE = 0x3fde
const P_FILE_DATA = 0x3701
const P_FILE_NAME = 0x3704
const P_FILE_LONG_NAME = 0x3707
const P_FILE_TYPE = 0x370e

export const isTnef = (bytes: Buffer): boolean => bytes.length > 6 && bytes.readUInt32LE(0) === SIGNATURE

/** As far as it goes where it is cut off. */
export function readTnef(bytes: Buffer): Tnef {
  const tnef: Tnef = { subject: '', html: null, text: '', files: [] }
  let codepage = 1252
  let file: Tnef['files'][number] | null = null
  const string = (value: Buffer) => decodeCharset(value.subarray(0, endOf(value)), `cp${codepage}`)
  for (let at = 6; at + 9 <= bytes.length; ) {
    const name = bytes.readUInt16LE(at + 1)
    const length = bytes.readUInt32LE(at + 5)
    const value = bytes.subarray(at + 9, at + 9 + length)
    at += 9 + length + 2
    if (name === CODEPAGE && value.length >= 4) codepage = value.readUInt32LE(0)
    else if (name === SUBJECT) tnef.subject ||= string(value)
    else if (name === BODY) tnef.text ||= string(value)
    else if (name === MESSAGE_PROPERTIES) message(properties(value))
    else if (name === FILE_BEGINS && tnef.files.length < FILES_MAX) {
      file = { name: '', type: '', bytes: Buffer.alloc(0) }
      tnef.files.push(file)
    } else if (file && name === FILE_TITLE) file.name ||= string(value)
    else if (file && name === FILE_DATA) file.bytes = value
    else if (file && name === FILE_PROPERTIES) attachment(file, properties(value))
  }
  return tnef

  function message(found: ReadonlyMap<number, Property>): void {
    const web = found.get(P_CODEPAGE)?.value
    const charset = web && web.length >= 4 ? `cp${web.readUInt32LE(0)}`.replace(/^cp65001$/, 'utf-8') : `cp${codepage}`
    tnef.subject = words(found.get(P_SUBJECT)) || tnef.subject
    tnef.text = words(found.get(P_BODY)) || tnef.text
    const html = found.get(P_HTML)
    if (html) tnef.html = html.type === UNICODE ? words(html) : decodeCharset(html.value, charset)
    const rtf = found.get(P_RTF)
    if (rtf && tnef.html === null && tnef.text === '') tnef.text = rtfText(unpackRtf(rtf.value), TEXT_MAX)
  }

  function attachment(file: Tnef['files'][number], found: ReadonlyMap<number, Property>): void {
    file.name = words(found.get(P_FILE_LONG_NAME)) || words(found.get(P_FILE_NAME)) || file.name
    file.type = words(found.get(P_FILE_TYPE)).toLowerCase() || file.type
    const data = found.get(P_FILE_DATA)
    // Of an object, the first 16 bytes say what it is: a message within is TNEF again.
    if (data) file.bytes = data.type === OBJECT ? data.value.subarray(16) : data.value
  }

  function words(property: Property | undefined): string {
    if (!property) return ''
    if (property.type === UNICODE) return property.value.toString('utf16le').replace(/\0[\s\S]*$/, '')
    return property.type === STRING ? string(property.value) : ''
  }
}

const endOf = (value: Buffer): number => {
  const zero = value.indexOf(0)
  return zero < 0 ? value.length : zero
}

interface Property {
  type: number
  value: Buffer
}

const STRING = 0x1e
const UNICODE = 0x1f
const BINARY = 0x102
const OBJECT = 0x0d
const SEVERAL = 0x1000
const sizes: Readonly<Record<number, number>> = { 1: 0, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16 }
const PROPERTIES_MAX = 5000

/** MS-OXTNEF 2.1.3.4. Of several values of one property, the first. */
function properties(bytes: Buffer): ReadonlyMap<number, Property> {
  const found = new Map<number, Property>()
  let at = 4
  const number = () => {
    if (at + 4 > bytes.length) throw new RangeError('cut off')
    at += 4
    return bytes.readUInt32LE(at - 4)
  }
  try {
    for (let left = Math.min(PROPERTIES_MAX, bytes.readUInt32LE(0)); left > 0; left--) {
      const tag = number()
      const kind = tag & 0xffff
      const id = tag >>> 16
      if (id >= 0x8000) {
        at += 16
        if (number() === 0) at += 4
        else {
          const length = number()
          at += length + padding(length)
        }
      }
      const type = kind & ~SEVERAL
      const varies = type === STRING || type === UNICODE || type === BINARY || type === OBJECT
      const count = varies || kind & SEVERAL ? number() : 1
      for (let n = 0; n < count; n++) {
        const length = varies ? number() : sizes[type]
        if (length === undefined || at + length > bytes.length) return found
        if (n === 0 && !found.has(id)) found.set(id, { type, value: bytes.subarray(at, at + length) })
        at += length + padding(length)
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error // what came before the end is good
  }
  return found
}

const padding = (length: number): number => (4 - (length % 4)) % 4

const COMPRESSED = 0x75465a4c // "LZFu"
const UNPACKED_MAX = 16 * 1024 * 1024
const DICTIONARY =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx'

/** MS-OXRTFCP 2.2: a window of 4,096 bytes that begins with what every RTF file says. */
export function unpackRtf(bytes: Buffer): Buffer {
  if (bytes.length < 16) return Buffer.alloc(0)
  if (bytes.readUInt32LE(8) !== COMPRESSED) return bytes.subarray(16)
  const window = Buffer.alloc(4096)
  let to = window.write(DICTIONARY, 'latin1')
  const out: number[] = []
  const put = (byte: number) => {
    out.push(byte)
    window[to] = byte
    to = (to + 1) % 4096
  }
  for (let at = 16; at < bytes.length && out.length < UNPACKED_MAX; ) {
    const flags = bytes[at++]!
    for (let bit = 0; bit < 8 && at < bytes.length; bit++) {
      if ((flags & (1 << bit)) === 0) {
        put(bytes[at++]!)
        continue
      }
      if (at + 2 > bytes.length) return Buffer.from(out)
      const reference = bytes.readUInt16BE(at)
      at += 2
      const from = reference >> 4
      if (from === to) return Buffer.from(out)
      for (let i = 0; i < (reference & 15) + 2; i++) put(window[(from + i) % 4096]!)
    }
  }
  return Buffer.from(out)
}
