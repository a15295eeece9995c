/** Facts and commits for tests that say exactly what happens. */
import type { Fact, FactOf } from '../../../main/engine/log/facts.ts'
import type { Commit } from '../../../main/engine/log/types.ts'
import { messageId, recordId } from './history.ts'

export const TIME = 1_700_000_000_000

export const commitOf = (seq: number, facts: Fact[]): Commit => ({
  id: recordId(`commit ${seq}`),
  seq,
  time: TIME + seq,
  facts,
  place: { segment: 9, offset: seq * 1000, length: 500 },
})

export const inbox = (mailbox = 1, epoch = 1): Fact[] => [
  {
    k: 'mailbox',
    mailbox,
    path: [`Mailbox ${mailbox}`],
    delimiter: '/',
    raw: `m${mailbox}`,
    role: null,
    selectable: true,
    subscribed: true,
    present: true,
  },
  { k: 'epoch', epoch, mailbox, uidValidity: 1000 + epoch },
]

/** Message n in epoch 1 under UID n, a second after message n - 1, unless said otherwise. */
export const placed = (n: number, other: Partial<FactOf<'placed'>> = {}): FactOf<'placed'> => ({
  k: 'placed',
  epoch: 1,
  uid: n,
  id: messageId(n),
  size: 100,
  internalDate: 1_600_000_000 + n,
  zone: 0,
  flags: [],
  ...other,
})
