/** Words to rows. FTS5 hands out matches by row id, newest first, as far as they are asked for. */
import type { Cursor, MessageWindow } from '../../contract/types.ts'
import type { ReadDb } from './connection.ts'
import { BEYOND } from './rows.ts'
import type { Listed, Summarise } from './summaries.ts'
import type { IndexQueries } from './types.ts'

// Bounds are cast: the driver binds numbers of more than 32 bits as REAL, and FTS5 does not take a REAL for a row id. It then reads all matches
// and leaves the comparison to SQLite (5 ms instead of 0.02 among 100,000), and for "rowid = ?" answers row 0 where nothing matches.
export const findQueries = {
  older: 'SELECT rowid FROM words WHERE words MATCH ? AND rowid < CAST(? AS INTEGER) ORDER BY rowid DESC LIMIT ?',
  one: 'SELECT rowid FROM words WHERE words MATCH ? AND rowid = CAST(? AS INTEGER)',
  inMailbox: 'SELECT max(placement) FROM placements WHERE mailbox = ? AND row = ? AND shown = 1',
  rowsOfMailbox: 'SELECT DISTINCT row FROM placements WHERE mailbox = ? AND shown = 1 AND row < ? ORDER BY row DESC LIMIT ?',
} as const

// A statement runs in native code, where nothing can stop it: a long search is cut into steps, so that the thread can be ended between them.
const STEP = 5000
// In a mailbox, matches are asked for their mailbox (2 µs each). When these many have passed and the mailbox is small, it is cheaper to ask
// each of its messages whether it matches (15 µs each).
const PATIENCE = 2000
const SMALL_MAILBOX = 10_000

export function createFind(db: ReadDb, summarise: Summarise): Pick<IndexQueries, 'search' | 'count'> {
  const older = db.prepare<[string, number, number], number>(findQueries.older).pluck()
  const one = db.prepare<[string, number], number>(findQueries.one).pluck()
  const inMailbox = db.prepare<[number, number], number | null>(findQueries.inMailbox).pluck()
  const rowsOfMailbox = db.prepare<[number, number, number], number>(findQueries.rowsOfMailbox).pluck()
  const countIn = db.prepare<[number], number>('SELECT messages FROM mailboxes WHERE mailbox = ?').pluck()

  /** Newest first, in steps: the first of them no longer than what is wanted. */
  function* inSteps(read: (below: number, limit: number) => number[], below: number, first: number): Generator<number> {
    for (let at = below, size = Math.min(first, STEP); ; size = STEP) {
      const rows = read(at, size)
      yield* rows
      if (rows.length < size) return
      at = rows.at(-1)!
    }
  }

  function* find(match: string, mailbox: number | null, from: Cursor | null, wanted: number): Generator<Listed> {
    const matches = (below: number, first: number) => inSteps((at, limit) => older.all(match, at, limit), below, first)
    let below = from?.row ?? BEYOND
    if (mailbox === null) {
      for (const row of matches(below, wanted)) yield { row, placement: 0 }
      return
    }
    const small = (countIn.get(mailbox) ?? 0) <= SMALL_MAILBOX
    let passed = 0
    for (const row of matches(below, wanted * 4)) {
      const placement = inMailbox.get(mailbox, row)
      if (placement != null) yield { row, placement }
      below = row
      if (small && ++passed === PATIENCE) break
    }
    if (passed < PATIENCE) return
    for (const row of inSteps((at, limit) => rowsOfMailbox.all(mailbox, at, limit), below, STEP))
      if (one.get(match, row) !== undefined) yield { row, placement: inMailbox.get(mailbox, row)! }
  }

  return {
    search: ({ match, mailbox, from, limit }): MessageWindow => {
      if (match === '') return { rows: [], before: false, after: false }
      const listed = take(find(match, mailbox, from, limit + 1), limit + 1)
      return {
        rows: listed
          .slice(0, limit)
          .map(summarise)
          .filter(row => row !== null),
        before: from !== null,
        after: listed.length > limit,
      }
    },
    count: ({ match, mailbox, cap }) => {
      if (match === '') return { count: 0, more: false }
      let count = 0
      for (const _ of find(match, mailbox, null, STEP)) if (++count > cap) return { count: cap, more: true }
      return { count, more: false }
    },
  }
}

function take<T>(items: Iterable<T>, limit: number): T[] {
  const taken: T[] = []
  for (const item of items) {
    taken.push(item)
    if (taken.length === limit) break
  }
  return taken
}
