import { ArrowDown, ArrowUp } from 'lucide-react'
import { type PointerEvent, useRef } from 'react'
import type { ListOrder, OrderBy } from '../../main/contract/order.ts'
import type { Text } from '../text/text.ts'
import { type Column, columns, gridOf, isHideable, type ListLook, type SizedColumn } from './look.ts'

interface Props {
  look: ListLook
  order: ListOrder
  /** A press on a head sorts. */
  sortable: boolean
  outgoing: boolean
  text: Text
  onLook(change: Partial<ListLook>): void
}

const orderOf: Record<Column, OrderBy> = { who: 'sender', subject: 'subject', size: 'size', date: 'date' }

/** The heads of the compact list's columns: a press sorts, the line between two of them can be dragged. */
export function ColumnHeads({ look, order, sortable, outgoing, text: { t }, onLook }: Props) {
  const drag = useRef<{ x: number; width: number } | null>(null)
  const shown = columns.filter(one => !(look.hidden as readonly Column[]).includes(one))
  const resize = (column: SizedColumn, width: number) =>
    onLook({ widths: { ...look.widths, [column]: Math.round(Math.min(400, Math.max(48, width))) } })
  const sort = (by: OrderBy) => onLook({ order: { by, reverse: order.by === by && !order.reverse } })
  const start = (event: PointerEvent<HTMLElement>, column: SizedColumn) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { x: event.clientX, width: look.widths[column] }
  }
  return (
    <div className="list-heads" style={{ gridTemplateColumns: gridOf(look) }}>
      <span />
      {shown.map(column => {
        const by = orderOf[column]
        const sorted = order.by === by
        // The line is at the side of the subject, which takes what is left.
        const side = column === 'who' ? 1 : -1
        return (
          <div key={column} className="list-head-cell" data-column={column}>
            <button type="button" aria-pressed={sorted} onClick={() => sort(by)} disabled={!sortable || (column === 'who' && outgoing)}>
              <span className="clip">{t(column === 'who' && outgoing ? 'listing.recipient' : `listing.${by}`)}</span>
              {sorted && (order.reverse ? <ArrowUp size={11} aria-hidden="true" /> : <ArrowDown size={11} aria-hidden="true" />)}
            </button>
            {isHideable(column) && (
              // biome-ignore lint/a11y/useSemanticElements: a focusable separator has no element of its own
              <div
                className="list-head-line"
                data-side={side}
                role="separator"
                aria-orientation="vertical"
                aria-label={t('listing.resize', { column: t(`listing.${by}`) })}
                aria-valuenow={look.widths[column]}
                aria-valuemin={48}
                aria-valuemax={400}
                tabIndex={0}
                onPointerDown={event => start(event, column)}
                onPointerMove={event => drag.current && resize(column, drag.current.width + side * (event.clientX - drag.current.x))}
                onPointerUp={() => {
                  drag.current = null
                }}
                onKeyDown={event => {
                  const by = event.key === 'ArrowLeft' ? -8 : event.key === 'ArrowRight' ? 8 : 0
                  if (by !== 0) resize(column, look.widths[column] + side * by)
                }}
              />
            )}
          </div>
        )
      })}
    </div>
  )
}
