/**
 * Messages that are wanted one after the other, with their records read many at a time: one question to the index and a few reads of the log, in
 * place of both for each record. Whoever reads gets the same bytes and the same errors as from `read`.
 */
import { decodeAssembly } from '../log/assembly.ts'
import type { ReadRecord } from '../log/message.ts'
import type { RecordId } from '../log/types.ts'

export interface RecordSource {
  read: ReadRecord
  /** Plain payloads of many records; what cannot be had is left out: `read` says why. */
  readMany(ids: readonly RecordId[]): Promise<ReadonlyMap<RecordId, Uint8Array>>
}

/** Messages taken together: so many, of so many bytes. */
export const TOGETHER = { messages: 100, bytes: 4 * 1024 * 1024 } as const

/** For these messages, asked for in about this order. One that is larger than all that is taken together is read as by `read`. */
export function readInOrder({ read, readMany }: RecordSource, wanted: readonly { id: RecordId; size: number }[]): ReadRecord {
  const groups = groupsOf(wanted)
  /** The newest and the one before: several messages may be asked for at once. */
  let atHand: { group: readonly RecordId[]; read(id: RecordId): Promise<Uint8Array | undefined> }[] = []
  return async id => {
    const group = groups.get(id)
    if (group && !atHand.some(one => one.group === group)) atHand = [{ group, read: readTogether(readMany, group) }, ...atHand.slice(0, 1)]
    for (const one of atHand) {
      const found = await one.read(id)
      if (found) return found
    }
    return read(id)
  }
}

function groupsOf(wanted: readonly { id: RecordId; size: number }[]): Map<RecordId, readonly RecordId[]> {
  const groups = new Map<RecordId, RecordId[]>()
  let group: RecordId[] = []
  let bytes = 0
  for (const { id, size } of wanted) {
    if (size > TOGETHER.bytes || groups.has(id)) continue
    if (group.length === TOGETHER.messages || bytes + size > TOGETHER.bytes) {
      group = []
      bytes = 0
    }
    group.push(id)
    groups.set(id, group)
    bytes += size
  }
  return groups
}

/** The records of the messages at once; those of their bodies when the first is asked for, for who only wants to know a hash asks for none. */
function readTogether(readMany: RecordSource['readMany'], messages: readonly RecordId[]) {
  const records = readMany(messages)
  const named = records.then(bodiesOf)
  named.catch(() => {}) // whoever asks hears of it
  let bodies: ReturnType<RecordSource['readMany']> | null = null
  return async (id: RecordId): Promise<Uint8Array | undefined> => {
    const found = (await records).get(id)
    const theirs = await named
    if (found || !theirs.has(id)) return found
    bodies ??= readMany([...theirs])
    return (await bodies).get(id)
  }
}

function bodiesOf(records: ReadonlyMap<RecordId, Uint8Array>): Set<RecordId> {
  const ids = new Set<RecordId>()
  for (const bytes of records.values())
    try {
      for (const part of decodeAssembly(bytes).parts) if (part.type !== 'literal') for (const { id } of part.blobs) ids.add(id)
    } catch {
      // whoever puts the message together finds the same, and names it
    }
  return ids
}
