// biome-ignore-all lint/suspicious/noControlCharactersInRegex: the marks of file formats are bytes of every kind
/**
 * The text of an attachment, for the index: by what its first bytes say it is, whatever its name. Bounded in what comes out, what is unpacked and how deep
 * it goes; time and memory are the business of the thread it runs in.
 */
import { extensionOf } from '../../../contract/attachmentNames.ts'
import { mayHoldText } from '../../base/mayHoldText.ts'
import { decodeCharset } from '../charset.ts'
import { readContent } from '../content.ts'
import { htmlWords } from '../htmlText.ts'
import { readMail } from '../parse.ts'
import { bodyBytes } from '../parts.ts'
import { decodeTransfer } from '../transfer.ts'
import { officeFormat, officeText } from './office.ts'
import { isPkcs7, openOpaque } from './opaque.ts'
import { pdfText } from './pdf.ts'
import { rtfText } from './rtf.ts'
import { type AttachedFile, type AttachedText, type Budget, newBudget, nothing, spend } from './types.ts'
import { BudgetSpent, type ZipEntry, zipEntries } from './zipFile.ts'

const HEAD = 2048
const TEXTS = new Set(
  'txt text log csv tsv md json xml yml yaml html htm xhtml css js ts py c h cpp java sql ini conf diff patch tex srt po properties asc pem ics vcf eml svg'.split(
    ' ',
  ),
)

const isPdf = /^[\s\S]{0,1024}?%PDF-\d/
const isZip = /^PK(?:\x03\x04|\x05\x06)/
const isRtf = /^\s*\{\\rtf/
const isOle = /^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/
const isPacked = /^(?:7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x1f\x8b|BZh|\xfd7zXZ)/
const isHtml = /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html|<head|<body|<svg)[\s>]/i

/** Never throws for what a file holds. */
export async function attachedText(file: AttachedFile, budget: Budget = newBudget()): Promise<AttachedText> {
  const head = file.bytes.toString('latin1', 0, HEAD)
  if (head === '' || budget.characters <= 0) return nothing
  if (isPdf.test(head)) return pdfText(file.bytes, budget)
  if (isZip.test(head)) return zipText(file.bytes, budget)
  if (isRtf.test(head)) return spend(rtfText(file.bytes, budget.characters + 1), budget)
  if (isOle.test(head)) return oleText(file)
  const opened = openOpaque(file.bytes, file.type)
  if (opened) return mailText(opened.bytes, budget)
  // Encrypted, as far as anybody can tell who has no key.
  if (isPkcs7(file.type)) return { text: '', why: 'encrypted' }
  if (isPacked.test(head)) return { text: '', why: 'format' }
  if (isMail(file)) return mailText(file.bytes, budget)
  const extension = extensionOf(file.name)
  if ((file.type.startsWith('text/') || TEXTS.has(extension)) && !isBinary(file.bytes))
    return plainText(file, isHtml.test(head) || /^x?html?$/.test(extension), budget)
  // A PDF or an Office file by its name, and something else by its bytes.
  return EXPECTED.has(extension) ? { text: '', why: 'damaged' } : nothing
}

const EXPECTED = new Set('pdf docx xlsx pptx docm xlsm pptm odt ods odp odg zip'.split(' '))

const isMail = ({ name, type }: AttachedFile): boolean => type === 'message/rfc822' || type === 'message/global' || extensionOf(name) === 'eml'

/** Text of two bytes a character has zeros; other text has none. */
const isBinary = (bytes: Buffer): boolean => bytes.subarray(0, HEAD).includes(0) && !(bytes[0]! >= 0xfe && bytes[1]! >= 0xfe)

function plainText({ bytes, charset, name }: AttachedFile, isMarkup: boolean, budget: Budget): AttachedText {
  const most = budget.characters + 1
  const label = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : charset
  const source = decodeCharset(bytes.subarray(0, most * 3), label ?? (isMarkup ? htmlCharset(bytes) : null))
  const text = isMarkup ? htmlWords(source) : /^(?:ics|vcf)$/.test(extensionOf(name)) ? unfolded(source) : source
  return spend(text, budget)
}

/** RFC 5545 3.1, RFC 6350 3.2: a line goes on where the next begins with a space; RFC 6868 and others: \n and \, stand for themselves. */
const unfolded = (text: string): string =>
  text
    .replace(/\r?\n[ \t]/g, '')
    .replace(/\\[nN]/g, '\n')
    .replace(/\\([,;\\])/g, '$1')

const htmlCharset = (bytes: Buffer): string | null =>
  /<meta[^>]{0,200}charset=["']?([\w-]{2,40})/i.exec(bytes.toString('latin1', 0, HEAD))?.[1] ?? null

/** A stream of this name is what Office's newer files become under a password; the older formats are not read. */
function oleText({ bytes }: AttachedFile): AttachedText {
  return { text: '', why: bytes.includes(Buffer.from('EncryptedPackage', 'utf16le')) ? 'encrypted' : 'format' }
}

async function zipText(bytes: Buffer, budget: Budget): Promise<AttachedText> {
  let entries: ZipEntry[]
  try {
    entries = await zipEntries(bytes, budget)
  } catch {
    return { text: '', why: 'damaged' }
  }
  const format = officeFormat(entries)
  return format ? officeText(format, entries, budget) : filesWithin(entries, budget)
}

/** Names count as text too: a file in a ZIP file is looked for by its name. */
async function filesWithin(entries: readonly ZipEntry[], budget: Budget): Promise<AttachedText> {
  let { text, why } = spend(entries.map(({ name }) => name).join('\n'), budget)
  for (const entry of entries) {
    if (!mayHoldText(entry.name, '')) continue
    if (entry.isEncrypted) {
      why = 'encrypted'
      continue
    }
    if (--budget.files < 0 || budget.characters <= 0) return { text, why: 'too-large' }
    try {
      const inner = await within({ bytes: await entry.read(), name: entry.name, type: '', charset: null }, budget)
      text += `\n${inner.text}`
      why ??= inner.why
    } catch (error) {
      if (error instanceof BudgetSpent) return { text, why: 'too-large' }
      why ??= 'damaged'
    }
  }
  return { text, why }
}

/** A file in a file: it lives on the same budget, a level deeper. */
async function within(file: AttachedFile, budget: Budget): Promise<AttachedText> {
  if (budget.depth <= 0) return { text: '', why: 'too-large' }
  budget.depth--
  try {
    return await attachedText(file, budget)
  } finally {
    budget.depth++
  }
}

async function mailText(bytes: Buffer, budget: Budget): Promise<AttachedText> {
  const view = { bytes, holes: [] }
  const { subject, sender, addressee, copied, body, names } = readMail(view)
  let { text, why } = spend([subject, sender, addressee, copied, body, names].join('\n'), budget)
  for (const { body, attachment } of readContent(view).attachments) {
    const { part } = body
    if (part.kind === 'message' || !mayHoldText(attachment.name, attachment.type)) continue
    if (--budget.files < 0) return { text, why: 'too-large' }
    const charset = part.params.get('charset')?.value ?? null
    const inner = await within(
      { bytes: decodeTransfer(bodyBytes(view, body), part.encoding), name: attachment.name, type: attachment.type, charset },
      budget,
    )
    text += `\n${inner.text}`
    why ??= inner.why
  }
  return { text, why }
}
