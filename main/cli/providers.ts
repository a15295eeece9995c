/** Providers known by name: what `--provider` stands for, and what a person should know about theirs. */
import type { Discovery, FoundServer, ProviderHint, ProviderOffer } from '../contract/captureRules.ts'
import type { EngineClient } from '../contract/contract.ts'
import { AppError } from '../contract/errors.ts'
import type { AccountSettings } from '../contract/types.ts'
import { userNameAt } from '../contract/userName.ts'
import type { Options } from './args.ts'
import { UsageError } from './command.ts'
import { printable } from './format.ts'

const hints: Record<ProviderHint, string> = {
  'app-password': 'It wants an app password, made in the security settings of the account there.',
  'two-step': 'App passwords are offered once two-step verification is on; some company accounts allow none.',
  'authorisation-code': 'It wants an authorisation code from its web settings in place of the password.',
  'mail-password': 'It has a password of its own for mail programs, set in its web settings.',
  'sign-in-only':
    'It accepts no passwords from mail programs any more, only its own sign-in page: add the account with --sign-in microsoft (see `mailcoffer sign-in --help`).',
  'switch-on': 'IMAP and POP3 are off at first: switch them on in its web settings.',
  'short-user': 'The user name is the part before the @.',
  'show-in-imap': 'In its web settings every label should be shown in IMAP, and folders should not be limited to 1,000 messages.',
  'whole-host': 'This server shows all messages; the usual one shows only the newest 10,000 of a folder.',
  'slow-checks': 'Over POP3 it wants 15 minutes between two looks, and gets them.',
  'part-over-pop3': 'Over POP3 it shows only a part of the mailbox; IMAP is better.',
  'pop3-only': 'It has no IMAP.',
  bridge: 'The Bridge must run on this computer; it shows the user name and the password.',
}

/** Hints that matter over one protocol only. */
const overPop3 = new Set<ProviderHint>(['slow-checks', 'part-over-pop3'])
const overImap = new Set<ProviderHint>(['show-in-imap', 'whole-host'])

export function hintLines(given: readonly ProviderHint[], protocol: AccountSettings['protocol']): string {
  return given
    .filter(hint => !(protocol === 'imap' ? overPop3 : overImap).has(hint))
    .map(hint => `${hints[hint]}\n`)
    .join('')
}

type Server = NonNullable<ProviderOffer['imap']>

interface WithServer {
  options: Options
  /** What to know about its provider. */
  hints: ProviderHint[]
}

/** The options with the server of `--provider` in place of its name. Throws UsageError for one that is not known. */
export async function withProvider(engine: EngineClient, { provider: wanted, ...options }: Options): Promise<WithServer> {
  if (wanted === undefined) return { options, hints: [] }
  const known = await engine.call('account.providers', {})
  const found = known.find(provider => answersTo(provider, wanted.toLowerCase()))
  if (!found) throw new UsageError(`There is no provider "${wanted}" here; \`mailcoffer account providers\` lists them.`)
  return { options: optionsFor(found.imap ?? found.pop3!, found.imap ? 'imap' : 'pop3', found, options), hints: found.hints }
}

/** The port belongs to how the connection is protected: who wants another protection gets its usual port. */
function optionsFor(
  { host, port, security }: Server,
  protocol: AccountSettings['protocol'],
  provider: ProviderOffer | undefined,
  options: Options,
): Options {
  const isAsked = options.security !== undefined && options.security !== security
  return {
    ...options,
    ...(provider && options.user !== undefined && { user: userNameAt(provider, options.user) }),
    [protocol]: isAsked ? host : `${host}:${port}`,
    security: options.security ?? security,
  }
}

/** Why there is no server. */
export const whyNone = ({ domain, unanswered }: Discovery): string =>
  unanswered
    ? `The server of ${printable(domain)} could not be looked for: no name server answers. Check that this computer is online, and try again.`
    : `No mail server was found for ${printable(domain)}. Ask your provider which it is.`

/**
 * The options with the server that was named, or with what is found for the address of `--user`, and what to say of that. Throws invalid-input where none
 * is found, and UsageError for a provider that is not known.
 */
export async function withServer(engine: EngineClient, options: Options): Promise<WithServer & { said: string }> {
  if ([options.provider, options.imap, options.pop3].some(given => given !== undefined)) return { ...(await withProvider(engine, options)), said: '' }
  const found = await engine.call('account.discover', { address: options.user! })
  const { domain, provider, servers } = found
  const server = options.recent ? servers.find(({ protocol }) => protocol === 'pop3') : servers[0]
  if (!server) {
    const problem = `${whyNone(found)} If you know the server, name it: --imap HOST:PORT or --pop3 HOST:PORT.`
    throw new AppError('invalid-input', 'no server was found', { facts: { problem } })
  }
  const { protocol, host, port, security, outside } = server
  if (outside) {
    const problem = `For ${domain} a server outside of it was found: ${host}. If it is your provider's, say so: --${protocol} ${host}:${port} --security ${security}`
    throw new AppError('invalid-input', 'the server is outside of the domain', { facts: { problem } })
  }
  const known = provider === null ? undefined : (await engine.call('account.providers', {})).find(({ id }) => id === provider)
  const said = `Found: ${protocol.toUpperCase()} at ${host}:${port}, ${security}.\n`
  return { options: optionsFor(server, protocol, known, options), hints: known?.hints ?? [], said }
}

const sources: Record<FoundServer['source'], (domain: string) => string> = {
  provider: () => 'known by name',
  srv: domain => `${domain} names it`,
  mx: domain => `it takes the mail of ${domain}`,
  name: () => 'it answers under a usual name',
}

export const sourceOf = ({ source, certificate, outside }: FoundServer, { domain }: Discovery): string =>
  [
    sources[source](domain),
    ...(outside ? [`it is outside of ${domain}`] : []),
    ...(certificate === 'untrusted' ? ['its certificate is not trusted for this name'] : []),
  ].join('; ')

function answersTo({ id, name, domains }: ProviderOffer, wanted: string): boolean {
  return id === wanted || name.toLowerCase() === wanted || domains.includes(wanted)
}
