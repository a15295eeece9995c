import { Activity, X } from 'lucide-react'
import type { Job } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import './activity.css'
import { inOrder } from './inOrder.ts'
import { JobCard, type JobSteer } from './JobCard.tsx'

interface Props {
  jobs: readonly Job[]
  /** Those that ended before this start. */
  earlier: readonly Job[]
  text: Text
  archiveName: (id: string | null) => string
  /** What starting or steering a job failed with. */
  error: unknown
  steer: JobSteer
  onClose(): void
}

/** Every job: how far, how fast, what could not be done, and what a person can do about it. */
export function ActivityPanel({ jobs, earlier, text, archiveName, error, steer, onClose }: Props) {
  const { t } = text
  const undone = new Set([...jobs, ...earlier].filter(isWholeUndo).map(({ result }) => result['restore']))
  const ofCard = (job: Job) => ({ job, undone: undone.has(job.result['restore']), archiveName: archiveName(job.archive), text, steer })
  return (
    <section className="activity" aria-label={t('jobs.title')}>
      <header className="activity-head">
        <h2>{t('jobs.title')}</h2>
        <Button look="quiet" icon={X} aria-label={t('common.close')} onPress={onClose} />
      </header>
      <div className="activity-body">
        {error !== undefined && <ErrorNote error={error} text={text} />}
        {jobs.length + earlier.length === 0 && <EmptyState icon={Activity} title={t('jobs.idle')} hint={t('jobs.idleHint')} />}
        {inOrder(jobs).map(job => (
          <JobCard key={job.id} {...ofCard(job)} />
        ))}
        {earlier.length > 0 && <h3 className="activity-earlier">{t('jobs.earlier')}</h3>}
        {earlier.map(job => (
          <JobCard key={job.id} {...ofCard(job)} past />
        ))}
      </div>
    </section>
  )
}

const isWholeUndo = ({ kind, state, result }: Job): boolean => kind === 'undoRestore' && state === 'done' && result['left'] === 0
