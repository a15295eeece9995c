import { useState } from 'react'
import type { ProfileStatus } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { PasswordField } from '../ui/PasswordField.tsx'
import { StepForm } from './StepForm.tsx'
import { StrengthMeter } from './StrengthMeter.tsx'
import { strengthOf } from './strength.ts'

interface Props {
  onDone(status: ProfileStatus): void
  onCancel(): void
}

export function ChangePassword({ onDone, onCancel }: Props) {
  const text = useText()
  const { t } = text
  const { engine } = useDoors()
  const [oldPassword, setOld] = useState('')
  const [newPassword, setNew] = useState('')
  const [repeat, setRepeat] = useState('')
  const [tried, setTried] = useState(false)
  const eye = { showLabel: t('password.show'), hideLabel: t('password.hide') }
  const change = useAction(async () => {
    setTried(true)
    if (newPassword !== repeat || strengthOf(newPassword) === 'short') return
    onDone(await engine.call('profile.changePassword', { oldPassword, newPassword }))
  })
  return (
    <StepForm
      submit={t('settings.change')}
      cancel={t('common.cancel')}
      busy={change.busy}
      disabled={oldPassword === '' || newPassword === ''}
      onSubmit={change.run}
      onCancel={onCancel}
    >
      <PasswordField label={t('settings.oldPassword')} value={oldPassword} onChange={setOld} autoComplete="current-password" autoFocus {...eye} />
      <PasswordField
        label={t('settings.newPassword')}
        value={newPassword}
        onChange={setNew}
        error={tried && strengthOf(newPassword) === 'short' ? t('password.strength.short') : null}
        autoComplete="new-password"
        {...eye}
      />
      <StrengthMeter password={newPassword} text={text} />
      <PasswordField
        label={t('settings.repeat')}
        value={repeat}
        onChange={setRepeat}
        error={tried && newPassword !== repeat ? t('password.mismatch') : null}
        autoComplete="new-password"
        {...eye}
      />
      {change.error && <ErrorNote error={change.error} text={text} />}
    </StepForm>
  )
}
