/** The shapes that cross between engine, shell, renderer and command line. All times are Unix milliseconds, all sizes bytes. */
import { z } from 'zod'
import { type ErrorCode, errorCodes } from './errors.ts'
import { lossSummary } from './losses.ts'
import { readingNotes } from './reading.ts'
import { signInProvider } from './signIn.ts'
import { unreadCounts } from './unread.ts'

const count = z.number().int().nonnegative()
const time = z.number().int()

export const errorSchema = z.object({
  code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

/** 16 random bytes as lower-case hex; an archive's identity, never its name or its account. */
export const archiveId = z.string().regex(/^[0-9a-f]{32}$/)
/** A message: the keyed hash of its bytes, 32 bytes as lower-case hex. The same in every copy of the archive. */
export const messageId = z.string().regex(/^[0-9a-f]{64}$/)
/** A mailbox: a small number that the archive gave it once and never gives again. */
export const mailboxId = z.number().int().positive()

export const mailboxRole = z.enum(['inbox', 'sent', 'drafts', 'trash', 'junk', 'archive', 'all', 'flagged', 'important'])
export const security = z.enum(['tls', 'starttls', 'plain'])

/** How to reach the server. The password is never part of it. */
export const accountSettings = z.object({
  protocol: z.enum(['imap', 'pop3']),
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65535),
  security,
  user: z.string().min(1).max(1024),
  /** PEM of a private certificate authority, if the server's certificate is signed by one. */
  ca: z.string().max(200_000).optional(),
  /** SHA-256 of the server's certificate (DER), lower-case hex: accept exactly this one. */
  pin: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Permit `plain` to a host that is not this computer. */
  allowPlain: z.boolean().optional(),
  /** POP3 at Gmail: the mail of the last 30 days, whether or not another program has fetched it, in place of what nobody has fetched yet. */
  recent: z.boolean().optional(),
  /** Logged in by a token of this provider in place of a password: see signIn.ts. */
  signIn: signInProvider.optional(),
})

export const accountTestStep = z.object({
  step: z.enum(['resolve', 'connect', 'secure', 'greeting', 'login', 'list', 'examine']),
  ok: z.boolean(),
  detail: z.string(),
})
export const accountTest = z.object({
  ok: z.boolean(),
  steps: z.array(accountTestStep),
  /** Set when ok is false. */
  error: errorSchema.optional(),
  mailboxes: count.optional(),
  messages: count.optional(),
  /** Certificate offered by the server when it was not trusted: lets a person compare and pin. */
  certificate: z.object({ sha256: z.string(), subject: z.string(), issuer: z.string(), validTo: z.string() }).optional(),
})

export const slotKind = z.enum(['password', 'recovery', 'profile', 'keychain'])
export const slotSummary = z.object({ id: z.string(), kind: slotKind, label: z.string(), role: z.enum(['owner', 'reader']) })

export const profileStatus = z.object({
  exists: z.boolean(),
  unlocked: z.boolean(),
  /** A keychain slot exists, so the profile can open without a password on this computer. */
  keychain: z.boolean(),
  dir: z.string(),
  /** It belongs to a sample mailbox that is tried without a profile, and goes away when it is locked or a real one is made. */
  temporary: z.boolean().optional(),
})

export const archiveSummary = z.object({
  id: archiveId,
  name: z.string(),
  dir: z.string(),
  /** open: readable now; missing: the folder is not there (drive unplugged); problem: see error. */
  state: z.enum(['open', 'opening', 'closed', 'missing', 'problem']),
  /** This process may write to it. */
  writable: z.boolean(),
  error: errorSchema.optional(),
  account: accountSettings.optional(),
  /** The recovery code was shown and confirmed by the person. */
  recoveryConfirmed: z.boolean(),
  demo: z.boolean(),
  /** The folder is a copy of an archive that is somewhere else: for reading only. */
  copy: z.boolean().optional(),
  /** Copies of it that this profile knows, without a look at them: contract/copies.ts has more. */
  copies: z.array(z.object({ id: z.string(), since: time, safeAsOf: time.nullable(), damaged: count, archiveDamaged: count })).optional(),
  /** A person wants new mail captured as it comes. False without an account. */
  watch: z.boolean(),
  /** When the last capture began that found every mailbox complete: whatever was on the server then is here. Null where none is known. */
  lastProven: time.nullable(),
})

export const archiveStatus = z.object({
  archive: archiveSummary,
  messages: count,
  mailboxCount: count,
  /** Sum of the messages' sizes as received. */
  rawBytes: count,
  /** Size of the log on disk. */
  logBytes: count,
  indexBytes: count,
  /** Messages stored whose text is not in the index yet, and those that could not be read. */
  unindexed: count,
  unparsable: count,
  /** Messages whose attachments are still to be read for searches, and how many attachments cannot be, by reason. */
  attachmentsWaiting: count,
  attachmentsUnread: z.array(unreadCounts),
  firstMessage: time.nullable(),
  lastMessage: time.nullable(),
  lastCapture: time.nullable(),
  /** Open losses, the newest first: much that disappeared from the server at once. While there is one, the archive is frozen (losses.ts). */
  losses: z.array(lossSummary),
  frozen: z.boolean(),
  slots: z.array(slotSummary),
  mailboxes: z.array(
    z.object({
      id: mailboxId,
      name: z.string(),
      /** Its time under one UIDVALIDITY, as the archive counts them; null before it was first opened. */
      epoch: z.number().int().nullable(),
      /** RFC 9051 2.3.1.1; null where none is known, as over POP3. */
      uidValidity: z.number().int().nullable(),
      /** The server still listed it, when last asked. */
      present: z.boolean(),
      /** It was imported: no server ever had it. */
      imported: z.boolean().optional(),
      /** As its last complete listing said; null before the first. */
      onServer: count.nullable(),
      /** All that is kept of it, those gone from the server included. */
      stored: count,
      gone: count,
      /** Listed by the server and neither stored nor a gap with a reason: still to be fetched. onServer = stored − gone + gapCount + missing. */
      missing: count,
      /** Every message that was on the server then is stored, or is a gap that says why. */
      completeAsOf: time.nullable(),
      /** A person's rules leave it out: what the server has of it since then is not known. */
      leftOut: z.boolean().optional(),
      gapCount: count,
      /** The first of them: 1,000 for all mailboxes together. */
      gaps: z.array(z.object({ uid: count, reason: z.string(), lastTry: time.nullable(), nextTry: time.nullable() })),
    }),
  ),
})

export const mailbox = z.object({
  id: mailboxId,
  /** Path levels, decoded. */
  path: z.array(z.string()),
  /** Levels joined by the server's delimiter: what a person types after --mailbox. */
  name: z.string(),
  parent: mailboxId.nullable(),
  role: mailboxRole.nullable(),
  selectable: z.boolean(),
  /** The account is subscribed to it on the server, as far as the server says. */
  subscribed: z.boolean().optional(),
  /** Still on the server when last listed. */
  present: z.boolean(),
  /** It was imported: no server ever had it. */
  imported: z.boolean().optional(),
  /** Messages kept in it (distinct placements), those gone from the server included. */
  messages: count,
  unread: count,
  gone: count,
  gaps: count,
  completeAsOf: time.nullable(),
})

export const address = z.object({ name: z.string(), address: z.string() })

/** A place in a list. Opaque to callers; sent back to get the rows before or after it. */
export const cursor = z.object({
  row: z.number(),
  placement: z.number(),
  /** Of lists in another order than by date. */
  key: z.union([z.string().max(200), z.number()]).optional(),
})

export const messageSummary = z.object({
  archive: archiveId,
  id: messageId,
  cursor,
  subject: z.string(),
  from: z.array(address),
  to: z.array(address),
  /** The Date header; null where missing or unreadable. */
  date: time.nullable(),
  /** INTERNALDATE, else Date, else arrival: what lists are ordered by. */
  sortTime: time,
  size: count,
  flags: z.array(z.string()),
  attachments: count,
  /** When it was proven gone from the server (from this mailbox, or from all of them where no mailbox is asked for). */
  gone: time.nullable(),
  snippet: z.string(),
  /** `pending`: its text is not read yet; `blank`: neither are its headers, and there is no sender and no subject. */
  parse: z.enum(['ok', 'pending', 'blank', 'failed']),
  /** In lists by conversation: the messages of its own that are in the list, the newest first; where there are several. */
  conversation: z.array(messageId).optional(),
})

export const messageWindow = z.object({
  rows: z.array(messageSummary).max(500),
  /** More rows exist before the first / after the last. */
  before: z.boolean(),
  after: z.boolean(),
})

export const attachment = z.object({
  /** Position among the message's attachments, from 0. */
  index: count,
  name: z.string(),
  type: z.string(),
  size: count,
  inline: z.boolean(),
  cid: z.string().nullable(),
})

export const placementInfo = z.object({
  mailbox: mailboxId,
  mailboxName: z.string(),
  uid: count,
  flags: z.array(z.string()),
  internalDate: time.nullable(),
  firstSeen: time,
  gone: time.nullable(),
})

export const messageView = z.object({
  summary: messageSummary,
  cc: z.array(address),
  bcc: z.array(address),
  replyTo: z.array(address),
  rfcMessageId: z.string(),
  /** Plain text, from the text part or made from the HTML. */
  text: z.string(),
  /** Sanitised HTML with cid: images inlined, remote content removed; null where there is no HTML part. */
  html: z.string().nullable(),
  remoteContentBlocked: z.boolean(),
  /** Text or HTML was cut for display because it is very long. */
  truncated: z.boolean(),
  /** Only the beginning of it was asked for, and there is more: in the HTML, the text, and what is noted of both. */
  beginning: z.boolean().optional(),
  attachments: z.array(attachment),
  ...readingNotes,
  placements: z.array(placementInfo),
  /** Of the same conversation, wherever in the archive, this one among them; the oldest first. */
  conversation: z.array(messageSummary).max(200),
  /** SHA-256 of the exact bytes, lower-case hex. */
  sha256: z.string(),
  problem: errorSchema.optional(),
})

/** `watch` captures an archive again and again until it is told to end; its outcomes and failures are those that hold now. */
export const jobKind = z.enum([
  'capture',
  'watch',
  'export',
  'verify',
  'rebuild',
  'demo',
  'restore',
  'restorePlan',
  'undoRestore',
  'copy',
  'repair',
  'import',
  'attachments',
])
export const jobState = z.enum(['waiting', 'running', 'paused', 'done', 'failed', 'cancelled'])
/** `account`: the server refuses the account, and is not asked again before a person has done something. `problem`: see the job's error; tried again. */
export const pauseReason = z.enum([
  'person',
  'offline',
  'server-busy',
  'disk-full',
  'destination-missing',
  'engine-restart',
  'account',
  'problem',
  // By the person's own rules for the account (captureRules.ts).
  'day-budget',
  'battery',
  'metered',
  'on-hold',
])

export const jobFailure = z.object({
  /** What it concerns: a mailbox name, "INBOX UID 17", a file name. */
  what: z.string(),
  error: errorSchema,
})

export const jobProgress = z.object({
  phase: z.enum(['starting', 'listing', 'fetching', 'indexing', 'writing', 'verifying', 'reading', 'finishing', 'watching']),
  done: count,
  /** Null while it is not known. */
  total: count.nullable(),
  bytesDone: count,
  bytesTotal: count.nullable(),
  /** Items and bytes a second over the last few seconds. */
  rate: z.number().nonnegative(),
  byteRate: z.number().nonnegative(),
  secondsLeft: z.number().nonnegative().nullable(),
  /** Where days are waited for in between: when it is expected to be done. Stands also while it is paused. */
  endsAt: time.nullable().optional(),
  /** The mailbox or file it is at. */
  current: z.string(),
})

export const job = z.object({
  id: z.string(),
  kind: jobKind,
  archive: archiveId.nullable(),
  state: jobState,
  pause: z.object({ reason: pauseReason, until: time.nullable() }).nullable(),
  progress: jobProgress,
  outcomes: z.object({ added: count, unchanged: count, failed: count }),
  /** The first 1,000 failures. */
  failures: z.array(jobFailure),
  error: errorSchema.optional(),
  startedAt: time,
  endedAt: time.nullable(),
  /** Kind-specific result in numbers and short strings, for the closing line. */
  result: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

export const damage = z.object({
  segment: count,
  offset: count,
  length: count,
  what: z.enum([
    'segment-missing',
    'segment-header',
    'segment-truncated',
    'record',
    'commit-chain',
    'blob-missing',
    'message-bytes',
    'log-truncated',
    'head',
    'log-forked',
  ]),
  detail: z.string(),
})

export type Security = z.infer<typeof security>
export type MailboxRole = z.infer<typeof mailboxRole>
export type AccountSettings = z.infer<typeof accountSettings>
export type AccountTest = z.infer<typeof accountTest>
export type AccountTestStep = z.infer<typeof accountTestStep>
export type SlotKind = z.infer<typeof slotKind>
export type SlotSummary = z.infer<typeof slotSummary>
export type ProfileStatus = z.infer<typeof profileStatus>
export type ArchiveSummary = z.infer<typeof archiveSummary>
export type ArchiveStatus = z.infer<typeof archiveStatus>
export type Mailbox = z.infer<typeof mailbox>
export type Address = z.infer<typeof address>
export type Cursor = z.infer<typeof cursor>
export type MessageSummary = z.infer<typeof messageSummary>
export type MessageWindow = z.infer<typeof messageWindow>
export type Attachment = z.infer<typeof attachment>
export type PlacementInfo = z.infer<typeof placementInfo>
export type MessageView = z.infer<typeof messageView>
export type JobKind = z.infer<typeof jobKind>
export type JobState = z.infer<typeof jobState>
export type PauseReason = z.infer<typeof pauseReason>
export type JobFailure = z.infer<typeof jobFailure>
export type JobProgress = z.infer<typeof jobProgress>
export type Job = z.infer<typeof job>
export type Damage = z.infer<typeof damage>
