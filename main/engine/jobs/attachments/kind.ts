// biome-ignore-all lint/suspicious/noControlCharactersInRegex: the marks of file formats are bytes of every kind
/** What an attachment is by its content, whatever its name and its sender say. */
import { extensionOf, mayHoldMacros, nameDangers } from '../../../contract/attachmentNames.ts'
import type { Danger } from '../../../contract/dangers.ts'

/** Enough for every mark below. */
export const HEAD_BYTES = 4096

const marks: readonly [RegExp, string][] = [
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF[\s\S]{4}WEBP/, 'image/webp'],
  [/^[\s\S]{4}ftypavi[fs]/, 'image/avif'],
  [/^BM[\s\S]{12}(?:\x0c|\x28|\x38|\x40|\x6c|\x7c)\0\0\0/, 'image/bmp'],
  [/^[\s\S]{0,1024}?%PDF-\d/, 'application/pdf'],
  [/^PK(?:\x03\x04|\x05\x06)/, 'application/zip'],
  [/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, 'application/x-ole-storage'],
  [/^\{\\rtf/, 'text/rtf'],
  [/^MZ/, 'application/x-msdownload'],
  [/^\x7fELF/, 'application/x-elf'],
  [/^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/, 'application/x-mach-binary'],
  [/^L\0\0\0\x01\x14\x02\0/, 'application/x-ms-shortcut'],
  [/^#!/, 'text/x-shellscript'],
  [/^7z\xbc\xaf\x27\x1c/, 'application/x-7z-compressed'],
  [/^Rar!\x1a\x07/, 'application/vnd.rar'],
  [/^\x1f\x8b/, 'application/gzip'],
  [/^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|script|head|body)[\s>]/i, 'text/html'],
  [/^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,500}?-->\s*)?<svg[\s>]/i, 'image/svg+xml'],
  [/^BEGIN:VCALENDAR/i, 'text/calendar'],
  [/^BEGIN:VCARD/i, 'text/vcard'],
  [/^[\s\S]{4}ftyp/, 'video/mp4'],
  [/^(?:ID3|\xff[\xfb\xf3\xf2])/, 'audio/mpeg'],
]

const PROGRAMS = new Set([
  'application/x-msdownload',
  'application/x-elf',
  'application/x-mach-binary',
  'application/x-ms-shortcut',
  'text/x-shellscript',
])

/** The media type its first bytes say, null where they say none of those known here. */
export function kindOf(head: Uint8Array): string | null {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD_BYTES)).toString('latin1')
  return marks.find(([mark]) => mark.test(text))?.[1] ?? null
}

/** What each ending may turn out to be; endings that are not here may be anything. */
const zip = ['application/zip']
const ole = ['application/x-ole-storage']
const image = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'image/avif']
const office = [...ole, ...zip, 'text/rtf', 'text/html']
const expected: Readonly<Record<string, readonly string[]>> = {
  pdf: ['application/pdf'],
  docx: zip,
  xlsx: zip,
  pptx: zip,
  docm: zip,
  xlsm: zip,
  pptm: zip,
  odt: zip,
  ods: zip,
  odp: zip,
  epub: zip,
  zip,
  jar: zip,
  doc: office,
  xls: office,
  ppt: office,
  msg: ole,
  rtf: ['text/rtf'],
  png: image,
  jpg: image,
  jpeg: image,
  gif: image,
  webp: image,
  bmp: image,
  txt: [],
  csv: [],
  ics: ['text/calendar'],
  vcf: ['text/vcard'],
  eml: [],
  mp4: ['video/mp4'],
  mov: ['video/mp4'],
  mp3: ['audio/mpeg'],
}

/** Dangers that the name and the first bytes show. */
export function contentDangers(name: string, head: Uint8Array): Danger[] {
  const found = new Set(nameDangers(name))
  const kind = kindOf(head)
  const extension = extensionOf(name)
  if (kind !== null && PROGRAMS.has(kind)) {
    if (!found.has('executable') && extension in expected) found.add('type-differs')
    found.add('executable')
  } else if (kind !== null && expected[extension] && !expected[extension].includes(kind)) found.add('type-differs')
  return [...found]
}

/** Names that every file with macros holds in plain bytes: a part of Office's newer files, a stream of the older ones, ODF's folder. */
const MACRO_MARKS = [
  Buffer.from('vbaProject.bin', 'latin1'),
  Buffer.from('_VBA_PROJECT', 'utf16le'),
  Buffer.from('Basic/Standard/', 'latin1'),
  Buffer.from('Scripts/', 'latin1'),
]
const LONGEST = 64
const LOOKED_AT = 64 * 1024 * 1024

/** Reads as far as it needs, 64 MB at most. */
export async function holdsMacros(name: string, pieces: AsyncIterable<Uint8Array>): Promise<boolean> {
  if (!mayHoldMacros(extensionOf(name))) return false
  const wanted = /^od[tsp]$/.test(extensionOf(name)) ? MACRO_MARKS.slice(2) : MACRO_MARKS.slice(0, 2)
  let before = Buffer.alloc(0)
  let length = 0
  for await (const piece of pieces) {
    const bytes = Buffer.concat([before, piece])
    if (wanted.some(mark => bytes.includes(mark))) return true
    before = Buffer.from(bytes.subarray(-LONGEST))
    length += piece.length
    if (length > LOOKED_AT) break
  }
  return false
}
