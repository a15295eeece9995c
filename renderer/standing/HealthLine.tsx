import { CircleCheck, CircleDashed } from 'lucide-react'
import type { Text } from '../text/text.ts'
import './standing.css'

/** "Last proven complete 14:02 today": whatever was on the server then is here. */
export function HealthLine({ lastProven, text }: { lastProven: number | null; text: Text }) {
  const { t, format } = text
  const today = lastProven !== null && new Date(lastProven).toDateString() === new Date().toDateString()
  return (
    <p className="health" data-good={lastProven !== null || undefined}>
      {lastProven === null ? (
        <CircleDashed className="icon" size={14} aria-hidden="true" />
      ) : (
        <CircleCheck className="icon" size={14} aria-hidden="true" />
      )}
      {lastProven === null
        ? t('standing.health.never')
        : today
          ? t('standing.health.today', { time: format.time(lastProven) })
          : t('standing.health.proven', { time: format.moment(lastProven) })}
    </p>
  )
}
