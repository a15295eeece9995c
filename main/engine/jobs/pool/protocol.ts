/** What the pool and its workers say to each other. Messages come in shared memory; what is made of them goes back in transferred buffers. */
import type { KeyObject } from 'node:crypto'
import type { SharedGate } from '../../base/threadGate.ts'
import type { ParsedMessage } from '../../index/types.ts'
import type { RecordId, Unsealed } from '../../log/types.ts'
import type { Prepared, PrepareOptions, ViewedMessage } from './types.ts'

/**
 * How far a message is trusted: all of it; its headers, after its body has cost a worker; nothing but splitting; not even that.
 * What is stored does not depend on it, only how small it gets and what is known about it.
 */
export type Trust = 'full' | 'headers' | 'split' | 'none'

export interface Reading {
  trust: Trust
  /** Why it is not trusted in full. */
  failure: ParsedMessage['failure']
  /** What of a message that is trusted in full is not read now. */
  later: PrepareOptions['later']
}

export interface WorkerData {
  idKey: Uint8Array
  /** Shared Int32: [messages begun so far, index of the one under way in the present task]. The watchdog looks at it. */
  progress: SharedArrayBuffer
  gate: SharedGate
  stored: RecordId[]
}

/** Several messages one after the other in one buffer, which is the worker's until it answers. */
export interface Packed {
  buffer: SharedArrayBuffer
  lengths: number[]
}

export type ToWorker =
  | { type: 'prepare'; task: number; packed: Packed; reading: Reading }
  | { type: 'parse'; task: number; packed: Packed; reading: Reading }
  /** Message records as they stand in the log; `keys[keyOf[i]]` opens the i-th. */
  | { type: 'parseSealed'; task: number; packed: Packed; ids: RecordId[]; keys: KeyObject[]; keyOf: number[]; reading: Reading }
  | { type: 'view'; task: number; packed: Packed; beginning: boolean }
  | { type: 'stream'; task: number }
  | { type: 'chunk'; task: number; bytes: Uint8Array }
  | { type: 'chunksEnd'; task: number }
  | { type: 'stored'; ids: RecordId[] }
  | { type: 'forget' }

export type FromWorker =
  | { type: 'prepared'; task: number; prepared: Prepared[] }
  /** Null: the record alone does not hold what is read. */
  | { type: 'parsed'; task: number; parsed: (ParsedMessage | null)[] }
  | { type: 'viewed'; task: number; viewed: ViewedMessage }
  /** A task failed without killing the worker: a mistake of ours. */
  | { type: 'failed'; task: number; message: string }
  /** A chunk was worked off, and these records came out. */
  | { type: 'taken'; task: number; bytes: number; records: Unsealed[] }
  /** The stream's end was reached; its text is read next. */
  | { type: 'assembled'; task: number; prepared: Omit<Prepared, 'parsed'> }
  | { type: 'streamParsed'; task: number; parsed: ParsedMessage }
