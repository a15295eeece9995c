import { useState } from 'react'
import type { CaptureRules, CaptureState } from '../../main/contract/captureRules.ts'
import { StepForm } from '../dialogs/StepForm.tsx'
import type { Text } from '../text/text.ts'
import { Check } from '../ui/Check.tsx'
import { Field } from '../ui/Field.tsx'
import { Picker } from '../ui/Picker.tsx'
import { Segments } from '../ui/Segments.tsx'
import { isAmount, type LimitsDraft, limitsDraft, limitsOf } from './rulesForm.ts'

interface Props {
  state: CaptureState
  busy: boolean
  text: Text
  onSave(rules: Partial<CaptureRules>): void
  onCancel(): void
}

const CONNECTIONS = ['1', '2', '3', '4', '5', '6', '7', '8']

/** How much of the line and of the day a capture may take. */
export function LimitRules({ state, busy, text, onSave, onCancel }: Props) {
  const { t } = text
  const [draft, setDraft] = useState<LimitsDraft>(() => limitsDraft(state.rules))
  const rules = limitsOf(draft)
  const set = (change: Partial<LimitsDraft>) => setDraft({ ...draft, ...change })
  const wrong = (value: string, unit: 'MB' | 'kB') => (isAmount(value, unit) ? null : t('rules.limits.wrong'))
  return (
    <StepForm
      submit={t('common.save')}
      cancel={t('common.cancel')}
      busy={busy}
      disabled={rules === null}
      onSubmit={() => rules && onSave(rules)}
      onCancel={onCancel}
    >
      <div className="form-row">
        <Field
          label={t('rules.limits.largest')}
          hint={t('rules.limits.largestHint')}
          error={wrong(draft.largest, 'MB')}
          value={draft.largest}
          onChange={largest => set({ largest })}
          end={<span className="field-unit">{t('rules.limits.megabytes')}</span>}
        />
        <Field
          label={t('rules.limits.speed')}
          hint={t('rules.limits.speedHint')}
          error={wrong(draft.speed, 'kB')}
          value={draft.speed}
          onChange={speed => set({ speed })}
          end={<span className="field-unit">{t('rules.limits.perSecond')}</span>}
        />
      </div>
      <div className="field">
        <span className="label">{t('rules.limits.day')}</span>
        <span>
          <Segments
            label={t('rules.limits.day')}
            options={[
              { id: 'provider', label: t('rules.limits.dayProvider') },
              { id: 'none', label: t('rules.limits.dayNone') },
              { id: 'own', label: t('rules.limits.dayOwn') },
            ]}
            value={draft.day}
            onChange={day => set({ day })}
          />
        </span>
        <span className="hint">{dayLine(state, draft, text)}</span>
      </div>
      {draft.day === 'own' && (
        <Field
          label={t('rules.limits.dayAmount')}
          error={draft.dayAmount === '' ? null : wrong(draft.dayAmount, 'MB')}
          value={draft.dayAmount}
          onChange={dayAmount => set({ dayAmount })}
          end={<span className="field-unit">{t('rules.limits.megabytes')}</span>}
        />
      )}
      <Picker
        label={t('rules.limits.connections')}
        value={draft.connections === '' ? 'provider' : draft.connections}
        options={[
          { id: 'provider', label: t('rules.limits.connectionsUsual', { n: state.rules.connections === null ? state.connections : '…' }) },
          ...CONNECTIONS.map(id => ({ id, label: id })),
        ]}
        onChange={chosen => set({ connections: chosen === 'provider' ? '' : chosen })}
      />
      <Check label={t('rules.limits.battery')} checked={draft.waitOnBattery} onChange={waitOnBattery => set({ waitOnBattery })} />
      <Check
        label={t('rules.limits.metered')}
        hint={t('rules.limits.meteredHint')}
        checked={draft.waitOnMetered}
        onChange={waitOnMetered => set({ waitOnMetered })}
      />
    </StepForm>
  )
}

function dayLine({ rules, bytesPerDay, today }: CaptureState, { day }: LimitsDraft, { t, format }: Text): string {
  const saved = rules.bytesPerDay === 'provider' ? 'provider' : rules.bytesPerDay === null ? 'none' : 'own'
  if (day !== saved) return ''
  if (bytesPerDay === null) return day === 'provider' ? t('rules.limits.dayUnlimited') : ''
  const now = t('rules.limits.dayNow', { amount: format.bytes(bytesPerDay) })
  return today ? `${now} ${t('rules.limits.dayToday', { used: format.bytes(today.bytes), time: format.moment(today.endsAt) })}` : now
}
