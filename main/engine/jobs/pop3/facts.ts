/** The facts of a maildrop: the mailbox it is, its epoch, and which message a UID stands for. */
import type { Pop3Id } from '../../index/types.ts'
import type { Fact, FactOf } from '../../log/facts.ts'
import type { Listed } from '../../mail/pop3/types.ts'
import type { CaptureRun } from '../capture/run.ts'
import type { Drop, Pair } from './run.ts'

/** No IMAP server may say it (RFC 9051 section 9, nz-number). */
export const POP3_VALIDITY = 0

/** The mailbox INBOX and an epoch for what POP3 shows of it; that of the last capture where that was over POP3, too. */
export async function openDrop({ store, saver, nextEpoch }: CaptureRun): Promise<Drop> {
  const inbox = store.index.mailboxes().find(({ raw }) => raw.toUpperCase() === 'INBOX')
  const mailbox = inbox?.mailbox ?? store.index.nextMailbox()
  const facts: Fact[] = []
  if (!inbox?.present || !inbox.selectable) facts.push(inboxFact(mailbox))
  const open = inbox?.epoch?.uidValidity === POP3_VALIDITY ? inbox.epoch.epoch : null
  const epoch = open ?? nextEpoch()
  if (open === null) facts.push({ k: 'epoch', epoch, mailbox, uidValidity: POP3_VALIDITY })
  await saver.facts(facts)
  await saver.drained() // the index is asked about it next
  const { k: _, present: __, ...remote } = inboxFact(mailbox)
  return {
    epoch,
    target: { mailbox, remote, name: 'INBOX' },
    gaps: new Map(store.index.gaps(epoch).map(gap => [gap.uid, gap])),
    nextUid: 1,
  }
}

function inboxFact(mailbox: number): FactOf<'mailbox'> {
  return { k: 'mailbox', mailbox, path: ['INBOX'], delimiter: '', raw: 'INBOX', role: 'inbox', selectable: true, subscribed: true, present: true }
}

export function uidlFact({ epoch }: Drop, uid: number, { uidl, octets }: Listed, head: string | null): FactOf<'uidl'> {
  return { k: 'uidl', epoch, uid, uidl, octets, head }
}

/** POP3 knows neither flags nor INTERNALDATE. */
export function pop3Placed({ epoch }: Drop, uid: number, { id, size }: { id: string; size: number }): FactOf<'placed'> {
  return { k: 'placed', epoch, uid, id, size, internalDate: null, zone: null, flags: [] }
}

/** The listed message is the one that we have as `row`: what has to be said so that it is known as that from now on. Often nothing. */
export function sameFacts(drop: Drop, { listed, row }: Pair, head: string | null): Fact[] {
  const here = row.epoch === drop.epoch
  const uid = here ? row.uid : drop.nextUid++
  const mark = head ?? row.head
  const octets = listed.octets ?? row.octets
  const facts: Fact[] = []
  if (!here || listed.uidl !== row.uidl || octets !== row.octets || mark !== row.head) facts.push(uidlFact(drop, uid, { ...listed, octets }, mark))
  if (!here || row.gone) facts.push(pop3Placed(drop, uid, { id: row.id!, size: row.size! }))
  return facts
}

/** UIDs for messages that have none yet, in the order of the maildrop, which is mostly that of arrival. */
export function numbered(drop: Drop, messages: readonly Listed[]): { listed: Listed; uid: number }[] {
  return messages.map(listed => ({ listed, uid: drop.nextUid++ }))
}

export const lastUid = (rows: readonly Pop3Id[], epoch: number): number =>
  rows.reduce((last, row) => (row.epoch === epoch ? Math.max(last, row.uid) : last), 0)
