import { useState } from 'react'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { PasswordField } from '../ui/PasswordField.tsx'
import { PathPicker } from '../ui/PathPicker.tsx'
import { Segments } from '../ui/Segments.tsx'
import { StepForm } from './StepForm.tsx'

interface Props {
  /** The profile was there before, so it may have a key of this archive. */
  profileKnown: boolean
  onDone(archive: ArchiveSummary): void
  onCancel(): void
}

type Way = 'password' | 'recovery' | 'profile'

export function OpenStep({ profileKnown, onDone, onCancel }: Props) {
  const text = useText()
  const { t } = text
  const { engine, shell } = useDoors()
  const [dir, setDir] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [way, setWay] = useState<Way>('password')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')

  const choose = useAction(async () => {
    const { path } = await shell.call('dialog.openFolder', { title: t('open.folder') })
    if (path === null) return
    setDir(path)
    if (name === '') setName(path.split(/[/\\]/).filter(Boolean).at(-1) ?? '')
  })
  const open = useAction(async () => {
    if (dir === null) return
    const key = way === 'password' ? { password } : way === 'recovery' ? { recoveryCode: code.trim() } : {}
    onDone(await engine.call('archive.open', { dir, ...key, ...(name.trim() !== '' && { name: name.trim() }) }))
  })
  const ready = dir !== null && (way === 'profile' || (way === 'password' ? password !== '' : code.trim() !== ''))
  const ways: { id: Way; label: string }[] = [
    { id: 'password', label: t('open.withPassword') },
    { id: 'recovery', label: t('open.withRecovery') },
    ...(profileKnown ? [{ id: 'profile' as const, label: t('open.withProfile') }] : []),
  ]

  return (
    <StepForm submit={t('open.submit')} cancel={t('common.cancel')} busy={open.busy} disabled={!ready} onSubmit={open.run} onCancel={onCancel}>
      <p className="lead">{t('open.lead')}</p>
      <PathPicker label={t('open.folder')} path={dir} none={t('common.none')} choose={t('common.choose')} onChoose={choose.run} />
      <Field label={t('open.name')} value={name} onChange={setName} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is a block of its own layout */}
      <div className="field" role="group" aria-label={t('open.with')}>
        <span className="label">{t('open.with')}</span>
        <span>
          <Segments label={t('open.with')} options={ways} value={way} onChange={setWay} />
        </span>
      </div>
      {way === 'password' && (
        <PasswordField
          label={t('open.password')}
          value={password}
          onChange={setPassword}
          showLabel={t('password.show')}
          hideLabel={t('password.hide')}
          name="archive-password"
        />
      )}
      {way === 'recovery' && <Field label={t('open.recovery')} hint={t('open.recoveryHint')} value={code} onChange={setCode} mono />}
      {(open.error ?? choose.error) && <ErrorNote error={open.error ?? choose.error} text={text} />}
    </StepForm>
  )
}
