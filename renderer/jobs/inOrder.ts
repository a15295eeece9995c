import type { Job } from '../../main/contract/types.ts'
import { isOver } from './jobText.ts'
import { isWaiting } from './watchText.ts'

/** The newest first, as they come; only what reads attachments stands below the mail that it waits for. */
export function inOrder(jobs: readonly Job[]): Job[] {
  const ordered = [...jobs]
  for (const job of jobs) {
    if (job.kind !== 'attachments' || isOver(job)) continue
    const mail = ordered.findLastIndex(other => bringsMail(other) && other.archive === job.archive)
    const at = ordered.indexOf(job)
    if (mail > at) ordered.splice(mail, 0, ...ordered.splice(at, 1))
  }
  return ordered
}

const bringsMail = (job: Job): boolean => (job.kind === 'capture' || job.kind === 'import' || job.kind === 'watch') && !isOver(job) && !isWaiting(job)
