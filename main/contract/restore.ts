/** What a restore is told, what it plans, and what is remembered of it. */
import { z } from 'zod'
import { accountSettings, archiveId, errorSchema, mailboxId, messageId } from './types.ts'

const count = z.number().int().nonnegative()
const time = z.number().int()

/** Which messages. What is said is said together: the messages of these mailboxes that the search finds in that time. Nothing said: all. */
export const restoreScope = z.strictObject({
  mailboxes: z.array(mailboxId).min(1).max(10_000).optional(),
  /** As the search understands it. */
  query: z.string().min(1).max(2000).optional(),
  messages: z.array(messageId).min(1).max(10_000).optional(),
  /** What disappeared in this loss. */
  loss: z.number().int().nonnegative().optional(),
  /** By the time lists are ordered by: from, and before. */
  since: time.optional(),
  until: time.optional(),
  /** gone: no longer on the server; present: on it when last captured; all: both. */
  which: z.enum(['all', 'gone', 'present']),
})

/** Where to: the archive's own account, that of another archive, or a server of which everything is said. */
export const restoreTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('own') }),
  z.strictObject({ kind: z.literal('archive'), archive: archiveId }),
  z.strictObject({ kind: z.literal('server'), settings: accountSettings, password: z.string().min(1).max(1024) }),
])

export const restoreRequest = z.strictObject({
  archive: archiveId,
  scope: restoreScope,
  target: restoreTarget,
  /** A folder on the server below which all of it goes; levels parted by a slash. */
  prefix: z.string().max(500).optional(),
})

/** What a restore would do, mailbox by mailbox. */
export const restorePlan = z.object({
  /** user@host, for people. */
  target: z.string(),
  mailboxes: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      /** It does not exist on the server yet. */
      create: z.boolean(),
      add: count,
      bytes: count,
      there: count,
      tooBig: count,
      /** Set when the server does not let it be written to. */
      problem: errorSchema.optional(),
    }),
  ),
  add: count,
  bytes: count,
  there: count,
  tooBig: count,
  /** The server's own limit for one message; null where it says none. */
  appendLimit: count.nullable(),
  /** Room on the server, where it tells. */
  quota: z.object({ used: count, limit: count }).nullable(),
  /** Whether the server says where a message went (UIDPLUS): then an undo needs no search. */
  uidPlus: z.boolean(),
})

/** A restore that was begun some time. */
export const restoreRecord = z.object({
  id: z.string(),
  archive: archiveId,
  target: z.string(),
  prefix: z.string(),
  at: time,
  /** unfinished: it can be continued by starting the same again. */
  state: z.enum(['unfinished', 'done', 'undone']),
  endedAt: time.nullable(),
  added: count,
  refused: count,
  /** Taken back by an undo. */
  undone: count,
  /** The target is an account whose password is known here; else an undo has to be given one. */
  passwordKnown: z.boolean(),
})

export type RestoreScope = z.infer<typeof restoreScope>
export type RestoreTarget = z.infer<typeof restoreTarget>
export type RestoreRequest = z.infer<typeof restoreRequest>
export type RestorePlan = z.infer<typeof restorePlan>
export type RestoreRecord = z.infer<typeof restoreRecord>
