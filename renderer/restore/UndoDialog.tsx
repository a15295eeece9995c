import { useState } from 'react'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { StepForm } from '../dialogs/StepForm.tsx'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useCall } from '../state/useCall.ts'
import { useText } from '../state/useText.ts'
import { view } from '../state/view.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { PasswordField } from '../ui/PasswordField.tsx'
import { Sheet } from '../ui/Sheet.tsx'

/** Taking back removes something from a server: it is asked for once more, with the password where none is kept. */
export function UndoDialog({ archive, restore, onClose }: { archive: ArchiveSummary; restore: string; onClose(): void }) {
  const text = useText()
  const { t } = text
  const { engine } = useDoors()
  const { value: records, error } = useCall('restores', { archive: archive.id })
  const record = records?.find(({ id }) => id === restore)
  const [password, setPassword] = useState('')
  const start = useAction(async () => {
    await engine.call('job.undoRestore', { restore, ...(password !== '' && { password }) })
    onClose()
    view.setActivity(true)
  })
  const failed = error ?? start.error
  return (
    <Sheet
      title={t('restore.undoTitle')}
      lead={record && t('restore.undoLead', { target: record.target })}
      closeLabel={t('common.close')}
      onClose={onClose}
    >
      <StepForm
        submit={t('restore.undoSubmit')}
        cancel={t('common.cancel')}
        busy={start.busy}
        disabled={!record || (!record.passwordKnown && password === '')}
        onSubmit={start.run}
        onCancel={onClose}
      >
        {record && !record.passwordKnown && (
          <PasswordField
            label={t('restore.password', { target: record.target })}
            value={password}
            onChange={setPassword}
            showLabel={t('password.show')}
            hideLabel={t('password.hide')}
            autoComplete="off"
            name="account-password"
          />
        )}
        {failed && <ErrorNote error={failed} text={text} />}
      </StepForm>
    </Sheet>
  )
}
