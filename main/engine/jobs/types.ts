/** What a job is given. One file per job in this room; the runner owns states, pauses and retries. */
import type { AppError, PlainError } from '../../contract/errors.ts'
import type { Job, JobProgress } from '../../contract/types.ts'
import type { Clock } from '../base/clock.ts'
import type { IndexWriter } from '../index/types.ts'
import type { Fact } from '../log/facts.ts'
import type { LogReader, Place, Unsealed } from '../log/types.ts'
import type { Pool, Prepared } from './pool/types.ts'
import type { DayLimit } from './traffic/pace.ts'

/** One archive open for writing: log, index and pool as one. Saves run one after the other, in the order they were asked for. */
export interface ArchiveStore {
  readonly log: LogReader
  /** For its questions; only `save` changes it. */
  readonly index: IndexWriter
  readonly pool: Pool
  /**
   * Makes messages and facts durable: puts the records not stored yet, commits (fsync), applies the commit to the index.
   * When it returns, everything before it is safe; only then may a cursor count as moved.
   */
  save(prepared: readonly Prepared[], facts: readonly Fact[]): Promise<void>
  /** Records of a large message that is still arriving; they count after the `save` that brings its message record. */
  put(records: Unsealed[]): Promise<Place[]>
  /** Reads the messages that were stored faster than they could be read. Throws `cancelled` when the context's signal aborts; the rest is read later then. */
  readTexts(context: JobContext): Promise<void>
}

export interface JobContext {
  /** Aborts when the person cancels, or the engine closes. */
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Merges into the job's progress; rates and time left are worked out from it. */
  progress(update: Partial<Pick<JobProgress, 'phase' | 'done' | 'total' | 'bytesDone' | 'bytesTotal' | 'current'>>): void
  /** To be awaited between items: returns at once, or waits while the person has paused the job; throws when cancelled. */
  checkpoint(): Promise<void>
  /** One item that could not be done; the job goes on. */
  failed(what: string, error: AppError): void
  count(outcome: 'added' | 'unchanged' | 'failed', by?: number): void
  /** Numbers and short strings for the job's closing line. */
  result(values: Record<string, string | number | boolean>): void
  /** What a day may bring: from now on the time left counts the days of waiting, too. */
  limit?(limit: DayLimit | null): void
  /** For the engine's log file: no subjects, addresses, words, or secrets. */
  log(line: string): void
}

/** For jobs that go on until they are told to end. */
export interface LongJobContext extends JobContext {
  /** Replaces parts of what the job says of itself: what holds now, where the rest of the context only adds. */
  show(face: Partial<Pick<Job, 'outcomes' | 'failures'> & { error: PlainError | null }>): void
  /**
   * After an error: pauses, with the reason and the time of the next try, and resolves when that time has come, a person says go on, or
   * `wake` resolves. `attempt` counts from 0 and makes the waits longer. Throws the error where waiting is of no use. The error stays shown
   * until it is taken away.
   */
  waitOut(error: unknown, attempt: number, wake: Promise<unknown>): Promise<void>
}
