import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { useEngineEvent } from '../state/useEvent.ts'
import { createMessageRun, type MessageRun, type RunView } from './messageRun.ts'
import type { RowSource } from './rowSource.ts'

/** During a capture the archive changes many times a second; the list follows at this pace. */
const REFRESH_MS = 1000

/** The run of a source, followed while the archive changes. `total` is what the mailbox tree says, a first guess. */
export function useMessageRun(
  source: RowSource,
  archive: string | readonly string[],
  total: number,
  onShift: (rows: number) => void,
): [MessageRun, RunView] {
  const shift = useRef(onShift)
  shift.current = onShift
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the source; a new total does not begin a new run
  const run = useMemo(() => createMessageRun(source, total, rows => shift.current(rows)), [source.key])
  const state = useSyncExternalStore(run.subscribe, run.view)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => run.setTotal(total), [run, total])
  useEffect(() => () => run.close(), [run])
  useEngineEvent('archive.changed', event => {
    if (![archive].flat().includes(event.archive) || timer.current) return
    timer.current = setTimeout(() => {
      timer.current = undefined
      run.refresh()
    }, REFRESH_MS)
  })
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [],
  )
  return [run, state]
}
