import { useState } from 'react'
import type { ProfileStatus } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useKeychain } from '../state/useKeychain.ts'
import { useText } from '../state/useText.ts'
import { Button } from '../ui/Button.tsx'
import { Check } from '../ui/Check.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { ChangePassword } from './ChangePassword.tsx'
import { hasOwnProfile } from './Dialogs.tsx'

interface Props {
  profile: ProfileStatus
  onProfile(status: ProfileStatus): void
}

export function SecuritySection({ profile, onProfile }: Props) {
  const text = useText()
  const { t } = text
  const { engine, shell } = useDoors()
  const keychain = useKeychain()
  const [changing, setChanging] = useState(false)
  const [changed, setChanged] = useState(false)

  const setKeychain = useAction(async (on: boolean) => {
    const secret = on ? (await shell.call('keychain.create', {})).secret : null
    onProfile(await engine.call('profile.setKeychain', { keychainSecret: secret }))
    // Only after the slot is gone: a secret that opens nothing may be forgotten, not the other way round.
    if (!on) await shell.call('keychain.forget', {})
  })

  if (!hasOwnProfile(profile)) return <p className="lead">{t('settings.noProfile')}</p>
  if (changing)
    return (
      <ChangePassword
        onCancel={() => setChanging(false)}
        onDone={status => {
          onProfile(status)
          setChanging(false)
          setChanged(true)
        }}
      />
    )
  return (
    <div className="form">
      <div>
        <Button onPress={() => setChanging(true)}>{t('settings.changePassword')}</Button>
        {changed && (
          <p className="hint" role="status">
            {t('settings.changed')}
          </p>
        )}
      </div>
      {keychain && (
        <Check
          label={t('settings.keychain')}
          hint={keychain.available ? t('settings.keychainHint', { name: keychain.backend }) : t('settings.noKeychain')}
          checked={profile.keychain}
          disabled={(!keychain.available && !profile.keychain) || setKeychain.busy}
          onChange={on => void setKeychain.run(on)}
        />
      )}
      {setKeychain.error && <ErrorNote error={setKeychain.error} text={text} />}
    </div>
  )
}
