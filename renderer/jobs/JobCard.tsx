import { CircleAlert, CircleCheck, CirclePause, CircleSlash, Pause, Play, X } from 'lucide-react'
import type { Job } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Progress } from '../ui/Progress.tsx'
import { DamageList } from './DamageList.tsx'
import { FailureList } from './FailureList.tsx'
import { fractionOf, isOver, isPolite, noticeLine, progressLine, stateLine } from './jobText.ts'
import { isWaiting } from './watchText.ts'

export interface JobSteer {
  pause(job: string): void
  resume(job: string): void
  cancel(job: string): void
  reveal(path: string): void
  /** Asks whether what a restore put back shall be taken away again. */
  undo(archive: string, restore: string): void
}

interface Props {
  job: Job
  archiveName: string
  text: Text
  steer: JobSteer
  /** What it put back was taken away again. */
  undone: boolean
  /** It ended before this start: what the engine kept of it beside this is gone. */
  past?: boolean
}

export function JobCard({ job, archiveName, text, steer, undone, past = false }: Props) {
  const { t, format } = text
  const over = isOver(job)
  const to = job.result['folder']
  const damaged = !past && job.kind === 'verify' && over && job.outcomes.failed > 0
  return (
    <article className="job" data-state={job.state} data-kind={job.kind}>
      <div className="job-head">
        <StateIcon job={job} />
        <h3 className="clip">
          {t(`jobs.kind.${job.kind}`)}
          {archiveName && <span> · {archiveName}</span>}
        </h3>
        <time className="num">{format.moment(job.endedAt ?? job.startedAt)}</time>
        {!over && (
          <span className="job-buttons">
            {job.state === 'paused' ? (
              <Button
                look="quiet"
                icon={Play}
                aria-label={t('jobs.resumeAction')}
                title={t('jobs.resumeAction')}
                onPress={() => steer.resume(job.id)}
              />
            ) : (
              <Button
                look="quiet"
                icon={Pause}
                aria-label={t('jobs.pauseAction')}
                title={t('jobs.pauseAction')}
                onPress={() => steer.pause(job.id)}
              />
            )}
            {/* Watching is turned off where it is turned on: in the menu of the archive. */}
            {job.kind !== 'watch' && (
              <Button look="quiet" icon={X} aria-label={t('jobs.cancelAction')} title={t('jobs.cancelAction')} onPress={() => steer.cancel(job.id)} />
            )}
          </span>
        )}
      </div>
      {!over && !isWaiting(job) && <Progress label={t(`jobs.kind.${job.kind}`)} fraction={fractionOf(job)} paused={job.state === 'paused'} />}
      <p className="job-state">
        <span>{stateLine(job, text)}</span>
        {!over && <span className="num">{progressLine(job, text)}</span>}
      </p>
      {job.kind === 'export' && over && typeof to === 'string' && (
        <p className="job-path">
          <span className="clip">{t('jobs.exported', { path: to })}</span>
          <Button look="quiet" onPress={() => steer.reveal(to)}>
            {t('jobs.reveal')}
          </Button>
        </p>
      )}
      {job.kind === 'restore' && over && typeof job.result['restore'] === 'string' && job.outcomes.added > 0 && !undone && (
        <p className="job-path">
          <Button look="quiet" onPress={() => steer.undo(job.archive!, String(job.result['restore']))}>
            {t('restore.undoAction')}
          </Button>
        </p>
      )}
      {noticeLine(job, text) && <p className="job-notice">{noticeLine(job, text)}</p>}
      {job.error && job.state !== 'cancelled' && !isPolite(job) && <ErrorNote error={job.error} text={text} />}
      {damaged ? <DamageList job={job.id} text={text} /> : job.failures.length > 0 && <FailureList job={job} text={text} />}
    </article>
  )
}

function StateIcon({ job }: { job: Job }) {
  const trouble = job.state === 'failed' || job.outcomes.failed > 0
  if (job.kind === 'watch' && job.state === 'running' && isWaiting(job) && !trouble)
    return <CircleCheck className="icon good" size={16} aria-hidden="true" />
  if (job.kind === 'watch' && isWaiting(job) && trouble) return <CircleAlert className="icon warn" size={16} aria-hidden="true" />
  if (job.state === 'running' || job.state === 'waiting') return <span className="spinner" aria-hidden="true" />
  if (job.state === 'paused') return <CirclePause className="icon" size={16} aria-hidden="true" />
  if (job.state === 'cancelled') return <CircleSlash className="icon" size={16} aria-hidden="true" />
  return trouble ? (
    <CircleAlert className="icon warn" size={16} aria-hidden="true" />
  ) : (
    <CircleCheck className="icon good" size={16} aria-hidden="true" />
  )
}
