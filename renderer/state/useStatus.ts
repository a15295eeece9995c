import { useEffect, useRef } from 'react'
import type { ArchiveStatus, Job } from '../../main/contract/types.ts'
import { useCall } from './useCall.ts'
import { useEngineEvent } from './useEvent.ts'

/** While a capture runs the figures follow at this pace: they cost the engine a walk over the ledger. */
const PACE_MS = 2000

/** How an archive stands; asked again when a job of it ends, and now and then while it changes. The old value stays meanwhile. */
export function useStatus(archive: string | null, jobs: readonly Job[]): ArchiveStatus | undefined {
  const { value, reload } = useCall('archive.status', archive === null ? null : { archive })
  const ended = Math.max(0, ...jobs.filter(job => (job.archive ?? job.result['archive']) === archive).map(job => job.endedAt ?? 0))
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: each end of a job asks again
  useEffect(reload, [ended])
  useEngineEvent('archive.changed', event => {
    if (event.archive !== archive || timer.current) return
    timer.current = setTimeout(() => {
      timer.current = undefined
      reload()
    }, PACE_MS)
  })
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [],
  )
  return value
}
