import { useState } from 'react'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { useWatch } from '../state/useWatch.ts'
import { view } from '../state/view.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { PathPicker } from '../ui/PathPicker.tsx'
import { Picker } from '../ui/Picker.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { StepForm } from './StepForm.tsx'

interface Props {
  archive: ArchiveSummary
  mailbox: number | null
  onClose(): void
}

export function ExportDialog({ archive, mailbox, onClose }: Props) {
  const text = useText()
  const { t, plural } = text
  const { engine, shell } = useDoors()
  const mailboxes = useWatch('mailboxes', { archive: archive.id }) ?? []
  const [what, setWhat] = useState(mailbox === null ? 'all' : String(mailbox))
  const [to, setTo] = useState<string | null>(null)
  const options = [
    { id: 'all', label: t('export.all') },
    ...mailboxes
      .filter(one => one.messages > 0)
      .map(one => ({ id: String(one.id), label: `${one.name} · ${plural('count.messages', one.messages)}` })),
  ]
  const choose = useAction(async () => {
    const { path } = await shell.call('dialog.openFolder', { title: t('export.to') })
    if (path !== null) setTo(path)
  })
  const start = useAction(async () => {
    if (to === null) return
    await engine.call('job.export', { archive: archive.id, to, format: 'eml', mailbox: what === 'all' ? null : Number(what) })
    onClose()
    view.setActivity(true)
  })
  return (
    <Sheet title={t('export.title', { name: archive.name })} lead={t('export.lead')} closeLabel={t('common.close')} onClose={onClose}>
      <StepForm
        submit={t('export.submit')}
        cancel={t('common.cancel')}
        busy={start.busy}
        disabled={to === null}
        onSubmit={start.run}
        onCancel={onClose}
      >
        <Picker label={t('export.what')} value={what} options={options} onChange={setWhat} />
        <PathPicker
          label={t('export.to')}
          path={to}
          none={t('common.none')}
          hint={t('export.notEncrypted')}
          choose={t('common.choose')}
          onChoose={choose.run}
        />
        {(start.error ?? choose.error) && <ErrorNote error={start.error ?? choose.error} text={text} />}
      </StepForm>
    </Sheet>
  )
}
