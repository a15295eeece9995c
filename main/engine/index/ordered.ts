/** Reading lists by sender, subject or size: one walk along the table of orders (orders.ts), from any place and in both directions. */

import { AppError } from '../../contract/errors.ts'
import type { Cursor } from '../../contract/types.ts'
import type { ReadDb } from './connection.ts'
import type { Listed } from './summaries.ts'

const columns = 'SELECT -turn AS row, -place AS placement, key FROM orders WHERE list = ?'

/** Hot queries; their plans are tested. */
export const orderQueries = {
  first: `${columns} ORDER BY key, turn, place LIMIT ? OFFSET ?`,
  last: `${columns} ORDER BY key DESC, turn DESC, place DESC LIMIT ?`,
  onward: `${columns} AND (key, turn, place) > (?, ?, ?) ORDER BY key, turn, place LIMIT ? OFFSET ?`,
  back: `${columns} AND (key, turn, place) < (?, ?, ?) ORDER BY key DESC, turn DESC, place DESC LIMIT ?`,
} as const

type Key = string | number
type Entry = Listed & { key: Key }

/** One list in one order, by its number (orderedList). */
export interface OrderedWalk {
  onward(list: number, from: Cursor | null, limit: number): Listed[]
  back(list: number, from: Cursor | null, limit: number): Listed[]
  /** From the row with `position` rows before it; `total`: how long the list is. */
  skip(list: number, total: number, position: number, limit: number): Listed[]
}

/** Rows between two marks: what is passed over to reach a position. */
const STEP = 1024

export function createOrderedWalk(db: ReadDb): OrderedWalk {
  const first = db.prepare<[number, number, number], Entry>(orderQueries.first)
  const last = db.prepare<[number, number], Entry>(orderQueries.last)
  const onward = db.prepare<[number, Key, number, number, number, number], Entry>(orderQueries.onward)
  const back = db.prepare<[number, Key, number, number, number], Entry>(orderQueries.back)

  const after = (list: number, from: Entry | null, limit: number, offset: number): Entry[] =>
    from === null ? first.all(list, limit, offset) : onward.all(list, from.key, -from.row, -from.placement, limit, offset)

  // Every 1,024th entry of the lists that somebody jumped in: 50 ms among a million rows, and made anew when the list's length is another one.
  const marks = new Map<number, { total: number; at: Entry[] }>()
  const marksOf = (list: number, total: number): Entry[] => {
    const known = marks.get(list)
    if (known?.total === total) return known.at
    const at: Entry[] = []
    for (let mark: Entry | undefined = after(list, null, 1, STEP - 1)[0]; mark; mark = after(list, mark, 1, STEP - 1)[0]) at.push(mark)
    if (marks.size >= 8) marks.clear()
    marks.set(list, { total, at })
    return at
  }

  return {
    onward: (list, from, limit) => after(list, from && entryOf(from), limit, 0),
    back: (list, from, limit) => {
      if (from === null) return last.all(list, limit)
      const { key, row, placement } = entryOf(from)
      return back.all(list, key, -row, -placement, limit)
    },
    skip: (list, total, position, limit) => {
      const passed = Math.min(Math.floor(position / STEP), total > STEP ? marksOf(list, total).length : 0)
      return after(list, passed === 0 ? null : marksOf(list, total)[passed - 1]!, limit, position - passed * STEP)
    },
  }
}

function entryOf({ row, placement, key }: Cursor): Entry {
  if (key === undefined) throw new AppError('invalid-input', 'a place in a list of another order')
  return { row, placement, key }
}
