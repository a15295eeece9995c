import { useEffect, useRef, useState } from 'react'
import { useCall } from '../state/useCall.ts'
import { type AccountDraft, guessHost, withFound } from './accountForm.ts'

export type ServerSearch = 'looking' | 'found' | 'nothing' | null

/**
 * Looks for the servers of an address while its form shows a guess, and puts what is found in its place. What a person typed stays. Null: nothing was
 * looked for, or the form shows something else by now.
 */
export function useServerSearch(
  draft: AccountDraft,
  imapOnly: boolean,
  onChange: (draft: AccountDraft) => void,
): [ServerSearch, (address: string) => void] {
  const [address, setAddress] = useState<string | null>(null)
  const { value, loading } = useCall('account.discover', address === null ? null : { address })
  const [host, setHost] = useState<string | null>(null)
  const isGuess = draft.host !== '' && draft.host === guessHost(draft.user, draft.protocol)
  const latest = useRef({ draft, isGuess, onChange })
  latest.current = { draft, isGuess, onChange }

  useEffect(() => {
    if (!value) return
    const { draft, isGuess, onChange } = latest.current
    const found = isGuess && draft.user === address ? withFound(draft, value.servers, imapOnly) : null
    setHost(found?.host ?? null)
    if (found) onChange(found)
  }, [value, address, imapOnly])

  const state = (): ServerSearch => {
    if (address === null || draft.user !== address) return null
    if (host !== null && draft.host === host) return 'found'
    if (!isGuess) return null
    return loading ? 'looking' : value ? 'nothing' : null
  }
  return [state(), setAddress]
}
