/** How all watched archives stand together: what the tray shows, and what a person is told of. Plain data in, plain data out. */
import { type ErrorCode, groupOf } from '../contract/errors.ts'
import type { ArchiveSummary, Job } from '../contract/types.ts'

/**
 * none: nothing is to be watched (or the profile is locked); attention: a person should look; capturing: mail is being fetched; paused: by a person;
 * waiting: for the network or a server, by itself; proven: all is as it should be.
 */
export type State = 'none' | 'proven' | 'capturing' | 'waiting' | 'paused' | 'attention'

/**
 * account: the server refuses it; disk: full; place: the archive's folder is away or cannot be written; missing: messages could not be had;
 * stale: nothing was proven complete for a day; problem: anything else.
 */
export type ProblemKind = 'account' | 'disk' | 'place' | 'missing' | 'stale' | 'problem'

export interface Problem {
  archive: string
  name: string
  kind: ProblemKind
}

export interface Standing {
  state: State
  /** Everything that was on every server then is here; null where that is not known of all. */
  lastProven: number | null
  problems: Problem[]
  /** The archives that are to be watched. */
  watched: string[]
  /** The jobs that watch them, for steering. */
  jobs: string[]
}

const DAY_MS = 24 * 60 * 60 * 1000

export function standingOf(archives: readonly ArchiveSummary[], jobs: readonly Job[], now: number): Standing {
  const watched = archives.filter(({ watch, demo }) => watch && !demo)
  const pairs = watched.map(archive => ({ archive, job: newest(jobs.filter(job => job.kind === 'watch' && job.archive === archive.id)) }))
  const problems = pairs.flatMap(({ archive, job }) => {
    const kind = problemOf(archive, job, now)
    return kind ? [{ archive: archive.id, name: archive.name, kind }] : []
  })
  const running = pairs.flatMap(({ job }) => (job && job.endedAt === null ? [job] : []))
  const proven = watched.map(({ lastProven }) => lastProven)
  return {
    state: stateOf(watched, running, problems),
    lastProven: proven.length === 0 || proven.includes(null) ? null : Math.min(...(proven as number[])),
    problems,
    watched: watched.map(({ id }) => id),
    jobs: running.map(({ id }) => id),
  }
}

const newest = (jobs: readonly Job[]): Job | undefined =>
  jobs.reduce<Job | undefined>((last, job) => (last && last.startedAt > job.startedAt ? last : job), undefined)

function stateOf(watched: readonly ArchiveSummary[], running: readonly Job[], problems: readonly Problem[]): State {
  if (watched.length === 0) return 'none'
  if (problems.length > 0) return 'attention'
  if (running.length > 0 && running.every(job => job.pause?.reason === 'person')) return 'paused'
  if (running.some(job => job.state === 'running' && job.progress.phase !== 'watching')) return 'capturing'
  if (running.some(job => job.state === 'paused' || job.error)) return 'waiting'
  return 'proven'
}

function problemOf({ lastProven }: ArchiveSummary, job: Job | undefined, now: number): ProblemKind | null {
  if (!job || job.state === 'cancelled') return null
  // The error of a watch stays said until a later round has succeeded, so a retry is no end of the problem.
  const kind = job.error ? kindOf(job.error.code) : job.state === 'failed' ? 'problem' : null
  if (kind) return kind
  if (job.outcomes.failed > 0) return 'missing'
  const busy = job.state === 'running' && job.progress.phase === 'fetching'
  return !busy && job.pause?.reason !== 'person' && now - (lastProven ?? job.startedAt) > DAY_MS ? 'stale' : null
}

const places = new Set<ErrorCode>(['destination-missing', 'read-only', 'permission-denied'])
const passing = new Set<ErrorCode>([
  'server-unavailable',
  'server-throttled',
  'archive-in-use',
  'cancelled',
  'day-budget',
  'on-battery',
  'on-metered',
  'account-on-hold',
])

/** Null for what passes by itself: a laptop without a network is no news. */
function kindOf(code: ErrorCode): ProblemKind | null {
  if (passing.has(code) || groupOf(code) === 'network') return null
  if (groupOf(code) === 'account') return 'account'
  if (code === 'disk-full') return 'disk'
  return places.has(code) ? 'place' : 'problem'
}
