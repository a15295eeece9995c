/** Windows of lists: by cursor, in both directions, newest first in every answer. Never by offset, except for the bounded last steps of `at`. */
import type { Cursor, MessageWindow } from '../../contract/types.ts'
import type { ReadDb } from './connection.ts'
import type { LossWindow } from './losses.ts'
import { BEYOND } from './rows.ts'
import { ALL, createSpotFinder } from './stretches.ts'
import type { Listed, Summarise } from './summaries.ts'
import type { IndexQueries } from './types.ts'

/** The hot queries; their plans are tested: one walk along an index, no sorting. */
export const listQueries = {
  allOlder: 'SELECT row, 0 AS placement FROM messages WHERE row < ? ORDER BY row DESC LIMIT ?',
  allNewer: 'SELECT row, 0 AS placement FROM messages WHERE row > ? ORDER BY row LIMIT ?',
  allSkip: 'SELECT row, 0 AS placement FROM messages WHERE row < ? ORDER BY row DESC LIMIT ? OFFSET ?',
  older:
    'SELECT row, placement FROM placements WHERE mailbox = ? AND shown = 1 AND (row, placement) < (?, ?) ORDER BY row DESC, placement DESC LIMIT ?',
  newer: 'SELECT row, placement FROM placements WHERE mailbox = ? AND shown = 1 AND (row, placement) > (?, ?) ORDER BY row, placement LIMIT ?',
  skip: 'SELECT row, placement FROM placements WHERE mailbox = ? AND shown = 1 AND row < ? ORDER BY row DESC, placement DESC LIMIT ? OFFSET ?',
} as const

/** A place in the list of a mailbox, or of everything (null). */
export interface Walk {
  /** Older than the cursor, newest first; from the newest where it is null. */
  older(mailbox: number | null, from: Cursor | null, limit: number): Listed[]
  /** Newer than the cursor, oldest first; from the oldest where it is null. */
  newer(mailbox: number | null, from: Cursor | null, limit: number): Listed[]
}

export function createWalk(db: ReadDb): Walk {
  const allOlder = db.prepare<[number, number], Listed>(listQueries.allOlder)
  const allNewer = db.prepare<[number, number], Listed>(listQueries.allNewer)
  const older = db.prepare<[number, number, number, number], Listed>(listQueries.older)
  const newer = db.prepare<[number, number, number, number], Listed>(listQueries.newer)
  return {
    older: (mailbox, from, limit) =>
      mailbox === null ? allOlder.all(from?.row ?? BEYOND, limit) : older.all(mailbox, from?.row ?? BEYOND, from?.placement ?? 0, limit),
    newer: (mailbox, from, limit) =>
      mailbox === null ? allNewer.all(from?.row ?? -1, limit) : newer.all(mailbox, from?.row ?? -1, from?.placement ?? 0, limit),
  }
}

/** One list, from any place in it. */
type OneList = { older(from: Cursor | null, limit: number): Listed[]; newer(from: Cursor | null, limit: number): Listed[] }

export function createWindows(db: ReadDb, walk: Walk, summarise: Summarise, lost: LossWindow): Pick<IndexQueries, 'window' | 'at'> {
  const allSkip = db.prepare<[number, number, number], Listed>(listQueries.allSkip)
  const skip = db.prepare<[number, number, number, number], Listed>(listQueries.skip)
  const countAll = db.prepare<[], number>('SELECT messages FROM totals').pluck()
  const countIn = db.prepare<[number], number>('SELECT messages FROM mailboxes WHERE mailbox = ?').pluck()
  const findSpot = createSpotFinder(db, BEYOND)

  const windowOf = (list: OneList, listed: Listed[], edge: { after: boolean }): MessageWindow => {
    const first = listed[0]
    return {
      rows: listed.map(summarise).filter(row => row !== null),
      before: first !== undefined && list.newer(first, 1).length > 0,
      after: edge.after,
    }
  }
  const listOf = (mailbox: number | null, loss: number | undefined): OneList =>
    loss === undefined
      ? { older: (from, limit) => walk.older(mailbox, from, limit), newer: (from, limit) => walk.newer(mailbox, from, limit) }
      : { older: (from, limit) => lost.older(loss, from, limit), newer: (from, limit) => lost.newer(loss, from, limit) }

  return {
    window: ({ mailbox, loss, from, direction, limit }) => {
      const list = listOf(mailbox, loss)
      if (direction === 'after') {
        const listed = list.older(from, limit + 1)
        const answer = windowOf(list, listed.slice(0, limit), { after: listed.length > limit })
        return listed.length === 0 ? { ...answer, before: list.newer(null, 1).length > 0 } : answer
      }
      const listed = list.newer(from, limit).reverse()
      const last = listed.at(-1)
      const after = last ? list.older(last, 1).length > 0 : list.older(null, 1).length > 0
      return windowOf(list, listed, { after })
    },
    at: ({ mailbox, loss, fraction, limit }) => {
      const list = listOf(mailbox, loss)
      const total = (loss !== undefined ? lost.count(loss) : mailbox === null ? countAll.get() : countIn.get(mailbox)) ?? 0
      const position = Math.round(Math.min(1, Math.max(0, fraction)) * Math.max(0, total - limit))
      if (loss !== undefined) {
        const listed = lost.at(loss, position, limit)
        return { ...windowOf(list, listed, { after: position + listed.length < total }), position }
      }
      const spot = findSpot(mailbox ?? ALL, position)
      const listed = mailbox === null ? allSkip.all(spot.below, limit, spot.skip) : skip.all(mailbox, spot.below, limit, spot.skip)
      return { ...windowOf(list, listed, { after: position + listed.length < total }), position }
    },
  }
}
