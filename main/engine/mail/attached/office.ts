/** Office's and OpenDocument's files: XML in a ZIP file. Text in the order of the file; numbers of tables as they are stored. */
import { decodeCharset } from '../charset.ts'
import { type AttachedText, type Budget, spend } from './types.ts'
import { type XmlRules, xmlText } from './xmlText.ts'
import { BudgetSpent, type ZipEntry } from './zipFile.ts'

type Format = 'docx' | 'xlsx' | 'pptx' | 'odf'

interface Part {
  names: RegExp
  rules: XmlRules
}

const set = (names: string) => new Set(names.split(' '))

const word: XmlRules = { texts: set('w:t'), lines: set('w:p'), gaps: set('w:tab w:br w:cr w:tc') }
const drawing: XmlRules = { texts: set('a:t'), lines: set('a:p'), gaps: set('a:br') }
// Of a cell, `v` is a number, a formula's result, or the number of a shared string: those are read by themselves, and their numbers are left out.
const shared: XmlRules = { texts: set('t'), lines: set('si'), gaps: set(''), hidden: set('rPh') }
const odf: XmlRules = {
  texts: null,
  lines: set('text:p text:h table:table-row'),
  gaps: set('text:s text:tab text:line-break table:table-cell office:annotation'),
  hidden: set('office:font-face-decls office:automatic-styles office:scripts dc:creator dc:date text:tracked-changes office:binary-data'),
}

const parts: Record<Format, readonly Part[]> = {
  docx: [{ names: /^word\/(?:document\d*|header\d*|footer\d*|footnotes|endnotes|comments)\.xml$/, rules: word }],
  xlsx: [
    { names: /^xl\/sharedStrings\.xml$/, rules: shared },
    { names: /^xl\/worksheets\/[^/]+\.xml$/, rules: { texts: set('t v'), lines: set('row'), gaps: set('c is') } },
    { names: /^xl\/(?:comments\d*|comments\/[^/]+)\.xml$/, rules: shared },
    { names: /^xl\/drawings\/[^/]+\.xml$/, rules: drawing },
  ],
  pptx: [{ names: /^ppt\/(?:slides|notesSlides|comments|diagrams)\/[^/]+\.xml$/, rules: drawing }],
  odf: [{ names: /^(?:Object[^/]*\/)?content\.xml$/, rules: odf }],
}

/** What a ZIP file is by its entries; null: just a ZIP file. */
export function officeFormat(entries: readonly ZipEntry[]): Format | null {
  const has = (name: string) => entries.some(entry => entry.name === name)
  if (has('[Content_Types].xml')) {
    if (entries.some(({ name }) => name.startsWith('word/'))) return 'docx'
    if (entries.some(({ name }) => name.startsWith('xl/'))) return 'xlsx'
    if (entries.some(({ name }) => name.startsWith('ppt/'))) return 'pptx'
  }
  return has('content.xml') && (has('mimetype') || has('META-INF/manifest.xml')) ? 'odf' : null
}

const XML_MAX = 32 * 1024 * 1024

export async function officeText(format: Format, entries: readonly ZipEntry[], budget: Budget): Promise<AttachedText> {
  if (format === 'odf' && (await isEncrypted(entries))) return { text: '', why: 'encrypted' }
  let text = ''
  let why: AttachedText['why'] = null
  for (const { names, rules } of parts[format]) {
    for (const entry of entries.filter(({ name }) => names.test(name)).sort(byNumber)) {
      if (budget.characters <= 0) return { text, why: 'too-large' }
      try {
        const xml = await entry.read(XML_MAX)
        if (xml.length >= XML_MAX) why = 'too-large'
        const source = decodeCharset(xml, xmlCharset(xml))
        const read = spend(xmlText(format === 'xlsx' ? withoutReferences(source) : source, rules, budget.characters + 1), budget)
        text += `${read.text}\n`
        why ??= read.why
      } catch (error) {
        if (error instanceof BudgetSpent) return { text, why: 'too-large' }
        why ??= 'damaged'
      }
    }
  }
  return { text, why }
}

/** UTF-8 unless a mark or the declaration says otherwise (XML 1.0, appendix F). */
function xmlCharset(xml: Buffer): string {
  if (xml[0] === 0xff && xml[1] === 0xfe) return 'utf-16le'
  if (xml[0] === 0xfe && xml[1] === 0xff) return 'utf-16be'
  return /^<\?xml[^>]{0,200}encoding=["']([\w-]{2,40})/.exec(xml.toString('latin1', 0, 300))?.[1] ?? 'utf-8'
}

/** Numbers of shared strings are no numbers of the table. */
const withoutReferences = (xml: string): string => xml.replace(/<c [^>]{0,200}\bt="s"[^>]{0,200}>\s{0,20}<v>\d{1,10}<\/v>/g, '<c>')

/** Slide 10 comes after slide 2. */
const byNumber = (a: ZipEntry, b: ZipEntry): number => a.name.localeCompare(b.name, 'en', { numeric: true })

async function isEncrypted(entries: readonly ZipEntry[]): Promise<boolean> {
  const manifest = entries.find(({ name }) => name === 'META-INF/manifest.xml')
  if (!manifest) return false
  const xml = await manifest.read(1024 * 1024).catch(() => null)
  return xml?.includes('encryption-data') ?? false
}
