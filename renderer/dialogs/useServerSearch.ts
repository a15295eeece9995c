import { useEffect, useRef, useState } from 'react'
import type { ProviderOffer } from '../../main/contract/captureRules.ts'
import { providerByAddress, withProvider } from '../rules/providerForm.ts'
import { useCall } from '../state/useCall.ts'
import { type AccountDraft, guessHost, withFound, withHost } from './accountForm.ts'

export type ServerSearch = 'looking' | 'found' | 'nothing' | null

interface Options {
  draft: AccountDraft
  imapOnly: boolean
  providers: readonly ProviderOffer[]
  onChange(draft: AccountDraft): void
}

/** Whoever leaves the address by a click meets what is under the pointer: what is said of the search takes room, and comes after it. */
const A_CLICK_MS = 250

/**
 * Fills in the server of an address when it was typed: a known provider's, or a guess, and what is found for it in place of the guess. What a person typed
 * stays; what stands there for another address does not. Null: nothing was looked for, or the form shows something else by now.
 */
export function useServerSearch({ draft, imapOnly, providers, onChange }: Options): [ServerSearch, typed: () => void] {
  const [address, setAddress] = useState<string | null>(null)
  const { value, loading } = useCall('account.discover', address === null ? null : { address })
  /** As it was filled in here. */
  const filled = useRef<AccountDraft | null>(null)
  const later = useRef<ReturnType<typeof setTimeout>>(undefined)
  const isGuess = draft.host !== '' && draft.host === guessHost(draft.user, draft.protocol)
  const latest = useRef({ draft, isGuess, onChange })
  latest.current = { draft, isGuess, onChange }

  useEffect(() => {
    if (!value) return
    const { draft, isGuess, onChange } = latest.current
    const isWanted = isGuess && draft.user === address && !isTouched(draft, filled.current)
    const next = isWanted ? withFound(draft, value.servers, imapOnly) : null
    if (!next) return
    filled.current = next
    onChange(next)
  }, [value, address, imapOnly])

  useEffect(() => () => clearTimeout(later.current), [])

  const typed = () => {
    clearTimeout(later.current)
    const isOurs = draft.host === filled.current?.host && draft.user !== filled.current.user
    if (draft.host !== '' && !isOurs) return
    const provider = providerByAddress(draft.user, providers)
    const guess = guessHost(draft.user, draft.protocol)
    if (!provider && guess === '') return
    const next = provider ? withProvider(draft, provider) : withHost(draft, guess)
    filled.current = next
    onChange(next)
    if (!provider) later.current = setTimeout(() => setAddress(draft.user), A_CLICK_MS)
  }

  const state = (): ServerSearch => {
    if (address === null || draft.user !== address) return null
    if (loading) return isGuess ? 'looking' : null
    const found = value && withFound(draft, value.servers, imapOnly)
    if (found) return isSame(draft, found) ? 'found' : null
    return value && isGuess ? 'nothing' : null
  }
  return [state(), typed]
}

const isSame = (one: AccountDraft, other: AccountDraft) => one.host === other.host && one.port === other.port && one.security === other.security

/** Another protocol has another port, and a guess of its own. */
const isTouched = (draft: AccountDraft, before: AccountDraft | null): boolean =>
  before?.protocol === draft.protocol && (draft.port !== before.port || draft.security !== before.security || draft.pin !== before.pin)
