/** Walks the records of one segment. Damage is something it finds, never something that stops it. */
import type { KeyObject } from 'node:crypto'
import type { DiskFile } from '../base/files.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { idFits, openRecord, parseRecordHeader, RECORD_HEADER, RECORD_MAGIC, RECORD_OVERHEAD, type RecordHeader, sealHolds } from './record.ts'

export type Found =
  /** `plain` is there for commits, and for every record of a full walk. */
  | { type: 'record'; header: RecordHeader; offset: number; plain: Uint8Array | null }
  /** A record that cannot be opened (`header` says which), or bytes that are no record. */
  | { type: 'damage'; offset: number; length: number; header: RecordHeader | null; detail: string }

export interface Walk {
  file: DiskFile
  key: KeyObject
  keys: ArchiveKeys
  /** Offset of a record. */
  from: number
  /** Where the records end. */
  to: number
  /** Opens every record and compares ids; else only commits are opened, and headers are trusted by their checksum. */
  full: boolean
  /** Checks the seal of every record: the bytes are what was sealed, with nothing decompressed. */
  seals?: boolean
}

// One read a megabyte: a walk by headers goes as fast as the disk gives, and holds no more than that (and the largest record).
const CHUNK = 1024 * 1024
// Of opened payloads: what compresses a thousandfold must not fill the memory.
const HELD = 4 * 1024 * 1024

/** What it finds comes in batches, each of what one read brought: a step of an asynchronous loop for every small record would cost more than its header. */
export async function* walkSegment({ file, key, keys, from, to, full, seals = false }: Walk): AsyncGenerator<Found[]> {
  const window = createWindow(file, to)
  let batch: Found[] = []
  let held = 0
  let at = from
  while (at < to) {
    if (batch.length > 0 && (held > HELD || !window.has(at, Math.min(RECORD_HEADER, to - at)))) {
      yield batch
      batch = []
      held = 0
    }
    const header = await headerAt(at)
    if (!header) {
      const next = await nextRecord(at + 1)
      batch.push({ type: 'damage', offset: at, length: next - at, header: null, detail: `${next - at} bytes that are no record` })
      at = next
      continue
    }
    const plain = full || header.kind === 'commit' ? await opened(header, at) : seals ? await sealed(header, at) : null
    if (plain !== 'damaged') {
      batch.push({ type: 'record', header, offset: at, plain })
      held += plain?.length ?? 0
      at += header.length
      continue
    }
    // The header's checksum is right, so its length is; unless bytes are missing from the middle of the file.
    const end = at + header.length
    const next = end === to || (await headerAt(end)) ? end : await nextRecord(at + RECORD_HEADER)
    batch.push({ type: 'damage', offset: at, length: next - at, header, detail: `${header.kind} ${header.id.slice(0, 12)} does not open` })
    at = next
  }
  if (batch.length > 0) yield batch

  /** A header at this place whose record fits before the end; null where there is none. */
  async function headerAt(offset: number): Promise<RecordHeader | null> {
    if (to - offset < RECORD_OVERHEAD) return null
    const header = parseRecordHeader(window.has(offset, RECORD_HEADER) ?? (await window.read(offset, RECORD_HEADER)))
    return header && header.length <= to - offset ? header : null
  }

  async function opened(header: RecordHeader, offset: number): Promise<Uint8Array | 'damaged'> {
    const plain = openRecord(key, header, window.has(offset, header.length) ?? (await window.read(offset, header.length)))
    return plain && idFits(keys, header, plain) ? plain : 'damaged'
  }

  async function sealed(header: RecordHeader, offset: number): Promise<null | 'damaged'> {
    return sealHolds(key, header, window.has(offset, header.length) ?? (await window.read(offset, header.length))) ? null : 'damaged'
  }

  /** The next place at which a record opens, or the end. */
  async function nextRecord(start: number): Promise<number> {
    for (let offset = start; to - offset >= RECORD_OVERHEAD; ) {
      const length = Math.min(CHUNK, to - offset)
      const bytes = window.has(offset, length) ?? (await window.read(offset, length))
      const hit = bytes.indexOf(RECORD_MAGIC)
      if (hit < 0) {
        if (bytes.length < length) break // shorter than it was
        offset += length - RECORD_MAGIC.length + 1
        continue
      }
      const header = await headerAt(offset + hit)
      if (header && (await opened(header, offset + hit)) !== 'damaged') return offset + hit
      offset += hit + 1
    }
    return to
  }
}

/** A sliding view of a file. What it gives is valid until the next read. */
function createWindow(file: DiskFile, to: number) {
  let buffer = Buffer.alloc(0)
  let start = 0
  let end = 0
  const view = (offset: number, length: number) => buffer.subarray(offset - start, offset - start + length)
  return {
    has: (offset: number, length: number): Buffer | null => (offset >= start && offset + length <= end ? view(offset, length) : null),
    /** Shorter than asked for where the file ends. */
    async read(offset: number, length: number): Promise<Buffer> {
      const wanted = Math.max(length, Math.min(CHUNK, to - offset))
      if (buffer.length < wanted) buffer = Buffer.allocUnsafe(wanted)
      start = end = offset
      end = offset + (await file.read(buffer.subarray(0, wanted), offset))
      return view(offset, Math.min(length, end - offset))
    },
  }
}
