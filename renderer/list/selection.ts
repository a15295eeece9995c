/**
 * What is chosen in a list of any length: stretches from one row to another, of which only the ends are known, or everything; and single rows taken out again.
 * Ends are places in the order of the list, not numbers, so a choice stays what it was while mail arrives.
 */
import type { ListOrder } from '../../main/contract/order.ts'
import type { Cursor, MessageSummary } from '../../main/contract/types.ts'
import { rowKey } from './messageRun.ts'
import type { RowSource } from './rowSource.ts'

export interface Stretch {
  from: MessageSummary
  to: MessageSummary
  /** How many rows that is. */
  count: number
}

export interface Selection {
  all: boolean
  stretches: readonly Stretch[]
  /** Keys of rows. */
  without: ReadonlySet<string>
}

export const everything: Selection = { all: true, stretches: [], without: new Set() }

export const onlyRow = (row: MessageSummary): Selection => ({ all: false, stretches: [{ from: row, to: row, count: 1 }], without: new Set() })

/** From where a choice began to where it is now, in whichever direction; `count` of rows, both included. */
export function stretchTo(anchor: MessageSummary, row: MessageSummary, count: number, order: ListOrder): Selection {
  const [from, to] = compare(anchor.cursor, row.cursor, order) <= 0 ? [anchor, row] : [row, anchor]
  return { all: false, stretches: [{ from, to, count }], without: new Set() }
}

/** Adds the row, or takes it out. */
export function toggled(selection: Selection, row: MessageSummary, order: ListOrder): Selection {
  const key = rowKey(row)
  const without = new Set(selection.without)
  if (without.delete(key)) return { ...selection, without }
  if (!isSelected(selection, row, order)) return { ...selection, stretches: [...selection.stretches, { from: row, to: row, count: 1 }] }
  const alone = selection.stretches.findIndex(({ from, count }) => count === 1 && rowKey(from) === key)
  if (!selection.all && alone >= 0) return { ...selection, stretches: selection.stretches.filter((_, at) => at !== alone) }
  return { ...selection, without: without.add(key) }
}

export function isSelected({ all, stretches, without }: Selection, row: MessageSummary, order: ListOrder): boolean {
  if (without.has(rowKey(row))) return false
  return all || stretches.some(({ from, to }) => compare(from.cursor, row.cursor, order) <= 0 && compare(row.cursor, to.cursor, order) <= 0)
}

export function countOf({ all, stretches, without }: Selection, total: number): number {
  return Math.max(0, (all ? total : stretches.reduce((sum, { count }) => sum + count, 0)) - without.size)
}

/** Which of two places comes first in the list: negative where it is `a`. */
export function compare(a: Cursor, b: Cursor, { by, reverse }: ListOrder): number {
  const sign = reverse ? -1 : 1
  if (by !== 'date' && a.key !== b.key) return sign * (a.key! < b.key! ? -1 : 1)
  return sign * (b.row - a.row || b.placement - a.placement)
}

/** The chosen messages, each once, in list order; null where there are more than `most`. A conversation stands for all its messages in the list. */
export async function messagesOf(source: RowSource, selection: Selection, order: ListOrder, most: number): Promise<MessageSummary[] | null> {
  const found = new Map<string, MessageSummary>()
  const take = (row: MessageSummary) => {
    if (!selection.without.has(rowKey(row))) found.set(`${row.archive} ${row.id}`, row)
    if (!selection.without.has(rowKey(row)))
      for (const id of row.conversation ?? []) if (!found.has(`${row.archive} ${id}`)) found.set(`${row.archive} ${id}`, { ...row, id })
    return found.size <= most
  }
  const stretches: (Stretch | null)[] = selection.all ? [null] : [...selection.stretches]
  for (const stretch of stretches) {
    if (stretch && !take(stretch.from)) return null
    if (stretch?.count === 1) continue
    for (let from = stretch?.from.cursor ?? null, more = true; more; ) {
      const window = await source.after(from, 500)
      for (const row of window.rows) {
        if (stretch && compare(row.cursor, stretch.to.cursor, order) > 0) {
          more = false
          break
        }
        if (!take(row)) return null
      }
      more &&= window.after && window.rows.length > 0
      from = window.rows.at(-1)?.cursor ?? from
    }
  }
  return [...found.values()]
}
