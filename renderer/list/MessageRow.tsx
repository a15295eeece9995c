import { CloudOff, Flag, Paperclip, TriangleAlert } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import type { MessageSummary } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

interface Props {
  row: MessageSummary
  id: string
  index: number
  total: number
  top: number
  selected: boolean
  /** In Sent and Drafts the other side is who it went to. */
  outgoing: boolean
  text: Text
  /** In place of its subject and of its last line. */
  note?: RowNote | null | undefined
  onSelect(index: number, row: MessageSummary): void
}

export interface RowNote {
  subject: ReactNode
  note: ReactNode
}

export const ROW_HEIGHT = 72

export const MessageRow = memo(function MessageRow({ row, id, index, total, top, selected, outgoing, text, note, onSelect }: Props) {
  const { t, format } = text
  const unread = !row.flags.includes('\\Seen')
  const flagged = row.flags.includes('\\Flagged')
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={total}
      className="row"
      data-unread={unread || undefined}
      data-selected={selected || undefined}
      data-gone={row.gone !== null || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onMouseDown={event => event.button === 0 && onSelect(index, row)}
    >
      <div className="row-card">
        <span className="row-dot">{unread && <span role="img" aria-label={t('list.unread')} className="dot" />}</span>
        <div className="row-head">
          <span className="row-who clip">{who(row, outgoing, text)}</span>
          <time className="row-date num">{format.listDate(row.sortTime)}</time>
        </div>
        <div className="row-subject">
          <span className="clip">{note?.subject ?? (row.subject || t('list.noSubject'))}</span>
          <span className="row-marks">
            {row.parse === 'failed' && <TriangleAlert className="icon warn" size={13} aria-label={t('list.unreadable')} />}
            {flagged && <Flag className="icon flag" size={12} aria-label={t('list.flagged')} />}
            {row.gone !== null && <CloudOff className="icon" size={14} aria-label={t('list.gone')} />}
            {row.attachments > 0 && <Paperclip className="icon" size={13} aria-label={t('list.attachment')} />}
          </span>
        </div>
        <div className="row-snippet clip">{note?.note ?? row.snippet}</div>
      </div>
    </div>
  )
})

export function SkeletonRow({ top }: { top: number }) {
  return (
    <div className="row skeleton" style={{ transform: `translateY(${top}px)` }} aria-hidden="true">
      <div className="row-card">
        <i style={{ width: '42%' }} />
        <i style={{ width: '74%' }} />
        <i style={{ width: '88%' }} />
      </div>
    </div>
  )
}

function who(row: MessageSummary, outgoing: boolean, { t }: Text): string {
  const people = outgoing ? row.to : row.from
  const names = people.map(person => person.name || person.address).filter(Boolean)
  if (names.length === 0) return t('list.noSender')
  const joined = names.slice(0, 3).join(', ')
  return outgoing ? t('list.to', { name: joined }) : joined
}
