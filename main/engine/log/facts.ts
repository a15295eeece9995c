/**
 * What a commit may say. Facts carry no subject, address or text of a message: after an erase and a compaction
 * nothing of its content remains. Mailbox names are facts, and are sealed like everything in a commit.
 * A fact kind is never changed once released; a new need gets a new kind (docs/FORMAT.md).
 */
import { z } from 'zod'

const n = z.number().int().nonnegative()
/** Unix seconds; INTERNALDATE has no finer grain. */
const seconds = z.number().int()
/** Message id: 32 bytes, lower-case hex. */
const id = z.string().length(64)

/** A mailbox exists under this path (upsert by `mailbox`). */
export const mailboxFact = z.object({
  k: z.literal('mailbox'),
  /** Given once by the archive, counted from 1, never reused. */
  mailbox: n,
  /** Levels, decoded to Unicode. */
  path: z.array(z.string()),
  delimiter: z.string(),
  /** The name exactly as the server spells it (modified UTF-7 or UTF-8). */
  raw: z.string(),
  role: z.enum(['inbox', 'sent', 'drafts', 'trash', 'junk', 'archive', 'all', 'flagged', 'important']).nullable(),
  selectable: z.boolean(),
  subscribed: z.boolean(),
  /** Was in the server's complete listing. */
  present: z.boolean(),
})

/** A UIDVALIDITY of a mailbox was seen for the first time; its UIDs live in this epoch. */
export const epochFact = z.object({ k: z.literal('epoch'), epoch: n, mailbox: n, uidValidity: n })

/** The server's own name for a mailbox (MAILBOXID, RFC 8474), which stays when the mailbox is renamed. The last one said holds. */
export const mailboxIdFact = z.object({ k: z.literal('mailboxId'), mailbox: n, id: z.string() })

/** A message is in a mailbox: its bytes are stored (records of this or an earlier commit). */
export const placedFact = z.object({
  k: z.literal('placed'),
  epoch: n,
  uid: n,
  id,
  size: n,
  /** INTERNALDATE as the server said it, in seconds, and its zone in minutes east of UTC; null where there is none. */
  internalDate: seconds.nullable(),
  zone: z.number().int().nullable(),
  flags: z.array(z.string()),
  /** EMAILID (RFC 8474) or X-GM-MSGID. */
  emailId: z.string().optional(),
})

export const flagsFact = z.object({ k: z.literal('flags'), epoch: n, uid: n, flags: z.array(z.string()) })

/** Proven gone from the server: same UIDVALIDITY, complete listing, length equal to EXISTS. */
export const goneFact = z.object({ k: z.literal('gone'), epoch: n, /** IMAP sequence set, "1:4,9". */ uids: z.string() })

/** Where capture of an epoch stands. `complete`: every UID the server listed is placed. */
export const cursorFact = z.object({
  k: z.literal('cursor'),
  epoch: n,
  exists: n,
  uidNext: n,
  /** Decimal string, RFC 7162 is 63 bits; null without CONDSTORE. */
  modseq: z.string().nullable(),
  complete: z.boolean(),
})

/** A message the server lists and that could not be had. Closed by a `placed` or `gone` of the same UID. */
export const gapFact = z.object({ k: z.literal('gap'), epoch: n, uid: n, code: z.string(), tries: n, /** Unix ms. */ nextTry: n.nullable() })

/**
 * POP3: which message of the maildrop a UID of this epoch is, for its server has no UIDs and the archive gives them. The last one said of a UID holds.
 * An epoch of a maildrop has the uidValidity 0, which no IMAP server can have.
 */
export const uidlFact = z.object({
  k: z.literal('uidl'),
  epoch: n,
  uid: n,
  /** As the server spells it; null where it gives none, or gave it to several messages. */
  uidl: z.string().nullable(),
  /** The size that LIST stated, which need not be the size of the message; null where it stated none. */
  octets: n.nullable(),
  /** HMAC-SHA256 of the header as transmitted, lower-case hex, under a key of the archive: tells the message apart where no UIDL does. Null before it was had. */
  head: id.nullable(),
})

/** A capture that began at `at` (Unix ms) found every mailbox complete: what was on the server then is here. Said now and then, not each time. */
export const provenFact = z.object({ k: z.literal('proven'), at: z.number().int() })

/**
 * Much disappeared from the server at once: these messages, which are nowhere else on it. Of the number of an earlier one, it is more of that.
 * As long as no answer ends it, retention removes nothing from the archive.
 */
export const lossFact = z.object({
  k: z.literal('loss'),
  /** Counted from 1 in each archive. */
  loss: n,
  /** emptied: the account has nothing any more; vanished: a mailbox with them is gone; many: a large share of a mailbox, or of all mail. */
  cause: z.enum(['emptied', 'vanished', 'many']),
  /** Messages that were on the server before, in all mailboxes. */
  before: n,
  /** What disappeared: in which mailbox, of how many, and which. */
  from: z.array(z.object({ mailbox: n, before: n, gone: z.array(z.object({ epoch: n, uids: z.string() })) })),
})

/** seen: a person knows of it; intended: they wanted it so; returned: all of it is on the server again. The last two end it. */
export const lossAnswerFact = z.object({ k: z.literal('lossAnswer'), loss: n, answer: z.enum(['seen', 'intended', 'returned']) })

/** Whatever had disappeared before `at` (Unix ms) was looked at by the guard against losses. */
export const judgedFact = z.object({ k: z.literal('judged'), at: z.number().int() })

/** A person wants these gaps tried again now, whatever their nextTry says. */
export const retryFact = z.object({ k: z.literal('retry'), epoch: n, uids: z.string() })

/** The writer found this end of a segment torn after a crash, and went on in the next. */
export const recoveredFact = z.object({ k: z.literal('recovered'), segment: n, whole: n, length: n })

/** Messages were written out of the archive, by this job. */
export const exportedFact = z.object({ k: z.literal('exported'), job: z.string(), messages: n, format: z.string() })

export const fact = z.discriminatedUnion('k', [
  mailboxFact,
  epochFact,
  mailboxIdFact,
  placedFact,
  flagsFact,
  goneFact,
  cursorFact,
  gapFact,
  uidlFact,
  provenFact,
  lossFact,
  lossAnswerFact,
  judgedFact,
  retryFact,
  recoveredFact,
  exportedFact,
])

export type Fact = z.infer<typeof fact>
export type FactOf<K extends Fact['k']> = Extract<Fact, { k: K }>

/** The body of a commit record: JSON, compressed, sealed. */
export const commitBody = z.object({
  v: z.literal(1),
  seq: n,
  /** Unix ms of the writer's clock. */
  time: z.number().int(),
  /** Record id of the commit before it, hex; 64 zeros for the first. */
  prev: id,
  facts: z.array(fact),
})
export type CommitBody = z.infer<typeof commitBody>
