import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { toPlainError } from '../../main/contract/errors.ts'
import type { SearchTerm } from '../../main/contract/search.ts'
import type { MessageRun, RunView } from '../list/messageRun.ts'
import type { RowSource } from '../list/rowSource.ts'
import { useMessageRun } from '../list/useMessageRun.ts'
import { useDoors } from '../state/engine.ts'
import { type Asked, askedKey, inputOf, searchSource } from './searchSource.ts'

/** Exact to here without being asked. */
const COUNT_CAP = 1000
const COUNT_ALL = 10_000_000

export interface Found {
  run: MessageRun
  source: RowSource
  list: RunView
  /** Of the results that `list` shows. */
  listKey: string
  count: { count: number; more: boolean } | null
  counting: boolean
  countAll(): void
  terms: readonly SearchTerm[]
}

/** Search as one types: a new query cancels the old one's questions; the old results stay until the new ones are there. */
export function useSearch(asked: Asked, onShift: (rows: number) => void): Found {
  const { engine } = useDoors()
  const key = askedKey(asked)
  const latest = useRef(asked)
  latest.current = asked
  const length = useRef(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is asked
  const { abort, source } = useMemo(() => {
    const abort = new AbortController()
    length.current = 0
    return { abort, source: searchSource(engine, latest.current, () => length.current, abort.signal) }
  }, [engine, key])
  useEffect(() => () => abort.abort(), [abort])

  const [count, setCount] = useState<{ key: string; count: number; more: boolean } | null>(null)
  const [counting, setCounting] = useState(false)
  const [terms, setTerms] = useState<readonly SearchTerm[]>([])
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
  useEffect(() => {
    setCounting(false)
    void askCount(COUNT_CAP)
    const { query, locale } = latest.current
    engine
      .call('search.understand', { query, locale, typing: true }, { signal: abort.signal })
      .then(understood => !abort.signal.aborted && setTerms(understood.terms))
      .catch(error => toPlainError(error))
  }, [engine, abort, askCount])

  const countAll = useCallback(() => {
    setCounting(true)
    void askCount(COUNT_ALL).finally(() => setCounting(false))
  }, [askCount])

  const held = useRef({ key, list })
  if (list.loaded || list.error !== null || held.current.list.rows.length === 0) held.current = { key, list }
  return { run, source, list: held.current.list, listKey: held.current.key, count: known, counting, countAll, terms }
}
