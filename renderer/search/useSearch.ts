import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { toPlainError } from '../../main/contract/errors.ts'
import type { SearchTerm } from '../../main/contract/search.ts'
import type { MessageRun, RunView } from '../list/messageRun.ts'
import type { RowSource } from '../list/rowSource.ts'
import { useMessageRun } from '../list/useMessageRun.ts'
import { useDoors } from '../state/engine.ts'
import type { AskAhead } from './askAhead.ts'
import { type Asked, askedKey, inputOf, searchSource } from './searchSource.ts'

/** Exact to here without being asked. */
const COUNT_CAP = 1000
const COUNT_ALL = 10_000_000

export interface Found {
  run: MessageRun
  source: RowSource
  list: RunView
  /** What the results are of that `list` shows. */
  shown: Asked
  count: { count: number; more: boolean } | null
  counting: boolean
  countAll(): void
  /** How it is understood, or until that is known, how the one before was. */
  terms: readonly SearchTerm[]
  understood: boolean
}

/** Search as one types: a new query cancels the old one's questions; the old results stay until the new ones are there. */
export function useSearch(asked: Asked, ahead: AskAhead, onShift: (rows: number) => void): Found {
  const { engine } = useDoors()
  const key = askedKey(asked)
  const latest = useRef(asked)
  latest.current = asked
  const length = useRef(0)
  const { abort, source } = useMemo(() => {
    const begun = ahead.take(key)
    const abort = begun?.abort ?? new AbortController()
    length.current = 0
    return { abort, source: searchSource(engine, latest.current, () => length.current, abort.signal, begun) }
  }, [engine, ahead, key])
  useEffect(() => () => abort.abort(), [abort])

  const [count, setCount] = useState<{ key: string; count: number; more: boolean } | null>(null)
  const [counting, setCounting] = useState(false)
  const [terms, setTerms] = useState<{ key: string; terms: readonly SearchTerm[] }>({ key: '', terms: [] })
  const known = count?.key === key ? count : null
  const [run, list] = useMessageRun(source, asked.archives, known?.count ?? 0, onShift)
  length.current = Math.max(known?.count ?? 0, list.total)

  const askCount = useCallback(
    async (cap: number) => {
      try {
        const found = await engine.call('search.count', { ...inputOf(latest.current), cap }, { signal: abort.signal })
        if (!abort.signal.aborted) setCount({ key, ...found })
      } catch {
        // The count is an extra; what is wrong with the search is said by the list.
      }
    },
    [engine, abort, key],
  )
  // The rows come first, and what is said about them is neither asked nor drawn before.
  const answered = list.loaded
  useEffect(() => {
    if (!answered) return
    setCounting(false)
    void askCount(COUNT_CAP)
    const { query, locale } = latest.current
    engine
      .call('search.understand', { query, locale, typing: true }, { signal: abort.signal })
      .then(understood => !abort.signal.aborted && setTerms({ key, terms: understood.terms }))
      .catch(error => toPlainError(error))
  }, [engine, abort, key, askCount, answered])

  const countAll = useCallback(() => {
    setCounting(true)
    void askCount(COUNT_ALL).finally(() => setCounting(false))
  }, [askCount])

  const held = useRef({ shown: asked, list })
  if (list.loaded || held.current.list.rows.length === 0) held.current = { shown: asked, list }
  return { run, source, ...held.current, count: known, counting, countAll, terms: terms.terms, understood: terms.key === key }
}
