import { useCallback, useEffect, useRef, useState } from 'react'
import type { CallName, InputOf, OutputOf } from '../../main/contract/contract.ts'
import { type AppError, toPlainError } from '../../main/contract/errors.ts'
import { asAppError } from './asAppError.ts'
import { useDoors } from './engine.ts'

export interface Called<T> {
  /** The last answer; stays while a new one is awaited. */
  value: T | undefined
  error: AppError | undefined
  loading: boolean
  reload(): void
}

/** Asks the engine whenever the input changes (null: do not ask) and cancels the question that is no longer wanted. */
export function useCall<N extends CallName>(name: N, input: InputOf<N> | null): Called<OutputOf<N>> {
  const { engine } = useDoors()
  const key = input === null ? null : JSON.stringify(input)
  const [turn, setTurn] = useState(0)
  const [state, setState] = useState<{ key: string | null; value?: OutputOf<N>; error?: AppError }>({ key: null })
  const latest = useRef(input)
  latest.current = input

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the input, and the turn asks again
  useEffect(() => {
    if (key === null || latest.current === null) return
    const abort = new AbortController()
    engine
      .call(name, latest.current, { signal: abort.signal })
      .then(value => !abort.signal.aborted && setState({ key, value }))
      .catch(error => !abort.signal.aborted && toPlainError(error).code !== 'cancelled' && setState({ key, error: asAppError(error) }))
    return () => abort.abort()
  }, [engine, name, key, turn])

  const reload = useCallback(() => setTurn(value => value + 1), [])
  const current = key !== null && state.key === key
  return { value: current ? state.value : undefined, error: current ? state.error : undefined, loading: key !== null && !current, reload }
}
