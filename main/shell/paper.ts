/** A message on paper or as a PDF: laid out by Chromium in a window that nobody sees, without script and without any way out. */
import { writeFile } from 'node:fs/promises'
import { BrowserWindow, type Session, session as sessions } from 'electron'
import { lockDownSession } from './lockdown.ts'
import { origin, scheme } from './rendererFiles.ts'

/** Nothing but what stands in the document itself. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; sandbox"
const PATIENCE_MS = 30_000

let document = ''
let session: Promise<Session> | null = null

/** The system's dialog asks for the printer. */
export async function printPaper(html: string): Promise<void> {
  await onPaper(html, window => new Promise<void>(resolve => window.webContents.print({ printBackground: true }, () => resolve())))
}

export async function savePdf(html: string, path: string): Promise<void> {
  const pdf = await onPaper(html, window => window.webContents.printToPDF({ printBackground: true, pageSize: 'A4', generateTaggedPDF: true }))
  await writeFile(path, pdf, { mode: 0o600, flush: true })
}

let last: Promise<unknown> = Promise.resolve()

/** One after the other: they share the session that serves the document. */
function onPaper<T>(html: string, work: (window: BrowserWindow) => Promise<T>): Promise<T> {
  const turn = last.then(() => layOut(html, work))
  last = turn.catch(() => {}) // its caller has the error
  return turn
}

async function layOut<T>(html: string, work: (window: BrowserWindow) => Promise<T>): Promise<T> {
  session ??= openSession()
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: await session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
      disableDialogs: true,
      devTools: false,
    },
  })
  const patience = setTimeout(() => window.destroy(), PATIENCE_MS)
  try {
    document = html
    await window.loadURL(`${origin}/paper`)
    clearTimeout(patience)
    return await work(window)
  } finally {
    clearTimeout(patience)
    document = ''
    if (!window.isDestroyed()) window.destroy()
  }
}

async function openSession(): Promise<Session> {
  const made = sessions.fromPartition('mailcoffer-paper', { cache: false })
  await lockDownSession(made)
  made.protocol.handle(
    scheme,
    () => new Response(document, { headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY } }),
  )
  return made
}
