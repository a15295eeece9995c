/** What `app://mailcoffer/…` and `app://pdf/…` answer: files out of one folder each, with a policy that lets the page reach nothing else. */
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

export const scheme = 'app'
export const origin = `${scheme}://mailcoffer`
/** The page that draws PDFs (renderer/pdf): another origin, and its policy's `sandbox` takes away even that. */
export const pdfOrigin = `${scheme}://pdf`

/**
 * Nothing is loaded from anywhere but our own files. Inline styles are for mail: its HTML is shown in a sandboxed srcdoc frame, which inherits
 * this policy, and mail without its own styles is unreadable. Images inside mail are data: and blob: only, made by the engine.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  `frame-src 'self' ${pdfOrigin}`,
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const pdfPolicy = [
  "default-src 'none'",
  `script-src ${pdfOrigin}`,
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data: blob:',
  'font-src data: blob:',
  "base-uri 'none'",
  "form-action 'none'",
  `frame-ancestors ${origin}`,
  'sandbox allow-scripts',
].join('; ')

export interface Folders {
  renderer: string
  pdf: string
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
}

/** The answer to one request; anything but a file of ours is 404, and nothing outside the folders can be named. */
export async function answer(folders: Folders, url: string, method: string): Promise<Response> {
  const isPdf = URL.canParse(url) && new URL(url).host === 'pdf'
  const file = fileFor(isPdf ? folders.pdf : folders.renderer, url)
  if (method !== 'GET' || file === null) return new Response('not found', { status: 404 })
  try {
    const content = new Uint8Array(await readFile(file))
    return new Response(content, {
      headers: {
        'Content-Type': types[extname(file)] ?? 'application/octet-stream',
        'Content-Security-Policy': isPdf ? pdfPolicy : policy,
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cache-Control': 'no-store',
      },
    })
  } catch {
    return new Response('not found', { status: 404 }) // a missing file is an ordinary answer here
  }
}

const hosts = new Set(['mailcoffer', 'pdf'])

function fileFor(folder: string, url: string): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || parsed.protocol !== `${scheme}:` || !hosts.has(parsed.host)) return null
  let path: string
  try {
    path = decodeURIComponent(parsed.pathname)
  } catch {
    return null // not UTF-8
  }
  if (path.includes('\0') || path.includes('\\')) return null
  const file = normalize(join(folder, path === '/' ? 'index.html' : path))
  return file.startsWith(folder + sep) ? file : null
}
