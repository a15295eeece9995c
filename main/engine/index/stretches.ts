/**
 * Where the n-th row of a list is, without counting n rows. Each list (a mailbox, or 0 for all messages) is cut into stretches of rows with their counts;
 * a stretch that has grown past 512 rows is cut in half. A million rows are some three thousand stretches: to find a position, their counts are
 * summed, and at most 512 rows are passed over. Exact, whatever the dates look like.
 */
import type { AnyDb, WriteDb } from './connection.ts'

const LONGEST = 512
export const ALL = 0

interface List {
  /** Ascending; the first is 0. */
  starts: number[]
  counts: number[]
  changed: Set<number>
}

export interface Stretches {
  add(list: number, row: number): void
  remove(list: number, row: number): void
  /** Writes what changed. To be called when the rows themselves stand in their tables. */
  write(): void
  forget(): void
}

export function createStretches(db: WriteDb): Stretches {
  const read = db.prepare<[number], { start: number; count: number }>('SELECT start, count FROM stretches WHERE mailbox = ? ORDER BY start')
  const save = db.prepare<[number, number, number]>(
    'INSERT INTO stretches (mailbox, start, count) VALUES (?, ?, ?) ON CONFLICT (mailbox, start) DO UPDATE SET count = excluded.count',
  )
  const rowAt = {
    all: db.prepare<[number, number], number>('SELECT row FROM messages WHERE row >= ? ORDER BY row LIMIT 1 OFFSET ?').pluck(),
    one: db
      .prepare<[number, number, number], number>(
        'SELECT row FROM placements WHERE mailbox = ? AND shown = 1 AND row >= ? ORDER BY row LIMIT 1 OFFSET ?',
      )
      .pluck(),
  }
  const rowsIn = {
    all: db.prepare<[number, number], number>('SELECT count(*) FROM messages WHERE row >= ? AND row < ?').pluck(),
    one: db
      .prepare<[number, number, number], number>('SELECT count(*) FROM placements WHERE mailbox = ? AND shown = 1 AND row >= ? AND row < ?')
      .pluck(),
  }
  const lists = new Map<number, List>()

  const listOf = (mailbox: number): List => {
    let list = lists.get(mailbox)
    if (!list) {
      const rows = read.all(mailbox)
      list = { starts: rows.map(({ start }) => start), counts: rows.map(({ count }) => count), changed: new Set() }
      if (list.starts.length === 0) {
        list.starts.push(0)
        list.counts.push(0)
      }
      lists.set(mailbox, list)
    }
    return list
  }

  const change = (mailbox: number, row: number, by: number) => {
    const list = listOf(mailbox)
    const at = stretchOf(list.starts, row)
    list.counts[at]! += by
    list.changed.add(list.starts[at]!)
  }

  const cut = (mailbox: number, list: List, at: number) => {
    const start = list.starts[at]!
    const half = LONGEST / 2
    const middle = mailbox === ALL ? rowAt.all.get(start, half) : rowAt.one.get(mailbox, start, half)
    if (middle === undefined || middle <= start) return // one message more than a thousand times in one mailbox: it stays in one stretch
    const lower = mailbox === ALL ? rowsIn.all.get(start, middle)! : rowsIn.one.get(mailbox, start, middle)!
    list.starts.splice(at + 1, 0, middle)
    list.counts.splice(at, 1, lower, list.counts[at]! - lower)
    list.changed.add(middle)
    if (list.counts[at + 1]! > LONGEST) cut(mailbox, list, at + 1)
  }

  return {
    add: (mailbox, row) => change(mailbox, row, 1),
    remove: (mailbox, row) => change(mailbox, row, -1),
    write: () => {
      for (const [mailbox, list] of lists) {
        for (const start of [...list.changed]) {
          const at = stretchOf(list.starts, start)
          if (list.counts[at]! > LONGEST) cut(mailbox, list, at)
        }
        for (const start of list.changed) save.run(mailbox, start, list.counts[stretchOf(list.starts, start)]!)
        list.changed.clear()
      }
    },
    forget: () => lists.clear(),
  }
}

/** Index of the stretch a row lies in. */
function stretchOf(starts: readonly number[], row: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= row) low = middle
    else high = middle - 1
  }
  return low
}

export interface Spot {
  /** Rows of the list that are not before (newer than) this bound… */
  below: number
  /** …and how many of those to pass over, at most a stretch. */
  skip: number
}

/** Where to look for the row that has `position` newer rows before it. */
export function createSpotFinder(db: AnyDb, beyond: number): (mailbox: number, position: number) => Spot {
  const read = db.prepare<[number], [number, number]>('SELECT start, count FROM stretches WHERE mailbox = ? ORDER BY start DESC').raw()
  return (mailbox, position) => {
    let below = beyond
    let skip = position
    for (const [start, count] of read.all(mailbox) as [number, number][]) {
      if (skip < count) break
      skip -= count
      below = start
    }
    return { below, skip }
  }
}
