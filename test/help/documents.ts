/** Small documents of each kind that attachments come in, with the text one asks for. */
import { ZipFile } from 'yazl'

export async function zip(entries: Record<string, string | Buffer>): Promise<Buffer> {
  const file = new ZipFile()
  for (const [name, content] of Object.entries(entries)) file.addBuffer(Buffer.from(content as string), name, { mtime: new Date(0) })
  file.end()
  const pieces: Buffer[] = []
  for await (const piece of file.outputStream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

const types = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'

export const docx = (...paragraphs: string[]): Promise<Buffer> =>
  zip({
    '[Content_Types].xml': types,
    'word/document.xml': `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="w"><w:body>${paragraphs
      .map(text => `<w:p><w:pPr><w:rStyle w:val="Hidden"/></w:pPr>${runs(text)}</w:p>`)
      .join('')}</w:body></w:document>`,
    'word/footer1.xml': '<w:ftr><w:p><w:r><w:t>at the foot</w:t></w:r></w:p></w:ftr>',
    'docProps/core.xml': '<cp:coreProperties>never shown</cp:coreProperties>',
  })

/** As Word writes them: a word may be cut anywhere. */
const runs = (text: string) => text.replace(/.{1,5}/gs, piece => `<w:r><w:t xml:space="preserve">${piece}</w:t></w:r>`)

export const xlsx = (strings: string[], numbers: number[]): Promise<Buffer> =>
  zip({
    '[Content_Types].xml': types,
    'xl/workbook.xml': '<workbook/>',
    'xl/sharedStrings.xml': `<sst>${strings.map(text => `<si><t>${text}</t><rPh><t>reading</t></rPh></si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row>${strings.map((_, i) => `<c r="A${i}" t="s"><v>${i + 88000}</v></c>`).join('')}${numbers
      .map(n => `<c><v>${n}</v></c>`)
      .join('')}<c t="inlineStr"><is><t>written in place</t></is></c></row></sheetData></worksheet>`,
  })

export const pptx = (...slides: string[]): Promise<Buffer> =>
  zip({
    '[Content_Types].xml': types,
    'ppt/presentation.xml': '<p/>',
    ...Object.fromEntries(
      slides.map((text, i) => [`ppt/slides/slide${i + 1}.xml`, `<p:sld><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sld>`]),
    ),
    'ppt/notesSlides/notesSlide1.xml': '<p:notes><a:p><a:r><a:t>said aloud</a:t></a:r></a:p></p:notes>',
  })

export const odt = (text: string, manifest = '<manifest:manifest/>'): Promise<Buffer> =>
  zip({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'META-INF/manifest.xml': manifest,
    'content.xml': `<office:document-content><office:automatic-styles>style</office:automatic-styles><office:body><office:text><text:p>${text}</text:p></office:text></office:body></office:document-content>`,
  })

/** One page with lines of Latin text, or, without any, a page with nothing to read. */
export function pdf(lines: string[], trailer = ''): Buffer {
  const escaped = lines.map(line => line.replace(/[\\()]/g, '\\$&'))
  const content = `BT /F1 12 Tf 72 720 Td 14 TL ${escaped.map(line => `(${line}) Tj T*`).join(' ')} ET`
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
  ]
  let out = '%PDF-1.4\n'
  const offsets = objects.map((object, i) => {
    const at = out.length
    out += `${i + 1} 0 obj${object}endobj\n`
    return at
  })
  const start = out.length
  out += `xref\n0 6\n0000000000 65535 f \n${offsets.map(at => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}trailer<</Size 6/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF`
  return Buffer.from(out, 'latin1')
}

/** Nobody knows its password. */
export const lockedPdf = (): Buffer =>
  pdf(['secret'], `/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<${'41'.repeat(32)}>/U<${'42'.repeat(32)}>>>`)

/** Text in a CMap that the document only names: what is in `hex` is GBK. */
export function chinesePdf(hex: string): Buffer {
  const plain = pdf(['x']).toString('latin1')
  const font =
    '<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor<</Type/FontDescriptor/FontName/SimSun/Flags 4>>>>]>>'
  return Buffer.from(plain.replace('(x)', `<${hex}>`).replace(/<<\/Type\/Font\/Subtype\/Type1.*?>>/, font), 'latin1')
}

/** Outlook's envelope, as MS-OXTNEF has it: a body of one kind, and a file. */
export function tnef({ body, html, file }: { body?: string; html?: string; file: { name: string; bytes: Buffer } }): Buffer {
  const u16 = (n: number) => Buffer.from([n & 255, n >> 8])
  const u32 = (n: number) => Buffer.from([n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >> 24) & 255])
  const attribute = (level: number, name: number, value: Buffer) =>
    Buffer.concat([Buffer.from([level]), u16(name), u16(0), u32(value.length), value, u16(0)])
  const padded = (value: Buffer) => Buffer.concat([u32(1), u32(value.length), value, Buffer.alloc((4 - (value.length % 4)) % 4)])
  const property = (id: number, type: number, value: Buffer) => Buffer.concat([u16(type), u16(id), type === 3 ? value : padded(value)])
  const utf16 = (text: string) => Buffer.from(`${text}\0`, 'utf16le')
  const properties = [
    property(0x3fde, 3, u32(1250)),
    property(0x0037, 0x1f, utf16('W kopercie')),
    ...(html ? [property(0x1013, 0x102, Buffer.from(html, 'latin1'))] : []),
    ...(body ? [property(0x1000, 0x1f, utf16(body))] : []),
  ]
  return Buffer.concat([
    u32(0x223e9f78),
    u16(1),
    attribute(1, 0x9003, Buffer.concat([u32(properties.length), ...properties])),
    attribute(2, 0x9002, Buffer.alloc(14)),
    attribute(2, 0x8010, Buffer.from('SHORT~1.TXT\0')),
    attribute(2, 0x800f, file.bytes),
    attribute(2, 0x9005, Buffer.concat([u32(1), property(0x3707, 0x1f, utf16(file.name))])),
  ])
}

/** CMS SignedData around a MIME entity; `pieces`: as BER with indefinite lengths, cut into pieces. Nobody signed it. */
export function opaqueSigned(entity: string, pieces = false): Buffer {
  const wrap = (tag: number, ...inner: Buffer[]) => {
    const body = Buffer.concat(inner)
    if (pieces && tag & 0x20) return Buffer.concat([Buffer.from([tag, 0x80]), body, Buffer.from([0, 0])])
    const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255]
    return Buffer.concat([Buffer.from([tag, ...length]), body])
  }
  const bytes = Buffer.from(entity)
  const octets = pieces ? wrap(0x24, wrap(0x04, bytes.subarray(0, 50)), wrap(0x04, bytes.subarray(50))) : wrap(0x04, bytes)
  const id = (hex: string) => wrap(0x06, Buffer.from(hex, 'hex'))
  const content = wrap(0x30, id('2a864886f70d010701'), wrap(0xa0, octets))
  return wrap(0x30, id('2a864886f70d010702'), wrap(0xa0, wrap(0x30, wrap(0x02, Buffer.from([1])), wrap(0x31), content, wrap(0x31))))
}
