/** One question to an authorization server: a form, answered by a small JSON object (RFC 6749 5). */
import { AppError } from '../../../contract/errors.ts'
import { serverError, type Where } from '../imap/serverError.ts'

const PATIENCE_MS = 30_000
const LARGEST_ANSWER = 64 * 1024

export type Answer = Readonly<Record<string, unknown>>

/** What the server answered, also where that is an error (RFC 6749 5.2: `error`). Throws an AppError of the network, server-unavailable, or server-refused for what is no answer. */
export async function ask(url: string, form: Record<string, string>, secrets: readonly string[], signal?: AbortSignal): Promise<Answer> {
  const where = whereOf(url, secrets)
  const patience = AbortSignal.timeout(PATIENCE_MS)
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { accept: 'application/json' },
      // The form has a secret in it, which is nobody else's.
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    })
    const text = await read(response)
    const answer = objectIn(text)
    if (response.status >= 500 || response.status === 429)
      throw new AppError('server-unavailable', `HTTP ${response.status}`, { facts: { host: where.host } })
    if (!answer) throw new AppError('server-refused', `HTTP ${response.status}, and no JSON`, { facts: { host: where.host } })
    return answer
  } catch (error) {
    if (signal?.aborted) throw new AppError('cancelled', 'cancelled', { cause: signal.reason })
    if (patience.aborted) throw new AppError('connection-timeout', 'no answer in time', { facts: { host: where.host } })
    if (error instanceof AppError) throw error
    // fetch says only that it failed; why is its cause.
    const { cause } = error as Error
    throw serverError(cause instanceof Error && 'code' in cause ? cause : Object.assign(new Error('fetch failed'), { code: 'ECONNRESET' }), where)
  }
}

export function whereOf(url: string, secrets: readonly string[]): Where {
  const { hostname, port, protocol } = new URL(url)
  return { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80), secrets }
}

async function read(response: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.length
    if (length > LARGEST_ANSWER) throw new AppError('server-refused', 'an answer without an end')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

function objectIn(text: string): Answer | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Answer) : null
  } catch {
    return null
  }
}
