import { useState } from 'react'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { StepForm } from './StepForm.tsx'

/** A code that was put off: now the whole of it, since nothing here knows it any more. */
export function RecoveryDialog({ archive, onClose }: { archive: ArchiveSummary; onClose(): void }) {
  const text = useText()
  const { t } = text
  const { engine } = useDoors()
  const [code, setCode] = useState('')
  const confirm = useAction(async () => {
    await engine.call('archive.confirmRecovery', { archive: archive.id, code: code.trim() })
    onClose()
  })
  return (
    <Sheet title={t('recovery.confirmTitle')} lead={t('recovery.pendingLead')} closeLabel={t('common.close')} onClose={onClose}>
      <StepForm
        submit={t('recovery.confirm')}
        cancel={t('common.cancel')}
        busy={confirm.busy}
        disabled={code.trim() === ''}
        onSubmit={confirm.run}
        onCancel={onClose}
      >
        <Field label={t('recovery.whole')} value={code} onChange={setCode} hint={t('open.recoveryHint')} mono autoFocus />
        {confirm.error && <ErrorNote error={confirm.error} text={text} />}
      </StepForm>
    </Sheet>
  )
}
