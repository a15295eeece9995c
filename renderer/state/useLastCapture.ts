import { useEffect } from 'react'
import type { Job } from '../../main/contract/types.ts'
import { useCall } from './useCall.ts'

/** When the archive was last brought up to date; asked again after each capture. Null: never; undefined: not known. */
export function useLastCapture(archive: string | null, jobs: readonly Job[]): number | null | undefined {
  const { value, reload } = useCall('archive.status', archive === null ? null : { archive })
  const ended = Math.max(0, ...jobs.filter(job => job.archive === archive).map(job => job.endedAt ?? 0))
  // biome-ignore lint/correctness/useExhaustiveDependencies: each end of a job asks again
  useEffect(reload, [ended])
  return value?.lastCapture
}
