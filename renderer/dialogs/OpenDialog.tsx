import { useState } from 'react'
import type { ProfileStatus } from '../../main/contract/types.ts'
import { useText } from '../state/useText.ts'
import { view } from '../state/view.ts'
import { Sheet } from '../ui/Sheet.tsx'
import { hasOwnProfile } from './Dialogs.tsx'
import { OpenStep } from './OpenStep.tsx'
import { PasswordStep } from './PasswordStep.tsx'

interface Props {
  profile: ProfileStatus
  onProfile(status: ProfileStatus): void
  onClose(): void
}

/** An archive that exists already. On a new computer the profile's password comes first. */
export function OpenDialog({ profile, onProfile, onClose }: Props) {
  const { t } = useText()
  const [known] = useState(hasOwnProfile(profile))
  const [step, setStep] = useState<'password' | 'open'>(known ? 'open' : 'password')
  return (
    <Sheet title={step === 'password' ? t('password.title') : t('open.title')} closeLabel={t('common.close')} onClose={onClose}>
      {step === 'password' ? (
        <PasswordStep
          onCancel={onClose}
          onDone={status => {
            onProfile(status)
            setStep('open')
          }}
        />
      ) : (
        <OpenStep
          profileKnown={known}
          onCancel={onClose}
          onDone={archive => {
            onClose()
            view.go(archive.id, null)
          }}
        />
      )}
    </Sheet>
  )
}
