/**
 * Small real files to attach: each opens in the program it is made for. Nothing is compressed, because a compressor's
 * output may differ from one runtime to the next, and the sample must not.
 */
import { randomBytesFrom } from './random.ts'

const ascii = (text: string) => Buffer.from(text, 'latin1')
const u16 = (value: number) => Buffer.from([value & 255, (value >> 8) & 255])
const u32 = (value: number) => Buffer.from([value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255])
const u32big = (value: number) => u32(value).reverse()

/** A PDF with one page for each text: A4, Helvetica; characters outside Latin-1 are not to be had in it. */
export function pdf(title: string, pages: string[]): Uint8Array {
  const objects: string[] = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ]
  const kids: string[] = []
  for (const text of pages) {
    const lines = text.split('\n').map(line => `(${line.replace(/[\\()]/g, '\\$&')}) '`)
    const stream = `BT /F1 11 Tf 56 780 Td 15 TL\n${lines.join('\n')}\nET`
    objects.push(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`)
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${objects.length} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`)
    kids.push(`${objects.length} 0 R`)
  }
  objects[1] = `<< /Type /Pages /Count ${pages.length} /Kids [${kids.join(' ')}] >>`
  objects.push(`<< /Title (${title}) /Producer (Mailcoffer sample) >>`)
  let text = '%PDF-1.4\n'
  const offsets = objects.map((body, at) => {
    const offset = text.length
    text += `${at + 1} 0 obj\n${body}\nendobj\n`
    return offset
  })
  const table = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  return ascii(
    `${text}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R /Info ${size - 1} 0 R >>\nstartxref\n${text.length}\n%%EOF\n`,
  )
}

export type Rgb = readonly [number, number, number]

/** A PNG whose pixels are asked for one by one. */
export function png(width: number, height: number, pixel: (x: number, y: number) => Rgb): Uint8Array {
  const raw = Buffer.alloc(height * (1 + width * 3))
  let at = 0
  for (let y = 0; y < height; y++) {
    at++ // filter 0
    for (let x = 0; x < width; x++) for (const value of pixel(x, y)) raw[at++] = Math.max(0, Math.min(255, Math.round(value)))
  }
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([ascii(type), data])
    return Buffer.concat([u32big(data.byteLength), body, u32big(crc32(body))])
  }
  const head = Buffer.concat([u32big(width), u32big(height), Buffer.from([8, 2, 0, 0, 0])])
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', storedZlib(raw)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A ZIP archive with stored members, dated 2020-01-01. */
export function zip(members: [name: string, bytes: Uint8Array][]): Uint8Array {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, bytes] of members) {
    const called = Buffer.from(name, 'utf8')
    const size = u32(bytes.byteLength)
    // version 2.0, bit 11 (UTF-8 name), stored, 00:00, 2020-01-01
    const common = Buffer.concat([u16(20), u16(0x0800), u16(0), u16(0), u16(0x5021), u32(crc32(bytes)), size, size, u16(called.byteLength), u16(0)])
    const header = Buffer.concat([u32(0x04034b50), common, called])
    local.push(header, Buffer.from(bytes))
    central.push(Buffer.concat([u32(0x02014b50), u16(20), common, u16(0), u16(0), u16(0), u32(0), u32(offset), called]))
    offset += header.byteLength + bytes.byteLength
  }
  const directory = Buffer.concat(central)
  const count = u16(members.length)
  const end = Buffer.concat([u32(0x06054b50), u16(0), u16(0), count, count, u32(directory.byteLength), u32(offset), u16(0)])
  return Buffer.concat([...local, directory, end])
}

/** A Word document of plain paragraphs. */
export function docx(paragraphs: string[]): Uint8Array {
  const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
  const safe = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const body = paragraphs.map(text => `<w:p><w:r><w:t xml:space="preserve">${safe(text)}</w:t></w:r></w:p>`).join('')
  const office = 'http://schemas.openxmlformats.org'
  const file = (name: string, text: string): [string, Uint8Array] => [name, Buffer.from(xml + text, 'utf8')]
  return zip([
    file(
      '[Content_Types].xml',
      `<Types xmlns="${office}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    ),
    file(
      '_rels/.rels',
      `<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="r1" Type="${office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    ),
    file('word/document.xml', `<w:document xmlns:w="${office}/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`),
  ])
}

/** A drawing set as it is sent about: a ZIP with one large member that does not compress. */
export function drawings(name: string, bytes: number): Uint8Array {
  return zip([
    ['LIESMICH.txt', Buffer.from('Alle Maße in mm. Nur zur Abstimmung, nicht zur Fertigung.\r\n', 'utf8')],
    [name, randomBytesFrom(name, bytes)],
  ])
}

function storedZlib(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [Buffer.from([0x78, 0x01])]
  for (let at = 0; at < bytes.byteLength; at += 65_535) {
    const block = bytes.subarray(at, at + 65_535)
    const last = at + 65_535 >= bytes.byteLength ? 1 : 0
    pieces.push(Buffer.from([last]), u16(block.byteLength), u16(~block.byteLength & 0xffff), block)
  }
  let a = 1
  let b = 0
  for (const byte of bytes) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  return Buffer.concat([...pieces, u32big(((b << 16) | a) >>> 0)])
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value >>> 0
})

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (CRC_TABLE[(value ^ byte) & 255] as number) ^ (value >>> 8)
  return ~value >>> 0
}
