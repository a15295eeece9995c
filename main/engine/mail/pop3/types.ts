/** What a POP3 server (RFC 1939) is to us: one maildrop that can be listed and read. There is no way to change it through this. */
import type { AppError } from '../../../contract/errors.ts'
import type { ConnectOptions } from '../types.ts'

/** What CAPA (RFC 2449) says; asked again after the login, because many servers say more then. */
export interface Offers {
  /** The server knows CAPA. Otherwise nothing here says anything: servers from before 1998 have TOP and UIDL too, or not. */
  known: boolean
  top: boolean
  uidl: boolean
  user: boolean
  stls: boolean
  /** Commands may be sent before the answers to those before them have come. */
  pipelining: boolean
  /** SASL mechanisms (RFC 5034), upper case. */
  sasl: ReadonlySet<string>
  /** Seconds between two logins. */
  loginDelay: number | null
  /** Days that messages are kept; 0: what was retrieved is deleted by QUIT, so that QUIT must not be said. Null: for ever, or not stated. */
  expire: number | null
}

/** A message as the maildrop lists it. Its number means something in this session only. */
export interface Listed {
  number: number
  /** As LIST states it: compared, not trusted. Null where LIST does not name it. */
  octets: number | null
  /** Null where the server gives no UIDL, or gives it to several messages of this listing: then it names none of them. */
  uidl: string | null
}

export interface Maildrop {
  /** Ascending by number. */
  messages: Listed[]
  /** What STAT said of it as a whole. */
  stat: { count: number; octets: number }
  /** STAT, LIST and (where it is offered) UIDL agree on which messages there are. Only then is what is not listed not there. */
  complete: boolean
  /** The server has UIDL at all. */
  uidl: boolean
  /** UIDLs that stood for more than one message. */
  duplicateUidls: number
}

/** TOP with more lines than any message has: the whole message, and on many servers without the \Seen that RETR sets. Or RETR. */
export type How = 'TOP' | 'RETR'

export type Retrieved =
  | {
      number: number
      /** The exact bytes, dots unstuffed, to be read to their end before the next message. Each array is only valid until the next is asked for. */
      pieces: AsyncIterable<Uint8Array>
    }
  /** -ERR: this one cannot be had, the session goes on. */
  | { number: number; refused: AppError }

/** One session, with the maildrop locked by it (RFC 1939 section 3). Every method throws an AppError unless the server's answer was +OK and whole. */
export interface Pop3Session {
  readonly offers: Offers
  /** False once the connection is gone: after an error it tells whether the server refused or was lost. */
  readonly usable: boolean
  stat(): Promise<{ count: number; octets: number }>
  listing(): Promise<Maildrop>
  /** The UIDL of one message now; null when it has none, or there is no such message. */
  uidlOf(number: number): Promise<string | null>
  /** Header and the empty line after it, as TOP n 0 gives them; null where the server gives none. In the order asked, several on their way where the server allows it. */
  heads(numbers: readonly number[]): AsyncIterable<{ number: number; head: Uint8Array | null }>
  /** In the order asked. Leaving the loop early closes the connection: what is under way cannot be called back. */
  retrieve(numbers: readonly number[], how: How): AsyncIterable<Retrieved>
  /** Bytes received from the server so far. */
  received(): number
  /**
   * Ends the session as the protocol wants it. Everything read must be durable before: some servers hide what was retrieved from then on.
   * Where QUIT would delete (EXPIRE 0), the connection is closed instead.
   */
  quit(): Promise<void>
  close(): void
}

export type ConnectPop3 = (options: ConnectOptions) => Promise<Pop3Session>
