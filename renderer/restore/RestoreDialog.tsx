import { useRef, useState } from 'react'
import type { RestorePlan } from '../../main/contract/restore.ts'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { StepForm } from '../dialogs/StepForm.tsx'
import { wholeName } from '../sidebar/wholeName.ts'
import { asAppError } from '../state/asAppError.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useCall } from '../state/useCall.ts'
import { useText } from '../state/useText.ts'
import { useWatch } from '../state/useWatch.ts'
import { type RestorePreset, view } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { DayField } from '../ui/DayField.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Picker } from '../ui/Picker.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { EarlierRestores } from './EarlierRestores.tsx'
import { PlanView } from './PlanView.tsx'
import { newDraft, type RestoreDraft, requestOf, scopeOf } from './restoreForm.ts'
import './restore.css'
import { TargetFields } from './TargetFields.tsx'

interface Props {
  archive: ArchiveSummary
  archives: readonly ArchiveSummary[]
  preset: RestorePreset
  onClose(): void
}

/** Which messages, where to; then what would be done, in numbers; then it is done. */
export function RestoreDialog({ archive, archives, preset, onClose }: Props) {
  const text = useText()
  const { t, plural } = text
  const { engine, shell } = useDoors()
  const mailboxes = useWatch('mailboxes', { archive: archive.id }) ?? []
  const { value: providers } = useCall('account.providers', {})
  const [draft, setDraft] = useState<RestoreDraft>(() => newDraft(archive, preset))
  const [plan, setPlan] = useState<RestorePlan | null>(null)
  const request = requestOf(archive.id, draft, preset)
  const latest = useRef(draft)
  latest.current = draft

  const change = (next: RestoreDraft) => {
    setDraft(next)
    setPlan(null)
  }
  const look = useAction(async () => {
    if (!request) return
    const { id } = await engine.call('job.restorePlan', request)
    const job = await engine.call('job.wait', { job: id })
    // The form may say something else by now, of which this says nothing.
    const isAsked = () => latest.current === draft
    if (job.error && isAsked()) throw asAppError(job.error)
    if (job.state !== 'done') return
    const planned = await engine.call('restore.planned', { job: id })
    if (isAsked()) setPlan(planned)
  })
  const start = useAction(async () => {
    if (!request) return
    await engine.call('job.restore', { ...request, ...(draft.adopt && { adopt: true }) })
    onClose()
    view.setActivity(true)
  })
  const chooseCa = useAction(async () => {
    const { path, text: pem } = await shell.call('file.openText', { title: t('account.certificate'), extensions: ['pem', 'crt', 'cer'] })
    if (path !== null) change({ ...draft, server: { ...draft.server, ca: pem } })
  })
  const places = [
    ...(preset.messages === undefined ? [] : [{ id: 'messages', label: plural('restore.chosen', preset.messages.length) }]),
    ...(preset.query === undefined ? [] : [{ id: 'search', label: t('restore.search', { query: preset.query }) }]),
    ...(preset.loss === undefined ? [] : [{ id: 'loss', label: t('restore.loss') }]),
    { id: 'whole', label: t('restore.whole') },
    ...mailboxes.filter(({ messages }) => messages > 0).map(({ id, name }) => ({ id: String(id), label: wholeName(mailboxes, id, name, text) })),
  ]
  const error = look.error ?? start.error ?? chooseCa.error

  return (
    <Sheet
      wide={plan !== null}
      title={t('restore.title')}
      lead={t('restore.lead', { name: archive.name })}
      closeLabel={t('common.close')}
      onClose={onClose}
    >
      <StepForm
        submit={plan ? plural('restore.start', plan.add) : t('restore.preview')}
        cancel={t('common.cancel')}
        busy={look.busy || start.busy}
        disabled={request === null || (plan !== null && plan.add === 0)}
        aside={
          plan && (
            <Button look="quiet" onPress={() => setPlan(null)}>
              {t('restore.change')}
            </Button>
          )
        }
        onSubmit={plan ? start.run : look.run}
        onCancel={onClose}
      >
        {plan ? (
          <PlanView plan={plan} text={text} />
        ) : (
          <>
            <div className="restore-which">
              <span className="label">{t('restore.which')}</span>
              <Segments
                label={t('restore.which')}
                options={[
                  { id: 'gone', label: t('restore.gone') },
                  { id: 'all', label: t('restore.all') },
                  { id: 'present', label: t('restore.present') },
                ]}
                value={draft.which}
                onChange={which => change({ ...draft, which, adopt: false })}
              />
            </div>
            <Picker label={t('restore.from')} value={draft.from} options={places} onChange={from => change({ ...draft, from, adopt: false })} />
            <div className="form-row">
              <DayField label={t('restore.since')} value={draft.since} onChange={since => change({ ...draft, since, adopt: false })} />
              <DayField label={t('restore.until')} value={draft.until} onChange={until => change({ ...draft, until, adopt: false })} />
            </div>
            <TargetFields
              archive={archive}
              archives={archives}
              providers={providers ?? []}
              draft={draft}
              text={text}
              onChange={change}
              onChooseCa={chooseCa.run}
            />
          </>
        )}
        {look.busy && <p className="form-note">{t('restore.previewing')}</p>}
        {error && <ErrorNote error={error} text={text} />}
      </StepForm>
      {!plan && (
        <p className="restore-files">
          <Button look="quiet" onPress={() => view.openDialog({ name: 'export', archive: archive.id, preset: { scope: scopeOf(draft, preset) } })}>
            {t('restore.asFiles')}
          </Button>
          <span>{t('restore.asFilesHint')}</span>
        </p>
      )}
      {!plan && <EarlierRestores archive={archive.id} text={text} />}
    </Sheet>
  )
}
