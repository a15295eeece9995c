/** The pool: workers that split, hash, compress and parse; hostile bytes can only kill a worker, never the capture. */
import type { ParsedMessage } from '../../index/types.ts'
import type { RecordId, SealedRecord, Unsealed } from '../../log/types.ts'
import type { MailView } from '../../mail/mailView.ts'

/** What comes out for one message: records to put (large bodies lifted out, then the message record last) and its text. */
export interface Prepared {
  id: RecordId
  size: number
  /** Every blob that `stored` has not named, then the message record. May contain records that are stored already: the caller filters by id. */
  records: Unsealed[]
  /** Ids of every blob the message record refers to (to check before the commit that each is stored or being put). */
  refers: RecordId[]
  /** Null where nothing was to be read. */
  parsed: ParsedMessage | null
}

export type PreparedAndRead = Prepared & { parsed: ParsedMessage }

export interface PrepareOptions {
  /**
   * Storing is urgent, and what is stored can be read from the log: `text`, read only the headers now (`parsed.fts` is null); `all`, nothing (`parsed` is null,
   * unless something had to be found out about a message that cost a worker).
   */
  later?: 'text' | 'all' | undefined
}

export interface Pool {
  /**
   * Splits, hashes, compresses, parses. The arrays belong to the pool until the answer is there: nobody may change them meanwhile.
   * A message whose parsing kills or outlasts the worker comes back all the same, stored as it is, with parsed.failure set.
   * Answers come in the order of the input. Blobs that `stored` has named are not given again.
   */
  prepare(messages: Uint8Array[], options?: { later?: 'text' | undefined }): Promise<PreparedAndRead[]>
  prepare(messages: Uint8Array[], options: PrepareOptions): Promise<Prepared[]>
  /** The same for one message of any size that arrives in pieces: records come out while it runs and nothing larger than a few MB is held. */
  prepareStream(pieces: AsyncIterable<Uint8Array>, put: (records: Unsealed[]) => Promise<void>): Promise<PreparedAndRead>
  /** Text of stored messages, from their parse views (log/message.ts `parseView`): rebuild and re-parse. Same order. */
  parse(views: Uint8Array[]): Promise<ParsedMessage[]>
  /** The same from message records as they stand in the log, which are opened in the workers; null where more than the record is needed, or it is not right. */
  parseSealed(records: readonly SealedRecord[]): Promise<(ParsedMessage | null)[]>
  /**
   * These blobs are durable: they need not be compressed and given again. Only what was named here is ever left out of
   * Prepared.records, so batches may be saved in any order, and a save that failed costs nothing but time.
   */
  stored(ids: Iterable<RecordId>): void
  /** Forgets all that `stored` has named: each blob is given again. For a store that is no longer sure of what it holds. */
  forget(): void
  /** So many messages are about to come: the workers that they will need start now, and end again where nothing comes. */
  warm(messages: number): void
  /** What the reader shows. Takes the parse view with inline images kept; hostile HTML is sanitised here, in the worker. `beginning`: long HTML is cut first. */
  view(bytes: Uint8Array, beginning?: boolean): Promise<ViewedMessage>
  /** Ends the workers that have nothing to do: somebody else needs the room. They start again when they are needed; the first stays, or is replaced where it has done much. */
  rest(): Promise<void>
  close(): Promise<void>
}

export type ViewedMessage = MailView<'parse-failed' | 'parse-timeout'>
