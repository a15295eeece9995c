import { BadgeCheck, Copy } from 'lucide-react'
import { Dialog } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import type { MessageView } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'

interface Props {
  view: MessageView
  text: Text
  onCopy(text: string): void
}

/** What proves that this is the message: its sum, its size, when and where it was seen. */
export function DetailsPopover({ view, text, onCopy }: Props) {
  const { t, format } = text
  const { summary } = view
  return (
    <Popover className="details-popover" placement="bottom end">
      <Dialog className="details selectable" aria-label={t('reader.details')}>
        <p className="details-proof">
          <BadgeCheck className="icon" size={17} aria-hidden="true" />
          <span>{t('reader.verified')}</span>
        </p>
        <dl>
          <dt>{t('reader.sha256')}</dt>
          <dd className="mono details-sum">
            {view.sha256}
            <Button look="quiet" icon={Copy} aria-label={t('reader.copySha')} title={t('reader.copySha')} onPress={() => onCopy(view.sha256)} />
          </dd>
          <dt>{t('reader.size')}</dt>
          <dd className="num">{format.bytes(summary.size)}</dd>
          {summary.date !== null && (
            <>
              <dt>{t('reader.written')}</dt>
              <dd className="num">{format.fullDate(summary.date)}</dd>
            </>
          )}
          <dt>{t('reader.received')}</dt>
          <dd className="num">{format.fullDate(summary.sortTime)}</dd>
          <dt>{t('reader.messageId')}</dt>
          <dd className="mono">{view.rfcMessageId || t('common.none')}</dd>
        </dl>
        {view.authentication && (
          <section className="details-said">
            <h3>{t('reading.authentication.title', { server: view.authentication.server })}</h3>
            <ul>
              {view.authentication.results.map(({ method, result, about }) => (
                <li key={`${method}${result}${about}`} data-result={result}>
                  <b>{method.toUpperCase()}</b> {result} {about && <span className="mono">{about}</span>}
                </li>
              ))}
              {view.authentication.results.length === 0 && <li>{t('reading.authentication.none')}</li>}
            </ul>
            <p>{t('reading.authentication.note')}</p>
          </section>
        )}
        <ul className="details-places">
          {view.placements.map(placement => (
            <li key={`${placement.mailbox}:${placement.uid}`}>
              <b>{placement.mailboxName}</b>
              <span className="num">UID {placement.uid}</span>
              <span>{t('reader.firstSeen', { date: format.moment(placement.firstSeen) })}</span>
              {placement.flags.length > 0 && <span className="mono">{placement.flags.join(' ')}</span>}
            </li>
          ))}
        </ul>
      </Dialog>
    </Popover>
  )
}
