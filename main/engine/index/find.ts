/** Words to rows. FTS5 hands out matches by row id, newest first, as far as they are asked for. */
import type { Cursor, MessageWindow } from '../../contract/types.ts'
import type { ReadDb } from './connection.ts'
import { BEYOND } from './rows.ts'
import type { Listed, Summarise } from './summaries.ts'
import type { IndexQueries } from './types.ts'

export const findQueries = {
  older: 'SELECT rowid FROM words WHERE words MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?',
  // Not "rowid = ?": SQLite 3.53 then answers row 0 of a contentless table where nothing matches.
  one: 'SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?',
  inMailbox: 'SELECT max(placement) FROM placements WHERE mailbox = ? AND row = ? AND shown = 1',
  rowsOfMailbox: 'SELECT DISTINCT row FROM placements WHERE mailbox = ? AND shown = 1 AND row < ? ORDER BY row DESC',
} as const

// A statement runs in native code, where nothing can stop it: a long search is cut into steps, so that the thread can be ended between them.
const STEP = 5000
// Up to this many messages a mailbox is asked through message by message (some 20 µs each); above, the matches are asked for their mailbox.
const SMALL_MAILBOX = 1000

export function createFind(db: ReadDb, summarise: Summarise): Pick<IndexQueries, 'search' | 'count'> {
  const older = db.prepare<[string, number, number], number>(findQueries.older).pluck()
  const one = db.prepare<[string, number, number], number>(findQueries.one).pluck()
  const inMailbox = db.prepare<[number, number], number | null>(findQueries.inMailbox).pluck()
  const rowsOfMailbox = db.prepare<[number, number], number>(findQueries.rowsOfMailbox).pluck()
  const countIn = db.prepare<[number], number>('SELECT messages FROM mailboxes WHERE mailbox = ?').pluck()

  /** Matches older than `below`, newest first, in steps. */
  function* matches(match: string, below: number, step: number): Generator<number> {
    for (let at = below, size = step; ; size = STEP) {
      const rows = older.all(match, at, size)
      yield* rows
      if (rows.length < size) return
      at = rows.at(-1)!
    }
  }

  function* find(match: string, mailbox: number | null, from: Cursor | null, expected: number): Generator<Listed> {
    const below = from?.row ?? BEYOND
    if (mailbox === null) for (const row of matches(match, below, expected)) yield { row, placement: 0 }
    else if ((countIn.get(mailbox) ?? 0) <= SMALL_MAILBOX) {
      for (const row of rowsOfMailbox.all(mailbox, below))
        if (one.get(match, row, row) !== undefined) yield { row, placement: inMailbox.get(mailbox, row)! }
    } else
      for (const row of matches(match, below, expected * 4)) {
        const placement = inMailbox.get(mailbox, row)
        if (placement != null) yield { row, placement }
      }
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
