/** How the capture of new mail stands, in one line: for the status bar and for the activity panel. */
import type { ArchiveSummary, Job } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

/** good: all is as it should be; waiting: it goes on by itself; attention: a person should look. */
export type Mood = 'good' | 'waiting' | 'attention'

export interface WatchLine {
  mood: Mood
  text: string
}

/** A watch that waits, for new mail or for an error to pass, is no work under way. */
export const isWaiting = (job: Job): boolean =>
  job.kind === 'watch' && job.endedAt === null && (job.state === 'paused' || job.progress.phase === 'watching')

/** "Watching · last proven complete 14:02"; null where nothing is to be watched. `jobs`: the newest first. */
export function watchLine(archive: ArchiveSummary, jobs: readonly Job[], text: Text): WatchLine | null {
  if (!archive.account || archive.demo) return null
  const job = jobs.find(one => one.kind === 'watch' && one.archive === archive.id)
  const mood = moodOf(archive, job)
  return { mood, text: [...stateOf(archive, job, text), provenOf(archive, text)].filter(Boolean).join(' · ') }
}

function moodOf(archive: ArchiveSummary, job: Job | undefined): Mood {
  if (!archive.watch) return 'waiting'
  if (!job || job.state === 'cancelled') return 'waiting'
  if (job.state === 'failed' || job.outcomes.failed > 0) return 'attention'
  if (job.state === 'paused') return passing.has(job.pause?.reason ?? 'person') ? 'waiting' : 'attention'
  return job.error ? 'waiting' : 'good'
}

const passing = new Set<NonNullable<Job['pause']>['reason']>([
  'person',
  'offline',
  'server-busy',
  'engine-restart',
  'day-budget',
  'battery',
  'metered',
  'on-hold',
])

function stateOf(archive: ArchiveSummary, job: Job | undefined, { t, plural, format }: Text): string[] {
  if (!archive.watch) return [t('watch.off')]
  if (!job || job.state === 'cancelled' || job.state === 'done') return [t('watch.stopped')]
  if (job.state === 'failed') return [t('watch.stopped')]
  const missing = job.outcomes.failed > 0 ? [plural('count.failures', job.outcomes.failed)] : []
  if (job.state !== 'paused' || !job.pause) return [t('watch.on'), ...missing]
  const next = job.pause.until === null ? [] : [t('watch.next', { time: format.moment(job.pause.until) })]
  const { endsAt } = job.progress
  const done = job.pause.reason === 'day-budget' && endsAt ? [t('rules.endsAt', { time: format.moment(endsAt) })] : []
  return [t(`watch.pause.${job.pause.reason}`), ...next, ...done, ...missing]
}

function provenOf({ lastProven }: ArchiveSummary, { t, format }: Text): string {
  return lastProven === null ? '' : t('watch.proven', { time: format.moment(lastProven) })
}
