import { useCallback, useEffect, useRef, useState } from 'react'
import { toPlainError } from '../../main/contract/errors.ts'
import type { Cursor, MessageSummary } from '../../main/contract/types.ts'
import { useDoors } from './engine.ts'

const FIRST = 50
const PAGE = 100
/** Results are read from the newest on; nobody reads more of them than this without another word. */
export const MOST_RESULTS = 2000
const COUNT_CAP = 100_000

interface Results {
  rows: readonly MessageSummary[]
  count: { count: number; more: boolean } | null
  searching: boolean
  /** There are more than MOST_RESULTS. */
  cut: boolean
  error: unknown
  /** To be told what is visible: fetches on when the end comes near. */
  more(first: number, last: number): void
  retry(): void
}

interface Found {
  rows: readonly MessageSummary[]
  after: boolean
  searching: boolean
  error: unknown
}

/** Search as one types: a new query cancels the old one's questions; the old results stay until the new ones are there. */
export function useSearch(archives: readonly string[], query: string): Results {
  const { engine } = useDoors()
  const [found, setFound] = useState<Found>({ rows: [], after: false, searching: true, error: null })
  const [count, setCount] = useState<Results['count']>(null)
  const [turn, setTurn] = useState(0)
  const going = useRef<{ abort: AbortController; busy: boolean } | null>(null)
  const latest = useRef(found)
  latest.current = found

  const ask = useCallback(
    async (from: Cursor | null, limit: number) => {
      const mine = going.current
      if (!mine || mine.busy) return
      mine.busy = true
      try {
        const window = await engine.call('search.window', { archives: [...archives], query, from, limit }, { signal: mine.abort.signal })
        if (mine.abort.signal.aborted) return
        setFound(before => ({
          rows: from === null ? window.rows : [...before.rows, ...window.rows],
          after: window.after,
          searching: false,
          error: null,
        }))
      } catch (error) {
        if (mine.abort.signal.aborted || toPlainError(error).code === 'cancelled') return
        setFound(before => ({ ...before, searching: false, error }))
      } finally {
        mine.busy = false
      }
    },
    [engine, archives, query],
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: a retry asks the same again
  useEffect(() => {
    const abort = new AbortController()
    going.current = { abort, busy: false }
    setCount(null)
    setFound(before => ({ ...before, searching: before.rows.length === 0, error: null }))
    void ask(null, FIRST)
    engine
      .call('search.count', { archives: [...archives], query, cap: COUNT_CAP }, { signal: abort.signal })
      .then(value => !abort.signal.aborted && setCount(value))
      // The count is an extra; what is wrong with the search is said by the window.
      .catch(() => {})
    return () => abort.abort()
  }, [engine, archives, query, ask, turn])

  const more = useCallback(
    (_first: number, last: number) => {
      const { rows, after } = latest.current
      const end = rows.at(-1)
      if (after && end && last > rows.length - PAGE / 2 && rows.length < MOST_RESULTS) void ask(end.cursor, PAGE)
    },
    [ask],
  )
  const retry = useCallback(() => setTurn(value => value + 1), [])
  const cut = found.after && found.rows.length >= MOST_RESULTS
  return { rows: found.rows, count, searching: found.searching, cut, error: found.error, more, retry }
}
