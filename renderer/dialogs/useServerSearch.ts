import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ProviderOffer } from '../../main/contract/captureRules.ts'
import { useCall } from '../state/useCall.ts'
import { type AccountDraft, isGuess } from './accountForm.ts'
import { type Filled, type Finding, fillIn, findingOf, takeFound } from './serverSearch.ts'

export type ServerSearch = 'looking' | Finding

interface Options {
  draft: AccountDraft
  imapOnly: boolean
  providers: readonly ProviderOffer[]
  onChange(draft: AccountDraft): void
}

/** Whoever leaves the address by a click meets what is under the pointer: what is said of the search takes room, and comes after it. */
const A_CLICK_MS = 250

/** Fills in the server of an address when it was typed (serverSearch.ts). Null: nothing was looked for, or the form shows something else by now. */
export function useServerSearch({ draft, imapOnly, providers, onChange }: Options): [ServerSearch, typed: () => void] {
  const [address, setAddress] = useState<string | null>(null)
  const { value, loading, reload } = useCall('account.discover', address === null ? null : { address })
  const filled = useRef<Filled | null>(null)
  const later = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef({ draft, onChange })
  latest.current = { draft, onChange }
  const { user, host, protocol } = draft

  // biome-ignore lint/correctness/useExhaustiveDependencies: it looks at the whole form, whenever what decides has changed; before a key more is taken
  useLayoutEffect(() => {
    const { draft, onChange } = latest.current
    const next = value && filled.current && draft.user === address ? takeFound(draft, filled.current, value.servers, imapOnly) : null
    if (!next || !filled.current) return
    filled.current = { ...filled.current, after: next }
    onChange(next)
  }, [value, address, imapOnly, user, host, protocol])

  useEffect(() => () => clearTimeout(later.current), [])

  const typed = () => {
    clearTimeout(later.current)
    const next = fillIn(draft, filled.current, providers)
    if (!next) return
    filled.current = next
    onChange(next.after)
    if (next.isKnown) return
    later.current = setTimeout(() => (draft.user === address ? reload() : setAddress(draft.user)), A_CLICK_MS)
  }

  if (address === null || user !== address) return [null, typed]
  return [loading ? (isGuess(draft) ? 'looking' : null) : value ? findingOf(draft, value, imapOnly) : null, typed]
}
