/** What runs, on stderr: one line that changes on a terminal, a line now and then otherwise. */
import { type ErrorCode, fromPlainError } from '../contract/errors.ts'
import type { Job } from '../contract/types.ts'
import { bytes, cut, date, duration, number, printable } from './format.ts'
import type { Terminal } from './terminal.ts'
import { whileWaiting } from './waiting.ts'

export interface Progress {
  /** All jobs of the engine, as they are now. */
  show(jobs: readonly Job[], names: ReadonlyMap<string, string>): void
  /** A line that stays. */
  line(text: string): void
  /** Takes the changing line away. */
  clear(): void
}

/** Where nobody watches, a log is read later: a line per phase, and one in so many seconds. */
const QUIET_MS = 10_000
const PHASES: Record<Job['progress']['phase'], string> = {
  starting: 'starting',
  listing: 'listing the mailboxes',
  fetching: 'fetching',
  indexing: 'indexing',
  writing: 'writing',
  verifying: 'verifying',
  reading: 'reading',
  finishing: 'finishing',
  watching: 'watching',
}
const PAUSES = {
  person: 'paused',
  offline: 'waiting for the network',
  'server-busy': 'waiting for the server',
  'disk-full': 'waiting: the disk is full',
  'destination-missing': 'waiting for the drive',
  'engine-restart': 'going on',
  account: 'the server refuses the account',
  problem: 'trying again later',
  'day-budget': "waiting: today's share is used",
  battery: 'waiting for mains power',
  metered: 'waiting for a connection that is not metered',
  'on-hold': 'the account is paused',
} as const

export function createProgress(terminal: Pick<Terminal, 'err' | 'errIsTty' | 'columns' | 'now'>): Progress {
  let shown = ''
  const said = new Map<string, { what: string; at: number }>()

  const told = new Map<string, ErrorCode>()

  const clear = () => {
    if (shown) terminal.err('\r\u001b[K')
    shown = ''
  }
  const update = (text: string) => {
    const line = cut(text, (terminal.columns ?? 80) - 1)
    if (line === shown) return
    terminal.err(`\r${line}\u001b[K`)
    shown = line
  }
  const sayNowAndThen = (job: Job, text: string) => {
    if (job.progress.phase === 'starting' && !job.pause) return // most jobs are past it before it could be read
    const what = `${job.state} ${job.progress.phase}`
    const before = said.get(job.id)
    // What waits for hours is said once.
    if (before && before.what === what && (job.progress.phase === 'watching' || terminal.now() - before.at < QUIET_MS)) return
    said.set(job.id, { what, at: terminal.now() })
    terminal.err(`${text}\n`)
  }

  const line = (text: string) => {
    const again = shown
    clear()
    terminal.err(`${text}\n`)
    if (again) update(again)
  }
  /** What is safe, and what a person can do, once for each thing that is waited for. */
  const sayWhy = ({ id, kind, state, error }: Job) => {
    if ((kind !== 'copy' && kind !== 'export') || state !== 'paused' || !error || told.get(id) === error.code) return
    told.set(id, error.code)
    line(whileWaiting(fromPlainError(error)))
  }

  return {
    show: (jobs, names) => {
      const active = jobs.filter(({ state }) => state === 'running' || state === 'paused')
      for (const job of active) sayWhy(job)
      if (!terminal.errIsTty) for (const job of active) sayNowAndThen(job, describe(job, names))
      else if (active.length === 0) clear()
      else update(active.map(job => describe(job, names)).join(' | '))
    },
    line,
    clear,
  }
}

const DAY_SECONDS = 24 * 60 * 60

function describe(job: Job, names: ReadonlyMap<string, string>): string {
  const { phase, done, total, bytesDone, rate, byteRate, secondsLeft, endsAt, current } = job.progress
  const parts = [printable((job.archive && names.get(job.archive)) || job.kind)]
  if (job.pause) parts.push(PAUSES[job.pause.reason])
  else parts.push(current ? `${PHASES[phase]} ${printable(current)}` : PHASES[phase])
  if (total !== null && total > 0) parts.push(`${number(done)} of ${number(total)}`)
  else if (done > 0) parts.push(number(done))
  if (bytesDone > 0) parts.push(bytes(bytesDone))
  if (byteRate > 0) parts.push(`${bytes(byteRate)}/s`)
  else if (rate > 0) parts.push(`${number(Math.round(rate))}/s`)
  if (endsAt && (job.pause || (secondsLeft ?? 0) > DAY_SECONDS)) parts.push(`done by ${date(endsAt)}`)
  else if (secondsLeft !== null && job.state === 'running') parts.push(`${duration(secondsLeft)} left`)
  return parts.join(', ')
}
