/** The port of this computer to which the browser brings the answer (RFC 8252 7.3). */
import type { AddressInfo } from 'node:net'
import { AppError } from '../../../contract/errors.ts'
import { refusal } from './grants.ts'

export interface Loopback {
  /** Where the provider sends the browser. */
  redirect: string
  /** The code, once the browser has come with it. Throws sign-in-needed where it comes with a refusal. */
  code(state: string, provider: string, signal: AbortSignal): Promise<string>
  close(): void
}

/** `goodbye`: what the browser shows then. */
export async function listenForCode(host: '127.0.0.1' | 'localhost', goodbye: string): Promise<Loopback> {
  // Only now: it brings the whole of Node's own fetch with it, a tenth of the time in which the engine starts.
  const { createServer } = await import('node:http')
  let come: (url: URL) => boolean = () => false
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    // Whatever else knocks here, a browser's favicon or another program, is no answer.
    const ours = request.method === 'GET' && url.pathname === '/' && come(url)
    response.writeHead(ours ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', connection: 'close' })
    response.end(ours ? page(goodbye) : '')
  })
  // Only to this computer: nobody on the network can answer in a person's place.
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return {
    // Without a path: as it is registered, Microsoft compares everything but the port.
    redirect: `http://${host}:${(server.address() as AddressInfo).port}`,
    code: (state, provider, signal) =>
      new Promise((resolve, reject) => {
        const stop = () => reject(new AppError('cancelled', 'nobody signed in', { cause: signal.reason }))
        if (signal.aborted) return stop()
        signal.addEventListener('abort', stop, { once: true })
        come = ({ searchParams }) => {
          // RFC 6749 10.12: an answer to somebody else's question.
          if (searchParams.get('state') !== state) return false
          const code = searchParams.get('code')
          if (code) resolve(code)
          else reject(refusal(Object.fromEntries(searchParams), { provider }))
          return true
        }
      }),
    // The page is on its way still.
    close: () => void setTimeout(close, 1000).unref(),
  }
}

const page = (text: string) =>
  `<!doctype html><meta charset="utf-8"><title>Mailcoffer</title><body style="font:16px system-ui;margin:4em auto;max-width:30em"><p>${text.replace(/[&<>"]/g, each => `&#${each.charCodeAt(0)};`)}</p>`
