/** Conditions to rows, newest first or oldest first, as far as they are asked for. */
import type { Cursor, MessageWindow } from '../../contract/types.ts'
import type { ReadDb } from './connection.ts'
import type { Matches } from './matches.ts'
import { BEYOND, turned } from './rows.ts'
import type { createSearchWalks, Order } from './searchWalks.ts'
import type { Listed, Summarise } from './summaries.ts'
import type { IndexQueries } from './types.ts'
import type { Walk } from './walks.ts'
import { END } from './walks.ts'
import type { Wanted } from './wanted.ts'

export const countQueries = {
  // The last row is where the next piece begins.
  matches: `SELECT count(*) AS count, ${turned('max(rowid)')} AS last
    FROM (SELECT rowid FROM words WHERE words MATCH ? AND rowid > ${turned('?')} ORDER BY rowid LIMIT ?)`,
} as const

const PIECE = 20_000 // rows counted in one statement: 2 to 10 ms, in which nothing can stop it

export function createFind(
  db: ReadDb,
  summarise: Summarise,
  matches: Matches,
  walksOf: ReturnType<typeof createSearchWalks>,
): Pick<IndexQueries, 'search' | 'count' | 'nth'> {
  const countMatches = db.prepare<[string, number, number], { count: number; last: number | null }>(countQueries.matches)
  const inMailbox = db
    .prepare<[number, number], number | null>('SELECT max(placement) FROM placements WHERE mailbox = ? AND row = ? AND shown = 1')
    .pluck()

  const within = (wanted: Wanted, mailbox: number | null): Wanted =>
    mailbox === null ? wanted : { kind: 'all', of: [wanted, { kind: 'in', mailboxes: [mailbox] }], without: [] }

  const listed = (row: number, mailbox: number | null): Listed => ({ row, placement: mailbox === null ? 0 : (inMailbox.get(mailbox, row) ?? 0) })

  /** Up to `limit` rows behind the cursor. */
  const rows = (wanted: Wanted, order: Order, from: Cursor | null, limit: number): number[] => {
    const sign = order === 'newest' ? -1 : 1
    const start = from ? sign * from.row + 1 : order === 'newest' ? -BEYOND : 0
    return take(walksOf(wanted, order, limit), start, limit).map(step => step * sign)
  }

  const count = (wanted: Wanted, cap: number): { count: number; more: boolean } => {
    const match = matches.of(wanted)
    if (match === '') return { count: 0, more: false }
    let found = 0
    if (match === null) {
      const walk = walksOf(wanted, 'newest', PIECE)
      for (let step = walk.seek(-BEYOND); step !== END; step = walk.seek(step + 1)) if (++found > cap) return { count: cap, more: true }
      return { count: found, more: false }
    }
    for (let below = BEYOND; ; ) {
      const limit = Math.min(PIECE, cap + 1 - found)
      const { count, last } = countMatches.get(match, below, limit)!
      found += count
      if (found > cap) return { count: cap, more: true }
      if (count < limit || last === null) return { count: found, more: false }
      below = last
    }
  }

  return {
    search: ({ wanted, mailbox, from, direction = 'after', limit }): MessageWindow => {
      const older = direction === 'after'
      const found = rows(within(wanted, mailbox), older ? 'newest' : 'oldest', from, limit + 1)
      const shown = found.slice(0, limit)
      if (!older) shown.reverse()
      return {
        rows: shown.map(row => summarise(listed(row, mailbox))).filter(row => row !== null),
        before: older ? from !== null : found.length > limit,
        after: older ? found.length > limit : from !== null,
      }
    },
    count: ({ wanted, mailbox, cap }) => count(within(wanted, mailbox), cap),
    nth: ({ wanted, mailbox, position }) => {
      const walk = walksOf(within(wanted, mailbox), 'newest', Math.min(position + 1, PIECE))
      let step = walk.seek(-BEYOND)
      for (let passed = 0; passed < position && step !== END; passed++) step = walk.seek(step + 1)
      return step === END ? null : -step
    },
  }
}

function take(walk: Walk, start: number, limit: number): number[] {
  const steps: number[] = []
  for (let step = walk.seek(start); step !== END; step = walk.seek(step + 1)) if (steps.push(step) === limit) break
  return steps
}
