import { Search, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { SearchProposal } from '../../main/contract/search.ts'
import type { Text } from '../text/text.ts'
import { Proposals } from './Proposals.tsx'
import './searchBox.css'

/** No two questions are closer than this, which only a held key would ask; the first goes at once, and one that is no longer wanted is cancelled. */
const PACE_MS = 30
/** What is found comes first, and then what could be typed next. */
const PROPOSE_MS = 60

interface Props {
  value: string
  placeholder: string
  text: Text
  onChange(value: string): void
  /** Enter: this is what was wanted. */
  onSubmit(value: string): void
  /** What could stand at the end of it. */
  propose(query: string, signal: AbortSignal): Promise<readonly SearchProposal[]>
  /** Beside the field: help and the like. */
  children?: ReactNode
}

export function SearchBox({ value, placeholder, text, onChange, onSubmit, propose, children }: Props) {
  const { t } = text
  const [typed, setTyped] = useState(value)
  const [proposals, setProposals] = useState<readonly SearchProposal[]>([])
  const [active, setActive] = useState(-1)
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const proposing = useRef<ReturnType<typeof setTimeout>>(undefined)
  const last = useRef(Number.NEGATIVE_INFINITY)
  const asking = useRef<AbortController>(undefined)
  const sent = useRef(value)
  const list = useId()

  // Another place was chosen, or a condition taken out.
  useEffect(() => {
    if (value === sent.current) return
    clearTimeout(timer.current)
    sent.current = value
    setTyped(value)
  }, [value])
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      clearTimeout(proposing.current)
      asking.current?.abort()
    },
    [],
  )

  const close = () => {
    clearTimeout(proposing.current)
    asking.current?.abort()
    setProposals([])
    setActive(-1)
  }
  const ask = (query: string) => {
    asking.current?.abort()
    const abort = new AbortController()
    asking.current = abort
    propose(query, abort.signal)
      .then(found => {
        if (abort.signal.aborted) return
        setProposals(found)
        setActive(-1)
      })
      .catch(() => {}) // Proposals are an extra.
  }
  const send = (next: string) => {
    clearTimeout(timer.current)
    last.current = performance.now()
    sent.current = next
    onChange(next)
  }
  const type = (next: string) => {
    setTyped(next)
    clearTimeout(timer.current)
    const wait = last.current + PACE_MS - performance.now()
    if (next === '' || wait <= 0) send(next)
    else timer.current = setTimeout(() => send(next), wait)
    clearTimeout(proposing.current)
    asking.current?.abort()
    proposing.current = setTimeout(() => ask(next), PROPOSE_MS)
  }
  const take = (proposal: SearchProposal) => {
    setTyped(proposal.query)
    send(proposal.query)
    input.current?.focus()
    if (proposal.kind === 'operator') ask(proposal.query)
    else close()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const chosen = proposals[active]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (proposals.length === 0) {
        if (event.key === 'ArrowDown') ask(typed)
      } else
        setActive(now => (now + (event.key === 'ArrowDown' ? 1 : proposals.length) + (now < 0 && event.key === 'ArrowUp' ? 1 : 0)) % proposals.length)
    } else if (event.key === 'Enter' && chosen) take(chosen)
    else if (event.key === 'Enter') {
      close()
      send(typed)
      onSubmit(typed)
    } else if (event.key === 'Tab' && chosen) take(chosen)
    else if (event.key === 'Escape' && proposals.length > 0) close()
    else if (event.key === 'Escape' && typed !== '') type('')
    else return
    event.preventDefault()
  }

  return (
    <div className="search" data-empty={typed === '' || undefined}>
      <Search className="icon" size={15} aria-hidden="true" />
      <input
        ref={input}
        className="search-input"
        type="text"
        role="combobox"
        aria-label={t('list.search')}
        aria-expanded={proposals.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `${list}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        data-search="true"
        value={typed}
        onChange={event => type(event.target.value)}
        onFocus={() => typed === '' && ask('')}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      {typed !== '' && (
        <button
          type="button"
          className="search-button"
          aria-label={t('search.all')}
          onMouseDown={event => event.preventDefault()}
          onClick={() => type('')}
        >
          <X className="icon" size={13} aria-hidden="true" />
        </button>
      )}
      {children}
      {proposals.length > 0 && <Proposals id={list} proposals={proposals} active={active} text={text} onTake={take} />}
    </div>
  )
}
