import { CloudOff, CloudUpload } from 'lucide-react'
import { useState } from 'react'
import type { Job, MessageView } from '../../main/contract/types.ts'
import { isOver } from '../jobs/jobText.ts'
import { saidName } from '../sidebar/wholeName.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useEngineEvent } from '../state/useEvent.ts'
import { useWatch } from '../state/useWatch.ts'
import { view } from '../state/view.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import './restore.css'

interface Props {
  message: MessageView
  /** The archive has an account that messages can be put back to. */
  possible: boolean
  text: Text
  /** The archive has learnt something, perhaps where the message is now. */
  onChanged(): void
}

/** A message that is gone from the server, and the one click that puts it back; what came of it stays until another message is shown. */
export function PutBack({ message: { summary, placements }, possible, text, onChanged }: Props) {
  const { t } = text
  const { engine } = useDoors()
  const [started, setStarted] = useState<string | null>(null)
  const job = useWatch('jobs', started === null ? null : {})?.find(({ id }) => id === started)
  useEngineEvent('archive.changed', ({ archive }) => {
    if (started !== null && archive === summary.archive) onChanged()
  })
  const put = useAction(async () => {
    const scope = { messages: [summary.id], which: 'gone' as const }
    setStarted((await engine.call('job.restore', { archive: summary.archive, scope, target: { kind: 'own' } })).id)
  })
  const gone = placements.length > 0 && placements.every(place => place.gone !== null)
  if (!gone && started === null) return null
  const busy = put.busy || (started !== null && (!job || !isOver(job)))
  const failed = put.error ?? job?.error ?? job?.failures[0]?.error
  const done = job && isOver(job) && job.state === 'done' && !failed
  return (
    <div className="put-back" role="status">
      {done ? <CloudUpload className="icon good" size={15} aria-hidden="true" /> : <CloudOff className="icon" size={15} aria-hidden="true" />}
      <p>{done ? doneText(job, placements, text) : t(busy ? 'restore.putting' : 'restore.goneNote')}</p>
      {!done && possible && (
        <Button busy={busy} onPress={put.run}>
          {t('restore.putBack')}
        </Button>
      )}
      {done && job.outcomes.added > 0 && (
        <Button
          look="quiet"
          onPress={() => view.openDialog({ name: 'undoRestore', archive: summary.archive, restore: String(job.result['restore']) })}
        >
          {t('restore.undoAction')}
        </Button>
      )}
      {failed && <ErrorNote error={failed} text={text} />}
    </div>
  )
}

function doneText({ outcomes }: Job, placements: MessageView['placements'], text: Text): string {
  const { t } = text
  if (outcomes.added === 0) return t('restore.backAlready')
  return t('restore.backNote', {
    folder: [...new Set(placements.map(place => saidName(place.mailboxName, text)))].slice(0, outcomes.added).join(', '),
  })
}
