import { useEffect, useState } from 'react'
import type { ProfileStatus } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { LanguageMenu } from '../ui/LanguageMenu.tsx'
import { Mark } from '../ui/Mark.tsx'
import { PasswordField } from '../ui/PasswordField.tsx'
import './welcome.css'

interface Props {
  profile: ProfileStatus
  /** Not at once again after the person has locked it themselves. */
  automatic: boolean
  onChange(status: ProfileStatus): void
}

/** The password; or the keychain, which is tried by itself when the window opens. */
export function UnlockScreen({ profile, automatic, onChange }: Props) {
  const text = useText()
  const { t } = text
  const { engine, shell } = useDoors()
  const [password, setPassword] = useState('')
  const unlock = useAction(async () => onChange(await engine.call('profile.unlock', { password })))
  const keychain = useAction(async () => {
    const { secret } = await shell.call('keychain.read', {})
    if (secret !== null) onChange(await engine.call('profile.unlock', { keychainSecret: secret }))
  })
  const { run } = keychain

  useEffect(() => {
    if (profile.keychain && automatic) void run()
  }, [profile.keychain, automatic, run])

  return (
    <main className="welcome">
      <div className="welcome-card unlock">
        <Mark size={52} />
        <h1>{t('unlock.title')}</h1>
        <p className="lead">{keychain.busy ? t('unlock.opening') : t('unlock.lead')}</p>
        <form
          className="form"
          onSubmit={event => {
            event.preventDefault()
            if (password !== '') void unlock.run()
          }}
        >
          <PasswordField
            label={t('unlock.password')}
            value={password}
            onChange={value => {
              setPassword(value)
              unlock.clear()
            }}
            showLabel={t('password.show')}
            hideLabel={t('password.hide')}
            autoComplete="current-password"
            name="password"
            autoFocus
          />
          {(unlock.error ?? keychain.error) && <ErrorNote error={unlock.error ?? keychain.error} text={text} />}
          <div className="form-buttons">
            {profile.keychain && (
              <Button busy={keychain.busy} onPress={() => keychain.run()}>
                {t('unlock.keychain')}
              </Button>
            )}
            <span className="spring" />
            <Button look="primary" type="submit" busy={unlock.busy} isDisabled={password === ''}>
              {t('unlock.submit')}
            </Button>
          </div>
        </form>
      </div>
      <LanguageMenu />
    </main>
  )
}
