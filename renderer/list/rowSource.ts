/** Where a list's rows come from: one mailbox, a whole archive, or a search. */
import type { EngineClient } from '../../main/contract/contract.ts'
import type { ListOrder } from '../../main/contract/order.ts'
import type { Cursor, MessageWindow } from '../../main/contract/types.ts'

export interface RowSource {
  /** Two sources with the same key give the same list. */
  key: string
  after(from: Cursor | null, limit: number): Promise<MessageWindow>
  before(from: Cursor | null, limit: number): Promise<MessageWindow>
  /** `limit` rows at a fraction of the list: at 0 its first, at 1 its last. `position` is the index of the first of them, an estimate. */
  at(fraction: number, limit: number): Promise<MessageWindow & { position: number }>
}

export function mailboxSource(engine: EngineClient, archive: string, mailbox: number | null, order: ListOrder, conversations: boolean): RowSource {
  const list = { archive, mailbox, order, conversations: conversations && order.by === 'date' }
  return {
    key: `${archive}/${mailbox ?? 'all'}/${order.by}${order.reverse ? '-' : ''}${list.conversations ? ' conversations' : ''}`,
    after: (from, limit) => engine.call('message.window', { ...list, from, direction: 'after', limit }),
    before: (from, limit) => engine.call('message.window', { ...list, from, direction: 'before', limit }),
    at: (fraction, limit) => engine.call('message.at', { ...list, fraction, limit }),
  }
}

/** What disappeared from the server in one loss. */
export function lossSource(engine: EngineClient, archive: string, loss: number): RowSource {
  const place = { archive, mailbox: null, loss }
  return {
    key: `${archive}/loss ${loss}`,
    after: (from, limit) => engine.call('message.window', { ...place, from, direction: 'after', limit }),
    before: (from, limit) => engine.call('message.window', { ...place, from, direction: 'before', limit }),
    at: (fraction, limit) => engine.call('message.at', { ...place, fraction, limit }),
  }
}
