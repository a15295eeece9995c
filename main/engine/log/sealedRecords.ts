/**
 * Many records at once, for who opens them elsewhere: read as they stand in the log, neighbours by one call, and opened where nobody waits for the
 * thread. What does not look right is left out, and `read` says why.
 */
import type { HoledBytes } from '../base/holed.ts'
import type { RecordId } from '../base/ids.ts'
import { decodeAssembly } from './assembly.ts'
import { buildView, viewBlobs, viewPlan } from './parseView.ts'
import { openRecord, parseRecordHeader } from './record.ts'
import type { SegmentFiles } from './segmentFiles.ts'
import type { RecordKind, SealedRecord, StoredAt } from './types.ts'

/** Reading on over what is not asked for is cheaper than another call; an attachment is passed over. */
const GAP = 32 * 1024
const RUN = 1024 * 1024

/** In the order asked. */
export async function readSealed(segments: SegmentFiles, wanted: readonly StoredAt[]): Promise<(SealedRecord | null)[]> {
  const found: (SealedRecord | null)[] = wanted.map(() => null)
  for (const run of runsOf(wanted)) {
    const stored = run.map(i => wanted[i]!)
    const records = await readRun(segments, stored).catch(() => []) // `read` says why
    records.forEach((record, n) => {
      found[run[n]!] = record
    })
  }
  return found
}

async function readRun(segments: SegmentFiles, stored: readonly StoredAt[]): Promise<(SealedRecord | null)[]> {
  const { segment, offset } = stored[0]!.place
  const last = stored.at(-1)!.place
  const loan = await segments.lend(segment)
  try {
    const { file, key } = loan.segment
    const bytes = Buffer.allocUnsafe(last.offset + last.length - offset)
    const length = await file.read(bytes, offset)
    return stored.map(({ id, place }) => {
      const from = place.offset - offset
      return key && from + place.length <= length ? { id, key, bytes: bytes.subarray(from, from + place.length) } : null
    })
  } catch (error) {
    loan.giveBack('broken')
    throw error
  } finally {
    loan.giveBack()
  }
}

/** Indexes of what is read together, in the order of the log. */
function runsOf(wanted: readonly StoredAt[]): number[][] {
  const order = wanted.map((_, i) => i).sort((a, b) => byPlace(wanted[a]!, wanted[b]!))
  const runs: number[][] = []
  let start = { segment: 0, offset: 0 }
  let end = 0
  for (const i of order) {
    const { segment, offset, length } = wanted[i]!.place
    const near = segment === start.segment && offset >= end && offset <= end + GAP && offset + length - start.offset <= RUN
    if (near) runs.at(-1)!.push(i)
    else {
      runs.push([i])
      start = { segment, offset }
    }
    end = offset + length
  }
  return runs
}

export const byPlace = ({ place: a }: StoredAt, { place: b }: StoredAt): number => a.segment - b.segment || a.offset - b.offset

/** Its plain payload, as `read` gives it; null where it does not open, or another record stands there. */
export function plainOfSealed({ id, key, bytes }: SealedRecord): { kind: RecordKind; plain: Uint8Array } | null {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = parseRecordHeader(record)
  if (header?.length !== record.length || header.id !== id) return null
  const plain = openRecord(key, header, record)
  return plain && { kind: header.kind, plain }
}

/** What parseView gives, where the record of the message holds all of it; null where it does not, or is not what it should be. */
export function viewOfSealed(sealed: SealedRecord): HoledBytes | null {
  const record = plainOfSealed(sealed)
  if (record?.kind !== 'message') return null
  try {
    const assembly = decodeAssembly(record.plain)
    const plan = viewPlan(assembly, { inlineImages: false })
    return viewBlobs(assembly, plan).length > 0 ? null : buildView(assembly, plan, missing)
  } catch {
    return null // whoever reads it again finds the same, and names it
  }
}

function missing(id: RecordId): never {
  throw new Error(`blob ${id} was not asked for`)
}
