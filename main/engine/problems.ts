/** The standing list of problems: found again whenever something changes, remembered over restarts, told to whoever watches. */

import { toPlainError } from '../contract/errors.ts'
import type { Problem, WeekSummary } from '../contract/problems.ts'
import type { Job } from '../contract/types.ts'
import type { Archives } from './archives.ts'
import type { Clock } from './base/clock.ts'
import { createEmitter } from './base/emitter.ts'
import { findProblems, type Sight } from './jobs/problems/find.ts'
import { mergeProblems } from './jobs/problems/merge.ts'
import type { Runner } from './jobs/runner.ts'
import { type ProblemFile, problemFile } from './keys/problemFile.ts'
import type { Profiles } from './profiles.ts'

export interface Problems {
  /** Those that stand, of all archives of the profile; looked for before it answers. */
  standing(): Promise<Problem[]>
  /** Takes one off the list that nothing else ends: a job that a person does not want to try again. Others are found again. */
  dismiss(archive: string, key: string): Promise<void>
  week(archive: string): Promise<WeekSummary>
  onChange(listener: () => void): () => void
  close(): void
}

interface Deps {
  archives: Archives
  runner: Runner
  profiles: Profiles
  clock: Clock
  log(line: string): void
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1000
/** Time alone makes a problem: nothing proven for a day. */
const LOOK_MS = 15 * 60_000

export function createProblems({ archives, runner, profiles, clock, log }: Deps): Problems {
  const changes = createEmitter<void>()
  const known = new Map<string, Problem[]>()
  const dismissed = new Set<string>()
  const jobsSeen = new Map<string, string>()
  const ledgers = new Map<string, NonNullable<Sight['ledger']>>()
  let dirty = new Set<string>()
  let looking: Promise<void> | null = null
  let of = ''

  const jobsOf = (archive: string) => runner.list().filter(job => job.archive === archive && !dismissed.has(job.id))

  const fileOfProfile = async (): Promise<ProblemFile | null> => {
    const profile = await profiles.current()
    const { unlocked, dir } = profile.status()
    // Another profile, or none: what is known is not its.
    if (!unlocked || dir !== of) for (const map of [known, jobsSeen, ledgers]) map.clear()
    of = unlocked ? dir : ''
    return unlocked ? problemFile(dir, profile.key()) : null
  }

  const look = async (id: string, file: ProblemFile) => {
    const archive = await archives.summary(id)
    const before = known.get(id) ?? (await file.read(id))
    const open = await archives.ifOpen(id)
    if (open && archive.state === 'open' && !ledgers.has(id)) ledgers.set(id, await open.trouble())
    const ledger = archive.state === 'open' ? (ledgers.get(id) ?? null) : null
    const now = clock.now()
    const after = mergeProblems(id, before, findProblems({ archive, jobs: jobsOf(id), ledger, now }), now)
    known.set(id, after)
    if (JSON.stringify(after) === JSON.stringify(before)) return
    changes.emit()
    // When it is tried next changes with every try, and is of no use after a restart.
    if (JSON.stringify(after.map(lasting)) === JSON.stringify(before.map(lasting))) return
    await file.write(id, after).catch(error => log(`problems of ${id} not written: ${toPlainError(error).code}`))
  }

  const lookAtDirty = async () => {
    while (dirty.size > 0) {
      const file = await fileOfProfile()
      const now = dirty
      dirty = new Set()
      if (!file) return
      const there = new Set((await archives.list()).map(({ id }) => id))
      for (const id of now) {
        if (!there.has(id)) known.delete(id)
        else await look(id, file).catch(error => log(`problems of ${id}: ${toPlainError(error).code}`))
      }
    }
  }

  const lookSoon = (ids: Iterable<string>): Promise<void> => {
    for (const id of ids) dirty.add(id)
    looking ??= lookAtDirty()
      .catch(error => log(`problems: ${toPlainError(error).code}`))
      .finally(() => {
        looking = null
        if (dirty.size > 0) void lookSoon([])
      })
    return looking
  }

  const lookAtAll = async () => {
    const ids = await archives.list().then(
      list => list.map(({ id }) => id),
      () => [], // the profile cannot be read: who asks for its archives hears why
    )
    await lookSoon(ids)
  }

  const onJobs = () => {
    const changed = new Set<string>()
    for (const job of runner.list()) {
      if (job.archive === null || jobsSeen.get(job.id) === faceOf(job)) continue
      jobsSeen.set(job.id, faceOf(job))
      changed.add(job.archive)
    }
    if (changed.size > 0) void lookSoon(changed)
  }

  const ends = [
    runner.subscribe(onJobs),
    archives.onChange(() => void lookAtAll()),
    archives.onCommit(id => {
      ledgers.delete(id)
      void lookSoon([id])
    }),
    profiles.onChange(() => void lookAtAll()),
  ]
  const timer = setInterval(() => void lookAtAll(), LOOK_MS)
  timer.unref()

  const all = () => [...known.values()].flat()

  return {
    standing: async () => {
      await lookAtAll()
      return all().filter(({ solvedAt }) => solvedAt === null)
    },
    dismiss: async (archive, key) => {
      for (const job of runner.list()) if (job.archive === archive && key === `job ${job.kind}` && job.endedAt !== null) dismissed.add(job.id)
      const stands = known.get(archive)?.find(problem => problem.key === key && problem.solvedAt === null)
      if (stands?.kind !== 'job') return
      known.set(
        archive,
        (known.get(archive) ?? []).filter(problem => problem !== stands),
      )
      await (await fileOfProfile())?.write(archive, known.get(archive) ?? [])
      changes.emit()
    },
    week: async archive => {
      const until = clock.now()
      const since = until - WEEK_MS
      const open = await archives.open(archive)
      await lookSoon([archive])
      const { captured, flags, gone } = await open.ask('daySums', [since])
      const losses = (await open.ask('losses', ['all'])).filter(({ at }) => at >= since).length
      const mine = known.get(archive) ?? []
      const { lastProven } = await archives.summary(archive)
      return {
        ...{ archive, since, until, captured, flags, gone, lastProven, losses },
        problems: mine.filter(({ solvedAt }) => solvedAt === null),
        solved: mine.filter(({ solvedAt }) => solvedAt !== null && solvedAt >= since),
      }
    },
    onChange: listener => changes.subscribe(listener),
    close: () => {
      clearInterval(timer)
      for (const end of ends) end()
    },
  }
}

const lasting = ({ next: _, ...problem }: Problem) => problem

/** What of a job can make a problem or end one. */
const faceOf = ({ state, error, result, outcomes, pause, progress }: Job): string =>
  `${state} ${error?.code} ${result['rounds']} ${outcomes.failed} ${pause?.reason} ${pause?.until} ${progress.phase === 'fetching'}`
