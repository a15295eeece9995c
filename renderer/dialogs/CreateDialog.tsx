import { useState } from 'react'
import type { ArchiveSummary, ProfileStatus } from '../../main/contract/types.ts'
import { useText } from '../state/useText.ts'
import { view } from '../state/view.ts'
import { Sheet } from '../ui/Sheet.tsx'
import { Steps } from '../ui/Steps.tsx'
import { ArchiveStep } from './ArchiveStep.tsx'
import { ConfirmStep } from './ConfirmStep.tsx'
import { hasOwnProfile } from './Dialogs.tsx'
import { PasswordStep } from './PasswordStep.tsx'
import { RecoveryStep } from './RecoveryStep.tsx'

interface Props {
  profile: ProfileStatus
  onProfile(status: ProfileStatus): void
  onClose(): void
}

type Step = 'password' | 'archive' | 'recovery' | 'confirm'
interface Made {
  archive: ArchiveSummary
  recoveryCode: string
}

/** A new archive: a password (the first time), a name and a place, the recovery code, and the proof that it was kept. */
export function CreateDialog({ profile, onProfile, onClose }: Props) {
  const { t } = useText()
  const [steps] = useState<Step[]>(() =>
    hasOwnProfile(profile) ? ['archive', 'recovery', 'confirm'] : ['password', 'archive', 'recovery', 'confirm'],
  )
  const [step, setStep] = useState<Step>(steps[0]!)
  const [made, setMade] = useState<Made | null>(null)
  const titles: Record<Step, string> = {
    password: t('password.title'),
    archive: t('create.title'),
    recovery: t('recovery.title'),
    confirm: t('recovery.confirmTitle'),
  }
  const finish = () => {
    if (!made) return
    view.go(made.archive.id, null)
    view.openDialog({ name: 'account', archive: made.archive.id })
  }

  return (
    <Sheet title={titles[step]} closeLabel={t('common.close')} locked={made !== null} onClose={onClose}>
      <Steps names={steps.map(one => t(`create.steps.${one}`))} at={steps.indexOf(step)} />
      {step === 'password' && (
        <PasswordStep
          onCancel={onClose}
          onDone={status => {
            onProfile(status)
            setStep('archive')
          }}
        />
      )}
      {step === 'archive' && (
        <ArchiveStep
          onCancel={onClose}
          onDone={created => {
            setMade(created)
            setStep('recovery')
          }}
        />
      )}
      {step === 'recovery' && made && <RecoveryStep name={made.archive.name} code={made.recoveryCode} onDone={() => setStep('confirm')} />}
      {step === 'confirm' && made && (
        <ConfirmStep archive={made.archive.id} code={made.recoveryCode} onBack={() => setStep('recovery')} onDone={finish} />
      )}
    </Sheet>
  )
}
