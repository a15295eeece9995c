/** Reading lists by sender, subject or size: one walk along the table of orders (orders.ts), from any place and in both directions. */

import { AppError } from '../../contract/errors.ts'
import type { Cursor } from '../../contract/types.ts'
import type { ReadDb } from './connection.ts'
import type { Listed } from './summaries.ts'

const columns = 'SELECT -turn AS row, -place AS placement, key FROM orders WHERE list = ?'

/** Hot queries; their plans are tested. */
export const orderQueries = {
  first: `${columns} ORDER BY key, turn, place LIMIT ? OFFSET ?`,
  last: `${columns} ORDER BY key DESC, turn DESC, place DESC LIMIT ? OFFSET ?`,
  onward: `${columns} AND (key, turn, place) > (?, ?, ?) ORDER BY key, turn, place LIMIT ? OFFSET ?`,
  back: `${columns} AND (key, turn, place) < (?, ?, ?) ORDER BY key DESC, turn DESC, place DESC LIMIT ? OFFSET ?`,
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
  const last = db.prepare<[number, number, number], Entry>(orderQueries.last)
  const onward = db.prepare<[number, Key, number, number, number, number], Entry>(orderQueries.onward)
  const back = db.prepare<[number, Key, number, number, number, number], Entry>(orderQueries.back)

  const after = (list: number, from: Entry | null, limit: number, offset: number): Entry[] =>
    from === null ? first.all(list, limit, offset) : onward.all(list, from.key, -from.row, -from.placement, limit, offset)

  const before = (list: number, from: Entry | null, limit: number, offset: number): Entry[] =>
    from === null ? last.all(list, limit, offset) : back.all(list, from.key, -from.row, -from.placement, limit, offset)

  // Every 1,024th entry of the lists that somebody jumped in, from both ends as far as somebody did: to the middle of a million rows in 25 ms, and where nothing
  // of the file is in memory in 0.3 s. Made anew when the list's length is another one.
  const marks = new Map<number, { total: number; fromFirst: Entry[]; fromLast: Entry[] }>()
  const marksOf = (list: number, total: number) => {
    const known = marks.get(list)
    if (known?.total === total) return known
    if (marks.size >= 8) marks.clear()
    const made = { total, fromFirst: [], fromLast: [] }
    marks.set(list, made)
    return made
  }
  /** The mark with so many steps before it, or the last one there is. */
  const markAt = (known: Entry[], steps: number, next: (from: Entry | null) => Entry | undefined): number => {
    while (known.length < steps) {
      const mark = next(known.at(-1) ?? null)
      if (!mark) break
      known.push(mark)
    }
    return Math.min(steps, known.length)
  }

  return {
    onward: (list, from, limit) => after(list, from && entryOf(from), limit, 0),
    back: (list, from, limit) => before(list, from && entryOf(from), limit, 0),
    skip: (list, total, position, limit) => {
      if (total <= 2 * STEP) return after(list, null, limit, position)
      const { fromFirst, fromLast } = marksOf(list, total)
      if (position <= total / 2) {
        const steps = markAt(fromFirst, Math.floor(position / STEP), from => after(list, from, 1, STEP - 1)[0])
        return after(list, fromFirst[steps - 1] ?? null, limit, position - steps * STEP)
      }
      // Behind the last mark before it.
      const wanted = Math.ceil((total - position + 1) / STEP)
      const steps = markAt(fromLast, wanted, from => before(list, from, 1, STEP - 1)[0])
      return steps < wanted ? after(list, null, limit, position) : after(list, fromLast[steps - 1]!, limit, position - (total - steps * STEP) - 1)
    },
  }
}

function entryOf({ row, placement, key }: Cursor): Entry {
  if (key === undefined) throw new AppError('invalid-input', 'a place in a list of another order')
  return { row, placement, key }
}
