import { useState } from 'react'
import type { ExportFormat, ExportLayout } from '../../main/contract/export.ts'
import type { RestoreScope } from '../../main/contract/restore.ts'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { wholeName } from '../sidebar/wholeName.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { useWatch } from '../state/useWatch.ts'
import { type ExportPreset, view } from '../state/view.ts'
import { Check } from '../ui/Check.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { PathPicker } from '../ui/PathPicker.tsx'
import { Picker } from '../ui/Picker.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { StepForm } from './StepForm.tsx'

interface Props {
  archive: ArchiveSummary
  preset: ExportPreset
  onClose(): void
}

/** What, as what, and where to. */
export function ExportDialog({ archive, preset, onClose }: Props) {
  const text = useText()
  const { t } = text
  const { engine, shell } = useDoors()
  const [what, setWhat] = useState(firstChoice(preset))
  const [as, setAs] = useState<ExportFormat | 'thunderbird'>('eml')
  const [layout, setLayout] = useState<ExportLayout>('mailbox')
  const [zip, setZip] = useState(false)
  const [to, setTo] = useState<string | null>(null)
  const choices = useChoices(archive, preset)
  const choose = useAction(async () => {
    const { path } = await shell.call('dialog.openFolder', { title: t('export.to') })
    if (path !== null) setTo(path)
  })
  const start = useAction(async () => {
    if (to === null) return
    await engine.call('job.export', { archive: archive.id, scope: scopeOf(what, preset), to, ...formatOf(as, layout), zip, patient: true })
    onClose()
    view.setActivity(true)
  })
  return (
    <Sheet title={t('export.title', { name: archive.name })} lead={t('export.lead')} closeLabel={t('common.close')} onClose={onClose}>
      <StepForm
        submit={t('export.submit')}
        cancel={t('common.cancel')}
        busy={start.busy}
        disabled={to === null}
        onSubmit={start.run}
        onCancel={onClose}
      >
        <Picker label={t('export.what')} value={what} options={choices} onChange={setWhat} />
        <Picker
          label={t('export.format')}
          value={as}
          options={(['eml', 'mbox', 'thunderbird', 'maildir'] as const).map(id => ({ id, label: t(`export.${id}`) }))}
          onChange={setAs}
        />
        {as === 'thunderbird' ? (
          <p className="hint">{t('export.thunderbirdHint')}</p>
        ) : (
          <Picker
            label={t('export.layout')}
            value={layout}
            options={[
              { id: 'mailbox', label: t('export.byMailbox') },
              { id: 'date', label: t('export.byDate') },
            ]}
            onChange={setLayout}
          />
        )}
        <Check label={t('export.zip')} checked={zip} onChange={setZip} />
        <PathPicker
          label={t('export.to')}
          path={to}
          none={t('common.none')}
          hint={t('export.notEncrypted')}
          choose={t('common.choose')}
          onChoose={choose.run}
        />
        {(start.error ?? choose.error) && <ErrorNote error={start.error ?? choose.error} text={text} />}
      </StepForm>
    </Sheet>
  )
}

const formatOf = (as: ExportFormat | 'thunderbird', layout: ExportLayout): { format: ExportFormat; layout: ExportLayout } =>
  as === 'thunderbird' ? { format: 'mbox', layout: 'thunderbird' } : { format: as, layout }

function useChoices(archive: ArchiveSummary, preset: ExportPreset): { id: string; label: string }[] {
  const text = useText()
  const { t, plural } = text
  const mailboxes = useWatch('mailboxes', { archive: archive.id }) ?? []
  return [
    ...(preset.scope ? [{ id: 'chosen', label: t('restore.sameChoice') }] : []),
    ...(preset.messages ? [{ id: 'selected', label: t('export.selected', { count: preset.messages.length }) }] : []),
    ...(preset.query ? [{ id: 'found', label: t('export.found', { query: preset.query }) }] : []),
    { id: 'all', label: t('export.all') },
    ...mailboxes
      .filter(one => one.messages > 0)
      .map(one => ({ id: String(one.id), label: `${wholeName(mailboxes, one.id, one.name, text)} · ${plural('count.messages', one.messages)}` })),
  ]
}

function firstChoice({ scope, messages, query, mailbox }: ExportPreset): string {
  if (scope) return 'chosen'
  if (messages) return 'selected'
  if (query) return 'found'
  return mailbox === undefined ? 'all' : String(mailbox)
}

function scopeOf(what: string, { scope, messages, query }: ExportPreset): RestoreScope {
  if (what === 'chosen' && scope) return scope
  if (what === 'selected' && messages) return { messages: [...messages], which: 'all' }
  if (what === 'found' && query) return { query, which: 'all' }
  return what === 'all' ? { which: 'all' } : { mailboxes: [Number(what)], which: 'all' }
}
