/** Connect, encrypt, log in. What must hold before a password is sent is decided here, whatever the library or the server would allow. */
import { AppError } from '../../../contract/errors.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import { recognise } from '../provider.ts'
import { type Proof, withProof } from '../secret.ts'
import type { Connect, ConnectOptions, ImapSession } from '../types.ts'
import { type Client, createClient, type Response, responseCode, responseText } from './client.ts'
import { type Connection, command } from './command.ts'
import { saying, serverError, type Where } from './serverError.ts'
import { createSession } from './session.ts'
import { type Certificate, certificateOf, checkPeer, isLoopback, tlsOptions } from './tls.ts'

/** Sent with ID (RFC 2971), always: NetEase (163, 126, yeah) refuses to open a mailbox for clients without a name. */
export const clientId = { name: 'Mailcoffer', version: '0.1.0', vendor: 'Mailcoffer', 'support-url': false as const }

export interface ConnectSettings {
  /** From the first packet to the end of the TLS handshake; and from there to the greeting; ms. */
  connectTimeout: number
  greetingTimeout: number
  /** Silence while an answer is due; ms. A SEARCH over a large mailbox takes minutes on slow servers. */
  silence: number
  /** COMPRESS=DEFLATE costs 12 times the CPU on a fast link, and pays on a slow one. */
  compress: boolean
  /** The largest literal that is held in memory; larger messages come in pieces. */
  maxLiteral: number
}

const MB = 1024 * 1024
export const usualSettings: ConnectSettings = {
  connectTimeout: 20_000,
  greetingTimeout: 16_000,
  silence: 180_000,
  compress: false,
  maxLiteral: 32 * MB,
}
// One line without its literals: a SEARCH of 20,000 messages has 220 KB. More would not hold up memory but time, see searchUids.ts.
const MAX_LINE = MB / 2

/** What a person may want to know about how far it came; for the account test. */
export interface Milestones {
  greeting?(text: string): void
  /** Right before the password is sent, over what. */
  secured?(protocol: string): void
  certificate?(certificate: Certificate): void
}

export const connectImap: Connect = options => connectWith(options)

/** Throws an AppError of the groups account, server or network; `cancelled` when the signal aborts. Its facts never hold the password. */
export async function connectWith(options: ConnectOptions, milestones: Milestones = {}, how: Partial<ConnectSettings> = {}): Promise<ImapSession> {
  return createSession(await openConnection(options, milestones, how))
}

/** Logged in, for a session of one kind or another. Throws as connectWith does. */
export async function openConnection(options: ConnectOptions, milestones: Milestones = {}, how: Partial<ConnectSettings> = {}): Promise<Connection> {
  const { host, port } = options.settings
  refusePlaintext(options, { host, port })
  options.signal?.throwIfAborted()
  return await withProof(options.password, proof => openWith(options, proof, milestones, how))
}

async function openWith(options: ConnectOptions, proof: Proof, milestones: Milestones, how: Partial<ConnectSettings>): Promise<Connection> {
  const { settings, signal, log = () => {} } = options
  const where: Where = { host: settings.host, port: settings.port, secrets: [proof.token ?? proof.password] }
  const client = createClient(clientOptions(settings, proof, { ...usualSettings, ...how }))
  const connection: Connection = { client, where, exists: 0, broken: undefined, offers: new Set(), signal, qresync: null, unseen: [] }
  const onAbort = () => client.close()
  signal?.addEventListener('abort', onAbort, { once: true })
  client.on('close', () => signal?.removeEventListener('abort', onAbort))
  client.on('error', error => {
    connection.broken ??= error
  })

  const strange = watchForGreeting(client)
  const vetted = vetBeforeLogin(client, options, proof, where, milestones)
  try {
    const connected = client.connect()
    noteBye(connection)
    await connected
    // Belt and braces: had the library logged in by another way, nothing above would have looked at the certificate.
    if (!vetted()) throw new AppError('internal', 'the connection was not checked before the login')
    connection.offers = offersOf(client)
    await introduce(connection)
  } catch (error) {
    client.close()
    if (strange.seen) throw saying('server-not-imap', 'what came is no IMAP greeting', where, {})
    if (signal?.aborted) throw new AppError('cancelled', 'cancelled', { cause: signal.reason })
    throw connectError(error, connection, options)
  } finally {
    strange.stop()
  }
  log(`connected, ${settings.security}, ${[...connection.offers].sort().join(' ')}`)
  return connection
}

function clientOptions(settings: AccountSettings, { token, password }: Proof, how: ConnectSettings) {
  return {
    host: settings.host,
    port: settings.port,
    secure: settings.security === 'tls',
    doSTARTTLS: settings.security === 'starttls',
    auth: token === undefined ? { user: settings.user, pass: password } : { user: settings.user, accessToken: token },
    tls: tlsOptions(settings),
    clientInfo: clientId,
    logger: false as const,
    disableAutoIdle: true,
    // UTF8=ACCEPT and IMAP4rev2 would change how mailbox names are spelled, and so their identity; CONDSTORE is asked for by EXAMINE.
    disableAutoEnable: true,
    disableCompression: !how.compress,
    connectionTimeout: how.connectTimeout,
    greetingTimeout: how.greetingTimeout,
    socketTimeout: how.silence,
    maxLiteralSize: how.maxLiteral,
    maxLineLength: MAX_LINE,
    maxResponseSize: how.maxLiteral + MAX_LINE,
  }
}

const STRANGE_MS = 3_000

/** A mail server of another kind speaks first, too, and then waits: bytes without a greeting for some seconds are enough to know. */
function watchForGreeting(client: Client): { readonly seen: boolean; stop(): void } {
  let seen = false
  let since = 0
  const timer = setInterval(() => {
    if (client.stats().received === 0 || client.greeting !== undefined) return
    since += STRANGE_MS / 10
    if (since < STRANGE_MS) return
    seen = true
    client.close()
  }, STRANGE_MS / 10)
  return {
    get seen() {
      return seen
    },
    stop: () => clearInterval(timer),
  }
}

function refusePlaintext({ settings }: ConnectOptions, where: Where): void {
  if (settings.security !== 'plain' || settings.allowPlain || isLoopback(settings.host)) return
  throw saying('plaintext-refused', 'plain IMAP to another computer was not allowed', where)
}

/** Puts our checks between the handshake and the login. Returns whether they were passed. */
function vetBeforeLogin(client: Client, { settings }: ConnectOptions, { token }: Proof, where: Where, milestones: Milestones): () => boolean {
  let passed = false
  const login = client.authenticate.bind(client)
  client.authenticate = async () => {
    milestones.greeting?.(client.greeting ?? '')
    const certificate = certificateOf(client)
    if (certificate) milestones.certificate?.(certificate)
    if (settings.security !== 'plain' && !client.secureConnection) throw saying('starttls-missing', 'the connection is not encrypted', where)
    if (settings.security !== 'plain') checkPeer(client, settings, where)
    passed = true
    milestones.secured?.(client.tls ? `${client.tls.version ?? 'TLS'}` : 'plain')
    const offers = client.capabilities
    if (token !== undefined && !TAKES_TOKENS.some(mechanism => offers.has(mechanism)))
      throw saying('server-refused', 'no mechanism for tokens is offered', where, { serverSays: 'no AUTH=XOAUTH2, no AUTH=OAUTHBEARER' })
    if (token === undefined && offers.has('LOGINDISABLED') && !offers.has('AUTH=PLAIN') && !offers.has('AUTH=LOGIN'))
      throw saying(client.secureConnection ? 'imap-disabled' : 'plaintext-refused', 'the server takes no password here (LOGINDISABLED)', where)
    return login()
  }
  return () => passed
}

const TAKES_TOKENS = ['AUTH=OAUTHBEARER', 'AUTH=XOAUTH2']

const BYE_GRACE_MS = 1_000

/** imapflow keeps only the text of a BYE; its code (UNAVAILABLE, LIMIT, …) says whether to come back. And a server that says BYE may forget to hang up. */
function noteBye(connection: Connection): void {
  const { client } = connection
  const known = client.untaggedHandlers['BYE']
  client.untaggedHandlers['BYE'] = async (response: Response) => {
    const code = responseCode(response)?.name
    connection.broken ??= Object.assign(new Error('BYE'), {
      responseStatus: 'BYE',
      responseText: responseText(response),
      ...(code && { serverResponseCode: code }),
    })
    setTimeout(() => client.close(), BYE_GRACE_MS).unref()
    await known?.(response)
  }
}

/** imapflow sends ID before the login, and after it only where the first answer said little; NetEase wants it after, and does not always offer it. */
async function introduce(connection: Connection): Promise<void> {
  const { client } = connection
  const offered = connection.offers.has('ID')
  const repeated = offered && Object.keys(client.serverInfo ?? {}).length < 2
  const wanted = offered || recognise(connection.where, { greeting: client.greeting ?? '' })?.wantsId === true
  if (!wanted || repeated) return
  const pairs = Object.entries(clientId).flatMap(([key, value]) => (value === false ? [] : [key, value]))
  try {
    await command(connection, 'ID', [pairs.map(value => ({ type: 'STRING', value }))])
  } catch (error) {
    // Not to know us is no reason not to serve us; a connection that broke is.
    if (!(error instanceof AppError) || error.code !== 'server-refused') throw error
  }
}

function offersOf(client: Client): ReadonlySet<string> {
  return new Set([...client.capabilities.keys()].map(name => name.toUpperCase()))
}

interface Failed {
  code?: string
  tlsFailed?: boolean
}

function connectError(error: unknown, { client, where, broken }: Connection, { settings }: ConnectOptions): AppError {
  const { code, tlsFailed } = error as Failed
  // STARTTLS not offered, or refused: the library has no code for it, and no handshake was begun.
  if (settings.security === 'starttls' && tlsFailed && code === undefined && !client.secureConnection)
    return saying('starttls-missing', 'the server does not offer STARTTLS', where)
  if (code === 'GREETING_TIMEOUT' && client.stats().received > 0) return saying('server-not-imap', 'what came is no IMAP greeting', where)
  const known = broken && (code === 'NoConnection' || code?.startsWith('ClosedAfterConnect')) ? broken : error
  return serverError(known, where)
}
