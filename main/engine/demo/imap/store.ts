/** The mailboxes the sample server serves, in memory. What changes them changes them here and nowhere else: commands never keep their own copy. */
export interface StoredMessage {
  uid: number
  flags: string[]
  /** INTERNALDATE: Unix seconds, and minutes east of UTC. */
  internalDate: number
  zone: number
  bytes: Uint8Array
}

export interface StoredMailbox {
  /** Levels, in Unicode. */
  path: string[]
  /** SPECIAL-USE attribute (RFC 6154) with its backslash, or null. */
  use: string | null
  selectable: boolean
  subscribed: boolean
  uidValidity: number
  uidNext: number
  /** Ascending by UID; a message's sequence number is its position from 1. */
  messages: StoredMessage[]
}

export interface MailStore {
  readonly delimiter: string
  readonly mailboxes: StoredMailbox[]
  /** Takes commands that change it; without it, every one of them is refused. */
  writable?: boolean
  /** False: does not say where an appended message went. */
  uidPlus?: boolean
  /** The highest UIDVALIDITY ever given. */
  lastUidValidity?: number
}

/** The mailbox of that name, in Unicode with the store's delimiter. INBOX in any case (RFC 9051 5.1). */
export function findMailbox(store: MailStore, name: string): StoredMailbox | undefined {
  const wanted = canonicalName(name)
  return store.mailboxes.find(mailbox => nameOf(store, mailbox) === wanted)
}

export function nameOf(store: MailStore, mailbox: StoredMailbox): string {
  return mailbox.path.join(store.delimiter)
}

export function canonicalName(name: string): string {
  return name.toUpperCase() === 'INBOX' ? 'INBOX' : name
}

export function hasChildren(store: MailStore, mailbox: StoredMailbox): boolean {
  const prefix = nameOf(store, mailbox) + store.delimiter
  return store.mailboxes.some(other => nameOf(store, other).startsWith(prefix))
}

export const usedBy = (store: MailStore, use: string): StoredMailbox | undefined =>
  store.mailboxes.find(mailbox => mailbox.use?.toLowerCase() === use.toLowerCase())

export function countUnseen(mailbox: StoredMailbox): number {
  return mailbox.messages.reduce((sum, message) => sum + (message.flags.includes('\\Seen') ? 0 : 1), 0)
}

export function sizeOf(mailbox: StoredMailbox): number {
  return mailbox.messages.reduce((sum, message) => sum + message.bytes.byteLength, 0)
}
