/** How lists look: remembered for this person on this computer. */
import type { ListOrder, OrderBy } from '../../main/contract/order.ts'

export type Density = 'comfortable' | 'compact'
export const columns = ['who', 'subject', 'size', 'date'] as const
export type Column = (typeof columns)[number]
/** Columns with a width of their own; the subject takes what is left. */
export type SizedColumn = Exclude<Column, 'subject'>

export interface ListLook {
  density: Density
  order: ListOrder
  conversations: boolean
  timeline: boolean
  /** In CSS pixels. */
  widths: Record<SizedColumn, number>
  hidden: readonly SizedColumn[]
}

/** The order of lists that have no other. */
export const byDate: ListOrder = { by: 'date' }

export const standardLook: ListLook = {
  density: 'comfortable',
  order: byDate,
  conversations: false,
  timeline: false,
  widths: { who: 124, size: 68, date: 94 },
  hidden: ['size'],
}

export const rowHeight = (density: Density): number => (density === 'compact' ? 28 : 72)
export const isHideable = (column: Column): column is SizedColumn => column !== 'subject'

/** The grid of a row of the compact list: the dot first. */
export const gridOf = ({ widths, hidden }: ListLook): string =>
  [
    '20px',
    ...columns.filter(one => !(hidden as readonly Column[]).includes(one)).map(one => (isHideable(one) ? `${widths[one]}px` : 'minmax(0, 1fr)')),
  ].join(' ')

const orders: readonly OrderBy[] = ['date', 'sender', 'subject', 'size']

/** What was kept, as far as it can be understood. */
export function lookFrom(kept: unknown): ListLook {
  const found = (typeof kept === 'object' && kept !== null ? kept : {}) as Partial<ListLook>
  const width = (column: SizedColumn) => Math.min(400, Math.max(48, Number(found.widths?.[column]) || standardLook.widths[column]))
  return {
    density: found.density === 'compact' ? 'compact' : 'comfortable',
    order: found.order && orders.includes(found.order.by) ? { by: found.order.by, reverse: found.order.reverse === true } : standardLook.order,
    conversations: found.conversations === true,
    timeline: found.timeline === true,
    widths: { who: width('who'), size: width('size'), date: width('date') },
    hidden: Array.isArray(found.hidden) ? columns.filter(isHideable).filter(one => found.hidden!.includes(one)) : standardLook.hidden,
  }
}
