/** The pool: workers that split, hash, compress and parse; hostile bytes can only kill a worker, never the capture. */
import type { Address, Attachment } from '../../contract/types.ts'
import type { ParsedMessage } from '../index/types.ts'
import type { RecordId, Unsealed } from '../log/types.ts'

/** What comes out for one message: records to put (large bodies lifted out, then the message record last) and its text. */
export interface Prepared {
  id: RecordId
  size: number
  /** Blobs the pool believes are new, then the message record. May contain records that are stored already: the caller filters by id. */
  records: Unsealed[]
  /** Ids of every blob the message record refers to (to check before the commit that each is stored or being put). */
  refers: RecordId[]
  parsed: ParsedMessage
}

export interface Pool {
  /**
   * Splits, hashes, compresses, parses. Transfers the bytes: the caller's arrays are empty afterwards.
   * A message whose parsing kills or outlasts the worker comes back all the same, stored as it is, with parsed.failure set.
   * Answers come in the order of the input. `known` blobs are not compressed again.
   */
  prepare(messages: Uint8Array[]): Promise<Prepared[]>
  /** The same for one message of any size that arrives in pieces: records come out while it runs and nothing larger than a few MB is held. */
  prepareStream(pieces: AsyncIterable<Uint8Array>, put: (records: Unsealed[]) => Promise<void>): Promise<Prepared>
  /** Text of stored messages, from their parse views (log/message.ts `parseView`): rebuild and re-parse. Same order. */
  parse(views: Uint8Array[]): Promise<ParsedMessage[]>
  /** What the reader shows. Takes the parse view with inline images kept; hostile HTML is sanitised here, in the worker. */
  view(bytes: Uint8Array): Promise<ViewedMessage>
  close(): Promise<void>
}

/** The parts of contract MessageView that come from the bytes alone. */
export interface ViewedMessage {
  cc: Address[]
  bcc: Address[]
  replyTo: Address[]
  rfcMessageId: string
  text: string
  html: string | null
  remoteContentBlocked: boolean
  truncated: boolean
  attachments: Attachment[]
  failure: 'parse-failed' | 'parse-timeout' | null
}
