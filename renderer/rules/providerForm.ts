/** Providers known by name, in the account form. */
import type { ProviderHint, ProviderOffer } from '../../main/contract/captureRules.ts'
import { userNameAt } from '../../main/contract/userName.ts'
import { type AccountDraft, withHost } from '../dialogs/accountForm.ts'

const serverOf = (provider: ProviderOffer, protocol: AccountDraft['protocol']) => provider[protocol]

/** The one whose server stands in the form; null for another. */
export function providerOf({ protocol, host }: Pick<AccountDraft, 'protocol' | 'host'>, providers: readonly ProviderOffer[]): ProviderOffer | null {
  const name = host.trim().toLowerCase()
  return name === '' ? null : (providers.find(provider => serverOf(provider, protocol)?.host === name) ?? null)
}

/** The one of this address. */
export function providerByAddress(user: string, providers: readonly ProviderOffer[]): ProviderOffer | null {
  const domain = /@([^@\s]+)$/.exec(user.trim())?.[1]?.toLowerCase()
  return domain ? (providers.find(({ domains }) => domains.includes(domain)) ?? null) : null
}

/** The form with the server of this provider, over the other protocol where it has no server for this one. */
export function withProvider(draft: AccountDraft, provider: ProviderOffer): AccountDraft {
  const protocol = serverOf(provider, draft.protocol) ? draft.protocol : provider.imap ? 'imap' : 'pop3'
  const server = serverOf(provider, protocol)!
  return { ...withHost(draft, server.host), protocol, port: String(server.port), security: server.security, user: userNameAt(provider, draft.user) }
}

/** Another protocol at the same provider has another server. */
export function followProtocol(before: AccountDraft, after: AccountDraft, providers: readonly ProviderOffer[]): AccountDraft {
  const provider = before.protocol === after.protocol ? null : providerOf(before, providers)
  return provider && serverOf(provider, after.protocol) ? withProvider(after, provider) : after
}

const overPop3 = new Set<ProviderHint>(['slow-checks', 'part-over-pop3'])
const overImap = new Set<ProviderHint>(['show-in-imap', 'whole-host'])

/** What matters over this protocol. */
export const hintsFor = ({ hints }: ProviderOffer, protocol: AccountDraft['protocol']): ProviderHint[] =>
  hints.filter(hint => !(protocol === 'imap' ? overPop3 : overImap).has(hint))
