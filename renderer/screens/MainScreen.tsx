import { useMemo } from 'react'
import type { Problem } from '../../main/contract/problems.ts'
import type { ArchiveSummary, Job, ProfileStatus } from '../../main/contract/types.ts'
import { hasOwnProfile } from '../dialogs/Dialogs.tsx'
import { StatusBar } from '../jobs/StatusBar.tsx'
import { watchLine } from '../jobs/watchText.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useFollowDemo } from '../state/useFollowDemo.ts'
import { useShortcuts } from '../state/useShortcuts.ts'
import { useStatus } from '../state/useStatus.ts'
import { useText } from '../state/useText.ts'
import { useWatch } from '../state/useWatch.ts'
import { useView, view } from '../state/view.ts'
import { ActivityPane } from './ActivityPane.tsx'
import { DemoBanner } from './DemoBanner.tsx'
import { LossBanners } from './LossBanners.tsx'
import { MailScreen } from './MailScreen.tsx'

const NO_JOBS: readonly Job[] = []
const NO_PROBLEMS: readonly Problem[] = []

interface Props {
  profile: ProfileStatus
  archives: readonly ArchiveSummary[]
  onLocked(status: ProfileStatus): void
}

/** The window once there is an archive: panes, status bar, activity, dialogs. */
export function MainScreen({ profile, archives, onLocked }: Props) {
  const text = useText()
  const { engine } = useDoors()
  const jobs = useWatch('jobs', {}) ?? NO_JOBS
  const problems = useWatch('problems', {}) ?? NO_PROBLEMS
  const activity = useView(state => state.activity)
  const selected = useView(state => state.archive)
  const archive = archives.find(one => one.id === selected)
  useFollowDemo(jobs)
  const status = useStatus(archive?.state === 'open' ? archive.id : null, jobs)
  // A watch that was ended (for another account, by locking) says nothing any more.
  const told = useMemo(() => jobs.filter(job => job.kind !== 'watch' || job.state !== 'cancelled'), [jobs])
  const newestFirst = useMemo(() => [...told].sort((a, b) => b.startedAt - a.startedAt), [told])
  const lock = useAction(async () => onLocked(await engine.call('profile.lock', {})))
  const capture = useAction(async (id: string) => {
    await engine.call('job.capture', { archive: id })
  })
  const startCapture = () => {
    if (!archive) return
    if (archive.account || archive.demo) void capture.run(archive.id)
    else view.openDialog({ name: 'account', archive: archive.id })
  }
  const demo = useAction(() => engine.call('job.demo', {}))
  const startDemo = () => {
    view.setActivity(true)
    void demo.run()
  }
  useShortcuts({ capture: startCapture, lock: () => void lock.run(), demo: startDemo })

  const name = (id: string | null) => archives.find(one => one.id === id)?.name ?? ''
  return (
    <>
      <DemoBanner archives={archives} />
      <LossBanners archives={archives} problems={problems} />
      <MailScreen
        archives={archives}
        jobs={newestFirst}
        problems={problems}
        messages={status?.messages}
        canLock={hasOwnProfile(profile)}
        onLock={() => void lock.run()}
        onDemo={startDemo}
      />
      {activity && <ActivityPane jobs={newestFirst} archiveName={name} startError={capture.error ?? demo.error ?? lock.error} />}
      <StatusBar
        jobs={newestFirst}
        archiveName={name}
        lastCapture={status?.lastCapture}
        watch={archive ? watchLine(archive, newestFirst, text) : null}
        problems={problems}
        canCapture={archive?.state === 'open' && archive.writable && (archive.account !== undefined || archive.demo)}
        open={activity}
        text={text}
        onToggle={() => view.setActivity(!activity)}
        onCapture={startCapture}
      />
    </>
  )
}
