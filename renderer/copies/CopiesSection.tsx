import { HardDriveDownload } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { CopyState } from '../../main/contract/copies.ts'
import type { ArchiveSummary, Job } from '../../main/contract/types.ts'
import { isOver } from '../jobs/jobText.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { useWatch } from '../state/useWatch.ts'
import { view } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { CopyCard, type CopySteer } from './CopyCard.tsx'
import './copies.css'

/** Ages are told by the minute. */
const MINUTE = 60_000

/** Where copies of an archive are, and since when each is proven safe. */
export function CopiesSection({ archive, jobs }: { archive: ArchiveSummary; jobs: readonly Job[] }) {
  const text = useText()
  const { t } = text
  const { engine, shell } = useDoors()
  const copies = useWatch('copies', { archive: archive.id })
  const now = useMinutes()
  const act = useAction((work: () => Promise<unknown>) => work())

  const steerOf = ({ id: copy, dir }: CopyState): CopySteer => {
    const one = { archive: archive.id, copy }
    return {
      run: full => void act.run(() => engine.call('copy.run', { ...one, full, patient: true })),
      repair: () =>
        void act.run(async () => {
          await engine.call('copy.repair', one)
          view.setActivity(true)
        }),
      auto: auto => void act.run(() => engine.call('copy.setAuto', { ...one, auto })),
      show: () => void act.run(() => shell.call('path.reveal', { path: dir })),
      forget: () => void act.run(() => engine.call('copy.forget', one)),
    }
  }

  return (
    <section className="copies" aria-label={t('copies.title')}>
      <header>
        <h2>{t('copies.title')}</h2>
        <Button icon={HardDriveDownload} onPress={() => view.openDialog({ name: 'copy', archive: archive.id })}>
          {t('copies.keep')}
        </Button>
      </header>
      {act.error && <ErrorNote error={act.error} text={text} />}
      {copies?.length === 0 && <p className="copies-none">{t('copies.none')}</p>}
      {copies && copies.length > 0 && (
        <ul>
          {copies.map(copy => (
            <CopyCard
              key={copy.id}
              copy={copy}
              job={jobs.find(job => job.kind === 'copy' && job.result['copy'] === copy.id && !isOver(job))}
              now={now}
              text={text}
              steer={steerOf(copy)}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

function useMinutes(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE)
    return () => clearInterval(timer)
  }, [])
  return now
}
