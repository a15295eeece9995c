/** One command, sent and answered. Whatever is not a tagged OK is an AppError: absence is a fact to be proven, and silence proves nothing. */
import { AppError } from '../../../contract/errors.ts'
import { type Client, type Response, type Token, textOf, textsOf, type Untagged } from './client.ts'
import { refused, serverError, type Where } from './serverError.ts'
import { countOf, rangesOf } from './uidSet.ts'

export interface Connection {
  readonly client: Client
  readonly where: Where
  /** Of the examined mailbox, kept up to date by whatever the server says in between (RFC 9051 7.4.1: EXISTS may come any time). */
  exists: number
  /** The reason the connection broke, where the library told it as an event and not as an answer. */
  broken: unknown
  /** Capabilities after the login, in upper case. */
  offers: ReadonlySet<string>
  readonly signal: AbortSignal | undefined
  /** QRESYNC is on (ENABLE, RFC 7162 3.2.3); null before it was tried. */
  qresync: boolean | null
  /** What the last listing could not look into: prefixes of namespaces, and names that cannot be told from another. */
  unseen: string[]
}

export interface CommandOptions {
  untagged?: Record<string, Untagged>
  where?: Where
  /** FETCH: "NO … some of the requested messages no longer exist" is an answer, the caller sees which are missing. */
  partial?: boolean
  /** The server says that it waits for more (`+`). */
  onContinue?: () => void
  /** The command's line is on its way. */
  onSent?: () => void
}

/** The tagged OK. Throws an AppError for NO, BAD, BYE, and a connection that ends. */
export async function command(connection: Connection, name: string, args: Token[], options: CommandOptions = {}): Promise<Response> {
  const where = options.where ?? connection.where
  // imapflow swallows what a handler throws: kept here and thrown when the command is over.
  let handlerError: unknown
  const guard =
    (handler: Untagged): Untagged =>
    async response => {
      try {
        await handler(response)
      } catch (error) {
        handlerError ??= error
      }
    }
  const handlers = { EXISTS: noteExists(connection), EXPUNGE: noteExpunge(connection), VANISHED: noteVanished(connection), ...options.untagged }
  let response: Response
  try {
    const answer = await connection.client.exec(name, args, {
      untagged: Object.fromEntries(Object.entries(handlers).map(([key, handler]) => [key, guard(handler)])),
      ...(options.onContinue && { onPlusTag: options.onContinue }),
      ...(options.onSent && { onSend: options.onSent }),
    })
    answer.next()
    response = answer.response
  } catch (error) {
    if (connection.signal?.aborted) throw new AppError('cancelled', 'cancelled', { cause: connection.signal.reason })
    throw serverError(betterReason(connection, error), where)
  }
  if (handlerError) throw serverError(handlerError, where)
  // imapflow resolves a tagged BYE, and a NO with one known text, as if they were OK.
  const status = response.command.toUpperCase()
  if (status !== 'OK' && !(status === 'NO' && options.partial)) throw refused(response, where)
  return response
}

/** Commands that were waiting when the connection broke only hear that it is gone; why is told once, to the connection. */
function betterReason(connection: Connection, error: unknown): unknown {
  const code = (error as { code?: unknown })?.code
  return code === 'NoConnection' && connection.broken ? connection.broken : error
}

const noteExists =
  (connection: Connection): Untagged =>
  response => {
    const count = Number(response.command)
    if (Number.isSafeInteger(count)) connection.exists = count
  }

const noteExpunge =
  (connection: Connection): Untagged =>
  () => {
    connection.exists = Math.max(0, connection.exists - 1)
  }

/** With QRESYNC it comes in place of EXPUNGE (RFC 7162 3.2.10). */
export const noteVanished =
  (connection: Connection): Untagged =>
  response => {
    const { earlier, ranges } = vanishedIn(response)
    if (!earlier) connection.exists = Math.max(0, connection.exists - countOf(ranges))
  }

/** `* VANISHED (EARLIER) 41,43:116`. `earlier`: an answer about the past, which EXISTS does not count any more. */
export function vanishedIn({ attributes = [] }: Response): { earlier: boolean; ranges: [number, number][] } {
  const earlier = textsOf(attributes[0]).some(word => word.toUpperCase() === 'EARLIER')
  // A long set comes in pieces, see longSets.ts.
  const pieces = attributes.slice(earlier ? 1 : 0).map(piece => textOf(piece) ?? '')
  return { earlier, ranges: (pieces.length > 0 && rangesOf(pieces.join(','))) || [] }
}

/** A count or number of the protocol; null for anything that is not one. */
export function numberOf(token: Token | undefined): number | null {
  const text = textOf(token)
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}
