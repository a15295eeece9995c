/** Proves a log: quickly by its structure, or fully by opening every record and putting every message together again. */
import { AppError } from '../../contract/errors.ts'
import type { Damage } from '../../contract/types.ts'
import { messagePieces, type ReadRecord } from './message.ts'
import { createPlaceMap, type PlaceMap } from './placeMap.ts'
import type { LogReader, Place, RecordId } from './types.ts'

export interface VerifyOptions {
  full: boolean
  signal?: AbortSignal
  /** Of the log's bytes. */
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

interface Met {
  id: RecordId
  place: Place
  /** Bytes put together, or what is wrong; null in a quick verify. */
  outcome: number | Damage | null
}

// A message's blobs stand just before it: this many bytes of them are kept, so that they are opened once, and not twice.
const KEPT_BLOBS = 16 * 1024 * 1024

export async function verifyLog(reader: LogReader, { full, signal, onProgress }: VerifyOptions): Promise<VerifyReport> {
  const report: VerifyReport = { damage: [], records: 0, commits: 0, messages: 0, bytes: 0 }
  const messages = createPlaceMap()
  const building = createBuilding(reader)
  // Messages no commit covers yet: left over from a crash, or still on their way, unless one follows.
  let loose: Met[] = []
  let commitLost = false
  // Placed by a commit, and not met before it.
  const unmet = new Map<RecordId, Place>()

  for await (const item of reader.scan({ full, ...(signal && { signal }), ...(onProgress && { onProgress }) })) {
    if (item.type === 'damage') {
      report.damage.push(item.damage)
      // It may have been the commit that covered them.
      commitLost ||= loose.length > 0
      continue
    }
    report.records++
    if (item.type === 'record') {
      const { kind, id, place, plain } = item
      building.met(id, place, plain)
      if (kind === 'message' && !messages.get(id)) loose.push({ id, place, outcome: plain ? await building.build(id, place) : null })
      continue
    }
    report.commits++
    cover()
    for (const fact of item.commit.facts) {
      const id = fact.k === 'placed' ? (fact.id as RecordId) : null
      if (id && !messages.get(id)) unmet.set(id, item.commit.place)
    }
  }
  if (commitLost) cover()
  for (const [id, place] of unmet)
    if (!messages.get(id))
      report.damage.push({ ...place, what: 'blob-missing', detail: `message ${short(id)} is named here, and is nowhere in the log` })
  for (const outcome of await building.again()) count(outcome)
  report.messages = messages.size
  if (!full) report.bytes = await reader.size()
  return report

  function cover(): void {
    for (const { id, place, outcome } of loose) {
      if (messages.get(id)) continue
      messages.add(id, place)
      if (outcome !== null) count(outcome)
    }
    loose = []
    commitLost = false
  }

  function count(outcome: number | Damage): void {
    if (typeof outcome === 'number') report.bytes += outcome
    else if (outcome.what === 'blob-missing' && building.postpone(outcome)) return
    else report.damage.push(outcome)
  }
}

/** Puts messages together from what a scan has just opened, and reads only what it opened long ago. */
function createBuilding(reader: LogReader) {
  const places = createPlaceMap()
  const recent = new Map<RecordId, Uint8Array>()
  let kept = 0
  // A blob that stands behind its message, as a repair may leave it: tried once more when everything was met.
  let postponed: Damage[] | null = []
  const idOf = new Map<Damage, RecordId>()

  const read: ReadRecord = async id => recent.get(id) ?? (await reader.read(placeOf(places, id), id)).bytes

  async function build(id: RecordId, place: Place): Promise<number | Damage> {
    try {
      let bytes = 0
      for await (const piece of messagePieces(read, id)) bytes += piece.length
      return bytes
    } catch (error) {
      const damage = { ...place, ...whatOf(error, id) }
      idOf.set(damage, id)
      return damage
    } finally {
      forget(id) // Only blobs are asked for again.
    }
  }

  function forget(id: RecordId): void {
    kept -= recent.get(id)?.length ?? 0
    recent.delete(id)
  }

  return {
    build,
    met(id: RecordId, place: Place, plain?: Uint8Array): void {
      places.add(id, place)
      if (!plain || recent.has(id)) return
      recent.set(id, plain)
      kept += plain.length
      for (const oldest of recent.keys()) {
        if (kept <= KEPT_BLOBS || oldest === id) break
        forget(oldest)
      }
    },
    postpone(damage: Damage): boolean {
      postponed?.push(damage)
      return postponed !== null
    },
    async again(): Promise<(number | Damage)[]> {
      const these = postponed ?? []
      postponed = null
      const outcomes: (number | Damage)[] = []
      for (const damage of these) outcomes.push(await build(idOf.get(damage)!, damage))
      return outcomes
    },
  }
}

function placeOf(places: PlaceMap, id: RecordId): Place {
  const place = places.get(id)
  if (!place) throw new AppError('message-unknown', `record ${short(id)} is nowhere in the log`)
  return place
}

function whatOf(error: unknown, id: RecordId): Pick<Damage, 'what' | 'detail'> {
  if (!(error instanceof AppError)) throw error
  if (error.code === 'byte-check-failed') return { what: 'message-bytes', detail: `message ${short(id)}: ${error.message}` }
  if (error.code === 'record-damaged' || error.code === 'segment-missing' || error.code === 'message-unknown')
    return { what: 'blob-missing', detail: `message ${short(id)} lacks a part: ${error.message}` }
  throw error
}

const short = (id: RecordId): string => id.slice(0, 12)
