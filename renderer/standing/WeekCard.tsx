import type { WeekSummary } from '../../main/contract/problems.ts'
import type { Text } from '../text/text.ts'
import './standing.css'

/** What the last seven days brought. */
export function WeekCard({ week, text }: { week: WeekSummary; text: Text }) {
  const { t, plural } = text
  const lines = [
    plural('standing.week.captured', week.captured),
    week.flags > 0 && plural('standing.week.changed', week.flags),
    week.gone > 0 && plural('standing.week.gone', week.gone),
    week.solved.length > 0 && plural('standing.week.solved', week.solved.length),
    week.problems.length > 0 && plural('standing.week.standing', week.problems.length),
  ]
  return (
    <section className="week">
      <h2>{t('standing.week.title')}</h2>
      <ul className="num">
        {lines
          .filter(line => line !== false)
          .map(line => (
            <li key={line}>{line}</li>
          ))}
      </ul>
    </section>
  )
}
