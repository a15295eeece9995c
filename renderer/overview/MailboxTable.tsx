import { Fragment, useState } from 'react'
import { isErrorCode } from '../../main/contract/errors.ts'
import type { ArchiveStatus } from '../../main/contract/types.ts'
import { errorSentences } from '../text/errors/sentences.ts'
import type { Text } from '../text/text.ts'

type Row = ArchiveStatus['mailboxes'][number]

/** The completeness ledger: per mailbox what the server has, what is kept, and every gap with its reason. */
export function MailboxTable({ mailboxes, text }: { mailboxes: readonly Row[]; text: Text }) {
  const { t, plural, format } = text
  const [open, setOpen] = useState<number | null>(null)
  return (
    <section className="ledger">
      <h2>{t('overview.mailboxes')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('overview.name')}</th>
            <th scope="col">{t('overview.onServer')}</th>
            <th scope="col">{t('overview.stored')}</th>
            <th scope="col">{t('overview.gone')}</th>
            <th scope="col">{t('overview.complete')}</th>
          </tr>
        </thead>
        <tbody>
          {mailboxes.map(row => (
            <Fragment key={row.id}>
              <tr data-none={row.stored === 0 || undefined}>
                <th scope="row" className="clip" title={row.name}>
                  {row.name}
                </th>
                <td className="num">{row.onServer === null ? '–' : format.number(row.onServer)}</td>
                <td className="num">{format.number(row.stored)}</td>
                <td className="num">{row.gone === 0 ? '' : format.number(row.gone)}</td>
                <td className="num">
                  {row.gaps.length > 0 ? (
                    <button
                      type="button"
                      className="gap-button"
                      aria-expanded={open === row.id}
                      onClick={() => setOpen(open === row.id ? null : row.id)}
                    >
                      {plural('count.gaps', row.gaps.length)}
                    </button>
                  ) : row.completeAsOf !== null ? (
                    format.moment(row.completeAsOf)
                  ) : row.epoch === null ? (
                    ''
                  ) : (
                    t('overview.notComplete')
                  )}
                </td>
              </tr>
              {open === row.id && (
                <tr className="gap-row">
                  <td colSpan={5}>
                    <ul>
                      {row.gaps.slice(0, 100).map(gap => (
                        <li key={gap.uid}>
                          {t('overview.gap', { uid: gap.uid, reason: reason(gap.reason, text) })}
                          {gap.nextTry !== null && <span> · {t('overview.gapNext', { time: format.moment(gap.nextTry) })}</span>}
                        </li>
                      ))}
                    </ul>
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const reason = (code: string, { language }: Text) => (isErrorCode(code) ? errorSentences(language, code).what : code)
