import { useCall } from '../state/useCall.ts'
import type { Text } from '../text/text.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'

const MOST = 200

/** What a verification found, by name and place. */
export function DamageList({ job, text }: { job: string; text: Text }) {
  const { t, plural, format } = text
  const { value, error } = useCall('job.damage', { job })
  if (error) return <ErrorNote error={error} text={text} />
  if (!value) return null
  return (
    <div className="failures">
      <h4>{plural('count.damages', value.length)}</h4>
      <ul>
        {value.slice(0, MOST).map(one => (
          <li key={`${one.segment}:${one.offset}:${one.what}`}>
            <b>{t(`jobs.damage.${one.what}`)}</b>
            <p className="error-compact num">
              {t('jobs.damageAt', { segment: one.segment, offset: format.number(one.offset), length: format.number(one.length) })}
            </p>
          </li>
        ))}
      </ul>
      {value.length > MOST && <p className="error-compact">{plural('count.others', value.length - MOST)}</p>}
    </div>
  )
}
