import { CloudOff, Flag, Paperclip, TriangleAlert } from 'lucide-react'
import { type MouseEvent, memo, type ReactNode } from 'react'
import type { MessageSummary } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import type { ListLook } from './look.ts'

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
  look: ListLook
  /** The list is sorted by size: it is shown in either density. */
  bySize: boolean
  onPress(index: number, row: MessageSummary, event: MouseEvent): void
}

export interface RowNote {
  subject: ReactNode
  note: ReactNode
}

export const MessageRow = memo(function MessageRow(props: Props) {
  const { row, id, index, total, top, selected, look, onPress } = props
  const unread = !row.flags.includes('\\Seen')
  return (
    // A press leaves the focus at the list, which the keys go to: a row's element is soon another row's.
    // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={total}
      className="row"
      data-unread={unread || undefined}
      data-selected={selected || undefined}
      data-gone={row.gone !== null || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onMouseDown={event => event.button === 0 && onPress(index, row, event)}
    >
      {look.density === 'compact' ? <OneLine {...props} unread={unread} /> : <Card {...props} unread={unread} />}
    </div>
  )
})

type Inside = Props & { unread: boolean }

function Card({ row, outgoing, text, note, bySize, unread }: Inside) {
  const { format } = text
  return (
    <div className="row-card">
      <Dot unread={unread} text={text} />
      <div className="row-head">
        <span className="row-who clip">{who(row, outgoing, text)}</span>
        {bySize && <span className="row-date num">{format.bytes(row.size)}</span>}
        <time className="row-date num">{format.listDate(row.sortTime)}</time>
      </div>
      <div className="row-subject">
        <span className="clip">{note?.subject ?? subjectOf(row, text)}</span>
        <Marks row={row} text={text} />
      </div>
      <div className="row-snippet clip">{note?.note ?? row.snippet}</div>
    </div>
  )
}

/** The compact list: columns that can be chosen and drawn wider. */
function OneLine({ row, outgoing, text, look, note, unread }: Inside) {
  const { format } = text
  const shows = (column: ListLook['hidden'][number]) => !look.hidden.includes(column)
  return (
    <div className="row-line">
      <Dot unread={unread} text={text} />
      {shows('who') && <span className="row-who clip">{who(row, outgoing, text)}</span>}
      <span className="row-subject">
        <span className="clip">{note?.subject ?? subjectOf(row, text)}</span>
        <Marks row={row} text={text} />
      </span>
      {shows('size') && <span className="row-size num">{format.bytes(row.size)}</span>}
      {shows('date') && <time className="row-date num">{format.listDate(row.sortTime)}</time>}
    </div>
  )
}

function Dot({ unread, text: { t } }: { unread: boolean; text: Text }) {
  return <span className="row-dot">{unread && <span role="img" aria-label={t('list.unread')} className="dot" />}</span>
}

function Marks({ row, text: { t, plural } }: { row: MessageSummary; text: Text }) {
  return (
    <span className="row-marks">
      {row.conversation && (
        <span className="row-together num" role="img" aria-label={plural('listing.together', row.conversation.length)}>
          {row.conversation.length}
        </span>
      )}
      {row.parse === 'failed' && <TriangleAlert className="icon warn" size={13} aria-label={t('list.unreadable')} />}
      {row.flags.includes('\\Flagged') && <Flag className="icon flag" size={12} aria-label={t('list.flagged')} />}
      {row.gone !== null && <CloudOff className="icon" size={14} aria-label={t('list.gone')} />}
      {row.attachments > 0 && <Paperclip className="icon" size={13} aria-label={t('list.attachment')} />}
    </span>
  )
}

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

/** Of one that was stored a moment ago its headers may not be read yet. */
const subjectOf = ({ subject, parse }: MessageSummary, { t }: Text): string =>
  subject || t(parse === 'blank' ? 'list.subjectFollows' : 'list.noSubject')

function who(row: MessageSummary, outgoing: boolean, { t }: Text): string {
  const people = outgoing ? row.to : row.from
  const names = people.map(person => person.name || person.address).filter(Boolean)
  if (row.parse === 'blank') return '…'
  if (names.length === 0) return t('list.noSender')
  const joined = names.slice(0, 3).join(', ')
  return outgoing ? t('list.to', { name: joined }) : joined
}
