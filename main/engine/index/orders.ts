/**
 * Lists in other orders than by date: by sender, subject, size. Each list (a mailbox, or 0 for all messages) has one entry a message and order, in one table
 * whose key is the order itself, so that a window anywhere is one walk along it. What people call alphabetical is made once for all languages (subjects.ts):
 * without capitals, accents, quotation marks and the "Re:" of answers.
 */
import type { OrderBy } from '../../contract/order.ts'
import type { WriteDb } from './connection.ts'
import { addressesIn } from './messages.ts'
import { ALL } from './stretches.ts'
import { subjectKey, wordsKey } from './subjects.ts'

export type KeyOrder = Exclude<OrderBy, 'date'>
export const keyOrders: readonly KeyOrder[] = ['sender', 'subject', 'size']

/** The number of a list in an order. */
export const orderedList = (mailbox: number, by: KeyOrder): number => mailbox * 4 + 1 + keyOrders.indexOf(by)

/** What a message is ordered by: the table ascends, so what comes first has the smallest. */
export type OrderKeys = Record<KeyOrder, string | number>

interface Ordered {
  size: number
  subject: string
  from_list: string
}

export interface Orders {
  /** The message stands in this list from now on. */
  add(mailbox: number, row: number, placement: number): void
  remove(mailbox: number, row: number, placement: number): void
  /** Takes the message out of all lists, before its row or what it says changes; `enter` puts it back. */
  leave(row: number): void
  enter(row: number): void
  /** To be called after what a commit did. */
  forget(): void
}

export function createOrders(db: WriteDb): Orders {
  const read = db.prepare<[number], Ordered>('SELECT size, subject, from_list FROM messages WHERE row = ?')
  const put = db.prepare<[number, string | number, number, number]>('INSERT OR IGNORE INTO orders (list, key, turn, place) VALUES (?, ?, ?, ?)')
  const take = db.prepare<[number, string | number, number, number]>('DELETE FROM orders WHERE list = ? AND key = ? AND turn = ? AND place = ?')
  const listed = db.prepare<[number], { mailbox: number; placement: number }>(
    'SELECT mailbox, placement FROM placements WHERE row = ? AND shown = 1 AND mailbox > 0',
  )
  // A message is mostly placed right after its row was made.
  let last: { row: number; keys: OrderKeys } | null = null

  const keysOf = (row: number): OrderKeys | null => {
    if (last?.row === row) return last.keys
    const found = read.get(row)
    if (!found) return null
    const keys = orderKeys(found.size, found.subject, addressesIn(found.from_list)[0])
    last = { row, keys }
    return keys
  }
  const each = (statement: typeof put, mailbox: number, row: number, placement: number) => {
    const keys = keysOf(row)
    if (keys) for (const by of keyOrders) statement.run(orderedList(mailbox, by), keys[by], -row, -placement)
  }
  const everywhere = (statement: typeof put, row: number) => {
    each(statement, ALL, row, 0)
    for (const { mailbox, placement } of listed.all(row)) each(statement, mailbox, row, placement)
  }

  return {
    add: (mailbox, row, placement) => each(put, mailbox, row, placement),
    remove: (mailbox, row, placement) => each(take, mailbox, row, placement),
    leave: row => {
      everywhere(take, row)
      last = null
    },
    enter: row => {
      last = null
      everywhere(put, row)
    },
    forget: () => {
      last = null
    },
  }
}

/** Keys are cut: messages that agree so far stand by date. */
export function orderKeys(size: number, subject: string, from: { name: string; address: string } | undefined): OrderKeys {
  return { sender: wordsKey(from?.name || from?.address || ''), subject: subjectKey(subject), size: -size }
}
