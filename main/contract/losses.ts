/** Much that disappeared from the server at once: what a person is told, and what they answer. */
import { z } from 'zod'

const count = z.number().int().nonnegative()

export const lossNumber = z.number().int().positive()

/** emptied: the account has nothing any more; vanished: a mailbox is gone, and these messages with it; many: a large share of a mailbox, or of all mail. */
export const lossCause = z.enum(['emptied', 'vanished', 'many'])

export const lossSummary = z.object({
  archive: z.string().regex(/^[0-9a-f]{32}$/),
  /** Counted from 1 in each archive. */
  loss: lossNumber,
  /** When it was noticed, Unix ms. */
  at: z.number().int(),
  cause: lossCause,
  /** Messages that were on the server before, in all mailboxes. */
  before: count,
  /** Messages that disappeared and were nowhere else on it. All of them are in the archive. */
  messages: count,
  /** Of these, how many are on the server again. */
  returned: count,
  /** Where they were. A message that disappeared from two mailboxes counts in both. */
  mailboxes: z.array(z.object({ id: count, name: z.string(), messages: count, before: count, present: z.boolean() })),
  /** seen: a person knows; intended: they wanted it; returned: all of it is back, which the program says itself. */
  answer: z.enum(['seen', 'intended', 'returned']).nullable(),
  answeredAt: z.number().int().nullable(),
  /** Mailboxes that are left out by a person's rules: mail that was moved there looks the same from here as mail that is gone. */
  leftOut: z.array(z.string()).optional(),
})

export const archiveLosses = z.object({
  /** The newest first. */
  losses: z.array(lossSummary),
  /** A loss is neither intended nor undone: whatever rules of retention say, nothing is removed from the archive. */
  frozen: z.boolean(),
})

export type LossSummary = z.infer<typeof lossSummary>
export type LossCause = z.infer<typeof lossCause>
export type ArchiveLosses = z.infer<typeof archiveLosses>

/** Whether retention has to leave the archive alone. */
export const isFrozen = (losses: readonly Pick<LossSummary, 'answer'>[]): boolean => losses.some(({ answer }) => answer === null || answer === 'seen')
