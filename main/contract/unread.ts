/** Attachments whose text is not searchable, and why: a list that a person can look through. */
import { z } from 'zod'

/**
 * encrypted: a password is needed. image-only: pages without text, a scan. too-large: more than is read of one file. damaged: not what it says it is, or cut
 * off. gave-up: reading took too much time or memory. format: a kind of file that is not read.
 */
export const unreadReason = z.enum(['encrypted', 'image-only', 'too-large', 'damaged', 'gave-up', 'format'])

export const unreadAttachment = z.object({
  /** The message's id, and which of its attachments. */
  id: z.string(),
  index: z.number().int().nonnegative(),
  name: z.string(),
  size: z.number().int().nonnegative(),
  why: unreadReason,
  subject: z.string(),
  sortTime: z.number(),
})

export const unreadCounts = z.object({ reason: unreadReason, count: z.number().int().nonnegative() })

export type UnreadReason = z.infer<typeof unreadReason>
export type UnreadAttachment = z.infer<typeof unreadAttachment>
