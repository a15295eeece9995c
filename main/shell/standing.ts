/** How all watched archives stand together: what the tray shows, and what a person is told of. Plain data in, plain data out. */
import type { Problem } from '../contract/problems.ts'
import type { ArchiveSummary, Job } from '../contract/types.ts'

/**
 * none: nothing is to be watched (or the profile is locked); attention: a person should look; capturing: mail is being fetched; paused: by a person;
 * waiting: for the network or a server, by itself; proven: all is as it should be.
 */
export type State = 'none' | 'proven' | 'capturing' | 'waiting' | 'paused' | 'attention'

/** A problem that a person should look at, as the engine's list has it, with the name of its archive. */
export interface Told {
  problem: Problem
  name: string
}

export interface Standing {
  state: State
  /** Everything that was on every server then is here; null where that is not known of all. */
  lastProven: number | null
  problems: Told[]
  /** The archives that are to be watched. */
  watched: string[]
  /** The jobs that watch them, for steering. */
  jobs: string[]
}

export function standingOf(archives: readonly ArchiveSummary[], jobs: readonly Job[], all: readonly Problem[]): Standing {
  const watched = archives.filter(({ watch, demo }) => watch && !demo)
  const pairs = watched.map(archive => ({ archive, job: newest(jobs.filter(job => job.kind === 'watch' && job.archive === archive.id)) }))
  const names = new Map(archives.map(({ id, name }) => [id, name]))
  const problems = all.flatMap(problem => {
    const name = names.get(problem.archive)
    return problem.urgent && name !== undefined ? [{ problem, name }] : []
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

function stateOf(watched: readonly ArchiveSummary[], running: readonly Job[], problems: readonly Told[]): State {
  if (watched.length === 0) return 'none'
  if (problems.length > 0) return 'attention'
  if (running.length > 0 && running.every(({ pause }) => pause?.reason === 'person' || pause?.reason === 'on-hold')) return 'paused'
  if (running.some(job => job.state === 'running' && job.progress.phase !== 'watching')) return 'capturing'
  if (running.some(job => job.state === 'paused' || job.error)) return 'waiting'
  return 'proven'
}
