/**
 * Lists in other orders than by date: by sender, subject, size. Each list (a mailbox, or 0 for all messages) has one entry a message and order, in one table
 * whose key is the order itself, so that a window anywhere is one walk along it. What people call alphabetical is made once for all languages (subjects.ts):
 * without capitals, accents, quotation marks and the "Re:" of answers.
 *
 * Its entries lie all over the table: for 500 messages they cost 30 ms, a twentieth of a capture. So while somebody waits for a capture, a new message is
 * only noted, in a list of its own at the beginning of the same table, and comes into these lists right after. So do conversations (threads.ts), which look into
 * the list by subject. A message of which nothing was read yet is in none of them.
 */
import type { OrderBy } from '../../contract/order.ts'
import type { WriteDb } from './connection.ts'
import { addressesIn, BLANK } from './messages.ts'
import { ALL } from './stretches.ts'
import { subjectKey, wordsKey } from './subjects.ts'
import { type Arrival, relatedOf, type Threads } from './threads.ts'

export type KeyOrder = Exclude<OrderBy, 'date'>
export const keyOrders: readonly KeyOrder[] = ['sender', 'subject', 'size']

/** The number of a list in an order. */
export const orderedList = (mailbox: number, by: KeyOrder): number => mailbox * 4 + 1 + keyOrders.indexOf(by)

/** What a message is ordered by: the table ascends, so what comes first has the smallest. */
export interface OrderKeys extends Record<KeyOrder, string | number> {
  subject: string
}

interface Ordered {
  parse: number
  size: number
  subject: string
  from_list: string
  message_id: string
  in_reply_to: string
  reference_list: string
}

export interface Orders {
  /** The message stands in this list from now on. */
  add(mailbox: number, row: number, placement: number): void
  remove(mailbox: number, row: number, placement: number): void
  /** Takes the message out of all lists, before its row or what it says changes; `enter` puts it back. */
  leave(row: number): void
  enter(row: number): void
  /** So many messages are noted and in none of these lists yet, and in no conversation. */
  readonly waiting: number
  /** Puts at most so many of them there. */
  settle(most: number): void
  /** To be called after a rollback. */
  forget(): void
}

/** The list of those that wait. */
const WAITING = -1

/** `later`: new messages wait until they are settled. */
export function createOrders(db: WriteDb, threads: Threads, later: boolean): Orders {
  const read = db.prepare<[number], Ordered>(
    'SELECT parse, size, subject, from_list, message_id, in_reply_to, reference_list FROM messages WHERE row = ?',
  )
  const put = db.prepare<[number, string | number, number, number]>('INSERT OR IGNORE INTO orders (list, key, turn, place) VALUES (?, ?, ?, ?)')
  const take = db.prepare<[number, string | number, number, number]>('DELETE FROM orders WHERE list = ? AND key = ? AND turn = ? AND place = ?')
  const listed = db.prepare<[number], { mailbox: number; placement: number }>(
    'SELECT mailbox, placement FROM placements WHERE row = ? AND shown = 1 AND mailbox > 0',
  )
  const noted = db.prepare<[number], number>('SELECT -turn FROM orders WHERE list = ?').pluck()
  let waitingRows: Set<number> | null = null
  const waiting = () => (waitingRows ??= new Set(noted.all(WAITING)))
  const note = (row: number) => {
    put.run(WAITING, 0, -row, 0)
    waiting().add(row)
  }
  /** Answers whether it waited. */
  const unnote = (row: number): boolean => {
    if (!waiting().delete(row)) return false
    take.run(WAITING, 0, -row, 0)
    return true
  }
  // A message is mostly placed right after its row was made.
  let last: { row: number; keys: OrderKeys; arrival: Arrival } | null = null

  const at = (row: number) => {
    if (last?.row === row) return last
    const found = read.get(row)
    if (!found || found.parse === BLANK) return null
    const keys = orderKeys(found.size, found.subject, addressesIn(found.from_list)[0])
    last = { row, keys, arrival: { row, key: keys.subject, related: relatedOf(found) } }
    return last
  }
  const each = (statement: typeof put, mailbox: number, row: number, placement: number) => {
    const keys = at(row)?.keys
    if (keys) for (const by of keyOrders) statement.run(orderedList(mailbox, by), keys[by], -row, -placement)
  }
  const everywhere = (statement: typeof put, row: number) => {
    each(statement, ALL, row, 0)
    for (const { mailbox, placement } of listed.all(row)) each(statement, mailbox, row, placement)
  }
  const settle = (rows: readonly number[]) => {
    const arrivals = rows.flatMap(row => {
      everywhere(put, row)
      return at(row)?.arrival ?? []
    })
    threads.join(arrivals)
  }

  return {
    add: (mailbox, row, placement) => {
      if (waiting().has(row)) return
      if (later && mailbox === ALL) note(row)
      else each(put, mailbox, row, placement)
      if (!later && mailbox === ALL) threads.join([at(row)!.arrival])
    },
    remove: (mailbox, row, placement) => {
      if (!waiting().has(row)) each(take, mailbox, row, placement)
    },
    leave: row => {
      if (!unnote(row)) {
        everywhere(take, row)
        threads.leave(row)
      }
      last = null
    },
    enter: row => {
      last = null
      if (later) note(row)
      else settle([row])
    },
    get waiting() {
      return waiting().size
    },
    settle: most => {
      const rows = [...waiting()].slice(0, most)
      rows.forEach(unnote)
      settle(rows)
    },
    forget: () => {
      last = null
      waitingRows = null
    },
  }
}

/** Keys are cut: messages that agree so far stand by date. */
export function orderKeys(size: number, subject: string, from: { name: string; address: string } | undefined): OrderKeys {
  return { sender: wordsKey(from?.name || from?.address || ''), subject: subjectKey(subject), size: -size }
}
