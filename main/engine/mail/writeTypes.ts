/** What a restore holds of a connection. It stands apart from ImapSession, which capture holds and which cannot change anything. */
import type { MailboxRole } from '../../contract/types.ts'
import type { ConnectOptions, Examined, ImapSession } from './types.ts'

/** A mailbox opened for writing (SELECT). */
export interface Selected extends Examined {
  /** PERMANENTFLAGS as the server spells them, `\*` among them where any keyword may be made; null where the server did not say (RFC 9051 7.1: then all can be). */
  permanentFlags: readonly string[] | null
}

/** One message to be appended. */
export interface Appending {
  flags: readonly string[]
  /** Unix seconds and minutes east of UTC; null: the server takes the time of arrival. */
  internalDate: number | null
  zone: number | null
  size: number
  /** Has NUL bytes, which only a literal8 may carry (RFC 3516). */
  binary: boolean
  /** Exactly `size` bytes. What it throws breaks the connection off: a literal that was begun cannot be taken back. */
  pieces(): AsyncIterable<Uint8Array>
}

/** Where they went; null where the server does not say (no UIDPLUS, RFC 4315). */
export interface Appended {
  uidValidity: number
  /** In the order given. */
  uids: number[]
}

export interface Quota {
  /** Bytes, as the server counts them. */
  used: number
  limit: number
}

export interface ImapWriter
  extends Pick<ImapSession, 'capabilities' | 'usable' | 'list' | 'allUids' | 'describe' | 'fetch' | 'fetchPieces' | 'received' | 'close'> {
  /** Largest message it takes for any mailbox, as it says (APPENDLIMIT, RFC 7889); null where it does not say. */
  readonly appendLimit: number | null
  /** Takes several messages in one APPEND (RFC 3502). */
  readonly multiAppend: boolean
  /** Takes NUL bytes (BINARY, RFC 3516). */
  readonly binary: boolean
  /** Opens a mailbox for writing. Throws mailbox-unavailable, mailbox-read-only. */
  select(raw: string): Promise<Selected>
  /** Leaves it, expunging nothing. */
  leave(): Promise<void>
  /** What the server tells on its own account: new messages, expunges. */
  noop(): Promise<void>
  /** Makes a mailbox, with its special use where the server can (RFC 6154), and subscribes to it. False where it was there already. */
  create(raw: string, role: MailboxRole | null): Promise<boolean>
  /** Deletes a mailbox; the caller has made sure that it is empty. */
  remove(raw: string): Promise<void>
  /**
   * Puts messages into a mailbox. More than one only with `multiAppend`: then all of them or none. Throws mailbox-full, message-too-big,
   * message-refused, mailbox-unavailable with what the server says; anything else is the connection's.
   */
  append(raw: string, messages: readonly Appending[]): Promise<Appended | null>
  /** UIDs of the selected mailbox whose size is exactly this. Null where the server refuses to search. */
  ofSize(size: number): Promise<readonly number[] | null>
  /** The Message-ID fields of these, without their folding; '' where there is none. */
  messageIds(uids: readonly number[]): Promise<ReadonlyMap<number, string>>
  /**
   * Marks these of the selected mailbox as deleted and expunges them and nothing else. Throws server-refused where it cannot be done without
   * touching others: no UIDPLUS, and other messages are marked as well.
   */
  expunge(uids: readonly number[]): Promise<void>
  /** Storage quota of the mailbox's root (RFC 9208); null where there is none or it is not told. */
  quota(raw: string): Promise<Quota | null>
  /** The prefix of personal mailboxes and their delimiter (RFC 2342); no prefix where the server does not say. */
  namespace(): Promise<{ prefix: string; delimiter: string }>
}

export type ConnectWriter = (options: ConnectOptions) => Promise<ImapWriter>
