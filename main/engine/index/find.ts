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

// Counted in one question: up to 10 ms, so that whoever types on does not wait longer for it.
const PIECE = 20_000
const WALKED = 100

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

  /** How many there are below a row, `most` at most, and the last of them. */
  const count = (wanted: Wanted, match: string | null, below: number, most: number): { count: number; last: number | null } => {
    if (match !== null) return countMatches.get(match, below, most)!
    const found = take(walksOf(wanted, 'newest', most), 1 - below, most)
    return { count: found.length, last: found.length === 0 ? null : -found.at(-1)! }
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
    count: ({ wanted, mailbox, cap, below = BEYOND }) => {
      const all = within(wanted, mailbox)
      const match = matches.of(all)
      if (match === '') return { count: 0, more: false }
      const most = Math.min(match === null ? WALKED : PIECE, cap + 1)
      const { count: found, last } = count(all, match, below, most)
      if (found > cap) return { count: cap, more: true }
      return { count: found, more: false, ...(found === most && { below: last! }) }
    },
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
