/**
 * The mail servers of an address, for a person who knows only that: by its provider, by what its domain says (RFC 6186, RFC 8314), by who takes its
 * mail (MX), and under the names that small hosts use. Only what greets as it should is named, or is a known provider's. No user name and no password is sent anywhere.
 */
import type { SrvRecord } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import net from 'node:net'
import tls from 'node:tls'
import { domainToASCII } from 'node:url'
import type { Discovery, FoundServer } from '../../contract/captureRules.ts'
import { AppError } from '../../contract/errors.ts'
import { secureContext } from './imap/tls.ts'
import { type Provider, providers, type Server } from './providers.ts'

type Protocol = FoundServer['protocol']
/** It greets, and its certificate is so; null: it does not greet. */
export type Greeting = FoundServer['certificate'] | null

/** What is asked of the network; tests put their own in place. Nothing here throws: what cannot be had is not there, and null is that no name server answers. */
export interface DiscoverDeps {
  srv(name: string): Promise<SrvAnswer[] | null>
  mx(domain: string): Promise<string[] | null>
  greets(server: Server, protocol: Protocol): Promise<Greeting>
}

type SrvAnswer = Pick<SrvRecord, 'name' | 'port' | 'priority' | 'weight'>

interface Candidate extends Server {
  protocol: Protocol
  source: FoundServer['source']
}

/** Labels of letters, digits and hyphens, two at least: what stands in a DNS answer goes no further unless it looks so. */
const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/
/** RFC 2606, RFC 6761, RFC 6762: nobody's, or only of this computer or this network. */
const RESERVED = /(^|\.)(example|example\.(com|net|org)|test|invalid|localhost|local|onion)$/

const services: readonly { service: string; protocol: Protocol; security: Server['security'] }[] = [
  { service: '_imaps._tcp', protocol: 'imap', security: 'tls' },
  { service: '_imap._tcp', protocol: 'imap', security: 'starttls' },
  { service: '_pop3s._tcp', protocol: 'pop3', security: 'tls' },
  { service: '_pop3._tcp', protocol: 'pop3', security: 'starttls' },
]

/**
 * IMAP first, of each protocol the most certain. Empty where nothing is found. Throws `cancelled` when the signal aborts, and invalid-input for what is no address.
 */
export async function discover(address: string, signal: AbortSignal, deps: DiscoverDeps = network(signal)): Promise<Discovery> {
  const domain = domainOf(address)
  const known = providers.find(({ domains }) => domains.includes(domain))
  const answer = (provider: Provider | null, servers: FoundServer[], unanswered = false) => ({
    domain,
    provider: provider?.id ?? null,
    servers,
    unanswered,
  })
  if (known)
    return answer(
      known,
      serversOf(known).map(server => found(domain, { ...server, source: 'provider' }, 'later')),
    )
  if (RESERVED.test(domain)) return answer(null, [])

  const [records, takers] = await Promise.all([Promise.all(services.map(each => srvOf(domain, each, deps))), deps.mx(domain)])
  const exchangers = takers ?? []
  const keeper = providers.find(({ mx = [] }) => exchangers.some(name => mx.some(end => name.endsWith(end))))
  const candidates: Candidate[] = [
    ...records.flatMap(some => some ?? []),
    ...(keeper ? serversOf(keeper).map(server => ({ ...server, source: 'mx' as const })) : namesOf(domain, exchangers)),
  ]
  // A program on this computer that need not run yet: its provider says so.
  const local = keeper && serversOf(keeper).find(server => net.isIP(server.host) !== 0)
  if (keeper && local) return answer(keeper, [found(domain, { ...local, source: 'mx' }, 'later')])
  const greetings = await Promise.all(candidates.map(one => deps.greets(one, one.protocol)))
  if (signal.aborted) throw new AppError('cancelled', 'cancelled')
  const servers = (['imap', 'pop3'] as const).flatMap(protocol => best(domain, protocol, candidates, greetings))
  const same = keeper && servers.some(server => serversOf(keeper).some(one => one.host === server.host))
  return answer(same ? keeper : null, servers, servers.length === 0 && [takers, ...records].every(said => said === null))
}

function domainOf(address: string): string {
  const domain = domainToASCII(/@([^@\s]+)$/.exec(address.trim())?.[1] ?? '').toLowerCase()
  if (!HOST.test(domain)) throw new AppError('invalid-input', 'not an e-mail address', { facts: { problem: 'This is not an e-mail address.' } })
  return domain
}

/** The certificate counts for more than the source: TLS from the first byte (RFC 8314 3), for this name, before all else. */
function best(domain: string, protocol: Protocol, candidates: readonly Candidate[], greetings: readonly Greeting[]): FoundServer[] {
  for (const wanted of ['trusted', 'untrusted', 'later'] as const) {
    const at = candidates.findIndex((one, i) => one.protocol === protocol && greetings[i] === wanted)
    if (at >= 0) return [found(domain, candidates[at]!, wanted)]
  }
  return []
}

const found = (domain: string, { protocol, host, port, security, source }: Candidate, certificate: FoundServer['certificate']): FoundServer => ({
  protocol,
  host,
  port,
  security,
  source,
  certificate,
  outside: host !== domain && !host.endsWith(`.${domain}`) && !providers.some(provider => serversOf(provider).some(one => one.host === host)),
})

const serversOf = ({ imap, pop3 }: Provider) => [
  ...(imap ? [{ ...imap, protocol: 'imap' as const }] : []),
  ...(pop3 ? [{ ...pop3, protocol: 'pop3' as const }] : []),
]

/** RFC 2782: the lowest priority first. A target of "." says that there is no such service. */
async function srvOf(domain: string, { service, protocol, security }: (typeof services)[number], deps: DiscoverDeps): Promise<Candidate[] | null> {
  const records = await deps.srv(`${service}.${domain}`)
  if (!records) return null
  return records
    .toSorted((a, b) => a.priority - b.priority || b.weight - a.weight)
    .map(({ name, port }) => ({ host: nameOf(name), port }))
    .filter(({ host, port }) => HOST.test(host) && port > 0)
    .slice(0, 2)
    .map(server => ({ ...server, security, protocol, source: 'srv' }))
}

/** What small hosts use. Whoever takes the mail often also keeps it. */
function namesOf(domain: string, exchangers: readonly string[]): Candidate[] {
  const others = [`mail.${domain}`, domain, ...exchangers.slice(0, 1)]
  const name = (protocol: Protocol, security: Server['security'], port: number) => (host: string) => ({
    protocol,
    host,
    port,
    security,
    source: host === exchangers[0] ? ('mx' as const) : ('name' as const),
  })
  const imaps = [...new Set([`imap.${domain}`, ...others])]
  const pops = [...new Set([`pop.${domain}`, `pop3.${domain}`, ...others])]
  return [
    ...imaps.map(name('imap', 'tls', 993)),
    ...imaps.map(name('imap', 'starttls', 143)),
    ...pops.map(name('pop3', 'tls', 995)),
    ...pops.map(name('pop3', 'starttls', 110)),
  ]
}

const nameOf = (name: string): string => name.toLowerCase().replace(/\.$/, '')

const DNS_MS = 3_000
const GREET_MS = 5_000
const GREETING_MAX = 1_000 // bytes
/** A name server said so. Every other failure (of a router without a line, too) is that nobody knows. */
const SAID_NO = new Set(['ENODATA', 'ENOTFOUND'])
const orNobody = (error: NodeJS.ErrnoException): [] | null => (SAID_NO.has(error.code ?? '') ? [] : null)

/** The network as it is; `nameServers` in place of the system's. */
export function network(signal: AbortSignal, nameServers?: readonly string[]): DiscoverDeps {
  const resolver = new Resolver({ timeout: DNS_MS, tries: 1 })
  if (nameServers) resolver.setServers(nameServers)
  signal.addEventListener('abort', () => resolver.cancel(), { once: true })
  return {
    srv: name => resolver.resolveSrv(name).catch(orNobody),
    mx: domain =>
      resolver.resolveMx(domain).then(
        found =>
          found
            .toSorted((a, b) => a.priority - b.priority)
            .map(({ exchange }) => nameOf(exchange))
            .filter(name => HOST.test(name)),
        orNobody,
      ),
    greets: (server, protocol) => greets(server, protocol, { signal }),
  }
}

export interface GreetOptions {
  signal?: AbortSignal
  timeoutMs?: number
  /** PEM, trusted beside those that every account trusts. */
  ca?: string
}

const certificateOf = (socket: net.Socket): FoundServer['certificate'] =>
  !(socket instanceof tls.TLSSocket) ? 'later' : socket.authorized ? 'trusted' : 'untrusted'

/** Connects, reads the first line, and goes: is what listens there a server of this protocol? Never rejects. */
export function greets(
  { host, port, security }: Server,
  protocol: Protocol,
  { signal, timeoutMs = GREET_MS, ca }: GreetOptions = {},
): Promise<Greeting> {
  return new Promise(resolve => {
    const socket =
      security === 'tls'
        ? // Nothing but its greeting is read; whether the certificate is good is part of the answer.
          tls.connect({
            host,
            port,
            rejectUnauthorized: false,
            ...(net.isIP(host) === 0 && { servername: host }),
            secureContext: secureContext(ca ?? ''),
          })
        : net.connect({ host, port })
    const settle = (greeting: Greeting) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', nothing)
      socket.destroy()
      resolve(greeting)
    }
    const nothing = () => settle(null)
    const timer = setTimeout(nothing, timeoutMs)
    signal?.addEventListener('abort', nothing, { once: true })
    if (signal?.aborted) nothing()
    socket.on('error', nothing)
    socket.on('close', nothing)
    let line = ''
    socket.on('data', (bytes: Buffer) => {
      line += bytes.toString('latin1')
      if (!line.includes('\n') && line.length < GREETING_MAX) return
      const greeted = (protocol === 'imap' ? /^\* (OK|PREAUTH)\b/i : /^\+OK\b/i).test(line)
      settle(greeted ? certificateOf(socket) : null)
    })
  })
}
