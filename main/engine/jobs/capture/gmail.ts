/**
 * Gmail keeps each message once, in "All Mail", Spam or Trash, and shows it again under each of its labels. Those three are fetched, labels become
 * placements by X-GM-MSGID. What a person has hidden from mail programs in Gmail's settings cannot be had, and is told of.
 */
import { AppError } from '../../../contract/errors.ts'
import type { MailboxRole } from '../../../contract/types.ts'
import { decodePath } from '../../mail/imap/mailboxName.ts'
import type { Examined, ImapSession, RemoteMailbox } from '../../mail/types.ts'
import type { JobContext } from '../types.ts'
import type { Target } from './run.ts'

export interface Gmail {
  /** All Mail is among the listed mailboxes. */
  readonly hasAll: boolean
  /** So many messages of a folder are all that it shows, by a setting; null: everything. */
  limit: number | null
  /** Labels that messages were seen to have. */
  readonly labels: Set<string>
}

/** X-GM-EXT-1 is Google's own extension; nobody else offers it. Null for every other server. */
export function gmailOf({ capabilities }: ImapSession, listed: readonly RemoteMailbox[]): Gmail | null {
  if (!capabilities.has('X-GM-EXT-1')) return null
  return { hasAll: listed.some(({ role, selectable }) => role === 'all' && selectable), limit: null, labels: new Set() }
}

/** Mailboxes of one stage have no messages in common, or few; a stage begins when the one before is in the index. */
const stages: readonly (readonly (MailboxRole | null)[])[] = [
  // What people miss first. All of it is in All Mail again, or is not in it at all.
  ['inbox', 'sent', 'junk', 'trash'],
  ['all'],
]

/** In the order in which they are to be captured. Without All Mail labels share messages, and only one after the other fetches each once. */
export function inStages<T extends { target: Target }>(gmail: Gmail | null, work: readonly T[]): { work: T[]; alone: boolean }[] {
  if (!gmail) return [{ work: [...work], alone: false }]
  const stageOf = ({ target }: T) => {
    const at = stages.findIndex(roles => roles.includes(target.remote.role))
    return at < 0 ? stages.length : at
  }
  return [...stages.keys(), stages.length]
    .map(stage => ({ work: work.filter(each => stageOf(each) === stage), alone: stage === stages.length && !gmail.hasAll }))
    .filter(({ work }) => work.length > 0)
}

/** The choices of "Limit IMAP folders to contain no more than this many messages". */
const LIMITS = new Set([1000, 2000, 5000, 10_000])

/** A folder that has exactly as many messages as one of the limits may be one by chance; All Mail, or INBOX where there is no All Mail, hardly. */
export function noteLimit(gmail: Gmail | null, { name, remote: { role } }: Target, { exists }: Examined, ctx: JobContext): void {
  if (!gmail || role !== (gmail.hasAll ? 'all' : 'inbox') || !LIMITS.has(exists)) return
  gmail.limit = exists
  ctx.failed(name, new AppError('gmail-limited', 'the settings limit how many messages a folder shows', { facts: { mailbox: name, limit: exists } }))
}

/** Told at each capture: an archive without mail that has no label is not complete. */
export function noteMissingAll(gmail: Gmail | null, ctx: JobContext): void {
  if (!gmail || gmail.hasAll) return
  ctx.failed('All Mail', new AppError('gmail-no-all-mail', 'the settings hide All Mail from mail programs'))
}

/** Labels of messages that were captured now and that no mailbox shows. Their messages are here, in All Mail; only the label is not. */
export function noteHiddenLabels(gmail: Gmail | null, listed: readonly RemoteMailbox[], ctx: JobContext): void {
  if (!gmail) return
  const shown = new Set(listed.map(({ raw }) => raw.toLowerCase()))
  // `\Inbox`, `\Sent` and the like are system labels: mailboxes with other names.
  const hidden = [...gmail.labels].filter(label => !label.startsWith('\\') && !shown.has(label.toLowerCase()))
  if (hidden.length > 0)
    ctx.result({
      notice: 'gmail-labels-hidden',
      hiddenLabels: hidden
        .map(label => decodePath(label, '').join())
        .sort()
        .join(', '),
    })
}
