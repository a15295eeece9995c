import { useState } from 'react'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { StepForm } from '../dialogs/StepForm.tsx'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { Check } from '../ui/Check.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { PathPicker } from '../ui/PathPicker.tsx'
import { Sheet } from '../ui/Sheet.tsx'

/** Where a new copy goes. Its progress is shown where it will be listed. */
export function CopyDialog({ archive, onClose }: { archive: ArchiveSummary; onClose(): void }) {
  const text = useText()
  const { t } = text
  const { engine, shell } = useDoors()
  const [to, setTo] = useState<string | null>(null)
  const [sameDisk, setSameDisk] = useState(false)
  const [auto, setAuto] = useState(true)
  const choose = useAction(async () => {
    const { path } = await shell.call('dialog.openFolder', { title: t('copies.to') })
    if (path === null) return
    setTo(null)
    setSameDisk((await engine.call('copy.look', { archive: archive.id, to: path })).sameDisk === 'same')
    setTo(path)
  })
  const start = useAction(async () => {
    if (to === null) return
    await engine.call('copy.start', { archive: archive.id, to, auto, patient: true })
    onClose()
  })
  return (
    <Sheet title={t('copies.dialogTitle', { name: archive.name })} lead={t('copies.lead')} closeLabel={t('common.close')} onClose={onClose}>
      <StepForm
        submit={t('copies.submit')}
        cancel={t('common.cancel')}
        busy={start.busy}
        disabled={to === null}
        onSubmit={start.run}
        onCancel={onClose}
      >
        <PathPicker
          label={t('copies.to')}
          path={to}
          none={t('common.none')}
          hint={t('copies.toHint')}
          choose={t('common.choose')}
          onChoose={choose.run}
        />
        {to !== null && sameDisk && <p className="copy-warn">{t('copies.sameDisk')}</p>}
        <Check label={t('copies.auto')} hint={t('copies.autoHint')} checked={auto} onChange={setAuto} />
        {(start.error ?? choose.error) && <ErrorNote error={start.error ?? choose.error} text={text} />}
      </StepForm>
    </Sheet>
  )
}
