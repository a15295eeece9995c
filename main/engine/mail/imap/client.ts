/**
 * The one place that knows the inside of imapflow (2.1.2, pinned exactly). imapflow connects, encrypts, logs in, frames and tokenises;
 * above that we send our own commands through its `exec`, because its command functions answer `false` or `undefined` where a server
 * refused, turn INTERNALDATE into a Date that has lost its zone, and choose SELECT or EXAMINE by an option.
 */
import { ImapFlow, type ImapFlowOptions } from 'imapflow'
import parseLine from 'imapflow/lib/handler/imap-parser.js'
import { giveBackChunks, type Streamer } from './chunks.ts'
import { breakLongSets } from './longSets.ts'
import { type Line, plainFetch } from './plainFetch.ts'
import { plainSearch } from './plainSearch.ts'

/** What the tokeniser makes of a response: null is NIL, a Uint8Array value came as a literal. */
export type Token = Node | Token[] | null
export interface Node {
  type: string
  value?: string | Uint8Array
  section?: Token[]
  partial?: number[]
}

export interface Response {
  tag: string
  command: string
  attributes?: Token[]
}

/** Called for each untagged response of that name; the next byte is read when it has resolved: this is where backpressure is. */
export type Untagged = (response: Response) => Promise<void> | void

interface TlsEnd {
  /** Silence after which the library takes the connection for dead, ms; 0: never. */
  setTimeout(ms: number): void
  authorized?: boolean
  authorizationError?: Error | string
  getPeerCertificate?(): import('node:tls').PeerCertificate
}

export type Client = ImapFlow & {
  socket: TlsEnd | null
  streamer: Streamer
  /** The usual one, ms. */
  socketTimeout: number
  /** One line as it is; `exec` sends commands. */
  write(line: string): void
  /** Where bytes go that are no line: the middle of a literal. */
  writeSocket: import('node:stream').Writable
  untaggedHandlers: Record<string, Untagged | null>
  /** What NAMESPACE (RFC 2342) said after the login, prefixes as the server spells them. */
  namespaces?: { other?: { prefix: string }[] | false; shared?: { prefix: string }[] | false }
  authenticate(): Promise<boolean>
  throttleWait(delay: number): Promise<boolean>
  /** Each line as it came, before it is tokenised. */
  handleResponse(data: Line): Promise<boolean>
  /** Of the command under way, or else of the connection. */
  getUntaggedHandler(command: string, attributes: Token[] | undefined): Untagged | undefined
  exec(
    command: string,
    attributes: Token[],
    options: { untagged?: Record<string, Untagged>; onPlusTag?: () => void; onSend?: () => void },
  ): Promise<{
    response: Response
    /** Must be called: until then the connection sends nothing more. */
    next(): void
  }>
}

export function createClient(options: ImapFlowOptions): Client {
  const client = new ImapFlow(options) as Client
  const handle = client.handleResponse.bind(client)
  giveBackChunks(client.streamer)
  // It would sit out a "Suggested Backoff Time" in silence, over an open connection; we close it, say so, and come back when the time is over.
  client.throttleWait = async () => false
  client.handleResponse = data => {
    data.payload = breakLongSets(data.payload)
    return isData(data.payload) ? takeUnlogged(client, data, handle) : handle(data)
  }
  return client
}

/** Untagged data, and no status, which may hold a response code and end the connection. */
const isData = (line: Buffer): boolean => /^\* (?!(?:OK|NO|BAD|BYE|PREAUTH)\b)[A-Z\d]/i.test(line.toString('latin1', 0, 12))

/** As the library does it, but for its log: it would spell out each answer for one that nobody keeps, a twentieth of the engine's time while mail comes in. */
async function takeUnlogged(client: Client, line: Line, handle: Client['handleResponse']): Promise<boolean> {
  let response: Response
  try {
    response =
      plainFetch(line) ?? plainSearch(line) ?? ((await parseLine(line.payload, line.literals ? { literals: line.literals } : {})) as Response)
  } catch {
    return await handle(line) // which knows what to do about a line that cannot be read
  }
  try {
    await client.getUntaggedHandler(response.command, response.attributes)?.(response)
  } catch {
    // A handler that fails has its own way to say so; the next line is none of its business.
  }
  return true
}

export const atom = (value: string): Node => ({ type: 'ATOM', value })
export const sequence = (value: string): Node => ({ type: 'SEQUENCE', value })

/** Sent as it stands, behind a space; a line end in it is refused. */
export const verbatim = (value: string): Node => ({ type: 'TEXT', value })

/** A mailbox name as an argument, byte for byte as the server spelled it. Quoted, unless it holds what a quoted string cannot (RFC 9051 4.3). */
export const nameArgument = (raw: string): Node =>
  /[\r\n\0]/.test(raw) ? { type: 'LITERAL', value: Buffer.from(raw) } : { type: 'STRING', value: raw }

export const isNode = (token: Token | undefined): token is Node => !!token && !Array.isArray(token)

/** The text of a token, null for NIL, a list, or nothing. */
export function textOf(token: Token | undefined): string | null {
  if (!isNode(token) || token.value === undefined) return null
  return typeof token.value === 'string' ? token.value : Buffer.from(token.value).toString()
}

/** The texts of a list; empty for NIL and whatever is no list. */
export function textsOf(token: Token | undefined): string[] {
  return Array.isArray(token) ? token.map(textOf).filter(text => text !== null) : []
}

/** Name and arguments of a response code: `[UIDVALIDITY 7]` is ['UIDVALIDITY', [7]]; null where the response has none. */
export function responseCode(response: Response): { name: string; args: Token[] } | null {
  const first = response.attributes?.[0]
  if (!isNode(first) || !first.section) return null
  const name = textOf(first.section[0])
  return name === null ? null : { name: name.toUpperCase(), args: first.section.slice(1) }
}

/** The human-readable end of a status response. */
export function responseText(response: Response): string {
  return (response.attributes ?? [])
    .filter(isNode)
    .filter(({ type }) => type === 'TEXT')
    .map(node => textOf(node)?.trim() ?? '')
    .join(' ')
    .trim()
}
