/** Which mailboxes a person leaves out. */
import type { CaptureRules } from '../../../contract/captureRules.ts'
import type { MailboxRole } from '../../../contract/types.ts'

export interface Named {
  /** Levels joined by the delimiter. */
  name: string
  role: MailboxRole | null
  /** False where the server says that the account is not subscribed to it. */
  subscribed?: boolean | undefined
}

export type LeavesOut = (mailbox: Named) => boolean

type Selection = Pick<CaptureRules, 'leaveOutRoles' | 'leaveOutNames' | 'onlySubscribed'>

export function leavesOut({ leaveOutRoles, leaveOutNames, onlySubscribed }: Selection): LeavesOut {
  const roles = new Set<MailboxRole>(leaveOutRoles)
  const names = leaveOutNames.map(matcher)
  // Hardly a program subscribes to INBOX, and nobody means to do without it.
  const unwanted = ({ role, subscribed }: Named) => onlySubscribed && subscribed === false && role !== 'inbox'
  return mailbox => (mailbox.role !== null && roles.has(mailbox.role)) || unwanted(mailbox) || names.some(like => like(mailbox.name))
}

/** `*` is any characters, the delimiter too. Compared as people do: composed, and without regard to capitals. */
function matcher(pattern: string): (name: string) => boolean {
  const parts = folded(pattern).split('*')
  if (parts.length === 1) return name => folded(name) === parts[0]
  const [first, last] = [parts[0]!, parts.at(-1)!]
  return given => {
    const name = folded(given)
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
    const end = name.length - last.length
    let at = first.length
    // Each part at the first place where it fits leaves the most room for those behind it.
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at)
      if (found < 0 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}

const folded = (text: string) => text.normalize('NFC').toLowerCase()
