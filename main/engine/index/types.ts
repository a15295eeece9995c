/** What the index promises. It is a cache: derived from the log, deleted at any time without loss. SQL lives only in this room. */
import type { LossSummary } from '../../contract/losses.ts'
import type { ListOrder, MonthCount } from '../../contract/order.ts'
import type { Address, Attachment, Cursor, Mailbox, MessageSummary, MessageWindow, PlacementInfo } from '../../contract/types.ts'
import type { UnreadReason } from '../../contract/unread.ts'
import type { Fact } from '../log/facts.ts'
import type { Commit, Place, RecordId } from '../log/types.ts'
import type { AttachmentQueries, ReadAttachments, WaitingAttachments } from './attachments.ts'
import type { KeptQueries } from './kept.ts'
import type { MatchQuestions } from './matchQuestions.ts'
import type { Wanted, WordColumn, Words } from './wanted.ts'

/** What the pool found out about a message's text. Everything here is derived from its bytes, and may be derived again. */
export interface ParsedMessage {
  subject: string
  from: Address[]
  to: Address[]
  cc: Address[]
  /** Unix ms of the Date header, null where missing or unreadable. */
  date: number | null
  /** Without angle brackets, '' where missing. */
  rfcMessageId: string
  inReplyTo: string
  references: string[]
  attachments: Attachment[]
  /** The first about 200 characters of the visible text, white space folded. */
  snippet: string
  /**
   * Normalised by search/normalise.ts: space-separated tokens, ready for FTS5. Cut at 1 MiB a column. Null where only the headers were
   * read so far: the message is in the lists, and its text, attachments and snippet come later.
   */
  fts: FtsText | null
  /** Why the text could not be read; the rest is then the best that could be had. */
  failure: 'parse-failed' | 'parse-timeout' | null
}

/** A message whose text was read, or can never be. */
export type ReadMessage = ParsedMessage & { fts: FtsText }

export interface FtsText {
  subject: string
  /** Names and addresses: From, Sender and Reply-To; To; Cc and Bcc. */
  sender: string
  addressee: string
  copied: string
  body: string
  /** Of attachments. */
  names: string
  /** Of attachments' contents; absent while they were not read. */
  text?: string
  /** As marks.ts makes them. */
  marks: string
}

/** One record that a commit made durable, so that the index can find it. */
export interface StoredRecord {
  id: RecordId
  place: Place
}

export interface MailboxState {
  mailbox: number
  path: string[]
  delimiter: string
  raw: string
  role: Mailbox['role']
  selectable: boolean
  subscribed: boolean
  present: boolean
  /** The newest epoch, null before the first EXAMINE. */
  epoch: {
    epoch: number
    uidValidity: number
    exists: number | null
    uidNext: number | null
    modseq: string | null
    /** The newest cursor says complete; false before the first one. */
    complete: boolean
    completeAsOf: number | null
  } | null
}

/** What a UID of a POP3 maildrop stands for (fact `uidl`), and what became of it. */
export interface Pop3Id {
  epoch: number
  uid: number
  uidl: string | null
  octets: number | null
  head: string | null
  /** The message and its size; null when it is a gap, or was given a UID and then the capture ended. */
  id: RecordId | null
  size: number | null
  firstSeen: number | null
  gone: boolean
}

/** A place of a message that is nowhere else on the server, and left this place. */
export interface Departed {
  placement: number
  mailbox: number
  row: number
  /** Unix seconds. */
  internalDate: number | null
  /** When that was written down, Unix ms. */
  at: number
}

export interface OpenLoss extends Pick<LossSummary, 'loss' | 'at' | 'cause' | 'before' | 'answer'> {
  mailboxes: number[]
  back: boolean
}

/** Gaps of one mailbox with one reason. */
export interface GapGroup {
  mailbox: number
  name: string
  code: string
  count: number
  /** When the next of them is tried, Unix ms. */
  next: number | null
}

/** Messages new to the archive; changes of flags, placements gone and gaps that opened. */
export interface DaySums {
  captured: number
  flags: number
  gone: number
  gaps: number
}

export interface IndexHead {
  /** Last commit applied, null when empty. */
  commit: { id: RecordId; seq: number } | null
  /** Where the scan of the log goes on: the end of that commit's record. */
  position: { segment: number; offset: number } | null
}

/** The one connection that writes. Synchronous, owned by the engine thread. */
export interface IndexWriter extends MatchQuestions {
  readonly head: IndexHead
  /**
   * Applies one commit in one transaction: `records` are all records put since the commit before it. `parsed` may lack messages
   * or their texts (a rebuild, a capture that is in a hurry): these rows are `pending` and come back from `pending()`.
   * A commit that is not head+1 is refused (throws index-damaged).
   */
  apply(commit: Commit, records: StoredRecord[], parsed: ReadonlyMap<RecordId, ParsedMessage>): void
  /** The commits before `seq` are lost to damage: the next to be applied is `seq`. Not remembered until it was applied. */
  skipTo(seq: number): void
  /** Stand-ins for a commit that was lost at the very end of the log: as `apply`, but the head stays where it is. May be repeated. */
  adopt(records: StoredRecord[], facts: Fact[], time: number): void
  /** Fills in messages that were pending or failed. */
  setParsed(parsed: ReadonlyMap<RecordId, ParsedMessage>): void
  /** What the attachments of messages say. */
  setAttached(found: readonly ReadAttachments[]): void
  /** The newest messages that are in the index but for the text of their attachments. */
  pendingAttachments(limit: number): WaitingAttachments[]
  /** The newest messages whose text is not in the index: the oldest of these first. */
  pending(limit: number): RecordId[]
  /** Grows with every commit and every text that comes in: who sees it stand still knows that nothing is pouring in. */
  readonly taken: number
  /**
   * Makes everything that was applied so far findable and durable (FTS rows may be buffered a short while before). Lists by sender, subject and size may
   * lack the newest messages until `flush` or `idle`.
   */
  publish(): void
  /** The same, and all lists are complete. */
  flush(): void
  /** Called from time to time while nothing else is to do: merges, checkpoints. Returns true while there is more to do. */
  idle(): boolean

  // Questions that capture asks
  has(id: RecordId): boolean
  place(id: RecordId): Place | null
  mailboxes(): MailboxState[]
  nextMailbox(): number
  nextEpoch(): number
  /** All UIDs placed in an epoch that are not gone, ascending. */
  placedUids(epoch: number): Uint32Array
  /** Flags as stored of these UIDs, in the order asked (any number of them); null where nothing is placed. */
  placedFlags(epoch: number, uids: readonly number[]): (readonly string[] | null)[]
  /** Message by EMAILID / X-GM-MSGID, if known. */
  byEmailId(emailId: string): { id: RecordId; size: number } | null
  /** POP3: every UID of this mailbox's maildrop epochs with what is known of it, the gone ones too; ascending by epoch and UID. */
  pop3Ids(mailbox: number): Pop3Id[]
  /** When a capture began that found every mailbox complete, as the log says it: Unix ms, to the hour; null where none did. */
  lastProven(): number | null
  trouble: IndexQueries['trouble']
  /** Up to when the guard against losses has looked at what disappeared; null where it never has. */
  lastJudged(): number | null
  /** What disappeared from the server at that time or later, but for what belongs to a known loss. */
  departed(since: number): Departed[]
  /** Losses that are neither intended nor undone, the newest first; `back`: all of it is on the server again. */
  openLosses(): OpenLoss[]
  nextLoss(): number
  /** Messages of a loss. */
  lossSize(loss: number): number
  gaps(epoch: number): { uid: number; code: string; tries: number; at: number; nextTry: number | null }[]
  close(): void
}

/** A list: of a mailbox or of everything, in an order. */
export interface ListAsked {
  mailbox: number | null
  loss?: number | undefined
  order?: ListOrder | undefined
  conversations?: boolean | undefined
}

/** Read-only questions; the implementation runs in the reader thread and can be killed. Every answer fits one message. */
export interface IndexQueries extends KeptQueries, AttachmentQueries {
  mailboxes(): Mailbox[]
  /** `loss`: what disappeared then, in place of a mailbox. `conversations`: of each only the newest message in the list. */
  window(input: ListAsked & { from: Cursor | null; direction: 'after' | 'before'; limit: number }): MessageWindow
  /** With `conversations` the position is one in the list of all messages. */
  at(input: ListAsked & { fraction: number; limit: number }): MessageWindow & { position: number }
  /** Of the whole list, the oldest first. */
  months(input: { mailbox: number | null }): MonthCount[]
  /** Of what is wanted, whenever it is from, below a row; where the answer names one, there may be more below that, of the same month too. */
  monthsFound(input: { mailbox: number | null; wanted: Wanted; below?: number }): { months: MonthCount[]; below?: number }
  /** How many messages of the list are older than this moment (Unix ms), and how many are not. */
  position(input: { mailbox: number | null; time: number }): { older: number; newer: number }
  message(id: RecordId): (MessageSummary & { cc: Address[]; rfcMessageId: string; attachmentList: Attachment[] }) | null
  /** Full ids that start with this hex prefix, at most 2. */
  idsByPrefix(prefix: string): RecordId[]
  placements(id: RecordId): PlacementInfo[]
  /** The messages of this one's conversation, itself among them; the oldest first, at most 200. */
  conversation(id: RecordId): MessageSummary[]
  place(id: RecordId): Place | null
  /** Of many records, in the order asked. */
  places(ids: readonly RecordId[]): (Place | null)[]
  /** Messages for export: pages in list order, mailbox or all. */
  exportPage(input: { mailbox: number | null; from: Cursor | null; limit: number }): {
    rows: { id: RecordId; cursor: Cursor; subject: string; sortTime: number }[]
    more: boolean
  }
  /** `direction` as in `window`. */
  search(input: { wanted: Wanted; mailbox: number | null; from: Cursor | null; direction?: 'after' | 'before'; limit: number }): MessageWindow
  /** Exact to `cap`, then `more`. Those below a row; where the answer names one, there may be others below that: it is asked again from there. */
  count(input: { wanted: Wanted; mailbox: number | null; cap: number; below?: number }): { count: number; more: boolean; below?: number }
  /** The row with so many newer matches before it; null where there are not as many. */
  nth(input: { wanted: Wanted; mailbox: number | null; position: number }): number | null
  /** For each message and each of the words: the columns it stands in. */
  explain(input: { ids: readonly RecordId[]; words: readonly Words[] }): WordColumn[][][]
  /** Whose name or address holds words that begin so, from these lists; the most frequent of the newest messages first. */
  people(input: { tokens: readonly string[]; columns: readonly WordColumn[]; limit: number }): Address[]
  lastProven(): number | null
  /** Losses, the newest first; `open`: those that are neither intended nor undone. */
  losses(which: 'open' | 'all'): Omit<LossSummary, 'archive'>[]
  /** Every place of a loss, each with the message that was there; `back`: it is somewhere on the server again. In pages by placement, from 0. */
  lossMembers(input: { loss: number; after: number; limit: number }): {
    rows: { placement: number; mailbox: number; epoch: number; uid: number; id: RecordId; back: boolean }[]
    more: boolean
  }
  /** What makes a problem of the archive: gaps by mailbox and reason, and open losses. */
  trouble(): { gaps: GapGroup[]; losses: Omit<LossSummary, 'archive'>[] }
  /** What the days since then (Unix ms) brought. */
  daySums(since: number): DaySums
  status(): {
    messages: number
    rawBytes: number
    unindexed: number
    unparsable: number
    /** Messages whose attachments are still to be read, and attachments that could not be. */
    attachmentsWaiting: number
    attachmentsUnread: { reason: UnreadReason; count: number }[]
    firstMessage: number | null
    lastMessage: number | null
    lastCapture: number | null
    indexBytes: number
    mailboxes: {
      id: number
      name: string
      epoch: number | null
      uidValidity: number | null
      present: boolean
      onServer: number | null
      stored: number
      gone: number
      missing: number
      gapCount: number
      completeAsOf: number | null
      gaps: { uid: number; reason: string; lastTry: number | null; nextTry: number | null }[]
    }[]
  }
}
