/** Whom to trust. A pin stands in place of the chain: exactly that certificate and no other, whoever signed it. */
import { isIP } from 'node:net'
import tls, { type ConnectionOptions, type PeerCertificate, type SecureContext } from 'node:tls'
import type { AccountSettings, AccountTest } from '../../../contract/types.ts'
import { type Client, createClient } from './client.ts'
import { saying, type Where } from './serverError.ts'

export type Certificate = NonNullable<AccountTest['certificate']>

/** With a pin, Node's own check is off: `checkPeer` must then have the last word before a password is sent. Nothing for a connection that is plain throughout. */
export function tlsOptions(settings: AccountSettings): ConnectionOptions {
  if (settings.security === 'plain') return {}
  return {
    secureContext: secureContext(settings.ca ?? ''),
    rejectUnauthorized: settings.pin === undefined,
  }
}

// Reading some hundred authorities takes 80 ms, for each of several connections.
const contexts = new Map<string, SecureContext>()

/** Node's authorities, the computer's own where Node can read them (22.15 and later), and the account's. */
export function secureContext(ca: string): SecureContext {
  const known = contexts.get(ca)
  if (known) return known
  const system = typeof tls.getCACertificates === 'function' ? tls.getCACertificates('system') : []
  // A private authority is added to the known ones, not put in their place: the provider may move to a public certificate.
  const context = tls.createSecureContext({
    minVersion: 'TLSv1.2',
    ca: [...new Set([...tls.rootCertificates, ...system]), ...(ca === '' ? [] : [ca])],
  })
  contexts.set(ca, context)
  return context
}

/** Compares the server's certificate with the pin. Throws tls-pin-mismatch; does nothing without a pin. */
export function checkPeer(client: Pick<Client, 'socket'>, settings: AccountSettings, where: Where): void {
  if (settings.pin === undefined) return
  const offered = certificateOf(client)
  if (offered?.sha256 === settings.pin) return
  throw saying('tls-pin-mismatch', 'the server offers another certificate than the pinned one', where, {
    expected: settings.pin,
    offered: offered?.sha256 ?? '',
  })
}

/** The leaf certificate of the connection, null where there is none. */
export function certificateOf(client: Pick<Client, 'socket'>): Certificate | null {
  const peer = client.socket?.getPeerCertificate?.()
  if (!peer?.fingerprint256) return null
  return {
    sha256: peer.fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: nameOf(peer.subject),
    issuer: nameOf(peer.issuer),
    validTo: peer.valid_to,
  }
}

const LOOK_MS = 15_000

/** The certificate that a server offers, looked at and not trusted: nothing but the handshake (after STARTTLS where that is asked for) takes place. */
export function offeredCertificate(settings: AccountSettings): Promise<Certificate | null> {
  return new Promise(resolve => {
    const client = createClient({
      host: settings.host,
      port: settings.port,
      secure: settings.security === 'tls',
      doSTARTTLS: settings.security === 'starttls',
      auth: { user: 'nobody', pass: 'nothing' },
      tls: { rejectUnauthorized: false },
      logger: false,
      connectionTimeout: LOOK_MS,
      greetingTimeout: LOOK_MS,
    })
    client.on('error', () => {})
    // The one step before a login: here it ends.
    client.authenticate = async () => {
      resolve(certificateOf(client))
      client.close()
      return false
    }
    client.connect().then(
      () => client.close(),
      () => resolve(null),
    )
  })
}

/** Only a connection that never leaves this computer may be plain without being asked for. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '')
  if (isIP(name) === 4) return name.startsWith('127.')
  if (isIP(name) === 6) return name === '::1' || name === '0:0:0:0:0:0:0:1' || name.startsWith('::ffff:127.')
  return name === 'localhost' || name.endsWith('.localhost')
}

const nameOf = (name: PeerCertificate['subject'] | undefined): string => {
  const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)
  return [first(name?.CN), first(name?.O)].filter(Boolean).join(', ')
}
