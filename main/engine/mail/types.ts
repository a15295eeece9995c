/** What the mail room promises: servers and message bytes. It does not know that there is a store. */
import type { AccountSettings, AccountTest, MailboxRole } from '../../contract/types.ts'
import type { Clock } from '../base/clock.ts'
import type { Secret } from './secret.ts'

export interface RemoteMailbox {
  /** Levels, decoded to Unicode. */
  path: string[]
  delimiter: string
  /** The name exactly as the server spells it: the mailbox's identity on the server. */
  raw: string
  role: MailboxRole | null
  /** False for \Noselect and \NonExistent. */
  selectable: boolean
  subscribed: boolean
  /** What EXAMINE would say, where the server tells it with the listing (LIST-STATUS, RFC 5819). */
  status?: Examined
  /** The status is what was seen last, not what is now. */
  assumed?: true
}

export interface Examined {
  uidValidity: number
  uidNext: number
  exists: number
  /** Decimal, null without CONDSTORE or with NOMODSEQ. */
  modseq: string | null
  /** MAILBOXID (RFC 8474): stays with the mailbox when it is renamed, and is another one when it is made again. Absent where the server gives none. */
  mailboxId?: string
  /** What changed since the state that EXAMINE was told of, where the server answered that question (QRESYNC). */
  changes?: Changes
}

/** The state of a mailbox as it was known before. */
export interface Since {
  uidValidity: number
  modseq: string
  /** The UIDs known of it, ascending: the server need not speak of others. */
  known: Uint32Array
}

/** QRESYNC (RFC 7162 3.2.5). It is what the server says: compared with EXISTS before anybody believes it. */
export interface Changes {
  /** UIDs no longer there, as ranges with both ends, perhaps with UIDs that never were. */
  vanished: [number, number][]
  /** Flags of every message that came or changed. */
  flags: Map<number, readonly string[]>
}

/** The beginning of a message: its header with the empty line, and at most the first so many bytes behind it. */
export interface MessageHead {
  uid: number
  header: Uint8Array
  text: Uint8Array
}

/** Everything FETCH gives of one message except its bytes. */
export interface RemoteMessage {
  uid: number
  flags: string[]
  /** Seconds and the zone in minutes east of UTC, null where the server gave none that can be read. */
  internalDate: number | null
  zone: number | null
  /** RFC822.SIZE: compared, not trusted. */
  size: number
  emailId: string | null
  /** X-GM-LABELS, as the server spells them; only where it has them and the message was described. */
  labels?: string[]
}

export interface FetchedMessage extends RemoteMessage {
  /** Exact bytes as the server sent them. Owns its ArrayBuffer (may be transferred). */
  bytes: Uint8Array
}

/** The server answered for this UID without its bytes: NIL, or an empty literal for a message that has a size. */
export interface BodylessMessage extends RemoteMessage {
  bytes: null
}

export interface IdleOptions {
  /** Ends the listening, not the connection. */
  signal: AbortSignal
  clock: Clock
  /** Something came, went, or changed its flags. Says not what; may be called several times for one change. */
  onChange(): void
}

/**
 * One connection, read-only: it can EXAMINE, list and FETCH with PEEK, and nothing else.
 * Absence is proven: every method throws an AppError unless the server's tagged answer was OK.
 */
export interface ImapSession {
  readonly capabilities: ReadonlySet<string>
  /** False once the connection is gone; after an error it tells whether the server refused or was lost. */
  readonly usable: boolean
  /** Complete LIST (throws on any doubt). */
  list(options?: { subscriptions?: boolean }): Promise<RemoteMailbox[]>
  /** Prefixes of namespaces that the last `list` was not allowed to look into, and names it could not tell apart: what it lacks of them proves nothing. */
  readonly unseen: readonly string[]
  /** `since`: ask also what changed, where the server can tell (QRESYNC); nothing else is different. */
  examine(raw: string, since?: Since): Promise<Examined>
  /** EXISTS of the examined mailbox, as the server last told it. */
  readonly exists: number
  /**
   * Before a listing over a connection that has a mailbox open: leaves it where the server can (UNSELECT, RFC 3691), else brings it up to date (NOOP).
   * RFC 9051 6.3.11: what STATUS says of an open mailbox may be old, and on Dovecot stays so for good.
   */
  leave(): Promise<void>
  /** Every UID of the examined mailbox, ascending. Throws server-lied unless their number equals EXISTS. */
  allUids(): Promise<Uint32Array>
  /** Every UID from this one on, ascending; null where the server does not say. */
  uidsFrom(first: number): Promise<Uint32Array | null>
  /** Which of these the server still has; null where it does not say. */
  stillThere(uids: readonly number[]): Promise<Uint32Array | null>
  /** Flags of all messages up to this UID that were changed after this MODSEQ (needs CONDSTORE). */
  flagsSince(modseq: string, lastUid: number): AsyncIterable<{ uid: number; flags: string[] }>
  /** The beginnings of these messages. UIDs that vanished meanwhile, and those the server gives nothing for, are absent. */
  heads(uids: readonly number[], textBytes: number): AsyncIterable<MessageHead>
  /** Which of these are larger than `bytes`, as the server counts; null where it does not say. May name others too. */
  larger(uids: readonly number[], bytes: number): Promise<ReadonlySet<number> | null>
  /** UID, FLAGS, INTERNALDATE, RFC822.SIZE (EMAILID / X-GM-MSGID where offered) of these UIDs, no bodies. */
  describe(uids: readonly number[]): AsyncIterable<RemoteMessage>
  /** The same with BODY.PEEK[]. Backpressure: the server is read no faster than the loop goes. UIDs that vanished meanwhile are simply absent. */
  fetch(uids: readonly number[]): AsyncIterable<FetchedMessage | BodylessMessage>
  /** One large message in pieces of at most `piece` bytes, by BODY.PEEK[]<offset.length>. Throws message-unavailable when it is not all there. */
  fetchPieces(uid: number, piece: number): AsyncIterable<Uint8Array>
  /** Listens to the examined mailbox (IDLE, RFC 2177; needs the capability) until the signal aborts; then other commands may follow. Throws when the connection is gone. */
  idle(options: IdleOptions): Promise<void>
  /** Bytes received from the server so far on this connection. */
  received(): number
  close(): Promise<void>
}

export interface ConnectOptions {
  settings: AccountSettings
  password: Secret
  signal?: AbortSignal
  log?: (line: string) => void
}

export type Connect = (options: ConnectOptions) => Promise<ImapSession>
export type TestAccount = (options: ConnectOptions) => Promise<AccountTest>
