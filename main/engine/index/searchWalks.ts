/** Every condition of a search as a walk over rows. What the full-text table can say together is asked of it together. */
import type { ReadDb } from './connection.ts'
import type { Matches } from './matches.ts'
import { BEYOND, clampSecond, firstRowOf, turned } from './rows.ts'
import { both, END, either, pieces, type ReadSteps, type Walk } from './walks.ts'
import { mailboxMatch, type State, sizeMatch, type Wanted } from './wanted.ts'

/** From the newest back in time, or from the oldest on. */
export type Order = 'newest' | 'oldest'

const rowsOf = (order: Order, select: string, column: string): string =>
  `${select} AND ${column} BETWEEN ? AND ? ORDER BY ${column} ${order === 'newest' ? 'DESC' : 'ASC'} LIMIT ?`
const matchesOf = (order: Order): string =>
  `SELECT ${turned('rowid')} FROM words WHERE words MATCH ? AND rowid <= ${turned('?')} AND rowid >= ${turned('?')}
   ORDER BY rowid ${order === 'newest' ? 'ASC' : 'DESC'} LIMIT ?`

const statementsOf = (order: Order) => ({
  words: matchesOf(order),
  all: rowsOf(order, 'SELECT row FROM messages WHERE true', 'row'),
  mailbox: rowsOf(order, 'SELECT row FROM placements WHERE mailbox = ? AND shown = 1', 'row'),
  flags: rowsOf(order, 'SELECT row FROM placements INDEXED BY placements_flagged WHERE flags = ? AND shown = 1', 'row'),
  gone: rowsOf(order, 'SELECT row FROM messages INDEXED BY messages_gone WHERE gone IS NOT NULL', 'row'),
  duplicate: rowsOf(order, 'SELECT row FROM messages INDEXED BY messages_twice WHERE live > 1', 'row'),
  failed: rowsOf(order, 'SELECT row FROM messages INDEXED BY messages_unread WHERE parse = 2', 'row'),
  waiting: rowsOf(order, 'SELECT row FROM unindexed WHERE true', 'row'),
  unread: rowsOf(order, 'SELECT DISTINCT row FROM unread_attachments WHERE true', 'row'),
  placedLater: rowsOf(order, 'SELECT row FROM placed_later WHERE mailbox = ?', 'row'),
})

/** The hot queries; their plans are tested: one walk along an index, no sorting. */
export const searchQueries = { newest: statementsOf('newest'), oldest: statementsOf('oldest') } as const
/** Of a single message. */
export const rowQueries = {
  word: `SELECT 1 FROM words WHERE words MATCH ? AND rowid = ${turned('?')}`,
  flags: 'SELECT DISTINCT flags FROM placements WHERE row = ? AND shown = 1',
  mailboxes: 'SELECT mailbox FROM placements WHERE row = ? AND shown = 1',
} as const

const SEEN = '\\seen'
const flagOf: Partial<Record<State, string>> = { flagged: '\\flagged', answered: '\\answered' }

/** `about`: how many of the first rows will be wanted. */
export function createSearchWalks(db: ReadDb, matches: Matches): (wanted: Wanted, order: Order, about: number) => Walk {
  const prepared = { newest: prepareAll(db, 'newest'), oldest: prepareAll(db, 'oldest') }
  const flagLists = db.prepare<[], { flags: number; list: string }>('SELECT flags, list FROM flag_lists')
  const sizeOf = db.prepare<[number], number>('SELECT size FROM messages WHERE row = ?').pluck()
  const wordAt = db.prepare<[string, number], number>(rowQueries.word).pluck()
  const flagsOf = db.prepare<[number], number>(rowQueries.flags).pluck()
  const placedIn = db.prepare<[number], number>(rowQueries.mailboxes).pluck()
  const hasLater = db.prepare<[number], number>('SELECT 1 FROM placed_later WHERE mailbox = ? LIMIT 1').pluck()

  /** Numbers of the lists that hold a flag, or do not. RFC 9051 2.3.2: flags are case-insensitive. */
  const listsWith = (flag: string, has: boolean): number[] =>
    flagLists
      .all()
      .filter(({ list }) => (JSON.parse(list) as string[]).some(one => one.toLowerCase() === flag) === has)
      .map(({ flags }) => flags)

  return (wanted, order, about) => {
    const sql = prepared[order]
    const sign = order === 'newest' ? -1 : 1
    const ends = { first: order === 'newest' ? -BEYOND : 0, last: order === 'newest' ? 0 : BEYOND }
    type Ends = typeof ends

    const reader =
      (read: (low: number, high: number, limit: number) => number[]): ReadSteps =>
      (at, last, limit) => {
        const rows = order === 'newest' ? read(-last, -at, limit) : read(at, last, limit)
        return order === 'newest' ? rows.map(row => -row) : rows
      }
    // One look for a row is the same price anywhere; beginning to read in the middle of a long list from its end is not. But FTS5 finds its first match before
    // it goes to the row, and only for a single word is that nothing.
    const wordsWalk = (match: string, { last }: Ends, first: number): Walk =>
      match === ''
        ? { seek: () => END }
        : pieces(
            reader((low, high, limit) => sql.words.all(match, low, high, limit)),
            last,
            first,
            ONE_WORD.test(match) ? step => wordAt.get(match, step * sign) !== undefined : undefined,
          )

    const state = (which: State, { last }: Ends): Walk => {
      const simple = (statement: typeof sql.gone) =>
        pieces(
          reader((low, high, limit) => statement.all(low, high, limit)),
          last,
        )
      const flags = (lists: number[]) =>
        either(
          lists.map(list =>
            pieces(
              reader((low, high, limit) => sql.flags.all(list, low, high, limit)),
              last,
              undefined,
              step => flagsOf.all(step * sign).includes(list),
            ),
          ),
        )
      switch (which) {
        case 'gone':
          return simple(sql.gone)
        case 'duplicate':
          return simple(sql.duplicate)
        case 'unindexed':
          return either([simple(sql.failed), simple(sql.waiting), simple(sql.unread)])
        case 'unread': {
          // A message that stands in two mailboxes counts as read where it is read in one, as its row in a list says.
          const seen = new Set(listsWith(SEEN, true))
          return both({
            ...ends,
            walks: [flags(listsWith(SEEN, false))],
            without: [],
            tests: [step => !flagsOf.all(step * sign).some(list => seen.has(list))],
          })
        }
        default:
          return flags(listsWith(flagOf[which]!, true))
      }
    }

    const mailboxesWalk = (statement: typeof sql.mailbox, mailboxes: readonly number[], { last }: Ends): Walk =>
      either(
        mailboxes.map(mailbox =>
          pieces(
            reader((low, high, limit) => statement.all(mailbox, low, high, limit)),
            last,
          ),
        ),
      )

    const walkOf = (one: Wanted, within: Ends, first: number): Walk => {
      const match = matches.of(one)
      if (match !== null) return wordsWalk(match, within, first)
      switch (one.kind) {
        case 'in':
          return mailboxesWalk(sql.mailbox, one.mailboxes, within)
        case 'is':
          return state(one.state, within)
        case 'any':
          return either(one.of.map(part => walkOf(part, within, first)))
        case 'all':
          return allOf(one.of, one.without, within, first)
        default:
          return allOf([one], [], within, first)
      }
    }

    /** Dates narrow the walk, sizes are asked last, words go to the full-text table together; the rest meet row by row. */
    const allOf = (of: readonly Wanted[], without: readonly Wanted[], within: Ends, first: number): Walk => {
      const parts = of.flatMap(part => (part.kind === 'all' && part.without.length === 0 ? part.of : [part]))
      let { first: from, last } = within
      const words: Wanted[] = []
      const sizes: string[] = []
      const tests: ((step: number) => boolean)[] = []
      const others: Wanted[] = []
      for (const part of parts) {
        if (part.kind === 'time') {
          const low = part.from === null ? 0 : firstRowOf(clampSecond(part.from / 1000))
          const high = part.before === null ? BEYOND : firstRowOf(clampSecond(part.before / 1000)) - 1
          from = Math.max(from, order === 'newest' ? -high : low)
          last = Math.min(last, order === 'newest' ? -low : high)
        } else if (part.kind === 'size') {
          const { over, under } = part
          sizes.push(sizeMatch(over, under))
          tests.push(step => {
            const size = sizeOf.get(step * sign) ?? 0
            return (over === null || size > over) && (under === null || size < under)
          })
        } else if (matches.of(part) === null) others.push(part)
        else words.push(part)
      }
      if (from > last) return { seek: () => END }
      const here = { first: from, last }
      const notWords = without.map(matches.of)
      const unwanted = notWords.filter(match => match !== null)
      const together = words.length + sizes.length > 0

      /** `also`: more for the full-text table; `walk`: one more to be met; `others`: but for one that those stand for. */
      const meet = (others: readonly Wanted[], also: readonly string[], walk: Walk | null): Walk => {
        const walks = others.map(part => walkOf(part, here, FEW))
        if (walk) walks.push(walk)
        if (together) walks.push(wordsWalk(matches.all(words, [...sizes, ...also], unwanted), here, walks.length + tests.length > 0 ? FEW : first))
        if (walks.length === 0)
          walks.push(
            pieces(
              reader((low, high, limit) => sql.all.all(low, high, limit)),
              last,
              first,
            ),
          )
        return both({
          walks,
          without: without.filter((_, i) => notWords[i] === null || !together).map(part => walkOf(part, here, FEW)),
          tests,
          ...here,
        })
      }

      const place = together ? others.find(part => part.kind === 'in') : undefined
      if (!place) return meet(others, [], null)
      // The text says where its message was (placedLater.ts).
      const mailboxes = new Set(place.mailboxes)
      tests.unshift(step => placedIn.all(step * sign).some(mailbox => mailboxes.has(mailbox)))
      const rest = others.filter(part => part !== place)
      const marked = meet(rest, [mailboxMatch(place.mailboxes)], null)
      const later = place.mailboxes.filter(mailbox => hasLater.get(mailbox) !== undefined)
      return later.length === 0 ? marked : either([marked, meet(rest, [], mailboxesWalk(sql.placedLater, later, here))])
    }

    return walkOf(wanted, ends, about)
  }
}

const FEW = 64
const ONE_WORD = /^"[^" ]+"$/

function prepareAll(db: ReadDb, order: Order) {
  const texts = searchQueries[order]
  const plain = (text: string) => db.prepare<[number, number, number], number>(text).pluck()
  const keyed = (text: string) => db.prepare<[number, number, number, number], number>(text).pluck()
  return {
    words: db.prepare<[string, number, number, number], number>(texts.words).pluck(),
    all: plain(texts.all),
    mailbox: keyed(texts.mailbox),
    flags: keyed(texts.flags),
    gone: plain(texts.gone),
    duplicate: plain(texts.duplicate),
    failed: plain(texts.failed),
    waiting: plain(texts.waiting),
    unread: plain(texts.unread),
    placedLater: keyed(texts.placedLater),
  }
}
