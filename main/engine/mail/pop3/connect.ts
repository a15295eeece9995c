/** Connect, encrypt, log in. What must hold before a password is sent is decided here, whatever the server would allow. */
import net, { isIP, type Socket } from 'node:net'
import tls from 'node:tls'
import { AppError } from '../../../contract/errors.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import { saying, serverError, type Where } from '../imap/serverError.ts'
import { type Certificate, certificateOf, checkPeer, isLoopback, tlsOptions } from '../imap/tls.ts'
import { type Proof, withProof } from '../secret.ts'
import type { ConnectOptions } from '../types.ts'
import { apop, stampOf } from './apop.ts'
import { capa, noOffers } from './capa.ts'
import type { Conversation } from './conversation.ts'
import { login } from './login.ts'
import { loginName, pop3Provider } from './provider.ts'
import { saslToken, tokenAnswers } from './saslToken.ts'
import { isError, isOk, refused, statusOf } from './serverError.ts'
import { createSession } from './session.ts'
import { stls } from './stls.ts'
import type { ConnectPop3, Offers, Pop3Session } from './types.ts'
import { createWire, type Wire } from './wire.ts'

export interface Pop3ConnectSettings {
  /** From the first packet to the end of the TLS handshake; and from there to the greeting; ms. */
  connectTimeout: number
  greetingTimeout: number
  /** Silence while an answer is due; ms. LIST of a large mailbox takes minutes on servers that read every file for its size. */
  silence: number
}

export const usualSettings: Pop3ConnectSettings = { connectTimeout: 20_000, greetingTimeout: 16_000, silence: 180_000 }

/** What a person may want to know about how far it came; for the account test. */
export interface Milestones {
  greeting?(text: string): void
  certificate?(certificate: Certificate): void
  /** Right before the password is sent, over what. */
  secured?(protocol: string): void
}

export const connectPop3: ConnectPop3 = options => connectWith(options)

/** Throws an AppError of the groups account, server or network; `cancelled` when the signal aborts. Its facts never hold the password. */
export async function connectWith(
  options: ConnectOptions,
  milestones: Milestones = {},
  how: Partial<Pop3ConnectSettings> = {},
): Promise<Pop3Session> {
  const { host, port } = options.settings
  refusePlaintext(options.settings, { host, port })
  return await withProof(options.password, proof => openWith(options, proof, milestones, { ...usualSettings, ...how }))
}

async function openWith(
  { settings, signal, log = () => {} }: ConnectOptions,
  proof: Proof,
  milestones: Milestones,
  { connectTimeout, greetingTimeout, silence }: Pop3ConnectSettings,
): Promise<Pop3Session> {
  const where: Where = { host: settings.host, port: settings.port, secrets: secretsOf(settings, proof) }
  if (signal?.aborted) throw new AppError('cancelled', 'cancelled', { cause: signal.reason })
  refuseUnsayable(settings, proof)

  let socket = await open(settings, where, connectTimeout, signal)
  const wireOver = (over: Socket, patience: number) => createWire(over, { where, silence: patience, signal })
  let wire = wireOver(socket, greetingTimeout)
  try {
    const greeting = await greetingOf(wire, where)
    milestones.greeting?.(statusOf(greeting).text)
    let talk: Conversation = { wire, where, offers: noOffers }
    if (settings.security === 'starttls') {
      talk.offers = await capa(talk)
      await stls(talk)
      socket = await handshake(wire.release(), settings, where, connectTimeout)
      wire = wireOver(socket, silence)
    } else wire.patience(silence)
    // What was said before the handshake is forgotten: anybody may have said it (RFC 2595 section 4).
    talk = { wire, where, offers: noOffers }
    vet(socket, settings, where, milestones)
    talk.offers = patient(await capa(talk), settings)
    await logIn(talk, settings, proof, greeting)
    // RFC 2449 section 5: what is offered may differ after the login.
    talk.offers = patient(await capa(talk, talk.offers), settings)
    log(`connected, ${settings.security}, ${offersLine(talk)}`)
    return createSession(talk)
  } catch (error) {
    wire.close()
    if (signal?.aborted) throw new AppError('cancelled', 'cancelled', { cause: signal.reason })
    throw serverError(error, where)
  }
}

function secretsOf(settings: AccountSettings, { token, password }: Proof): string[] {
  if (token !== undefined) return [token, ...tokenAnswers(loginName(settings), token, settings)]
  return [password, Buffer.from(`\0${loginName(settings)}\0${password}`).toString('base64')]
}

function refusePlaintext({ security, allowPlain, host }: AccountSettings, where: Where): void {
  if (security === 'plain' && !allowPlain && !isLoopback(host))
    throw saying('plaintext-refused', 'plain POP3 to another computer was not allowed', where)
}

/** A line end in a name or password would be a command of its own. */
function refuseUnsayable({ user }: AccountSettings, { token, password }: Proof): void {
  if (/[\r\n\0]/.test(user) || /[\r\n\0]/.test(token ?? password))
    throw new AppError('invalid-input', 'a line end in the name or the password', {
      facts: { problem: 'The user name or the password contains a line end, which POP3 cannot transmit.' },
    })
}

/** A provider's help pages may ask for more time between two logins than its server does. */
function patient(offers: Offers, settings: AccountSettings): Offers {
  const { interval } = pop3Provider(settings)
  return interval > (offers.loginDelay ?? 0) ? { ...offers, loginDelay: interval } : offers
}

async function logIn(talk: Conversation, settings: AccountSettings, { token, password }: Proof, greeting: string): Promise<void> {
  const user = loginName(settings)
  if (token !== undefined) return await saslToken(talk, user, token, settings)
  const stamp = stampOf(greeting)
  const encrypted = settings.security !== 'plain'
  // On an open line the one way that does not say the password. A server may send the stamp and know no secret for this user: then the usual way.
  if (stamp !== null && !encrypted) {
    try {
      return await apop(talk, user, password, stamp)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'auth-failed' || !talk.wire.usable) throw error
    }
  }
  await login(talk, user, password, stamp)
}

/** The last word before a password is sent. */
function vet(socket: Socket, settings: AccountSettings, where: Where, milestones: Milestones): void {
  if (settings.security === 'plain') {
    milestones.secured?.('plain')
    return
  }
  if (!(socket instanceof tls.TLSSocket)) throw new AppError('internal', 'the connection is not encrypted')
  const certificate = certificateOf({ socket })
  if (certificate) milestones.certificate?.(certificate)
  checkPeer({ socket }, settings, where)
  milestones.secured?.(socket.getProtocol() ?? 'TLS')
}

async function greetingOf(wire: Wire, where: Where): Promise<string> {
  let greeting: string
  try {
    greeting = await wire.line()
  } catch (error) {
    if (error instanceof AppError && error.code === 'connection-timeout' && wire.received() > 0) throw saying('server-not-pop3', 'no greeting', where)
    throw error
  }
  if (isOk(greeting)) return greeting
  if (isError(greeting)) {
    const error = refused(greeting, where)
    // Refused before anybody has said who he is: too many connections, maintenance.
    throw error.code === 'server-refused' ? new AppError('server-unavailable', error.message, { facts: error.facts }) : error
  }
  throw saying('server-not-pop3', 'what came is no POP3 greeting', where)
}

/** A socket, with its TLS handshake done where TLS is to be there from the first byte. */
async function open(settings: AccountSettings, where: Where, timeout: number, signal: AbortSignal | undefined): Promise<Socket> {
  const { host, port, security } = settings
  if (security !== 'tls') return established(net.connect({ host, port }), 'connect', where, timeout, signal)
  return established(tls.connect({ host, port, ...named(host), ...tlsOptions(settings) }), 'secureConnect', where, timeout, signal)
}

function handshake(socket: Socket, settings: AccountSettings, where: Where, timeout: number): Promise<Socket> {
  const { host } = settings
  return established(tls.connect({ socket, host, ...named(host), ...tlsOptions(settings) }), 'secureConnect', where, timeout)
}

/** RFC 6066 section 3: an address is no server name. */
export const named = (host: string) => (isIP(host) === 0 ? { servername: host } : {})

export function established(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  where: Where,
  timeout: number,
  signal?: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      socket.off(event, onDone).off('error', onError).off('close', onClose)
      act()
    }
    const fail = (error: AppError) =>
      settle(() => {
        socket.on('error', () => {})
        socket.destroy()
        reject(error)
      })
    const onDone = () => settle(() => resolve(socket))
    const onError = (error: Error) => fail(serverError(tlsFailure(error, event), where))
    const onClose = () => fail(saying(event === 'secureConnect' ? 'tls-failed' : 'connection-lost', 'closed while connecting', where))
    const onAbort = () => fail(new AppError('cancelled', 'cancelled', { cause: signal?.reason }))
    const timer = setTimeout(() => fail(saying('connection-timeout', `no connection within ${timeout} ms`, where)), timeout)
    socket.on(event, onDone).on('error', onError).on('close', onClose)
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted) onAbort()
  })
}

/** A reset in the middle of a handshake is a handshake that failed: mostly TLS spoken to a port that has none. */
function tlsFailure(error: Error & { code?: string }, event: string): Error {
  return event === 'secureConnect' && error.code === 'ECONNRESET' ? Object.assign(new Error(error.message), { tlsFailed: true }) : error
}

const offersLine = ({ offers }: Conversation): string =>
  [offers.top && 'TOP', offers.uidl && 'UIDL', offers.pipelining && 'PIPELINING', offers.expire !== null && `EXPIRE ${offers.expire}`]
    .filter(Boolean)
    .join(' ')
