/**
 * Appending: records gather in memory, a commit writes them in one call and syncs once. Whatever fails, what was committed stays, and
 * what was put since the last commit counts for nothing and may be put again.
 */
import type { KeyObject } from 'node:crypto'
import { AppError } from '../../contract/errors.ts'
import type { Clock } from '../base/clock.ts'
import { type Disk, type DiskFile, diskError } from '../base/files.ts'
import type { RecordId } from '../base/ids.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { encodeCommit } from './commit.ts'
import type { Fact } from './facts.ts'
import { NO_COMMIT, writeHeadFile } from './headFile.ts'
import type { Lock } from './lock.ts'
import { MAX_PAYLOAD, recordLength, sealRecord, type ToSeal } from './record.ts'
import { createSegment, newSalt, RECORDS_FROM, segmentKey, segmentPath } from './segment.ts'
import type { Commit, LogReader, LogWriter, Place, Unsealed } from './types.ts'

/** Where a writer goes on: found by recover.ts, or by the one who made the log. */
export interface LogEnd {
  /** Number, length that counts, and salt of the last segment. */
  segment: number
  whole: number
  salt: Uint8Array
  head: LogWriter['head']
  /** Nothing more is written to the last segment: the next append begins a new one. */
  finished: boolean
  /** For the first commit: what was found torn. */
  recovered: Fact[]
}

export interface WriterDeps {
  dir: string
  keys: ArchiveKeys
  clock: Clock
  disk: Disk
  lock: Lock
  reader: LogReader
  end: LogEnd
  segmentBytes: number
}

// Large messages come in many small puts: one write for 4 MB of them.
const BUFFER = 4 * 1024 * 1024

interface OpenSegment {
  number: number
  file: DiskFile
  salt: Uint8Array
  key: KeyObject
  /** Bytes in the file; the buffer follows them. */
  written: number
  /** End of the last commit in it, or where the records begin. */
  committed: number
}

export async function createWriter({ dir, keys, clock, disk, lock, reader, end, segmentBytes }: WriterDeps): Promise<LogWriter> {
  let head = end.head
  let recovered = end.recovered
  // The segment that is written to; null after a failure, until the next append begins a new one.
  let current: OpenSegment | null = end.finished ? null : await reopen(end)
  // What the next segment's header says about the one before it.
  let before = { segment: end.segment, whole: end.whole, salt: end.salt }
  let buffer = Buffer.allocUnsafe(64 * 1024)
  let filled = 0
  let closed = false
  let queue: Promise<unknown> = Promise.resolve()

  return {
    dir,
    get head() {
      return head
    },
    read: (place, expect) => reader.read(place, expect),
    readSealed: wanted => reader.readSealed(wanted),
    scan: options => reader.scan(options),
    size: () => reader.size(),
    put: records => inTurn(() => put(records)),
    commit: facts => inTurn(() => commit(facts)),
    close,
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = queue.then(async () => {
      if (closed) throw new AppError('internal', 'the log is closed')
      try {
        await lock.check()
        return await work()
      } catch (error) {
        // What does not fit is its caller's mistake, and not the disk's: nothing was written for it.
        throw error instanceof AppError && error.code === 'internal' ? error : await giveUpSegment(error)
      }
    })
    queue = turn.catch(() => {})
    return turn
  }

  async function put(records: Unsealed[]): Promise<Place[]> {
    const places: Place[] = []
    for (const record of records) {
      if (record.plainLength > MAX_PAYLOAD || record.bytes.length > record.plainLength)
        throw new AppError('internal', `a record of ${record.plainLength} bytes, ${record.bytes.length} compressed`)
      places.push(await append(record))
    }
    return places
  }

  async function commit(facts: Fact[]): Promise<Commit> {
    const content = { seq: (head?.seq ?? 0) + 1, time: clock.now(), prev: head?.id ?? NO_COMMIT, facts: [...recovered, ...facts] }
    const record = encodeCommit(keys, content)
    const place = await append(record)
    await flush()
    await current!.file.datasync()
    current!.committed = current!.written
    head = { id: record.id, seq: content.seq, time: content.time }
    recovered = []
    return { id: record.id, seq: content.seq, time: content.time, facts: content.facts, place }
  }

  async function append(record: ToSeal): Promise<Place> {
    const segment = await segmentToAppendTo()
    const length = recordLength(record.bytes)
    if (filled > 0 && filled + length > BUFFER) await flush()
    makeRoom(filled + length)
    const place = { segment: segment.number, offset: segment.written + filled, length }
    sealRecord(segment.key, record, buffer, filled)
    filled += length
    return place
  }

  async function segmentToAppendTo(): Promise<OpenSegment> {
    if (current && current.written + filled >= segmentBytes) await finish(current)
    current ??= await begin()
    return current
  }

  async function flush(): Promise<void> {
    if (filled === 0) return
    await current!.file.write(buffer.subarray(0, filled), current!.written)
    current!.written += filled
    filled = 0
    // One very large record does not keep its memory.
    if (buffer.length > BUFFER) buffer = Buffer.allocUnsafe(64 * 1024)
  }

  /** Everything of a finished segment is on the disk before its successor exists. */
  async function finish(segment: OpenSegment): Promise<void> {
    await flush()
    await segment.file.datasync()
    await writeHead(segment, segment.written)
    before = { segment: segment.number, whole: segment.written, salt: segment.salt }
    current = null
    await segment.file.close()
  }

  async function begin(): Promise<OpenSegment> {
    const number = before.segment + 1
    const salt = newSalt()
    const file = await createSegment(dir, keys, disk, { number, created: clock.now(), salt, before: before.whole, saltBefore: before.salt })
    return { number, file, salt, key: segmentKey(keys, salt), written: RECORDS_FROM, committed: RECORDS_FROM }
  }

  async function reopen({ segment, whole, salt }: LogEnd): Promise<OpenSegment> {
    const file = await disk.open(segmentPath(dir, segment), 'write').catch(error => {
      throw diskError(error, segmentPath(dir, segment))
    })
    return { number: segment, file, salt, key: segmentKey(keys, salt), written: whole, committed: whole }
  }

  /**
   * After a failed write or sync nobody knows what stands behind the last commit: it is left as it is, and the next append begins a
   * new segment whose header says how much of this one counts.
   */
  async function giveUpSegment(error: unknown): Promise<AppError> {
    filled = 0
    if (current) {
      const { number, file, salt, committed } = current
      current = null
      before = { segment: number, whole: committed, salt }
      await file.close().catch(() => {}) // the first error is the one to tell
      const length = await disk.stat(segmentPath(dir, number)).then(
        found => found?.size ?? committed,
        () => committed,
      )
      if (length > committed) recovered = [...recovered, { k: 'recovered', segment: number, whole: committed, length }]
    }
    return diskError(error, dir)
  }

  async function writeHead(segment: { number: number; salt: Uint8Array }, length: number): Promise<void> {
    await writeHeadFile(dir, keys, disk, {
      segment: segment.number,
      length,
      salt: Buffer.from(segment.salt).toString('hex'),
      seq: head?.seq ?? 0,
      commit: head?.id ?? (NO_COMMIT as RecordId),
      time: head?.time ?? 0,
    })
  }

  async function close(): Promise<void> {
    await queue
    if (closed) return
    closed = true
    try {
      if (current) {
        // Records that no commit covers are dropped here as they would be by a crash.
        await current.file.close()
        await lock.check()
        await writeHead(current, current.committed)
      }
    } catch {
      // Everything committed is durable. Without the closing mark (no room for it, a drive that was pulled) the next opening looks for the end.
    } finally {
      await reader.close()
      await lock.release()
    }
  }

  function makeRoom(length: number): void {
    if (buffer.length >= length) return
    const larger = Buffer.allocUnsafe(Math.max(length, Math.min(2 * buffer.length, BUFFER)))
    buffer.copy(larger, 0, 0, filled)
    buffer = larger
  }
}
