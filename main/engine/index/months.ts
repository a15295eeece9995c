/**
 * How many messages of a list there are in each month, and how many are newer than a moment. Lists are cut into counted stretches (stretches.ts), so that only
 * the stretches where a month begins are looked into: 180 months of a million messages are 180 counts of at most 512 entries.
 */
import type { MonthCount } from '../../contract/order.ts'
import type { ReadDb } from './connection.ts'
import { BEYOND, clampSecond, firstRowOf, sortTimeOf } from './rows.ts'
import type { Order } from './searchWalks.ts'
import { ALL } from './stretches.ts'
import type { IndexQueries } from './types.ts'
import type { Walk } from './walks.ts'
import { END } from './walks.ts'
import type { Wanted } from './wanted.ts'

export const monthQueries = {
  nextInAll: 'SELECT row FROM messages WHERE row >= ? ORDER BY row LIMIT 1',
  nextIn: 'SELECT row FROM placements WHERE mailbox = ? AND shown = 1 AND row >= ? ORDER BY row LIMIT 1',
  betweenInAll: 'SELECT count(*) FROM messages WHERE row >= ? AND row < ?',
  betweenIn: 'SELECT count(*) FROM placements WHERE mailbox = ? AND shown = 1 AND row >= ? AND row < ?',
} as const

const PIECE = 2000 // of what a search finds, in one question: whoever types on does not wait longer for it

type WalksOf = (wanted: Wanted, order: Order, about: number) => Walk

export function createMonths(db: ReadDb, walksOf: WalksOf): Pick<IndexQueries, 'months' | 'monthsFound' | 'position'> {
  const stretches = db.prepare<[number], [number, number]>('SELECT start, count FROM stretches WHERE mailbox = ? ORDER BY start').raw()
  const nextInAll = db.prepare<[number], number>(monthQueries.nextInAll).pluck()
  const nextIn = db.prepare<[number, number], number>(monthQueries.nextIn).pluck()
  const betweenInAll = db.prepare<[number, number], number>(monthQueries.betweenInAll).pluck()
  const betweenIn = db.prepare<[number, number, number], number>(monthQueries.betweenIn).pluck()

  /** How many rows of the list are older than a bound; to be asked with growing bounds. */
  const olderThan = (mailbox: number | null) => {
    const parts = stretches.all(mailbox ?? ALL) as [number, number][]
    let at = 0
    let passed = 0
    return (bound: number): number => {
      for (; at + 1 < parts.length && parts[at + 1]![0] <= bound; at++) passed += parts[at]![1]
      const start = parts[at]?.[0]
      if (start === undefined || start >= bound) return passed
      return passed + (mailbox === null ? betweenInAll.get(start, bound)! : betweenIn.get(mailbox, start, bound)!)
    }
  }

  const ofList = (mailbox: number | null): MonthCount[] => {
    const older = olderThan(mailbox)
    const months: MonthCount[] = []
    let before = 0
    for (let from = 0; ; ) {
      const row = mailbox === null ? nextInAll.get(from) : nextIn.get(mailbox, from)
      if (row === undefined) return months
      const { at, bound } = monthOf(row)
      const until = older(bound)
      months.push({ at, count: until - before })
      before = until
      from = bound
    }
  }

  /** The newest `PIECE` below a row. */
  const ofSearch = (wanted: Wanted, mailbox: number | null, below: number): { months: MonthCount[]; below?: number } => {
    const walk = walksOf(
      mailbox === null ? wanted : { kind: 'all', of: [wanted, { kind: 'in', mailboxes: [mailbox] }], without: [] },
      'newest',
      PIECE,
    )
    const months: MonthCount[] = []
    let first = BEYOND
    let passed = 0
    for (let step = walk.seek(1 - below); step !== END; step = walk.seek(step + 1)) {
      const row = -step
      if (row < first) {
        const { at } = monthOf(row)
        first = firstRowOf(clampSecond(at / 1000))
        months.unshift({ at, count: 0 })
      }
      months[0]!.count++
      if (++passed === PIECE) return { months, below: row }
    }
    return { months }
  }

  return {
    months: ({ mailbox }) => ofList(mailbox),
    monthsFound: ({ mailbox, wanted, below = BEYOND }) => {
      const all = atAnyTime(wanted)
      return isEverything(all) ? { months: ofList(mailbox) } : ofSearch(all, mailbox, below)
    },
    position: ({ mailbox, time }) => {
      const older = olderThan(mailbox)
      const before = older(firstRowOf(clampSecond(time / 1000)))
      return { older: before, newer: older(BEYOND) - before }
    },
  }
}

/** The month a row is in, on this computer's calendar; `bound`: the first row of the next one. */
function monthOf(row: number): { at: number; bound: number } {
  const day = new Date(sortTimeOf(row))
  const next = new Date(day.getFullYear(), day.getMonth() + 1, 1).getTime()
  return {
    at: new Date(day.getFullYear(), day.getMonth(), 1).getTime(),
    bound: Math.min(BEYOND, Math.max(row + 1, firstRowOf(Math.floor(next / 1000)))),
  }
}

/** A picture over time is not of the time that was chosen in it. */
function atAnyTime(wanted: Wanted): Wanted {
  if (wanted.kind === 'time') return { kind: 'all', of: [], without: [] }
  return wanted.kind === 'all' ? { ...wanted, of: wanted.of.map(atAnyTime).filter(one => !isEverything(one)) } : wanted
}

const isEverything = (wanted: Wanted): boolean => wanted.kind === 'all' && wanted.of.length === 0 && wanted.without.length === 0
