/** What is made of an attachment for the index, and how much may be spent on it. */
import type { UnreadReason } from '../../../contract/unread.ts'

export interface AttachedText {
  /** All that could be read, in the order of the file; '' where nothing could. */
  text: string
  /** Why some or all of it could not be read; null where all was. */
  why: UnreadReason | null
}

export interface AttachedFile {
  bytes: Buffer
  name: string
  /** As the message says it; the first bytes decide. */
  type: string
  charset: string | null
}

/** One for an attachment and everything within it, so that a file within a file within a file costs no more than one file. */
export interface Budget {
  /** Characters of text that may still come out. */
  characters: number
  /** Bytes that may still be unpacked. */
  unpacked: number
  /** Files within that may still be opened. */
  files: number
  /** Levels of files within files. */
  depth: number
}

export const newBudget = (): Budget => ({ characters: 2_000_000, unpacked: 192 * 1024 * 1024, files: 2000, depth: 4 })

export const nothing: AttachedText = { text: '', why: null }

/** Takes of the budget what the text costs; what does not fit is left out, and that is said. */
export function spend(text: string, budget: Budget): AttachedText {
  const kept = text.length > budget.characters ? text.slice(0, budget.characters) : text
  budget.characters -= kept.length
  return { text: kept, why: kept.length < text.length ? 'too-large' : null }
}
