/** A job in words: one line for the status bar, parts of it for its card. */
import type { Job } from '../../main/contract/types.ts'
import { plannedLine, restoredLine, undoneLine } from '../restore/restoreText.ts'
import { saidName } from '../sidebar/wholeName.ts'
import { inARow } from '../text/errors/sentences.ts'
import type { Text } from '../text/text.ts'

export const isOver = (job: Job) => job.endedAt !== null

/** 0 to 1, or null while it cannot be known. Bytes say it better than items where both are known. */
export function fractionOf({ progress }: Job): number | null {
  const { done, total, bytesDone, bytesTotal } = progress
  if (bytesTotal !== null && bytesTotal > 0) return Math.min(1, bytesDone / bytesTotal)
  if (total !== null && total > 0) return Math.min(1, done / total)
  return null
}

const DAY_SECONDS = 24 * 60 * 60

/** "12,400 of 48,000 · 812/s · 14 MB/s · 40 sec left" */
export function progressLine({ progress, state }: Job, { t, format }: Text): string {
  const { done, total, bytesDone, bytesTotal, rate, byteRate, secondsLeft, endsAt } = progress
  const counted =
    total === null || total === 0 ? (done > 0 ? format.number(done) : '') : t('jobs.of', { done: format.number(done), total: format.number(total) })
  const sized = total === null && bytesTotal ? t('jobs.of', { done: format.bytes(bytesDone), total: format.bytes(bytesTotal) }) : ''
  return [
    counted || sized,
    rate >= 1 && t('jobs.rate', { n: format.number(Math.round(rate)) }),
    byteRate >= 1 && t('jobs.rate', { n: format.bytes(byteRate) }),
    // Over more than a day, a date says more than a number of hours, and it stays true while it is paused.
    endsAt && (state === 'paused' || (secondsLeft ?? 0) > DAY_SECONDS)
      ? t('rules.endsAt', { time: format.moment(endsAt) })
      : secondsLeft !== null && secondsLeft >= 1 && t('jobs.left', { time: format.duration(secondsLeft) }),
  ]
    .filter(Boolean)
    .join(' · ')
}

/** What it is doing, or how it ended. */
export function stateLine(job: Job, text: Text): string {
  const { t, plural, format } = text
  if (job.state === 'paused' && job.pause) {
    const until = job.pause.until === null ? [] : [t('jobs.until', { time: format.moment(job.pause.until) })]
    return inARow(text.language, t(`jobs.pause.${job.pause.reason}`), ...until)
  }
  if (job.kind === 'watch' && job.state === 'running' && job.progress.phase === 'watching' && job.outcomes.added > 0)
    return [plural('jobs.added', job.outcomes.added), t('jobs.phase.watching')].join(' · ')
  if (job.state === 'running') return [t(`jobs.phase.${job.progress.phase}`), saidName(job.progress.current, text)].filter(Boolean).join(' · ')
  if (job.state === 'done') return doneLine(job, text)
  const failed = job.outcomes.failed > 0 ? ` · ${plural('count.failures', job.outcomes.failed)}` : ''
  return t(`jobs.state.${job.state}`) + failed
}

function doneLine(job: Job, text: Text): string {
  const { t, plural, format } = text
  const failed = job.outcomes.failed
  if (job.kind === 'verify') {
    if (failed > 0) return t('jobs.verifiedBad')
    const messages = number(job.result['messages']) ?? job.progress.done
    const bytes = number(job.result['bytes']) ?? job.progress.bytesDone
    return t('jobs.verifiedGood', { messages: plural('count.messages', messages), bytes: format.bytes(bytes) })
  }
  const problems = failed > 0 ? [plural('count.failures', failed)] : []
  if (job.kind === 'capture' || job.kind === 'demo')
    return [job.outcomes.added === 0 ? t('jobs.unchanged') : plural('jobs.added', job.outcomes.added), ...problems].join(' · ')
  if (job.kind === 'restore') return restoredLine(job, text)
  if (job.kind === 'restorePlan') return plannedLine(job, text)
  if (job.kind === 'undoRestore') return undoneLine(job, text)
  if (job.kind === 'export') return [plural('count.messages', job.outcomes.added || job.progress.done), ...problems].join(' · ')
  if (job.kind === 'import') {
    const there = job.outcomes.unchanged > 0 ? [t('import.there', { count: job.outcomes.unchanged })] : []
    return [plural('count.messages', job.outcomes.added || job.progress.done), ...there, ...problems].join(' · ')
  }
  if (job.kind === 'attachments') return [plural('unread.done', job.progress.done), ...problems].join(' · ')
  if (job.kind === 'copy') {
    const written = number(job.result['written']) ?? 0
    return [written > 0 ? t('copies.done', { size: format.bytes(written) }) : t('copies.doneNothing'), ...problems].join(' · ')
  }
  if (job.kind === 'repair') {
    const repaired = number(job.result['repaired']) ?? 0
    return [repaired > 0 ? plural('copies.repaired', repaired) : t('copies.repairedNone'), ...problems].join(' · ')
  }
  return [t('jobs.state.done'), ...problems].join(' · ')
}

/** What a capture noticed and a person should know, though nothing failed; empty where there is nothing. */
export function noticeLine({ result }: Job, { t }: Text): string {
  const { notice } = result
  if (notice === 'gmail-labels-hidden') return t('jobs.notice.gmail-labels-hidden', { labels: String(result['hiddenLabels'] ?? '') })
  return notice === 'pop3-emptied' || notice === 'pop3-vanishing' ? t(`jobs.notice.${notice}`) : ''
}

/** The same of an archive's captures, for who does not look at its jobs. `jobs`: of the archive, the newest first. */
export const lastNotice = (jobs: readonly Job[], text: Text): string =>
  jobs
    .filter(({ kind }) => kind === 'watch' || kind === 'capture')
    .map(job => noticeLine(job, text))
    .find(line => line !== '') ?? ''

const number = (value: unknown) => (typeof value === 'number' ? value : undefined)

/** A pause that nobody has to do anything about: it is said with its time, and not as an error. */
export const isPolite = ({ state, pause }: Job): boolean => state === 'paused' && pause !== null && polite.has(pause.reason)
const polite = new Set<NonNullable<Job['pause']>['reason']>(['server-busy', 'day-budget', 'battery', 'metered', 'on-hold'])
