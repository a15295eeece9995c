import type { Text } from '../text/text.ts'
import './strength.css'
import { type Strength, strengthOf } from './strength.ts'

const levels: readonly Strength[] = ['short', 'weak', 'fair', 'good', 'strong']

export function StrengthMeter({ password, text: { t } }: { password: string; text: Text }) {
  const strength = strengthOf(password)
  const level = password === '' ? 0 : Math.max(1, levels.indexOf(strength))
  return (
    <div className="strength" data-strength={password === '' ? undefined : strength} role="status">
      <span className="strength-bars" aria-hidden="true">
        {[1, 2, 3, 4].map(bar => (
          <i key={bar} data-on={bar <= level || undefined} />
        ))}
      </span>
      <span>{password === '' ? t('password.hint') : t(`password.strength.${strength}`)}</span>
    </div>
  )
}
