import { Check, ChevronUp, CircleAlert, CirclePause, RefreshCw } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import type { Problem } from '../../main/contract/problems.ts'
import type { Job } from '../../main/contract/types.ts'
import { problemTitle } from '../standing/problemText.ts'
import type { Text } from '../text/text.ts'
import { Button as ActionButton } from '../ui/Button.tsx'
import { Progress } from '../ui/Progress.tsx'
import { fractionOf, isOver, progressLine, stateLine } from './jobText.ts'
import './statusBar.css'
import { isWaiting, type WatchLine } from './watchText.ts'

interface Props {
  jobs: readonly Job[]
  archiveName: (id: string | null) => string
  lastCapture: number | null | undefined
  /** How the capture of new mail stands, where there is an account. */
  watch: WatchLine | null
  /** What stands in the way, of all archives: it is said here as it is in the banner and the tray. */
  problems: readonly Problem[]
  canCapture: boolean
  open: boolean
  text: Text
  onToggle(): void
  onCapture(): void
}

/** The bottom line: what runs, or when the archive was last brought up to date. Opens the activity panel. */
export function StatusBar({ jobs, archiveName, lastCapture, watch, problems, canCapture, open, text, onToggle, onCapture }: Props) {
  const { t, plural, format } = text
  const active = jobs.filter(job => !isOver(job) && !isWaiting(job))
  const job = active.find(one => one.state === 'running') ?? active[0]
  // A loss is said before all else, as in the banner; what the watch of this archive says itself is said in its words.
  const urgent = problems.filter(problem => problem.urgent)
  const problem = urgent.find(({ kind }) => kind === 'loss') ?? (watch?.mood === 'attention' ? undefined : urgent[0])
  const last = jobs.find(one => one.kind !== 'watch')
  const trouble = !job && last && (last.state === 'failed' || last.outcomes.failed > 0) ? last : undefined
  return (
    <footer className="status">
      <Button className="status-main" aria-expanded={open} onPress={onToggle}>
        {job ? (
          <>
            <span className="status-progress">
              <Progress label={t(`jobs.kind.${job.kind}`)} fraction={fractionOf(job)} paused={job.state === 'paused'} />
            </span>
            <span className="clip status-what">
              <b>
                {t(`jobs.kind.${job.kind}`)}
                {job.archive !== null && ` · ${archiveName(job.archive)}`}
              </b>
              <span>{stateLine(job, text)}</span>
            </span>
            <span className="status-numbers num">{progressLine(job, text)}</span>
            {active.length > 1 && <span className="badge">{plural('count.jobs', active.length)}</span>}
          </>
        ) : problem ? (
          <>
            <CircleAlert className="icon warn" size={14} aria-hidden="true" />
            <span className="clip" data-mood="attention">
              {archiveName(problem.archive)}: {problemTitle(problem, text)}
            </span>
            {urgent.length > 1 && <span className="badge">{plural('count.others', urgent.length - 1)}</span>}
          </>
        ) : trouble ? (
          <>
            <CircleAlert className="icon warn" size={14} aria-hidden="true" />
            <span className="clip">
              {t(`jobs.kind.${trouble.kind}`)}: {stateLine(trouble, text)}
            </span>
          </>
        ) : watch ? (
          <>
            <MoodIcon mood={watch.mood} />
            <span className="clip" data-mood={watch.mood}>
              {watch.text}
            </span>
          </>
        ) : (
          <>
            {lastCapture ? <Check className="icon good" size={14} aria-hidden="true" /> : null}
            <span className="clip">
              {lastCapture
                ? t('jobs.lastCapture', { time: format.moment(lastCapture) })
                : lastCapture === null
                  ? t('jobs.neverCaptured')
                  : t('jobs.idle')}
            </span>
          </>
        )}
        <span className="spring" />
        <ChevronUp className="icon status-chevron" data-open={open || undefined} size={15} aria-hidden="true" />
      </Button>
      {!job && canCapture && (
        <ActionButton look="quiet" icon={RefreshCw} onPress={onCapture}>
          {t('jobs.captureNow')}
        </ActionButton>
      )}
    </footer>
  )
}

function MoodIcon({ mood }: { mood: WatchLine['mood'] }) {
  if (mood === 'good') return <Check className="icon good" size={14} aria-hidden="true" />
  if (mood === 'waiting') return <CirclePause className="icon" size={14} aria-hidden="true" />
  return <CircleAlert className="icon warn" size={14} aria-hidden="true" />
}
