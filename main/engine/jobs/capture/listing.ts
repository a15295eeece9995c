/** The mailboxes of the account as facts: new ones, changed ones, and those that a complete listing no longer has. */
import type { MailboxState } from '../../index/types.ts'
import type { FactOf } from '../../log/facts.ts'
import type { RemoteMailbox } from '../../mail/types.ts'
import type { Target } from './run.ts'

export interface Listing {
  /** A complete LIST, except for what is below the prefixes in `unseen`. */
  listed: readonly RemoteMailbox[]
  unseen?: readonly string[]
  stored: readonly MailboxState[]
  /** Mailboxes of the archive under their new names (capture/renames.ts). */
  renamed?: ReadonlyMap<string, number>
  firstNew: number
}

/** The targets are in the order in which they are best captured. */
export function compareListing({ listed, unseen = [], stored, renamed = new Map(), firstNew }: Listing): {
  facts: FactOf<'mailbox'>[]
  targets: Target[]
} {
  const byNumber = new Map(stored.map(state => [state.mailbox, state]))
  const moved = new Set(renamed.values())
  // Where two had the name one after the other, it belongs to the one that has it now.
  const ofName = [...stored].sort((a, b) => Number(a.present) - Number(b.present)).filter(({ mailbox }) => !moved.has(mailbox))
  const known = new Map(ofName.map(state => [keyOf(state.raw), state]))
  const left = new Set(stored)
  const facts: FactOf<'mailbox'>[] = []
  const targets: Target[] = []
  let next = firstNew
  for (const remote of listed) {
    const state = byNumber.get(renamed.get(remote.raw) ?? 0) ?? known.get(keyOf(remote.raw))
    if (state) left.delete(state)
    const mailbox = state?.mailbox ?? next++
    const fact = mailboxFact(mailbox, remote)
    if (!state || !says(state, fact)) facts.push(fact)
    targets.push({ mailbox, remote, name: remote.path.join(remote.delimiter || '/'), ...(state?.present === false && { returned: true }) })
  }
  for (const { mailbox, ...state } of left)
    if (state.present && !unseen.some(prefix => state.raw.startsWith(prefix))) facts.push({ ...mailboxFact(mailbox, state), present: false })
  return { facts, targets: targets.sort((a, b) => rank(a) - rank(b)) }
}

/** INBOX has no case (RFC 9051 5.1); every other name is itself, byte for byte. */
export const keyOf = (raw: string) => (raw.toUpperCase() === 'INBOX' ? 'INBOX' : raw)

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
