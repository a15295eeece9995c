/**
 * What is wrong with an archive, from what can be seen of it now. Plain data in, plain data out. Of what cannot be seen (nobody has looked since the start,
 * the archive is closed) nothing is said: whatever stood before goes on standing.
 */
import { type ErrorCode, groupOf } from '../../../contract/errors.ts'
import type { LossSummary } from '../../../contract/losses.ts'
import type { Problem, ProblemKind } from '../../../contract/problems.ts'
import type { ArchiveSummary, Job, JobFailure } from '../../../contract/types.ts'
import type { GapGroup } from '../../index/types.ts'
import { pop3Provider } from '../../mail/pop3/provider.ts'

export interface Sight {
  archive: ArchiveSummary
  /** Its jobs, in any order. */
  jobs: readonly Job[]
  /** Null while the archive is not open. */
  ledger: { gaps: readonly GapGroup[]; losses: readonly Omit<LossSummary, 'archive'>[] } | null
  now: number
}

export type Found = Omit<Problem, 'archive' | 'since' | 'solvedAt'>

export interface Seen {
  found: Found[]
  /** Whether this could be seen, and so is solved where it was not found. */
  covers(key: string): boolean
}

const DAY_MS = 24 * 60 * 60 * 1000

export function findProblems(sight: Sight): Seen {
  const parts = [ofPlace(sight), ofCapture(sight), ofLedger(sight), ofChecks(sight), ofCopies(sight), ...ofOtherJobs(sight)]
  const found = parts.flatMap(part => part.found)
  const late = lateness(sight, found)
  return { found: late ? [...found, late] : found, covers: key => key === 'stale' || parts.some(part => part.covers(key)) }
}

const nothingSeen: Seen = { found: [], covers: () => false }

function ofPlace({ archive: { state, error } }: Sight): Seen {
  const covers = (key: string) => key === 'place'
  if (state === 'closed' || state === 'opening') return nothingSeen
  if (state === 'open') return { found: [], covers }
  return { found: [{ ...blank, key: 'place', kind: 'place', urgent: true, code: error?.code ?? null, doing: 'person' }], covers }
}

const blank = { code: null, what: '', count: 0, doing: 'retry', next: null } as const

/** The last look at the server. While one is under way, the one before it is what is known. */
function ofCapture({ jobs }: Sight): Seen {
  const job = jobs
    .filter(({ kind, state }) => (kind === 'capture' || kind === 'watch') && state !== 'cancelled')
    .filter(hasLooked)
    .reduce<Job | undefined>((last, one) => (last && last.startedAt > one.startedAt ? last : one), undefined)
  if (!job) return nothingSeen
  const failed = job.failures.filter(failure => !isMessage(failure))
  const mailboxes = failed.map(
    ({ what, error }): Found => ({ ...blank, key: `mailbox ${what}`, kind: 'mailbox', urgent: true, code: error.code, what }),
  )
  const found = distinct(mailboxes)
  if (!job.error) return { found, covers: key => key === 'capture' || key.startsWith('mailbox ') }
  const kind = kindOf(job.error.code)
  if (kind) {
    const doing = job.pause !== null && job.pause.until === null ? 'person' : job.state === 'failed' ? 'none' : 'retry'
    found.push({
      ...blank,
      key: 'capture',
      kind,
      urgent: kind !== 'network' && kind !== 'server',
      code: job.error.code,
      doing,
      next: job.pause?.until ?? null,
    })
  }
  // It did not come to its end: mailboxes it did not reach may be as bad as before.
  return { found, covers: key => key === 'capture' }
}

/** Each message that could not be had is in the ledger. */
const isMessage = ({ what, error }: JobFailure): boolean => error.facts['uid'] !== undefined || / UID \d+$/.test(what)

const hasLooked = (job: Job): boolean =>
  job.error !== undefined || (job.kind === 'watch' ? Number(job.result['rounds'] ?? 0) > 0 : job.endedAt !== null)

function distinct(found: Found[]): Found[] {
  return [...new Map(found.map(one => [one.key, one])).values()]
}

const places = new Set<ErrorCode>(['destination-missing', 'destination-other', 'read-only', 'permission-denied'])
/** What a person wished, or passes in a moment. */
const noProblem = new Set<ErrorCode>(['cancelled', 'archive-in-use', 'day-budget', 'on-battery', 'on-metered', 'account-on-hold', 'profile-locked'])
const passing = new Set<ErrorCode>(['server-unavailable', 'server-throttled'])

function kindOf(code: ErrorCode): ProblemKind | null {
  if (noProblem.has(code)) return null
  if (groupOf(code) === 'network') return 'network'
  if (passing.has(code)) return 'server'
  if (groupOf(code) === 'account') return 'account'
  if (code === 'disk-full') return 'disk'
  return places.has(code) ? 'place' : 'other'
}

/** A size limit that a person has set leaves gaps that are as they wished. */
const wished = new Set(['over-size-limit'])

function ofLedger({ ledger }: Sight): Seen {
  if (!ledger) return nothingSeen
  const missing = ledger.gaps
    .filter(({ code }) => !wished.has(code))
    .map(
      ({ mailbox, name, code, count, next }): Found => ({
        ...blank,
        key: `missing ${mailbox} ${code}`,
        kind: 'missing',
        urgent: true,
        code: code as ErrorCode,
        what: name,
        count,
        next,
      }),
    )
  const losses = ledger.losses
    .filter(({ answer }) => answer === null || answer === 'seen')
    .map(
      ({ loss, answer, messages, mailboxes }): Found => ({
        ...blank,
        ...{ key: `loss ${loss}`, kind: 'loss', urgent: answer === null, doing: 'person', count: messages },
        what: mailboxes.length === 1 ? mailboxes[0]!.name : '',
      }),
    )
  return { found: [...missing, ...losses], covers: key => key.startsWith('missing ') || key.startsWith('loss ') }
}

/** Only a whole check that finds nothing proves that damage is mended. */
function ofChecks({ jobs }: Sight): Seen {
  const job = lastEnded(jobs, 'verify')
  if (job?.state !== 'done') return nothingSeen
  const { failed } = job.outcomes
  if (failed > 0)
    return {
      found: [{ ...blank, key: 'damage', kind: 'damage', urgent: true, code: 'record-damaged', count: failed, doing: 'person' }],
      covers: () => false,
    }
  return { found: [], covers: key => key === 'damage' && job.result['full'] === true }
}

/** A drive in a drawer is meant to be away, but not for a month. */
const COPY_OLD_MS = 30 * DAY_MS

function ofCopies({ archive: { copies = [], demo }, now }: Sight): Seen {
  const found = copies.flatMap(({ id, since, safeAsOf, damaged }): Found[] => {
    const face = { ...blank, urgent: true, doing: 'person' } as const
    if (damaged > 0) return [{ ...face, key: `copy damaged ${id}`, kind: 'copyDamaged', count: damaged }]
    const old = !demo && now - (safeAsOf ?? since) > COPY_OLD_MS
    return old ? [{ ...face, key: `copy old ${id}`, kind: 'copyOld' }] : []
  })
  const damage = Math.max(0, ...copies.map(({ archiveDamaged }) => archiveDamaged))
  if (damage > 0)
    found.push({ ...blank, key: 'copy met damage', kind: 'damage', urgent: true, code: 'record-damaged', count: damage, doing: 'person' })
  return { found, covers: key => key.startsWith('copy ') }
}

/** What a person started, and did not come to its end; until one of its kind does. What would only have counted leaves nothing undone, and solves nothing. */
function ofOtherJobs(sight: Sight): Seen[] {
  const jobs = sight.jobs.filter(({ result }) => result['dryRun'] !== true)
  const kinds = new Set(jobs.map(({ kind }) => kind).filter(kind => !['capture', 'watch', 'verify', 'demo'].includes(kind)))
  return [...kinds].map(kind => {
    const job = lastEnded(jobs, kind)
    const key = `job ${kind}`
    if (!job) return nothingSeen
    const bad = job.state === 'failed' || job.outcomes.failed > 0
    const code = job.error?.code ?? job.failures[0]?.error.code ?? null
    const found: Found[] = bad ? [{ ...blank, key, kind: 'job', urgent: false, code, what: kind, count: job.outcomes.failed, doing: 'person' }] : []
    return { found, covers: (one: string) => one === key }
  })
}

function lastEnded(jobs: readonly Job[], kind: Job['kind']): Job | undefined {
  return jobs
    .filter(job => job.kind === kind && job.endedAt !== null && job.state !== 'cancelled')
    .reduce<Job | undefined>((last, one) => (last && last.endedAt! > one.endedAt! ? last : one), undefined)
}

/** Nothing was proven complete for a day, and nothing else says why. */
function lateness({ archive, jobs, now }: Sight, found: readonly Found[]): Found | null {
  if (!archive.watch || archive.demo || found.some(({ kind, urgent }) => urgent && kind !== 'loss' && kind !== 'damage')) return null
  const job = jobs.find(({ kind, endedAt }) => kind === 'watch' && endedAt === null)
  if (!job || chosenPauses.has(job.pause?.reason ?? '') || (job.state === 'running' && job.progress.phase === 'fetching')) return null
  if (now - Math.max(archive.lastProven ?? job.startedAt, seenInPart(archive, job)) <= DAY_MS) return null
  return { ...blank, key: 'stale', kind: 'stale', urgent: true, code: job.error?.code ?? null, next: job.pause?.until ?? null }
}

/** Of a mailbox that its provider never shows as a whole (Gmail over POP3) nothing can be proven: when it was looked at is all there is to say. */
function seenInPart({ account }: ArchiveSummary, { result }: Job): number {
  const inPart = account?.protocol === 'pop3' && pop3Provider(account).windowed
  return inPart ? Number(result['lastRound'] ?? 0) : 0
}

const chosenPauses = new Set(['person', 'day-budget', 'battery', 'metered', 'on-hold'])
