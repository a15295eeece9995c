/** Which ways there are to log in to a server, beside a password. */
import type { SignInOffer } from '../../main/contract/signIn.ts'
import type { AccountDraft } from '../dialogs/accountForm.ts'

/** Those that this server takes; of a provider with an own name nobody knows which servers are meant. */
export function offersFor(host: string, offers: readonly SignInOffer[]): SignInOffer[] {
  const name = host.trim().toLowerCase()
  return offers.filter(({ hosts }) => hosts.length === 0 || hosts.some(known => (known.startsWith('.') ? name.endsWith(known) : name === known)))
}

/** Another server has other ways; where no password may be asked for, signing in is the one that is left. */
export function followHost(draft: AccountDraft, before: AccountDraft, offers: readonly SignInOffer[], mayAskPassword: boolean): AccountDraft {
  if (draft.host === before.host) return draft
  const there = offersFor(draft.host, offers)
  if (draft.signIn !== null && there.some(({ provider }) => provider === draft.signIn)) return draft
  return { ...draft, signIn: mayAskPassword ? null : (there.find(({ hosts }) => hosts.length > 0)?.provider ?? null) }
}
