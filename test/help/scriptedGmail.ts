/** Gmail as far as a capture sees it: every message once in All Mail, Spam or Trash, and again under each label; localised names; X-GM-EXT-1. */
import type { Fetchable } from './scriptedFetch.ts'
import type { ScriptedMailbox } from './scriptedImap.ts'

export const gmailCapabilities = [
  'IMAP4rev1',
  'UNSELECT',
  'IDLE',
  'NAMESPACE',
  'ID',
  'X-GM-EXT-1',
  'ENABLE',
  'CONDSTORE',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'SPECIAL-USE',
]

const ALL = '[Gmail]/Wszystkie'
const special: Record<string, { name: string; use: string }> = {
  '\\Sent': { name: '[Gmail]/Wys&AUI-ane', use: '\\Sent' },
  '\\Draft': { name: '[Gmail]/Wersje robocze', use: '\\Drafts' },
  '\\Starred': { name: '[Gmail]/Oznaczone gwiazdk&AQU-', use: '\\Flagged' },
  '\\Important': { name: '[Gmail]/Wa&AXw-ne', use: '\\Important' },
}
export const gmailNames = { all: ALL, spam: '[Gmail]/Spam', trash: '[Gmail]/Kosz', sent: special['\\Sent']!.name }

export interface GmailMessage extends Omit<Fetchable, 'uid' | 'emailId' | 'labels'> {
  labels: string[]
  /** All Mail by default. */
  in?: 'spam' | 'trash'
}

/** Gives the account's mailboxes for these messages. UIDs stay with a message and mailbox over all calls. */
export function createGmail(labelNames: readonly string[]) {
  const uids = new Map<string, number>()
  const ids = new Map<GmailMessage, string>()
  let modseq = 100
  let highest: Record<string, number> = {}

  const uidOf = (mailbox: string, message: GmailMessage): number => {
    if (!ids.has(message)) ids.set(message, String(1_700_000_000_000_000_000n + BigInt(ids.size)))
    const key = `${mailbox}|${ids.get(message)}`
    if (!uids.has(key)) {
      highest = { ...highest, [mailbox]: (highest[mailbox] ?? 0) + 1 }
      uids.set(key, highest[mailbox]!)
    }
    return uids.get(key)!
  }

  const mailbox = (name: string, attributes: string[], messages: readonly GmailMessage[]): ScriptedMailbox => {
    const listed = messages.map(({ in: _, ...message }, i) => ({
      ...message,
      uid: uidOf(name, messages[i]!),
      emailId: ids.get(messages[i]!)!,
      modseq,
    }))
    return {
      name,
      attributes,
      uidValidity: name.length,
      uidNext: (highest[name] ?? 0) + 1,
      modseq,
      messages: listed.sort((a, b) => a.uid - b.uid),
    }
  }

  return (messages: readonly GmailMessage[]): ScriptedMailbox[] => {
    modseq++
    const among = (label: string) => messages.filter(message => !message.in && message.labels.includes(label))
    return [
      mailbox('INBOX', ['\\HasNoChildren'], among('\\Inbox')),
      ...labelNames.map(name => mailbox(name, ['\\HasNoChildren'], among(name))),
      { name: '[Gmail]', attributes: ['\\HasChildren', '\\Noselect'], messages: [] },
      ...Object.entries(special).map(([label, { name, use }]) => mailbox(name, ['\\HasNoChildren', use], among(label))),
      mailbox(
        gmailNames.trash,
        ['\\HasNoChildren', '\\Trash'],
        messages.filter(message => message.in === 'trash'),
      ),
      mailbox(
        gmailNames.spam,
        ['\\HasNoChildren', '\\Junk'],
        messages.filter(message => message.in === 'spam'),
      ),
      mailbox(
        ALL,
        ['\\HasNoChildren', '\\All'],
        messages.filter(message => !message.in),
      ),
    ]
  }
}
