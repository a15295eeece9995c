/** What was exported, imported, copied, put back, verified, and how it ended: remembered over restarts. */
import { toPlainError } from '../contract/errors.ts'
import type { Job, JobKind } from '../contract/types.ts'
import { isEnded, type Runner } from './jobs/runner.ts'
import { jobHistoryFile } from './keys/jobHistoryFile.ts'
import type { Profiles } from './profiles.ts'

export interface JobHistory {
  /** The newest first. */
  list(): Promise<Job[]>
  /** All that has ended is written. */
  close(): Promise<void>
}

/** What a person starts now and then. Captures have the ledger, and run all day. */
const kinds = new Set<JobKind>(['export', 'import', 'copy', 'repair', 'restore', 'undoRestore', 'verify', 'rebuild'])
/** Names of what failed: the first say what was wrong. */
const FAILURES = 20

export function createJobHistory({ runner, profiles, log }: { runner: Runner; profiles: Profiles; log(line: string): void }): JobHistory {
  const written = new Set<string>()
  let writing: Promise<void> = Promise.resolve()

  const file = async () => {
    const profile = await profiles.current()
    const { unlocked, dir } = profile.status()
    return unlocked ? jobHistoryFile(dir, profile.key()) : null
  }
  const note = () => {
    const ended = runner.list().filter(job => isEnded(job) && !written.has(job.id))
    for (const job of ended) {
      written.add(job.id)
      if (!isWorthKnowing(job)) continue
      const entry = { ...structuredClone(job), failures: job.failures.slice(0, FAILURES).map(failure => ({ ...failure })) }
      writing = writing
        .then(async () => (await file())?.add(entry))
        .catch(error => log(`job ${job.id} is not in the history: ${toPlainError(error).code}`))
    }
  }
  const end = runner.subscribe(note)

  return {
    list: async () => {
      await writing
      return ((await (await file())?.read()) ?? []).reverse()
    },
    close: async () => {
      note()
      end()
      await writing
    },
  }
}

/** A copy that follows its archive four times an hour, and found nothing new, says nothing. */
function isWorthKnowing({ kind, state, result, outcomes }: Job): boolean {
  if (!kinds.has(kind) || result['dryRun'] === true) return false
  return kind !== 'copy' || state !== 'done' || outcomes.failed > 0 || Number(result['written']) + Number(result['repaired']) > 0
}
