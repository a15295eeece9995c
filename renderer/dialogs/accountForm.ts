/** The account form: what is typed, and what becomes of it. */
import type { FoundServer } from '../../main/contract/captureRules.ts'
import type { AccountSettings, Security } from '../../main/contract/types.ts'

export interface AccountDraft {
  protocol: AccountSettings['protocol']
  user: string
  host: string
  port: string
  security: Security
  password: string
  ca: string | null
  pin: string | null
  allowPlain: boolean
  /** POP3 at Gmail. */
  recent: boolean
  /** The provider to sign in at in place of a password; null: a password. */
  signIn: string | null
}

/** RFC 8314 3.2 and 3.3: 993 and 995 for implicit TLS; else 143 (RFC 9051 2.1) and 110 (RFC 1939 3). */
const standardPorts: Record<AccountSettings['protocol'], Record<Security, string>> = {
  imap: { tls: '993', starttls: '143', plain: '143' },
  pop3: { tls: '995', starttls: '110', plain: '110' },
}

export function draftOf(settings: AccountSettings | undefined): AccountDraft {
  const protocol = settings?.protocol ?? 'imap'
  return {
    protocol,
    user: settings?.user ?? '',
    host: settings?.host ?? '',
    port: String(settings?.port ?? standardPorts[protocol].tls),
    security: settings?.security ?? 'tls',
    password: '',
    ca: settings?.ca ?? null,
    pin: settings?.pin ?? null,
    allowPlain: settings?.allowPlain ?? false,
    recent: settings?.recent ?? false,
    signIn: settings?.signIn ?? null,
  }
}

/** Another kind of security brings its port along, unless the person chose one of their own. */
export function withSecurity(draft: AccountDraft, security: Security): AccountDraft {
  const ports = standardPorts[draft.protocol]
  const own = draft.port !== ports[draft.security]
  return { ...draft, security, port: own ? draft.port : ports[security] }
}

/** Another protocol brings its port and, where the server was only guessed, its usual name along. */
export function withProtocol(draft: AccountDraft, protocol: AccountDraft['protocol']): AccountDraft {
  if (protocol === draft.protocol) return draft
  const own = draft.port !== standardPorts[draft.protocol][draft.security]
  const host = isGuess(draft) ? guessHost(draft.user, protocol) : draft.host
  return { ...withHost(draft, host), protocol, port: own ? draft.port : standardPorts[protocol][draft.security] }
}

/** Gmail shows over POP3 only what no program has fetched, or, if asked, the last 30 days. */
export const knowsRecent = ({ protocol, host }: AccountDraft) => protocol === 'pop3' && /(^|\.)(gmail|googlemail)\.com$/i.test(host.trim())

/** Another server has another certificate. */
export const withHost = (draft: AccountDraft, host: string): AccountDraft => ({ ...draft, host, pin: null })

/** imap.<domain>, or pop.<domain>, is right at most providers; offered while nothing was typed. */
export function guessHost(user: string, protocol: AccountDraft['protocol']): string {
  const domain = /@([^@\s]+\.[^@\s.]+)$/.exec(user.trim())?.[1]
  return domain ? `${protocol === 'imap' ? 'imap' : 'pop'}.${domain.toLowerCase()}` : ''
}

export const isGuess = ({ user, host, protocol }: AccountDraft): boolean => host !== '' && host === guessHost(user, protocol)

/** The server among those found for the address that the form takes: over the protocol that was chosen where there is one, else over the other. */
export const foundFor = ({ protocol: chosen }: AccountDraft, servers: readonly FoundServer[], imapOnly: boolean): FoundServer | undefined =>
  servers.find(({ protocol }) => protocol === chosen) ?? (imapOnly ? undefined : servers[0])

/** The form with what was found for the address: with `foundFor`. Null: nothing of use was found. */
export function withFound(draft: AccountDraft, servers: readonly FoundServer[], imapOnly: boolean): AccountDraft | null {
  const server = foundFor(draft, servers, imapOnly)
  if (!server) return null
  const { protocol, host, port, security } = server
  return { ...withHost(draft, host), protocol, port: String(port), security }
}

export const isLoopback = (host: string) => /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host.trim())

/** Null while something needed is missing. */
export function settingsOf(draft: AccountDraft): AccountSettings | null {
  const [user, host, port] = [draft.user.trim(), draft.host.trim(), Number(draft.port)]
  if (user === '' || host === '' || !Number.isInteger(port) || port < 1 || port > 65535) return null
  if (draft.security === 'plain' && !isLoopback(host) && !draft.allowPlain) return null
  return {
    protocol: draft.protocol,
    host,
    port,
    security: draft.security,
    user,
    ...(draft.ca !== null && { ca: draft.ca }),
    ...(draft.pin !== null && draft.security !== 'plain' && { pin: draft.pin }),
    ...(draft.security === 'plain' && draft.allowPlain && { allowPlain: true }),
    ...(draft.recent && knowsRecent(draft) && { recent: true }),
    ...(draft.signIn !== null && { signIn: draft.signIn }),
  }
}
