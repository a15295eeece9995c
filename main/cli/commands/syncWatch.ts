/** `sync --watch`: new mail as it comes, until Ctrl-C. A line for what came, for what could not be had, and for each pause. */
import { AppError, fromPlainError } from '../../contract/errors.ts'
import type { ArchiveSummary, Job } from '../../contract/types.ts'
import type { CommandContext } from '../command.ts'
import { count, number, printable } from '../format.ts'
import { errorOf, failureLines, follow } from '../job.ts'
import { noticeText } from '../notices.ts'
import { explain } from '../text.ts'
import type { Synced } from './sync.ts'

/** Until Ctrl-C, or until an error that only a person can end: under a scheduler nobody would see that it waits for one. */
export async function watchOne({ engine, progress, terminal }: CommandContext, archive: ArchiveSummary, interval?: number): Promise<Synced> {
  const reporter = createReporter(printable(archive.name), progress.line)
  let refused: AppError | null = null
  const onJobs = (jobs: readonly Job[], id: string) => {
    const job = jobs.find(one => one.id === id)
    if (!job) return
    if (job.pause?.reason !== 'account') return reporter.tell(job)
    refused ??= job.error ? fromPlainError(job.error) : new AppError('auth-failed', 'the server refuses the account')
    engine.call('job.cancel', { job: id }).catch(() => {}) // It has ended already.
  }
  try {
    const started = await engine.call('job.watch', { archive: archive.id, ...(interval !== undefined && { interval }) })
    const end = engine.watch('jobs', {}, jobs => onJobs(jobs, started.id))
    const job = await follow(engine, started, terminal.signal).finally(end)
    // Asked to end: that is how a watch ends, and no failure.
    const asked = terminal.signal.aborted && job.state === 'cancelled'
    return { archive, job, error: refused ?? (asked ? null : errorOf(job)) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { archive, job: null, error }
  }
}

/** Says each thing once, however often the job is looked at. */
function createReporter(name: string, line: (text: string) => void) {
  let newsRound = 0
  let failures = ''
  let paused = ''
  let notice = ''
  let lost = ''
  return {
    tell: (job: Job) => {
      const round = Number(job.result['newsRound'] ?? 0)
      if (round > newsRound) {
        newsRound = round
        line(`${name}: ${count(Number(job.result['newsMessages']), 'new message')} (${printable(String(job.result['news']))})`)
      }
      const noticed = noticeText(job.result['notice'])
      if (noticed !== notice) line(`${name}: ${noticed}`)
      notice = noticed
      const { loss } = job.result
      const losing = loss === undefined ? '' : `${loss}: ${job.result['lost']}`
      if (losing !== lost)
        line(
          `${name}: ${count(Number(job.result['lost']), 'message')} disappeared from the server. They are kept here; mailcoffer archive losses "${name}" shows more.`,
        )
      lost = losing
      const failing = job.failures.map(({ what }) => what).join('\n')
      if (failing !== failures && job.progress.phase === 'watching') {
        failures = failing
        line(
          failing === '' ? `${name}: nothing is missing any more` : `${name}: ${number(job.outcomes.failed)} failed\n${failureLines(job).trimEnd()}`,
        )
      }
      const pause = job.pause && job.error ? `${job.error.code} ${job.pause.until}` : ''
      if (pause !== paused && job.pause && job.error) line(`${name}: ${explain(fromPlainError(job.error)).happened}${nextTry(job.pause.until)}`)
      paused = pause
    },
  }
}

/** On the clock of this computer, to the second: somebody may be looking on. */
const nextTry = (until: number | null): string => (until === null ? '' : ` It is tried again at ${new Date(until).toTimeString().slice(0, 8)}.`)
