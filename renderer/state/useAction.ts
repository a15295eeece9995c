import { useCallback, useEffect, useRef, useState } from 'react'
import type { AppError } from '../../main/contract/errors.ts'
import { asAppError } from './asAppError.ts'

export interface Action<A extends unknown[]> {
  busy: boolean
  /** What the last run failed with; a cancelled one failed with nothing. */
  error: AppError | undefined
  run(...args: A): Promise<void>
  clear(): void
}

/** Something a person starts, with its own busy state and its own error, shown where it was started. A second start while busy is dropped. */
export function useAction<A extends unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<AppError>()
  const latest = useRef(work)
  const running = useRef(false)
  const there = useRef(true)
  latest.current = work
  useEffect(() => {
    there.current = true
    return () => {
      there.current = false
    }
  }, [])

  const run = useCallback(async (...args: A) => {
    if (running.current) return
    running.current = true
    setBusy(true)
    setError(undefined)
    try {
      await latest.current(...args)
    } catch (thrown) {
      const failed = asAppError(thrown)
      if (there.current && failed.code !== 'cancelled') setError(failed)
    } finally {
      running.current = false
      if (there.current) setBusy(false)
    }
  }, [])
  const clear = useCallback(() => setError(undefined), [])
  return { busy, error, run, clear }
}
