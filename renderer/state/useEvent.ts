import { useEffect, useRef } from 'react'
import type { EventName, OutputOf } from '../../main/contract/contract.ts'
import { useDoors } from './engine.ts'

/** Calls the listener for each event while the component is there. */
export function useEngineEvent<N extends EventName>(name: N, listener: (value: OutputOf<N>) => void): void {
  const { engine } = useDoors()
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => engine.on(name, value => latest.current(value)), [engine, name])
}
