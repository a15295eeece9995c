import { useState } from 'react'
import type { CaptureRules, CaptureState } from '../../main/contract/captureRules.ts'
import { StepForm } from '../dialogs/StepForm.tsx'
import type { Text } from '../text/text.ts'
import { Field } from '../ui/Field.tsx'
import { Segments } from '../ui/Segments.tsx'

interface Props {
  state: CaptureState
  busy: boolean
  text: Text
  onHold(hold: CaptureRules['hold']): void
  onCancel(): void
}

const HOUR_MS = 60 * 60_000
const spans = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, ever: null } as const
type Span = keyof typeof spans

/** Nothing is asked of the server until then, or until a person says so. */
export function PauseRules({ state: { rules }, busy, text, onHold, onCancel }: Props) {
  const { t, format } = text
  const { hold } = rules
  const [span, setSpan] = useState<Span>('day')
  const [reason, setReason] = useState('')
  if (hold && (hold.until === null || hold.until > Date.now()))
    return (
      <StepForm submit={t('rules.pause.end')} cancel={t('common.close')} busy={busy} onSubmit={() => onHold(null)} onCancel={onCancel}>
        <p>
          {t('rules.pause.active', { since: format.moment(hold.since) })}{' '}
          {hold.until === null ? t('rules.pause.open') : t('rules.pause.until', { time: format.moment(hold.until) })}
        </p>
        {hold.reason && <p className="form-note">{hold.reason}</p>}
        <p className="form-note">{t('rules.pause.lead')}</p>
      </StepForm>
    )
  const begin = () => {
    const now = Date.now()
    const ms = spans[span]
    onHold({ reason: reason.trim(), since: now, until: ms === null ? null : now + ms })
  }
  return (
    <StepForm submit={t('rules.pause.begin')} cancel={t('common.cancel')} busy={busy} onSubmit={begin} onCancel={onCancel}>
      <p className="form-note">{t('rules.pause.lead')}</p>
      <div className="field">
        <span className="label">{t('rules.pause.for')}</span>
        <span>
          <Segments
            label={t('rules.pause.for')}
            options={(Object.keys(spans) as Span[]).map(id => ({ id, label: t(`rules.pause.${id}`) }))}
            value={span}
            onChange={setSpan}
          />
        </span>
      </div>
      <Field label={t('rules.pause.why')} hint={t('rules.pause.whyHint')} value={reason} onChange={setReason} />
    </StepForm>
  )
}
