import { useEffect, useRef, useState } from 'react'
import type { InputOf, OutputOf, WatchName } from '../../main/contract/contract.ts'
import { useDoors } from './engine.ts'

/** The present value of a watch (null input: do not watch); undefined until the first one has come. */
export function useWatch<N extends WatchName>(name: N, input: InputOf<N> | null): OutputOf<N> | undefined {
  const { engine } = useDoors()
  const key = input === null ? null : JSON.stringify(input)
  const [state, setState] = useState<{ key: string | null; value?: OutputOf<N> }>({ key: null })
  const latest = useRef(input)
  latest.current = input

  useEffect(() => {
    if (key === null || latest.current === null) return
    return engine.watch(name, latest.current, value => setState({ key, value }))
  }, [engine, name, key])

  return key !== null && state.key === key ? state.value : undefined
}
