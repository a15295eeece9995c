import type { Job } from '../../main/contract/types.ts'
import { ActivityPanel } from '../jobs/ActivityPanel.tsx'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useCall } from '../state/useCall.ts'
import { useText } from '../state/useText.ts'
import { view } from '../state/view.ts'

/** Of those before this start; the command line lists all that are remembered. */
const EARLIER = 30

interface Props {
  jobs: readonly Job[]
  archiveName: (id: string | null) => string
  startError: unknown
}

/** The activity panel with the engine behind it. */
export function ActivityPane({ jobs, archiveName, startError }: Props) {
  const text = useText()
  const { engine, shell } = useDoors()
  const { value: history = [] } = useCall('job.history', {})
  const earlier = history.filter(({ id }) => !jobs.some(job => job.id === id)).slice(0, EARLIER)
  const steer = useAction((work: () => Promise<unknown>) => work())
  return (
    <ActivityPanel
      jobs={jobs}
      earlier={earlier}
      text={text}
      archiveName={archiveName}
      error={steer.error ?? startError}
      steer={{
        pause: job => void steer.run(() => engine.call('job.pause', { job })),
        resume: job => void steer.run(() => engine.call('job.resume', { job })),
        cancel: job => void steer.run(() => engine.call('job.cancel', { job })),
        undo: (archive, restore) => view.openDialog({ name: 'undoRestore', archive, restore }),
        reveal: path => void steer.run(() => shell.call('path.reveal', { path })),
      }}
      onClose={() => view.setActivity(false)}
    />
  )
}
