/** Counts of a run of several sessions, each of which lists everything anew. */
import { createTally, type Tally } from '../capture/run.ts'
import type { JobContext } from '../types.ts'

export interface Pop3Tally extends Tally {
  /** A session begins: what the one before did not get to is counted again. */
  begin(): void
  /** Of the messages listed now, so many are stored: some since the run began, the others before it. */
  stored(messages: number): void
  /** Bytes to come in this session. */
  expectBytes(bytes: number): void
  /** Windows that were read to their end, on which no two sessions fail in the same way. */
  readonly progress: number
  progressed(): void
}

export function createPop3Tally(ctx: JobContext): Pop3Tally {
  const tally = createTally(ctx)
  let outstanding = 0
  let added = 0
  let bytes = 0
  let unchanged = 0
  let progress = 0
  const expect = (messages: number) => {
    outstanding += messages
    tally.expect(messages)
  }
  return {
    ...tally,
    expect,
    saved: (messages, size) => {
      outstanding -= messages
      added += messages
      bytes += size
      tally.saved(messages, size)
    },
    begin: () => expect(-outstanding),
    stored: messages => {
      unchanged = Math.max(0, messages - added)
    },
    expectBytes: more => ctx.progress({ bytesTotal: bytes + more }),
    done: () => {
      tally.unchanged(unchanged)
      tally.done()
    },
    get progress() {
      return progress
    },
    progressed: () => {
      progress++
    },
  }
}
