/** What the log promises to those above it. It knows bytes and facts, not mail servers. docs/FORMAT.md is the format. */
import type { KeyObject } from 'node:crypto'
import type { Damage } from '../../contract/types.ts'
import type { RecordId } from '../base/ids.ts'
import type { Fact } from './facts.ts'

/** 32 bytes, lower-case hex: HMAC-SHA256(idKey, SHA-256(plain bytes)). Of a blob, of a message's whole bytes, or of a commit body. */
export type { RecordId }

export type RecordKind = 'blob' | 'message' | 'commit'
export const CODEC_NONE = 0
export const CODEC_ZSTD = 1
export const CODEC_DEFLATE = 2
export type Codec = 0 | 1 | 2

/** Where a record is: segment number, offset of its header, length of the whole record in bytes. */
export interface Place {
  segment: number
  offset: number
  length: number
}

export interface StoredAt {
  id: RecordId
  place: Place
}

/** A record as it stands in the log, nothing of it proven, with the key that opens it. */
export interface SealedRecord {
  id: RecordId
  key: KeyObject
  bytes: Uint8Array
}

/** A record ready to be sealed: compressed already (in the pool), not encrypted. */
export interface Unsealed {
  kind: 'blob' | 'message'
  id: RecordId
  codec: Codec
  /** Payload after compression. */
  bytes: Uint8Array
  /** Length of the payload before compression, at most 16 MiB. */
  plainLength: number
}

export interface Commit {
  id: RecordId
  seq: number
  /** Unix ms. */
  time: number
  facts: Fact[]
  place: Place
}

/** What a sequential read of a log meets, in log order. */
export type Scanned =
  | {
      type: 'record'
      kind: RecordKind
      id: RecordId
      place: Place
      /** Plain payload, in a full scan. */
      plain?: Uint8Array
    }
  | { type: 'commit'; commit: Commit }
  | { type: 'damage'; damage: Damage }

export interface LogPosition {
  segment: number
  offset: number
}

export interface LogReader {
  readonly dir: string
  /** Plain bytes of the record at a place: opened, authenticated, decompressed, and its id compared. Throws record-damaged, segment-missing. */
  read(place: Place, expect: RecordId): Promise<{ kind: RecordKind; bytes: Uint8Array }>
  /** Many records as they stand there, in the order asked; null for what cannot be had: `read` says why. */
  readSealed(wanted: readonly StoredAt[]): Promise<(SealedRecord | null)[]>
  /**
   * Everything from a position on (default: the start). Commits come opened and chained; records by their header only, unless
   * `full`, which opens each and checks its id. Damage is an item, never an exception; the scan goes on after it.
   */
  scan(options?: {
    from?: LogPosition
    full?: boolean
    signal?: AbortSignal
    onProgress?: (bytesDone: number, bytesTotal: number) => void
  }): AsyncIterable<Scanned>
  /** Bytes of all segment files. */
  size(): Promise<number>
  close(): Promise<void>
}

export interface LogWriter extends LogReader {
  /** The last commit of the log, or null in a new archive. */
  readonly head: { id: RecordId; seq: number; time: number } | null
  /** Appends records without making them durable yet; they count only after the next commit. Throws disk-full, read-only. */
  put(records: Unsealed[]): Promise<Place[]>
  /** Appends a commit that may name all records put before it, fsyncs, and returns it: from here on it is durable. */
  commit(facts: Fact[]): Promise<Commit>
  /** Puts the closing mark and gives up the lock. */
  close(): Promise<void>
}
