/** Proves a log: quickly by its structure, or fully by opening every record and putting every message together again. */
import { AppError } from '../../contract/errors.ts'
import type { Damage } from '../../contract/types.ts'
import { messagePieces } from './message.ts'
import { createPlaceMap } from './placeMap.ts'
import type { LogReader, Place, RecordId } from './types.ts'

export interface VerifyOptions {
  full: boolean
  signal?: AbortSignal
  /** Of the bytes to be read; a full verify reads messages a second time, with all that they refer to. */
  onProgress?: (bytesDone: number, bytesTotal: number) => void
}

export interface VerifyReport {
  damage: Damage[]
  records: number
  commits: number
  /** Distinct messages that a commit covers, or covered before it was damaged. */
  messages: number
  /** Bytes of the messages put together again (full), or of the log (quick). */
  bytes: number
}

export async function verifyLog(reader: LogReader, { full, signal, onProgress }: VerifyOptions): Promise<VerifyReport> {
  const damage: Damage[] = []
  const places = createPlaceMap()
  const messages = new Map<RecordId, Place>()
  const named = new Map<RecordId, Place>()
  let records = 0
  let commits = 0
  // Damage after them: what covered them may have been a commit.
  let commitLost = false
  let loose: { id: RecordId; place: Place }[] = []
  const size = await reader.size()
  const total = full ? 2 * size : size

  const scan = reader.scan({ full, ...(signal && { signal }), onProgress: done => onProgress?.(Math.min(done, size), total) })
  for await (const item of scan) {
    if (item.type === 'damage') {
      damage.push(item.damage)
      commitLost ||= loose.length > 0
      continue
    }
    records++
    if (item.type === 'record') {
      places.add(item.id, item.place)
      if (item.kind === 'message') loose.push({ id: item.id, place: item.place })
      continue
    }
    commits++
    // What no commit covers is a left-over of a crash, or still on its way.
    for (const { id, place } of loose) messages.set(id, messages.get(id) ?? place)
    loose = []
    commitLost = false
    for (const fact of item.commit.facts) if (fact.k === 'placed') named.set(fact.id as RecordId, item.commit.place)
  }

  if (commitLost) for (const { id, place } of loose) messages.set(id, messages.get(id) ?? place)
  for (const [id, place] of named)
    if (!messages.has(id))
      damage.push({ ...place, what: 'blob-missing', detail: `message ${id.slice(0, 12)} is named here, and is nowhere in the log` })
  const bytes = full ? await putTogether() : size
  onProgress?.(total, total)
  return { damage, records, commits, messages: messages.size, bytes }

  async function putTogether(): Promise<number> {
    let bytes = 0
    for (const [id, place] of messages) {
      signal?.throwIfAborted()
      try {
        for await (const piece of messagePieces(readPlain, id)) bytes += piece.length
      } catch (error) {
        signal?.throwIfAborted()
        damage.push({ ...place, ...whatOf(error, id) })
      }
      onProgress?.(size + Math.floor(size * fractionOf(place)), total)
    }
    return bytes
  }

  /** Messages stand in the log in the order in which they are read here. */
  function fractionOf(place: Place): number {
    return Math.min(1, ((place.segment - 1) * 64 * 1024 * 1024 + place.offset) / Math.max(1, size))
  }

  async function readPlain(id: RecordId): Promise<Uint8Array> {
    const place = places.get(id)
    if (!place) throw new AppError('record-damaged', `no record ${id.slice(0, 12)}`, { facts: { missing: true } })
    return (await reader.read(place, id)).bytes
  }
}

function whatOf(error: unknown, id: RecordId): Pick<Damage, 'what' | 'detail'> {
  const about = `message ${id.slice(0, 12)}`
  if (!(error instanceof AppError)) throw error
  if (error.code === 'byte-check-failed') return { what: 'message-bytes', detail: `${about}: ${error.message}` }
  if (error.code === 'record-damaged' || error.code === 'segment-missing' || error.code === 'message-unknown')
    return { what: 'blob-missing', detail: `${about} lacks a part: ${error.message}` }
  throw error
}
