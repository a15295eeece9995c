import { useEffect, useRef } from 'react'
import type { Job } from '../../main/contract/types.ts'
import { view } from './view.ts'

/** When a sample mailbox that was asked for has its archive, the window goes there. */
export function useFollowDemo(jobs: readonly Job[]): void {
  const seen = useRef(new Set<string>())
  useEffect(() => {
    for (const { kind, endedAt, result } of jobs) {
      const archive = result['archive']
      if (kind !== 'demo' || typeof archive !== 'string' || seen.current.has(archive)) continue
      seen.current.add(archive)
      if (endedAt === null) view.go(archive, null)
    }
  }, [jobs])
}
