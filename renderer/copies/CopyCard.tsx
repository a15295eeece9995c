import { CircleAlert, CircleCheck, Copy, HardDrive } from 'lucide-react'
import type { CopyState } from '../../main/contract/copies.ts'
import type { Job } from '../../main/contract/types.ts'
import { fractionOf, stateLine } from '../jobs/jobText.ts'
import { OverviewMenu } from '../overview/OverviewMenu.tsx'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Progress } from '../ui/Progress.tsx'
import { safeLine, sizeLine } from './age.ts'

export interface CopySteer {
  run(full: boolean): void
  repair(): void
  auto(on: boolean): void
  show(): void
  forget(): void
}

interface Props {
  copy: CopyState
  /** The job that is at it. */
  job: Job | undefined
  /** Unix ms: what ages are reckoned from. */
  now: number
  text: Text
  steer: CopySteer
}

/** One copy: where it is, since when it is safe, and what is wrong with it. */
export function CopyCard({ copy, job, now, text, steer }: Props) {
  const { t, plural, format } = text
  const repairable = copy.archiveDamaged > 0
  return (
    <li className="copy" data-state={copy.state}>
      <div className="copy-head">
        <StateIcon copy={copy} />
        <div className="copy-where">
          <p className="clip" title={copy.dir}>
            {copy.dir}
          </p>
          <p className="copy-safe">
            <span>{safeLine(copy, text, now)}</span>
            {copy.safeAsOf !== null && <span>{sizeLine(copy, text)}</span>}
            {!copy.present && <span className="badge">{t('copies.away')}</span>}
            {!copy.auto && <span className="badge">{t('copies.manual')}</span>}
          </p>
        </div>
        {repairable && copy.present && (
          <Button look="primary" title={t('copies.repairHint')} onPress={steer.repair}>
            {t('copies.repair')}
          </Button>
        )}
        {!repairable && copy.present && !job && (
          <Button icon={Copy} onPress={() => steer.run(false)}>
            {t('copies.now')}
          </Button>
        )}
        <OverviewMenu
          text={text}
          items={[
            {
              id: 'full',
              label: t('copies.full'),
              hint: t('copies.fullHint'),
              disabled: !copy.present || job !== undefined,
              run: () => steer.run(true),
            },
            { id: 'repair', label: t('copies.repair'), hint: t('copies.repairHint'), disabled: !copy.present, run: steer.repair },
            { id: 'auto', label: t(copy.auto ? 'copies.autoOff' : 'copies.autoOn'), run: () => steer.auto(!copy.auto) },
            { id: 'show', label: t('copies.show'), disabled: !copy.present, run: steer.show },
            { id: 'forget', label: t('copies.forget'), hint: t('copies.forgetHint'), run: steer.forget },
          ]}
        />
      </div>
      {job && (
        <div className="copy-job">
          <Progress label={t('copies.running')} fraction={fractionOf(job)} paused={job.state === 'paused'} />
          <p>{stateLine(job, text)}</p>
        </div>
      )}
      {copy.damaged > 0 && <p className="copy-warn">{plural('copies.damaged', copy.damaged)}</p>}
      {repairable && <p className="copy-warn">{t('copies.archiveDamaged')}</p>}
      {copy.sameDisk === 'same' && <p className="copy-warn">{t('copies.sameDisk')}</p>}
      {copy.sameDisk === 'unknown' && copy.safeAsOf !== null && <p className="copy-note">{t('copies.unknownDisk')}</p>}
      {copy.oldestProof !== null && <p className="copy-note">{t('copies.proof', { time: format.moment(copy.oldestProof, now) })}</p>}
      {copy.error && copy.error.code !== 'destination-missing' && <ErrorNote error={copy.error} text={text} />}
      {copy.error?.code === 'destination-missing' && <p className="copy-note">{t('copies.waiting')}</p>}
    </li>
  )
}

function StateIcon({ copy: { state, present } }: { copy: CopyState }) {
  if (state === 'damaged' || state === 'problem') return <CircleAlert className="icon warn" size={18} aria-hidden="true" />
  if (state === 'safe' && present) return <CircleCheck className="icon good" size={18} aria-hidden="true" />
  return <HardDrive className="icon" size={18} aria-hidden="true" />
}
