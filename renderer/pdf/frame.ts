/**
 * The page in which a PDF is drawn. It stands in a frame without an origin (reader/PdfFrame.tsx): it cannot reach the window around it, the engine, or any
 * network, and is given nothing but the bytes. Whatever a PDF makes of pdf.js, it makes it here.
 */
import { getDocument, type PDFDocumentProxy, PDFWorker } from 'pdfjs-dist/legacy/build/pdf.mjs'

const PAGES_MAX = 300
/** Of one page, in pixels: a page of ten metres is a line of three numbers in a PDF. */
const PIXELS_MAX = 6_000_000
const IMAGE_PIXELS_MAX = 24_000_000
const DOCUMENT_MS = 20_000
const PAGE_MS = 15_000

// A worker without an origin must come from a blob; the code it loads is ours.
const code = new Blob([`importScripts(${JSON.stringify(new URL('./worker.js', location.href).href)})`], { type: 'text/javascript' })
const thread = new Worker(URL.createObjectURL(code))

const say = (message: { pdf: 'ready' } | { pdf: 'shown'; pages: number } | { pdf: 'failed' }) => parent.postMessage(message, '*')

addEventListener('message', ({ source, data }: MessageEvent<{ bytes?: Uint8Array }>) => {
  if (source !== parent || !(data?.bytes instanceof Uint8Array)) return
  show(data.bytes).catch(() => {
    thread.terminate()
    say({ pdf: 'failed' })
  })
})
say({ pdf: 'ready' })

async function show(bytes: Uint8Array): Promise<void> {
  const options: Parameters<typeof getDocument>[0] = {
    data: bytes,
    worker: PDFWorker.create({ port: thread }),
    maxImageSize: IMAGE_PIXELS_MAX,
    canvasMaxAreaInBytes: PIXELS_MAX * 4,
    enableXfa: false,
    disableAutoFetch: true,
    disableRange: true,
    disableStream: true,
    useWasm: false,
    useWorkerFetch: false,
    isOffscreenCanvasSupported: false,
    stopAtErrors: false,
    verbosity: 0,
  }
  const pdf = await within(DOCUMENT_MS, getDocument(options).promise)
  const pages = Math.min(pdf.numPages, PAGES_MAX)
  // A page is drawn when it comes near, one after the other.
  let turn: Promise<void> = Promise.resolve()
  const nearing = new IntersectionObserver(
    entries => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue
        nearing.unobserve(target)
        const n = Number((target as HTMLElement).dataset['page'])
        turn = turn.then(() => draw(pdf, n, target as HTMLElement)).catch(() => {}) // one page that cannot be drawn stays white; the others go on
      }
    },
    { rootMargin: '600px' },
  )
  for (let n = 1; n <= pages; n++) {
    const place = document.createElement('div')
    place.className = 'page'
    place.dataset['page'] = String(n)
    document.body.append(place)
  }
  await draw(pdf, 1, document.querySelector<HTMLElement>('.page')!)
  for (const place of document.querySelectorAll('.page:not(:has(canvas))')) nearing.observe(place)
  say({ pdf: 'shown', pages: pdf.numPages })
}

async function draw(pdf: PDFDocumentProxy, n: number, place: HTMLElement): Promise<void> {
  const page = await within(PAGE_MS, pdf.getPage(n))
  const plain = page.getViewport({ scale: 1 })
  const wanted = (Math.min(900, innerWidth - 24) / plain.width) * devicePixelRatio
  const scale = Math.min(wanted, Math.sqrt(PIXELS_MAX / (plain.width * plain.height)))
  const viewport = page.getViewport({ scale })
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.floor(viewport.width))
  canvas.height = Math.max(1, Math.floor(viewport.height))
  canvas.style.width = `${Math.floor(viewport.width / devicePixelRatio)}px`
  const drawing = page.render({ canvas, viewport })
  try {
    await within(PAGE_MS, drawing.promise)
  } catch (error) {
    drawing.cancel()
    throw error
  } finally {
    place.replaceChildren(canvas)
    page.cleanup()
  }
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return Promise.race([work, new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`longer than ${ms} ms`)), ms))])
}
