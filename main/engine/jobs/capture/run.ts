/** What all parts of one capture share. */
import type { Clock } from '../../base/clock.ts'
import type { RemoteMailbox } from '../../mail/types.ts'
import type { ArchiveStore, JobContext } from '../types.ts'
import type { Gmail } from './gmail.ts'
import type { Saver } from './saver.ts'
import type { Terms } from './terms.ts'

export interface CaptureRun {
  readonly store: ArchiveStore
  readonly ctx: JobContext
  readonly clock: Clock
  readonly saver: Saver
  readonly tally: Tally
  /** Numbers for new epochs: the index learns of them only when they are saved, and several mailboxes are under way at a time. */
  nextEpoch(): number
  /** IMAP: the archive had messages before this capture began, and the server may list some of them anew. */
  readonly mayKnow: boolean
  /** Null for every other server, and before the listing. */
  gmail: Gmail | null
  /** What is left out. */
  readonly terms?: Pick<Terms, 'leavesOut' | 'onlySubscribed' | 'largest' | 'showsOnly' | 'countsDays' | 'bring'>
}

/** A mailbox with its number in the archive. */
export interface Target {
  mailbox: number
  remote: RemoteMailbox
  /** For people: what they would type after --mailbox. */
  name: string
  /** It was missing in the listing before this one. */
  returned?: true
}

/** Counts for the closing line, and the progress that follows from them. */
export interface Tally {
  /** Messages more (or, negative, fewer) to fetch than was expected. */
  expect(messages: number): void
  /** So many, all in all, as far as is known. */
  expected(): number
  at(mailbox: string): void
  saved(messages: number, bytes: number): void
  /** So many of the messages to fetch have so many bytes together; the others are taken to be like them. */
  sized(messages: number, bytes: number): void
  /** Messages that were stored before. Told when all is done, so that a capture that had to begin again does not count them twice. */
  unchanged(messages: number): void
  done(): void
  note(
    what: 'unchangedMailboxes' | 'renamed' | 'placedWithoutDownload' | 'flagsChanged' | 'gone' | 'gaps' | 'sizeDiffers' | 'reconnects',
    by?: number,
  ): void
}

export function createTally(ctx: JobContext): Tally {
  let done = 0
  let total = 0
  let bytesDone = 0
  let unchanged = 0
  const sizes = { messages: 0, bytes: 0 }
  const bytesTotal = () => (sizes.messages === 0 ? {} : { bytesTotal: Math.max(bytesDone, Math.round((sizes.bytes / sizes.messages) * total)) })
  const notes: Record<string, number> = {}
  // A job that goes on after a pause begins to count again, at what is left.
  ctx.progress({ done: 0, total: null, bytesDone: 0, bytesTotal: null })
  return {
    expect: messages => {
      total = Math.max(done, total + messages)
      ctx.progress({ total, ...bytesTotal() })
    },
    expected: () => total,
    at: current => ctx.progress({ current }),
    saved: (messages, bytes) => {
      done += messages
      bytesDone += bytes
      total = Math.max(done, total)
      ctx.count('added', messages)
      ctx.progress({ done, total, bytesDone, ...bytesTotal() })
    },
    sized: (messages, bytes) => {
      sizes.messages += messages
      sizes.bytes += bytes
      ctx.progress(bytesTotal())
    },
    unchanged: messages => {
      unchanged += messages
    },
    done: () => ctx.count('unchanged', unchanged),
    note: (what, by = 1) => {
      notes[what] = (notes[what] ?? 0) + by
      ctx.result({ [what]: notes[what] })
    },
  }
}
