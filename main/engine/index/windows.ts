/** Windows of lists: by cursor, in both directions, in the order of the list in every answer. Never by offset, except for the bounded last steps of `at`. */
import type { ListOrder } from '../../contract/order.ts'
import type { Cursor, MessageWindow } from '../../contract/types.ts'
import type { RecordId } from '../log/types.ts'
import type { ReadDb } from './connection.ts'
import type { HeadTest } from './heads.ts'
import type { LossWindow } from './losses.ts'
import { createOrderedWalk } from './ordered.ts'
import { orderedList } from './orders.ts'
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
interface OneList {
  /** What stands behind the cursor, in order; from the beginning where it is null. */
  onward(from: Cursor | null, limit: number): Listed[]
  /** What stands before it, the nearest first; from the end where it is null. */
  back(from: Cursor | null, limit: number): Listed[]
  total(): number
  /** From the row with `position` rows before it, in order. */
  skip(position: number, limit: number): Listed[]
  /** Where rows stand for their conversations: the messages of a row's. */
  members?(row: number): RecordId[]
}

interface Asked {
  mailbox: number | null
  loss?: number | undefined
  order?: ListOrder | undefined
  conversations?: boolean | undefined
}

export function createWindows(
  db: ReadDb,
  walk: Walk,
  summarise: Summarise,
  lost: LossWindow,
  headsOf: () => HeadTest,
): Pick<IndexQueries, 'window' | 'at'> {
  const allSkip = db.prepare<[number, number, number], Listed>(listQueries.allSkip)
  const skip = db.prepare<[number, number, number, number], Listed>(listQueries.skip)
  const countAll = db.prepare<[], number>('SELECT messages FROM totals').pluck()
  const countIn = db.prepare<[number], number>('SELECT messages FROM mailboxes WHERE mailbox = ?').pluck()
  const findSpot = createSpotFinder(db, BEYOND)
  const ordered = createOrderedWalk(db)
  const count = (mailbox: number | null) => (mailbox === null ? countAll.get() : countIn.get(mailbox)) ?? 0

  const byDate = (mailbox: number | null): OneList => ({
    onward: (from, limit) => walk.older(mailbox, from, limit),
    back: (from, limit) => walk.newer(mailbox, from, limit),
    total: () => count(mailbox),
    skip: (position, limit) => {
      const spot = findSpot(mailbox ?? ALL, position)
      return mailbox === null ? allSkip.all(spot.below, limit, spot.skip) : skip.all(mailbox, spot.below, limit, spot.skip)
    },
  })
  const ofLoss = (loss: number): OneList => ({
    onward: (from, limit) => lost.older(loss, from, limit),
    back: (from, limit) => lost.newer(loss, from, limit),
    total: () => lost.count(loss),
    skip: (position, limit) => lost.at(loss, position, limit),
  })
  const inOrder = (mailbox: number | null, { by }: ListOrder): OneList => {
    if (by === 'date') return byDate(mailbox)
    const list = orderedList(mailbox ?? ALL, by)
    return {
      onward: (from, limit) => ordered.onward(list, from, limit),
      back: (from, limit) => ordered.back(list, from, limit),
      total: () => count(mailbox),
      skip: (position, limit) => ordered.skip(list, count(mailbox), position, limit),
    }
  }
  const listOf = ({ mailbox, loss, order, conversations }: Asked): OneList => {
    if (loss !== undefined) return ofLoss(loss)
    const list = inOrder(mailbox, order ?? { by: 'date' })
    const directed = order?.reverse ? reversed(list) : list
    return conversations ? onlyHeads(directed, headsOf(), mailbox) : directed
  }

  const windowOf = (list: OneList, listed: Listed[], edge: { after: boolean }): MessageWindow => ({
    rows: listed.flatMap(one => {
      const row = summarise(one)
      if (!row) return []
      const conversation = list.members?.(one.row) ?? []
      return conversation.length > 1 ? [{ ...row, conversation }] : [row]
    }),
    before: listed[0] !== undefined && list.back(listed[0], 1).length > 0,
    after: edge.after,
  })

  return {
    window: ({ from, direction, limit, ...asked }) => {
      const list = listOf(asked)
      if (direction === 'after') {
        const listed = list.onward(from, limit + 1)
        const answer = windowOf(list, listed.slice(0, limit), { after: listed.length > limit })
        return listed.length === 0 ? { ...answer, before: list.back(null, 1).length > 0 } : answer
      }
      const listed = list.back(from, limit).reverse()
      const last = listed.at(-1)
      return windowOf(list, listed, { after: list.onward(last ?? null, 1).length > 0 })
    },
    at: ({ fraction, limit, ...asked }) => {
      const list = listOf(asked)
      const total = list.total()
      const position = Math.round(Math.min(1, Math.max(0, fraction)) * Math.max(0, total - limit))
      const listed = list.skip(position, limit)
      const last = listed.at(-1)
      const after = asked.conversations ? last !== undefined && list.onward(last, 1).length > 0 : position + listed.length < total
      return { ...windowOf(list, listed, { after }), position }
    },
  }
}

/** The same list from its end. */
function reversed(list: OneList): OneList {
  return {
    onward: list.back,
    back: list.onward,
    total: list.total,
    skip: (position, limit) => {
      const count = Math.min(limit, list.total() - position)
      return count <= 0 ? [] : list.skip(list.total() - position - count, count).reverse()
    },
  }
}

/** Of each conversation only its newest message in the list. Positions are those of the whole list: how many conversations there are nobody counts. */
function onlyHeads(list: OneList, heads: HeadTest, mailbox: number | null): OneList {
  const isHead = (row: number) => heads(row, mailbox)
  const take = (more: (from: Cursor | null, limit: number) => Listed[], from: Cursor | null, limit: number): Listed[] => {
    const found: Listed[] = []
    for (let at = from; ; ) {
      const page = more(at, Math.max(limit, 20))
      for (const one of page) if (isHead(one.row) && found.push(one) === limit) return found
      if (page.length < Math.max(limit, 20)) return found
      at = page.at(-1)!
    }
  }
  return {
    onward: (from, limit) => take(list.onward, from, limit),
    back: (from, limit) => take(list.back, from, limit),
    total: list.total,
    skip: (position, limit) => {
      const first = list.skip(position, 1)[0]
      if (!first) return []
      return isHead(first.row) ? [first, ...(limit > 1 ? take(list.onward, first, limit - 1) : [])] : take(list.onward, first, limit)
    },
    members: row => heads.members(row, mailbox),
  }
}
