/** How the account form is filled in from an address: with a known provider's server, with a guess, and with what is found in place of the guess. */
import type { Discovery, FoundServer, ProviderOffer } from '../../main/contract/captureRules.ts'
import { providerByAddress, withProvider } from '../rules/providerForm.ts'
import { type AccountDraft, foundFor, guessHost, isGuess, withFound, withHost } from './accountForm.ts'

/** The form as it was, and as it was filled in. */
export interface Filled {
  before: AccountDraft
  after: AccountDraft
}

/** Null where there is nothing to fill in, or what stands there was typed. What was filled in for another address goes with it. */
export function fillIn(draft: AccountDraft, filled: Filled | null, providers: readonly ProviderOffer[]): (Filled & { isKnown: boolean }) | null {
  const former = filled && draft.host === filled.after.host && draft.user !== filled.after.user ? filled : null
  if (draft.host !== '' && !former) return null
  const before = former && isUntouched(draft, former.after) ? withServerOf(draft, former.before) : draft
  const provider = providerByAddress(before.user, providers)
  const guess = guessHost(before.user, before.protocol)
  if (!provider && guess === '') return null
  return { before, after: provider ? withProvider(before, provider) : withHost(before, guess), isKnown: provider !== null }
}

/** The form with what was found in place of what was filled in, or for the protocol that was chosen since. Null: it stays as it is. */
export function takeFound(draft: AccountDraft, { after }: Filled, servers: readonly FoundServer[], imapOnly: boolean): AccountDraft | null {
  const isChosen = draft.protocol !== after.protocol
  const isOurs = draft.host === after.host
  if (!(isChosen ? isOurs || isGuess(draft) : isOurs && isGuess(draft) && isUntouched(draft, after))) return null
  const next = withFound(draft, isChosen ? servers.filter(({ protocol }) => protocol === draft.protocol) : servers, imapOnly)
  return next && !isSame(draft, next) ? next : null
}

export type Finding = 'found' | 'outside' | 'nothing' | 'unanswered' | null

/** What came of the search, as long as the form shows it. */
export function findingOf(draft: AccountDraft, { servers, unanswered }: Pick<Discovery, 'servers' | 'unanswered'>, imapOnly: boolean): Finding {
  const found = withFound(draft, servers, imapOnly)
  if (!found) return !isGuess(draft) ? null : unanswered ? 'unanswered' : 'nothing'
  if (!isSame(draft, found)) return null
  return foundFor(draft, servers, imapOnly)?.outside ? 'outside' : 'found'
}

const isSame = (one: AccountDraft, other: AccountDraft): boolean =>
  one.host === other.host && one.protocol === other.protocol && isUntouched(one, other)

const isUntouched = (draft: AccountDraft, before: AccountDraft): boolean =>
  draft.protocol === before.protocol && draft.port === before.port && draft.security === before.security && draft.pin === before.pin

const withServerOf = (draft: AccountDraft, { protocol, port, security }: AccountDraft): AccountDraft => ({ ...draft, protocol, port, security })
