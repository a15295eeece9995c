/** The settings of an account, from the options of a command. */
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { AppError } from '../contract/errors.ts'
import type { AccountSettings, Security } from '../contract/types.ts'
import type { Options } from './args.ts'
import { type CommandContext, UsageError } from './command.ts'

export const ACCOUNT_OPTIONS = [
  'provider',
  'imap',
  'pop3',
  'user',
  'security',
  'ca',
  'pin',
  'allow-plain',
  'recent',
  'sign-in',
  'device-code',
] as const

type Protocol = AccountSettings['protocol']

/** RFC 8314 3.2 and 3.3, RFC 9051 2.1, RFC 1939 3. */
const PORTS: Record<Protocol, Record<Security, number>> = {
  imap: { tls: 993, starttls: 143, plain: 143 },
  pop3: { tls: 995, starttls: 110, plain: 110 },
}

/** Throws UsageError for what can be seen to be wrong before a password is asked for. */
export function checkNew(options: Options): void {
  const server = serverFrom(options)
  const isNamed = server !== null || options.provider !== undefined
  if (options.user === undefined || !(isNamed || options.user.includes('@')))
    throw new UsageError('An account needs --user, and --provider ID, --imap HOST:PORT or --pop3 HOST:PORT unless the user is an e-mail address.')
  if (server) securityFrom(options.security, null, server.port, server.protocol)
  checkTrust(options)
  checkSignIn(options)
}

/** An account keeps signing in where it did, until something else is said. */
function signInFrom({ 'sign-in': given }: Options, before: AccountSettings | null): Pick<AccountSettings, 'signIn'> {
  const provider = given ?? before?.signIn
  return provider === undefined || provider === 'none' ? {} : { signIn: provider }
}

function checkSignIn(options: Options): void {
  const provider = options['sign-in']
  if (provider !== undefined && !/^[a-z0-9][a-z0-9-]{0,39}$/.test(provider))
    throw new UsageError('--sign-in takes google, microsoft, or the name that was given to `mailcoffer sign-in set`.')
  if (options['device-code'] && (provider === undefined || provider === 'none')) throw new UsageError('--device-code goes with --sign-in PROVIDER.')
}

export function checkChange(options: Options): void {
  checkSignIn(options)
  serverFrom(options)
  if (options.security !== undefined) securityFrom(options.security, null, null, 'imap')
  checkTrust(options)
}

/** What a person should know about an account of this kind; empty where there is nothing to say. */
export function limitsOf({ protocol, host, recent }: AccountSettings): string {
  if (protocol !== 'pop3') return ''
  const lines = [
    'POP3 shows the inbox only: sent mail and other folders are not captured. What another program deletes before a sync is lost to the archive;',
  ]
  lines.push('let other programs leave messages on the server for some days.')
  if (/(gmail|googlemail)\.com$/i.test(host) && !recent)
    lines.push('Gmail shows over POP3 only what no program has fetched yet; with --recent it shows the last 30 days, whatever was fetched.')
  return `${lines.join('\n')}\n`
}

function serverFrom(options: Options): { protocol: Protocol; host: string; port: number | null } | null {
  if ([options.provider, options.imap, options.pop3].filter(each => each !== undefined).length > 1)
    throw new UsageError('One of --provider, --imap and --pop3.')
  const protocol = options.pop3 === undefined ? 'imap' : 'pop3'
  const text = options[protocol]
  if (text === undefined) return null
  const [host, port] = hostAndPort(text, protocol)
  return { protocol, host, port }
}

/** The settings that were there, with what the options change. */
export async function settingsFrom(
  { options, terminal }: Pick<CommandContext, 'options' | 'terminal'>,
  before: AccountSettings | null,
): Promise<AccountSettings> {
  const server = serverFrom(options)
  const protocol = server?.protocol ?? before!.protocol
  const [host, port] = server ? [server.host, server.port] : [before!.host, keptPort(before!, options.security)]
  // Another protocol is another server: how the one before was trusted and protected says nothing about it.
  const like = before?.protocol === protocol ? before : null
  const security = securityFrom(options.security, like, port, protocol)
  if (options.recent && protocol !== 'pop3') throw new UsageError('--recent goes with --pop3.')
  const allowPlain = options['allow-plain'] ?? like?.allowPlain ?? false
  const recent = protocol === 'pop3' && (options.recent ?? like?.recent ?? false)
  // The engine refuses it as well; here it is said before a password is asked for.
  if (security === 'plain' && !allowPlain && !isLoopback(host)) throw new AppError('plaintext-refused', `plain to ${host}`, { facts: { host } })
  return {
    protocol,
    host,
    port: port ?? PORTS[protocol][security],
    security,
    user: options.user ?? before!.user,
    ...(await trustFrom(options, terminal.cwd, like)),
    ...(allowPlain && { allowPlain }),
    ...(recent && { recent }),
    ...signInFrom(options, before),
  }
}

/** The usual port of one kind of security moves with it; an unusual one was chosen, and stays. */
function keptPort({ port, security, protocol }: AccountSettings, wanted: string | undefined): number | null {
  return wanted !== undefined && wanted !== security && port === PORTS[protocol][security] ? null : port
}

/** One replaces the other; "none" takes one away; nothing said keeps what was there. */
async function trustFrom({ ca, pin }: Options, cwd: string, before: AccountSettings | null): Promise<Pick<AccountSettings, 'ca' | 'pin'>> {
  if (pin !== undefined && pin !== 'none') return { pin: fingerprint(pin) }
  if (ca !== undefined && ca !== 'none') return { ca: await certificateAuthority(resolve(cwd, ca)) }
  return {
    ...(before?.ca !== undefined && ca === undefined && { ca: before.ca }),
    ...(before?.pin !== undefined && pin === undefined && { pin: before.pin }),
  }
}

function checkTrust({ ca, pin }: Options): void {
  if (ca !== undefined && pin !== undefined && ca !== 'none' && pin !== 'none') throw new UsageError('Either --ca or --pin.')
  if (pin !== undefined && pin !== 'none') fingerprint(pin)
}

function securityFrom(given: string | undefined, before: AccountSettings | null, port: number | null, protocol: Protocol): Security {
  if (given === 'tls' || given === 'starttls' || given === 'plain') return given
  if (given !== undefined) throw new UsageError('--security is one of tls, starttls, plain.')
  if (before) return before.security
  // The two ports that leave no doubt. Never plain without having been asked for.
  if (port === PORTS[protocol].tls || port === null) return 'tls'
  if (port === PORTS[protocol].starttls) return 'starttls'
  throw new UsageError('Say how the connection is protected: --security tls|starttls|plain.')
}

function hostAndPort(text: string, protocol: Protocol): [string, number | null] {
  const match = /^(?:\[([^\]]+)\]|([^:\s/@]+))(?::(\d{1,5}))?$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = match?.[3] === undefined ? null : Number(match[3])
  if (!host || (port !== null && (port < 1 || port > 65535)))
    throw new UsageError(
      `--${protocol} takes HOST:PORT, such as ${protocol === 'imap' ? 'imap' : 'pop'}.example.org:${PORTS[protocol].tls}; an IPv6 address in [brackets].`,
    )
  return [host, port]
}

async function certificateAuthority(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(error => {
    throw new UsageError(`The file of --ca cannot be read: ${path}`, { cause: error })
  })
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new UsageError(`The file of --ca holds no certificate in PEM: ${path}`)
  if (text.includes('PRIVATE KEY-----')) throw new UsageError(`The file of --ca holds a private key, which has no place in the settings: ${path}`)
  return text
}

/** As openssl and browsers print it, too: upper case, colons, a name in front. */
function fingerprint(text: string): string {
  const digits = text
    .replace(/^.*[=\s]/, '')
    .replace(/^sha256:/i, '')
    .replaceAll(':', '')
    .toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(digits)) throw new UsageError('--pin takes a SHA-256 fingerprint: 64 hexadecimal digits.')
  return digits
}

export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true
  return (isIP(host) === 4 && host.startsWith('127.')) || (isIP(host) === 6 && /^(0*:)*:?0*1$/.test(host))
}
