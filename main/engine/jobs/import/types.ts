/** What readers of other programs' mail give to an import. */
import type { AppError } from '../../../contract/errors.ts'
import type { MailboxRole } from '../../../contract/types.ts'

export interface FoundMessage {
  kind: 'message'
  /** Levels of the mailbox below the import's folder; several where the source has it under several labels. */
  mailboxes: readonly (readonly string[])[]
  /** Whole, or in pieces where it is large. */
  bytes: Uint8Array | (() => AsyncIterable<Uint8Array>)
  flags: readonly string[]
  /** Unix seconds, and minutes east of UTC. */
  internalDate: number | null
  zone: number | null
  role?: MailboxRole | null
  /** For people: which file, and which message in it. */
  where: string
}

/** Something that looks like mail and cannot be read: it is named, and the rest comes. */
export interface Unreadable {
  kind: 'unreadable'
  where: string
  error: AppError
}

/** A file that is no mail. */
export interface Passed {
  kind: 'passed'
  where: string
}

export type Found = FoundMessage | Unreadable | Passed
export type Reader = AsyncIterable<Found>

/** Larger messages are never whole in memory where their source allows it. */
export const WHOLE_MAX = 8 * 1024 * 1024
