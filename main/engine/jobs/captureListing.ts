/** The mailboxes of the account as facts: new ones, changed ones, and those that a complete listing no longer has. */
import type { MailboxState } from '../index/types.ts'
import type { FactOf } from '../log/facts.ts'
import type { RemoteMailbox } from '../mail/types.ts'
import type { Target } from './captureRun.ts'

/** `listed` must be a complete LIST. The targets are in the order in which they are best captured. */
export function compareListing(
  listed: readonly RemoteMailbox[],
  stored: readonly MailboxState[],
  firstNew: number,
): { facts: FactOf<'mailbox'>[]; targets: Target[] } {
  const known = new Map(stored.map(state => [keyOf(state.raw), state]))
  const facts: FactOf<'mailbox'>[] = []
  const targets: Target[] = []
  let next = firstNew
  for (const remote of listed) {
    const state = known.get(keyOf(remote.raw))
    known.delete(keyOf(remote.raw))
    const mailbox = state?.mailbox ?? next++
    const fact = mailboxFact(mailbox, remote)
    if (!state || !says(state, fact)) facts.push(fact)
    targets.push({ mailbox, remote, name: remote.path.join(remote.delimiter || '/') })
  }
  for (const { mailbox, ...state } of known.values()) if (state.present) facts.push({ ...mailboxFact(mailbox, state), present: false })
  return { facts, targets: targets.sort((a, b) => rank(a) - rank(b)) }
}

/** INBOX has no case (RFC 9051 5.1); every other name is itself, byte for byte. */
const keyOf = (raw: string) => (raw.toUpperCase() === 'INBOX' ? 'INBOX' : raw)

function mailboxFact(mailbox: number, { path, delimiter, raw, role, selectable, subscribed }: RemoteMailbox): FactOf<'mailbox'> {
  return { k: 'mailbox', mailbox, path, delimiter, raw, role, selectable, subscribed, present: true }
}

function says(state: MailboxState, fact: FactOf<'mailbox'>): boolean {
  return (
    state.present &&
    state.raw === fact.raw &&
    state.delimiter === fact.delimiter &&
    state.role === fact.role &&
    state.selectable === fact.selectable &&
    state.subscribed === fact.subscribed &&
    state.path.length === fact.path.length &&
    state.path.every((level, i) => level === fact.path[i])
  )
}

/** What people miss first comes first; what may be emptied behind our back (trash, junk) is not last by much. \All repeats the rest. */
const ranks: Record<NonNullable<RemoteMailbox['role']>, number> = {
  inbox: 0,
  sent: 1,
  archive: 3,
  drafts: 3,
  trash: 4,
  junk: 5,
  all: 6,
  flagged: 7,
  important: 7,
}
const rank = ({ remote: { role } }: Target) => (role ? ranks[role] : 2)
