/** What all parts of one POP3 capture share. */
import type { ErrorCode } from '../../../contract/errors.ts'
import type { Pop3Id } from '../../index/types.ts'
import type { Pop3Provider } from '../../mail/pop3/provider.ts'
import type { How, Listed } from '../../mail/pop3/types.ts'
import type { Place } from '../capture/facts.ts'
import type { CaptureRun } from '../capture/run.ts'
import type { Pop3Tally } from './tally.ts'

export interface Pop3Run extends CaptureRun {
  readonly tally: Pop3Tally
  /** For the `head` of uidl facts; see docs/FORMAT.md. */
  readonly headKey: Uint8Array
  readonly provider: Pop3Provider
  readonly reading: Reading
  /** Larger messages are left out. */
  readonly largest: number | null
  /** Bytes that may be asked for together now, where a day or the line is limited: a window that is cut off is lost. */
  readonly room?: () => number
  /** Of Traffic: a part of each day is kept for what is new. */
  readonly bring?: (what: 'new' | 'rest') => void
}

/** A message of the listing, and what the archive has of it. */
export interface Pair {
  listed: Listed
  row: Pop3Id
}

/** Where the messages go, and which number the next one gets. */
export interface Drop extends Place {
  nextUid: number
}

/** How this server is best read: learned in one session, of use in the next. */
export interface Reading {
  how: How
  /** Messages asked for together, before it is looked whether the numbers still mean what they meant. */
  window: number
  /** Answers to TOP whose length nothing proves: from the third on, RETR. */
  unproven: number
  /** How often the connection broke over this message; by `keyOf`. */
  breaks: Map<string, number>
  /** Marks of headers that TOP gave, by UIDL; null for a header that tells nothing apart. */
  marks: Map<string, string | null>
  /** The message being read when the connection broke, where it was alone. */
  current: string | null
  /** Messages that could not be had, one after the other: then it is not the messages. */
  refusedInARow: number
}

export const freshReading = (): Reading => ({
  how: 'RETR',
  window: 16,
  unproven: 0,
  breaks: new Map(),
  marks: new Map(),
  current: null,
  refusedInARow: 0,
})

/** So many answers to TOP that could not be proven whole: this server counts otherwise, and RETR has the last word anyway. */
export const MOST_UNPROVEN = 3

/** Across sessions a message has its UIDL, or at least its size. */
export const keyOf = ({ number, uidl, octets }: Listed): string => uidl ?? `#${number} ${octets}`

/** In the facts of a server-lied: numbers mean other messages than when they were listed. The session has to be given up, and nothing of it is wrong. */
export const LIST_CHANGED = 'list-changed'

/** What is told to the person at the end. */
export type Pop3Notice = 'pop3-emptied' | 'pop3-vanishing'

/** The network and a busy server pass. */
export const passing: ReadonlySet<ErrorCode> = new Set([
  'connection-lost',
  'connection-timeout',
  'connection-refused',
  'offline',
  'host-not-found',
  'server-unavailable',
  'server-throttled',
])
