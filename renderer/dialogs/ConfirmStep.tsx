import { useState } from 'react'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { groupsOf, groupsToAsk, normaliseGroup } from './recoveryGroups.ts'
import { StepForm } from './StepForm.tsx'

interface Props {
  archive: string
  code: string
  onBack(): void
  onDone(): void
}

/** Two groups, typed from the copy: the groups are compared here, then the engine notes that the code was confirmed. */
export function ConfirmStep({ archive, code, onBack, onDone }: Props) {
  const text = useText()
  const { t } = text
  const { engine } = useDoors()
  const groups = groupsOf(code)
  const [asked] = useState(() => groupsToAsk(groups.length, Math.random))
  const [typed, setTyped] = useState(['', ''])
  const [tried, setTried] = useState(false)
  const right = asked.map((group, index) => normaliseGroup(typed[index]!) === normaliseGroup(groups[group]!))

  const confirm = useAction(async () => {
    setTried(true)
    if (!right.every(Boolean)) return
    await engine.call('archive.confirmRecovery', { archive, code })
    onDone()
  })
  const change = (index: number, value: string) => {
    setTried(false)
    setTyped(before => before.map((one, at) => (at === index ? value : one)))
  }

  return (
    <StepForm
      submit={t('recovery.confirm')}
      busy={confirm.busy}
      disabled={typed.some(one => one.trim() === '')}
      aside={
        <Button look="quiet" onPress={onBack}>
          {t('recovery.back')}
        </Button>
      }
      cancel={t('recovery.later')}
      onCancel={onDone}
      onSubmit={confirm.run}
    >
      <p className="lead">{t('recovery.confirmLead')}</p>
      <div className="form-row">
        {asked.map((group, index) => (
          <Field
            key={group}
            label={t('recovery.group', { n: group + 1 })}
            value={typed[index]!}
            onChange={value => change(index, value)}
            error={tried && !right[index] ? t('recovery.wrongGroup', { n: group + 1 }) : null}
            placeholder="····"
            mono
            autoFocus={index === 0}
          />
        ))}
      </div>
      {confirm.error && <ErrorNote error={confirm.error} text={text} />}
    </StepForm>
  )
}
