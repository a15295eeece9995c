/**
 * Is what disappeared from the server a loss that a person has to be told of? Everyday life must stay quiet: mail that is moved or filed (it is elsewhere
 * on the server, and never comes here), a trash that is emptied, drafts that are saved again and again, a few old letters thrown away. See docs/DECISIONS.md for the measures.
 */
import type { LossCause } from '../../../contract/losses.ts'
import type { Departed, MailboxState } from '../../index/types.ts'

export interface Evidence {
  mailboxes: readonly MailboxState[]
  /** Places left since the last look, of messages that are nowhere else on the server. */
  lately: readonly Departed[]
  /** The same, over a day. */
  inADay: readonly Departed[]
  now: number
}

export interface Verdict {
  cause: LossCause
  before: number
  departed: readonly Departed[]
  /** Per mailbox, how many messages it had before. */
  mailboxes: ReadonlyMap<number, number>
}

/** Of one mailbox: at least so many, and half of it. */
const MAILBOX = { least: 50, share: 0.5 }
/** Of all mail: at least so many, and a fifth of it; or very many, and a twentieth. */
const ACCOUNT = { least: 100, share: 0.2 }
const VERY_MANY = { least: 2000, share: 0.05 }
/** Fewer messages than these, and an account that is empty now was hardly in use. */
const LEAST_IN_ACCOUNT = 10
/** What is thrown away is meant to disappear; but not half of all mail. */
const THROWN_AWAY = { least: 500, share: 0.5 }
/** Over a day only mail counts that had been there for a while: what comes and goes within a week is how people work. */
const SETTLED_S = 7 * 24 * 60 * 60

type Measure = { least: number; share: number }
const reaches = (lost: number, before: number, { least, share }: Measure) => lost >= least && lost >= before * share

export function judge({ mailboxes, lately, inADay, now }: Evidence): Verdict | null {
  const settled = inADay.filter(({ internalDate }) => internalDate !== null && internalDate <= now / 1000 - SETTLED_S)
  return judgeSet(mailboxes, lately) ?? judgeSet(mailboxes, settled)
}

function judgeSet(mailboxes: readonly MailboxState[], departed: readonly Departed[]): Verdict | null {
  if (departed.length === 0) return null
  const known = new Map(mailboxes.map(state => [state.mailbox, state]))
  const onServer = ({ present, epoch }: MailboxState) => (present ? (epoch?.exists ?? 0) : 0)
  const left = mailboxes.reduce((sum, state) => sum + onServer(state), 0)
  const before = left + distinct(departed)
  const fleeting = fleetingMailboxes(mailboxes)
  const kept = departed.filter(({ mailbox }) => !fleeting.has(mailbox))
  const of = Map.groupBy(kept, ({ mailbox }) => mailbox)
  const beforeIn = new Map(
    [...Map.groupBy(departed, ({ mailbox }) => mailbox)].map(([id, gone]) => [id, (known.has(id) ? onServer(known.get(id)!) : 0) + gone.length]),
  )
  const verdict = (cause: LossCause, set: readonly Departed[]): Verdict => ({ cause, before, departed: set, mailboxes: beforeIn })

  // Over POP3 another program often fetches and deletes; an empty maildrop is its everyday state, and pop3/notice.ts speaks of it.
  const pop3 = mailboxes.some(({ epoch }) => epoch?.uidValidity === 0)
  if (left === 0 && !pop3 && distinct(departed) >= LEAST_IN_ACCOUNT) return verdict('emptied', departed)
  const vanished = [...of].filter(([id]) => known.get(id)?.present === false)
  const many =
    reaches(distinct(kept), before, ACCOUNT) ||
    reaches(distinct(kept), before, VERY_MANY) ||
    [...of].some(([id, gone]) => known.get(id)?.present === true && reaches(gone.length, beforeIn.get(id)!, MAILBOX))
  if (many) return verdict(vanished.length > 0 ? 'vanished' : 'many', kept)
  if (vanished.length > 0) {
    return verdict(
      'vanished',
      vanished.flatMap(([, gone]) => gone),
    )
  }
  return reaches(distinct(departed), before, THROWN_AWAY) ? verdict('many', departed) : null
}

const distinct = (departed: readonly Departed[]): number => new Set(departed.map(({ row }) => row)).size

/** Trash, junk and drafts, with what stands below them: many programs move a deleted folder into the trash. */
function fleetingMailboxes(mailboxes: readonly MailboxState[]): Set<number> {
  const roots = mailboxes.filter(({ role }) => role === 'trash' || role === 'junk' || role === 'drafts')
  const below = (path: readonly string[], root: readonly string[]) => root.every((level, at) => path[at] === level)
  return new Set(mailboxes.filter(({ path }) => roots.some(root => below(path, root.path))).map(({ mailbox }) => mailbox))
}
