import { Fragment, useState } from 'react'
import type { ArchiveStatus, Mailbox } from '../../main/contract/types.ts'
import { wholeName } from '../sidebar/wholeName.ts'
import { GapList } from '../standing/GapList.tsx'
import type { Text } from '../text/text.ts'

type Row = ArchiveStatus['mailboxes'][number]

interface Props {
  rows: readonly Row[]
  /** The same in the tree, where they have roles. */
  mailboxes: readonly Mailbox[] | undefined
  text: Text
  busy: boolean
  /** Tries the gaps of a mailbox now, or one of them; absent where nothing can be asked of a server. */
  onRetry?: ((mailbox: number, uid?: number) => void) | undefined
}

/** The completeness ledger: per mailbox what the server has, what is kept, and every gap with its reason. */
export function MailboxTable({ rows, mailboxes, text, busy, onRetry }: Props) {
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
          {rows.map(row => (
            <Fragment key={row.id}>
              <tr data-none={row.stored === 0 || undefined}>
                <th scope="row" className="clip" title={row.name}>
                  {wholeName(mailboxes, row.id, row.name, text)}
                </th>
                <td className="num">{row.onServer === null ? '–' : format.number(row.onServer)}</td>
                <td className="num">{format.number(row.stored)}</td>
                <td className="num">{row.gone === 0 ? '' : format.number(row.gone)}</td>
                <td className="num">
                  {row.completeAsOf !== null && row.present && <span>{format.moment(row.completeAsOf)} </span>}
                  {row.gapCount > 0 && (
                    <button
                      type="button"
                      className="gap-button"
                      aria-expanded={open === row.id}
                      onClick={() => setOpen(open === row.id ? null : row.id)}
                    >
                      {plural('count.gaps', row.gapCount)}
                    </button>
                  )}
                  {row.missing > 0 && <span className="ledger-note">{plural('standing.gap.missing', row.missing)}</span>}
                  {row.completeAsOf === null &&
                    row.gapCount === 0 &&
                    row.missing === 0 &&
                    (row.epoch !== null || (!row.leftOut && holdsMail(mailboxes, row.id))) &&
                    row.present &&
                    t('overview.notComplete')}
                  {row.leftOut && row.present && <span className="ledger-note">{t('rules.leftOut')}</span>}
                  {!row.present && !row.imported && <span className="ledger-note">{t('sidebar.absent')}</span>}
                </td>
              </tr>
              {open === row.id && row.gapCount > 0 && (
                <tr className="gap-row">
                  <td colSpan={5}>
                    <GapList row={row} text={text} busy={busy} onRetry={onRetry && (uid => onRetry(row.id, uid))} />
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

/** One that the server lists as a folder for mail, and that could not be looked into yet. */
const holdsMail = (mailboxes: readonly Mailbox[] | undefined, id: number) => mailboxes?.some(mailbox => mailbox.id === id && mailbox.selectable)
