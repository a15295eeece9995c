/** The text of a PDF, by pdf.js. Nothing is drawn, no script of the document runs, nothing is fetched. */
import { fileURLToPath } from 'node:url'
import { type AttachedText, type Budget, spend } from './types.ts'

const PAGES_MAX = 3000
/** A word that is cut at the end of a line is one word for whoever looks for it. */
const CUT_WORD = /(\p{L})[-\u00ad\u2010]\n(?=\p{Ll})/gu

type PdfJs = typeof import('pdfjs-dist/legacy/build/pdf.mjs')
let loading: Promise<PdfJs> | undefined

/** Two megabytes of code that only those need who meet a PDF. Its worker runs in this same thread, which can be ended. */
function pdfJs(): Promise<PdfJs> {
  loading ??= (async () => {
    // For drawing, which is not done here; it looks for them when it is loaded.
    const world = globalThis as Record<string, unknown>
    world['DOMMatrix'] ??= class {}
    world['Path2D'] ??= class {}
    // It says on the console what it would need for drawing.
    const { warn } = console
    console.warn = () => {}
    try {
      await import('./pdfWorker.ts')
      return await import('pdfjs-dist/legacy/build/pdf.mjs')
    } finally {
      console.warn = warn
    }
  })()
  return loading
}

/** Tables of Adobe's character collections, which East Asian documents name instead of holding them: beside the bundle, or in the package. */
const cMaps = (): string =>
  fileURLToPath(
    import.meta.url.endsWith('.ts') ? new URL('./cmaps/', import.meta.resolve('pdfjs-dist/package.json')) : new URL('./cmaps/', import.meta.url),
  )

export async function pdfText(bytes: Buffer, budget: Budget): Promise<AttachedText> {
  const { getDocument, VerbosityLevel } = await pdfJs()
  const task = getDocument({
    // pdf.js takes the array for itself.
    data: new Uint8Array(bytes),
    cMapUrl: cMaps(),
    cMapPacked: true,
    useSystemFonts: false,
    disableFontFace: true,
    useWasm: false,
    useWorkerFetch: false,
    enableXfa: false,
    stopAtErrors: false,
    maxImageSize: 1, // images are passed over
    verbosity: VerbosityLevel.ERRORS,
  })
  try {
    const pdf = await task.promise
    let text = ''
    let why: AttachedText['why'] = pdf.numPages > PAGES_MAX ? 'too-large' : null
    for (let n = 1; n <= Math.min(pdf.numPages, PAGES_MAX); n++) {
      if (budget.characters <= 0) return { text, why: 'too-large' }
      try {
        const page = await pdf.getPage(n)
        const read = spend(`${await pageText(page)}\n`, budget)
        text += read.text
        why ??= read.why
        page.cleanup()
      } catch {
        why ??= 'damaged' // the other pages are read all the same
      }
    }
    text += await filledIn(pdf, budget)
    return text.trim() === '' ? { text: '', why: why ?? 'image-only' } : { text, why }
  } catch (error) {
    return { text: '', why: error instanceof Error && error.name === 'PasswordException' ? 'encrypted' : 'damaged' }
  } finally {
    await task.destroy().catch(() => {}) // it never began
  }
}

type Pdf = Awaited<ReturnType<PdfJs['getDocument']>['promise']>
type Page = Awaited<ReturnType<Pdf['getPage']>>

async function pageText(page: Page): Promise<string> {
  const { items } = await page.getTextContent()
  let text = ''
  for (const item of items) if ('str' in item) text += item.hasEOL ? `${item.str}\n` : item.str
  return text.replace(CUT_WORD, '$1')
}

/** What somebody wrote into a form's fields. */
async function filledIn(pdf: Pdf, budget: Budget): Promise<string> {
  const fields = await pdf.getFieldObjects().catch(() => null)
  if (!fields) return ''
  const values = Object.values(fields)
    .flat()
    .map(field => (field as { value?: unknown }).value)
  const { text } = spend(values.filter(value => typeof value === 'string' && value !== '' && value !== 'Off').join('\n'), budget)
  return text
}
