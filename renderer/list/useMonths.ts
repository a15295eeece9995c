import { useEffect, useRef, useState } from 'react'
import type { MonthCount } from '../../main/contract/order.ts'
import { useEngineEvent } from '../state/useEvent.ts'

const NONE: readonly MonthCount[] = []
/** Words are still being typed; and the archive may change many times a second. */
const QUIET_MS = 400
const AGAIN_MS = 5000

/** The months of a list, once it has stood still for a moment; the old ones stay until the new ones are there. `ask` null: not wanted. */
export function useMonths(
  key: string,
  archives: readonly string[],
  ask: ((signal: AbortSignal) => Promise<{ months: readonly MonthCount[] }>) | null,
): readonly MonthCount[] {
  const [months, setMonths] = useState(NONE)
  const [turn, setTurn] = useState(0)
  const wanted = ask !== null

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEngineEvent('archive.changed', ({ archive }) => {
    if (timer.current || !wanted || !archives.includes(archive)) return
    timer.current = setTimeout(() => {
      timer.current = undefined
      setTurn(before => before + 1)
    }, AGAIN_MS)
  })
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the question; a turn asks it again
  useEffect(() => {
    if (!ask) return setMonths(NONE)
    const abort = new AbortController()
    const timer = setTimeout(() => {
      ask(abort.signal).then(
        found => !abort.signal.aborted && setMonths(found.months),
        // The picture is an extra; what is wrong is said by the list.
        () => {},
      )
    }, QUIET_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [key, wanted, turn])

  return months
}
