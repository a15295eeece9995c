import { Inbox, MailPlus } from 'lucide-react'
import type { ArchiveSummary, Job } from '../../main/contract/types.ts'
import { isWaiting } from '../jobs/watchText.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { view } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'

interface Props {
  archive: ArchiveSummary
  /** The whole archive is empty, not only this mailbox. */
  whole: boolean
  jobs: readonly Job[]
}

export function ListEmpty({ archive, whole, jobs }: Props) {
  const { t } = useText()
  const { engine } = useDoors()
  const capture = useAction(() => engine.call('job.capture', { archive: archive.id }))
  if (!whole) return <EmptyState icon={Inbox} title={t('list.empty')} hint={t('list.emptyHint')} />
  const running = jobs.some(
    job => job.archive === archive.id && (job.kind === 'capture' || job.kind === 'watch') && job.endedAt === null && !isWaiting(job),
  )
  if (running) return <EmptyState icon={Inbox} title={t('list.emptyArchive')} hint={t('list.capturing')} />
  return (
    <EmptyState icon={MailPlus} title={t('list.emptyArchive')} {...(!archive.account && { hint: t('list.emptyArchiveHint') })}>
      {archive.account ? (
        <Button look="primary" busy={capture.busy} onPress={() => capture.run()}>
          {t('list.capture')}
        </Button>
      ) : (
        <Button look="primary" onPress={() => view.openDialog({ name: 'account', archive: archive.id })}>
          {t('list.connect')}
        </Button>
      )}
    </EmptyState>
  )
}
