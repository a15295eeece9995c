import { useCallback, useEffect, useMemo, useState } from 'react'
import type { SearchList, SearchOperator } from '../../main/contract/search.ts'
import { useDoors } from '../state/engine.ts'
import { useCall } from '../state/useCall.ts'
import { useView } from '../state/view.ts'

const NONE: SearchList = { saved: [], recent: [] }
const NO_OPERATORS: readonly SearchOperator[] = []

/** Kept and recent searches, proposals, and what operators are called. */
export function useSearches(archives: readonly string[]) {
  const { engine } = useDoors()
  const language = useView(state => state.language)
  const [list, setList] = useState(NONE)
  const operators = useCall('search.operators', { language }).value ?? NO_OPERATORS
  useEffect(() => {
    let ended = false
    engine
      .call('search.list', {})
      .then(value => !ended && setList(value))
      .catch(() => {}) // Nothing is proposed then.
    return () => {
      ended = true
    }
  }, [engine])
  const propose = useCallback(
    async (query: string, signal: AbortSignal) =>
      (await engine.call('search.complete', { archives: [...archives], query, language }, { signal })).proposals,
    [engine, archives, language],
  )
  const changes = useMemo(
    () => ({
      save: (name: string, query: string) => void engine.call('search.save', { name, query }).then(setList, () => {}),
      forget: (name: string) => void engine.call('search.forget', { name }).then(setList, () => {}),
      remember: (query: string) => {
        if (query.trim() !== '') void engine.call('search.remember', { query }).then(setList, () => {})
      },
    }),
    [engine],
  )
  return { ...changes, list, operators, propose }
}
