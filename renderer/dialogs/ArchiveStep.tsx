import { useState } from 'react'
import type { OutputOf } from '../../main/contract/contract.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { PathPicker } from '../ui/PathPicker.tsx'
import { StepForm } from './StepForm.tsx'

interface Props {
  onDone(made: OutputOf<'archive.create'>): void
  onCancel(): void
}

export function ArchiveStep({ onDone, onCancel }: Props) {
  const text = useText()
  const { t } = text
  const { engine, shell } = useDoors()
  const [name, setName] = useState('')
  const [dir, setDir] = useState<string | null>(null)
  const create = useAction(async () => onDone(await engine.call('archive.create', { name: name.trim(), ...(dir !== null && { dir }) })))
  const choose = useAction(async () => {
    const { path } = await shell.call('dialog.openFolder', { title: t('create.place') })
    if (path !== null) setDir(path)
  })
  return (
    <StepForm
      submit={t('create.submit')}
      cancel={t('common.cancel')}
      busy={create.busy}
      disabled={name.trim() === ''}
      onSubmit={create.run}
      onCancel={onCancel}
    >
      <p className="lead">{t('create.lead')}</p>
      <Field label={t('create.name')} value={name} onChange={setName} placeholder={t('create.namePlaceholder')} autoFocus />
      <PathPicker
        label={t('create.place')}
        path={dir}
        none={t('create.placeDefault')}
        hint={t('create.placeHint')}
        choose={t('common.choose')}
        reset={t('create.placeReset')}
        onChoose={choose.run}
        onReset={() => setDir(null)}
      />
      {(create.error ?? choose.error) && <ErrorNote error={create.error ?? choose.error} text={text} />}
    </StepForm>
  )
}
