/** What was exported, imported, copied, put back, verified, and how it ended, or that it did not: remembered over restarts. */
import { uptime } from 'node:os'
import { toPlainError } from '../contract/errors.ts'
import type { Job, JobKind } from '../contract/types.ts'
import type { Clock } from './base/clock.ts'
import { isEnded, type Runner } from './jobs/runner.ts'
import { type JobEntry, jobHistoryFile } from './keys/jobHistoryFile.ts'
import { processRuns, thisHost } from './log/lock.ts'
import type { Profiles } from './profiles.ts'

export interface JobHistory {
  /** The newest first. */
  list(): Promise<Job[]>
  /** All that has ended is written. */
  close(): Promise<void>
}

/** What a person starts now and then. Captures have the ledger, and run all day. */
const kinds = new Set<JobKind>(['export', 'import', 'copy', 'repair', 'restore', 'undoRestore', 'verify', 'rebuild'])
/** What somebody has to start again where it was killed: so it is written down when it begins, too. Copies and the index go on by themselves. */
const resumed = new Set<JobKind>(['export', 'import', 'restore'])
/** Names of what failed: the first say what was wrong. */
const FAILURES = 20

interface Deps {
  runner: Runner
  profiles: Profiles
  clock: Clock
  log(line: string): void
}

export function createJobHistory({ runner, profiles, clock, log }: Deps): JobHistory {
  const written = new Set<string>()
  const begun = new Set<string>()
  let writing: Promise<void> = Promise.resolve()

  const file = async () => {
    const profile = await profiles.current()
    const { unlocked, dir } = profile.status()
    return unlocked ? jobHistoryFile(dir, profile.key()) : null
  }
  const write = (entry: JobEntry) => {
    writing = writing
      .then(async () => (await file())?.add(entry))
      .catch(error => log(`job ${entry.id} is not in the history: ${toPlainError(error).code}`))
  }
  const note = () => {
    for (const job of runner.list()) {
      if (isEnded(job)) {
        if (written.has(job.id)) continue
        written.add(job.id)
        if (isWorthKnowing(job)) write({ ...structuredClone(job), failures: job.failures.slice(0, FAILURES).map(failure => ({ ...failure })) })
      } else if (resumed.has(job.kind) && atWork.has(job.progress.phase) && !begun.has(job.id)) {
        begun.add(job.id)
        write({ ...structuredClone(job), owner: { host: thisHost(), pid: process.pid } })
      }
    }
  }
  const end = runner.subscribe(note)

  return {
    list: async () => {
      await writing
      const here = new Set(runner.list().flatMap(job => (isEnded(job) ? [] : [job.id])))
      return ((await (await file())?.read()) ?? []).reverse().flatMap(entry => (here.has(entry.id) ? [] : asItEnded(entry, clock.now())))
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

/** From here on something is written; before, and where it is only counted, there is nothing to go on with. */
const atWork = new Set<Job['progress']['phase']>(['reading', 'writing', 'verifying'])

/** One that another process is at is that one's to tell of. One that nobody is at was interrupted. */
function asItEnded({ owner, ...job }: JobEntry, now: number): Job[] {
  if (isEnded(job)) return [job]
  // When it ended nobody knows.
  return owner && isAtIt(owner, job, now) ? [] : [{ ...job, state: 'failed', pause: null, endedAt: job.startedAt, error: INTERRUPTED }]
}

const INTERRUPTED = { code: 'interrupted', message: 'its process ended', facts: {} } as const

function isAtIt({ host, pid }: { host: string; pid: number }, { startedAt }: Job, now: number): boolean {
  // After a restart of the computer another process may have its number.
  return host === thisHost() && pid !== process.pid && processRuns(pid) && startedAt > now - uptime() * 1000
}
