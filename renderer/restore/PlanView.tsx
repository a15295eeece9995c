import type { RestorePlan } from '../../main/contract/restore.ts'
import type { Text } from '../text/text.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import './restore.css'

/** What a restore would do: the sum in one sentence, then folder by folder. */
export function PlanView({ plan, text }: { plan: RestorePlan; text: Text }) {
  const { t, plural, format } = text
  const free = plan.quota && Math.max(0, plan.quota.limit - plan.quota.used)
  const parts = [
    `${plural('restore.willAdd', plan.add)} (${format.bytes(plan.bytes)})`,
    plural('restore.there', plan.there),
    ...(plan.tooBig > 0 ? [plural('restore.tooBig', plan.tooBig)] : []),
  ]
  return (
    <section className="restore-plan" aria-live="polite">
      <p className="restore-sum">{plan.add === 0 && plan.tooBig === 0 ? t('restore.nothing') : parts.join(', ')}</p>
      {free !== null && (
        <p className={free < plan.bytes ? 'restore-room bad' : 'restore-room'}>
          {free < plan.bytes
            ? t('restore.noRoom', { free: format.bytes(free), bytes: format.bytes(plan.bytes) })
            : t('restore.room', { free: format.bytes(free) })}
        </p>
      )}
      {plan.mailboxes.length > 0 && (
        <div className="restore-table">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('restore.folder')}</th>
                <th scope="col">{t('restore.target')}</th>
                <th scope="col">{t('restore.add')}</th>
                <th scope="col">{t('restore.thereShort')}</th>
              </tr>
            </thead>
            <tbody>
              {plan.mailboxes.map(row => (
                <tr key={row.to}>
                  <th scope="row">{row.from}</th>
                  <td>
                    {row.to === row.from ? t('restore.same') : row.to}
                    {row.create && <span className="badge">{t('restore.make')}</span>}
                    {row.problem && <ErrorNote error={row.problem} text={text} compact />}
                  </td>
                  <td className="num">{format.number(row.add)}</td>
                  <td className="num">{row.there === 0 ? '' : format.number(row.there)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
