import { useCallback, useEffect, useState } from 'react'
import type { AppError } from '../../main/contract/errors.ts'
import type { EngineState } from '../../main/contract/shell.ts'
import type { ProfileStatus } from '../../main/contract/types.ts'
import { asAppError } from './asAppError.ts'
import { useDoors } from './engine.ts'

export interface ProfileHold {
  status: ProfileStatus | undefined
  error: AppError | undefined
  /** Every call that changes the profile answers with its new status. */
  set(status: ProfileStatus): void
  reload(): void
}

/** Whether there is a profile and whether it is open; asked again whenever the engine has started. */
export function useProfile(state: EngineState | undefined): ProfileHold {
  const { engine } = useDoors()
  const [status, setStatus] = useState<ProfileStatus>()
  const [error, setError] = useState<AppError>()
  const [turn, setTurn] = useState(0)
  const answers = state?.state === 'ready' || state?.state === 'restarted'
  const restarts = state?.restarts ?? 0

  // biome-ignore lint/correctness/useExhaustiveDependencies: another start of the engine, or a retry, asks again
  useEffect(() => {
    if (!answers) return
    let wanted = true
    engine
      .call('profile.status', {})
      .then(value => {
        if (!wanted) return
        setStatus(value)
        setError(undefined)
      })
      .catch(thrown => wanted && setError(asAppError(thrown)))
    return () => {
      wanted = false
    }
  }, [engine, answers, restarts, turn])

  return { status, error, set: setStatus, reload: useCallback(() => setTurn(value => value + 1), []) }
}
