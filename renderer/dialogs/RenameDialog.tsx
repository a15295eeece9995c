import { useState } from 'react'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { StepForm } from './StepForm.tsx'

export function RenameDialog({ archive, onClose }: { archive: ArchiveSummary; onClose(): void }) {
  const text = useText()
  const { t } = text
  const { engine } = useDoors()
  const [name, setName] = useState(archive.name)
  const rename = useAction(async () => {
    await engine.call('archive.rename', { archive: archive.id, name: name.trim() })
    onClose()
  })
  return (
    <Sheet title={t('overview.renameTitle')} closeLabel={t('common.close')} onClose={onClose}>
      <StepForm
        submit={t('common.save')}
        cancel={t('common.cancel')}
        busy={rename.busy}
        disabled={name.trim() === ''}
        onSubmit={rename.run}
        onCancel={onClose}
      >
        <Field label={t('create.name')} hint={t('overview.renameHint')} value={name} onChange={setName} autoFocus />
        {rename.error && <ErrorNote error={rename.error} text={text} />}
      </StepForm>
    </Sheet>
  )
}
