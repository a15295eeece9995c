import { useState } from 'react'
import type { ProfileStatus } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useKeychain } from '../state/useKeychain.ts'
import { useText } from '../state/useText.ts'
import { Check } from '../ui/Check.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { PasswordField } from '../ui/PasswordField.tsx'
import { StepForm } from './StepForm.tsx'
import { StrengthMeter } from './StrengthMeter.tsx'
import { strengthOf } from './strength.ts'

interface Props {
  onDone(status: ProfileStatus): void
  onCancel(): void
}

/** The profile's password, chosen once; with the system's keychain where there is a real one. */
export function PasswordStep({ onDone, onCancel }: Props) {
  const text = useText()
  const { t } = text
  const { engine, shell } = useDoors()
  const [password, setPassword] = useState('')
  const [repeat, setRepeat] = useState('')
  const [keep, setKeep] = useState(false)
  const [tried, setTried] = useState(false)
  const keychain = useKeychain()
  const mismatch = tried && password !== repeat

  const create = useAction(async () => {
    setTried(true)
    if (password !== repeat || strengthOf(password) === 'short') return
    const secret = keep && keychain?.available ? (await shell.call('keychain.create', {})).secret : undefined
    onDone(await engine.call('profile.create', { password, ...(secret !== undefined && { keychainSecret: secret }) }))
  })

  return (
    <StepForm
      submit={t('common.continue')}
      busy={create.busy}
      disabled={password === ''}
      cancel={t('common.cancel')}
      onSubmit={create.run}
      onCancel={onCancel}
    >
      <p className="lead">{t('password.lead')}</p>
      <PasswordField
        label={t('password.label')}
        value={password}
        onChange={setPassword}
        error={tried && strengthOf(password) === 'short' ? t('password.strength.short') : null}
        showLabel={t('password.show')}
        hideLabel={t('password.hide')}
        autoComplete="new-password"
        name="new-password"
        autoFocus
      />
      <StrengthMeter password={password} text={text} />
      <PasswordField
        label={t('password.repeat')}
        value={repeat}
        onChange={setRepeat}
        error={mismatch ? t('password.mismatch') : null}
        showLabel={t('password.show')}
        hideLabel={t('password.hide')}
        autoComplete="new-password"
        name="repeat-password"
      />
      {keychain?.available && (
        <Check label={t('password.keychain')} hint={t('password.keychainHint', { name: keychain.backend })} checked={keep} onChange={setKeep} />
      )}
      {create.error && <ErrorNote error={create.error} text={text} />}
    </StepForm>
  )
}
