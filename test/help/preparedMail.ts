/** A message through the assembler and back, without threads: what would be stored, and a way to read it. */
import { type AssembleDeps, createAssembler } from '../../main/engine/jobs/pool/assemble.ts'
import { decompress } from '../../main/engine/log/codec.ts'
import type { RecordId, Unsealed } from '../../main/engine/log/types.ts'

export const testIdKey = new Uint8Array(32).fill(7)

export function plainOf({ codec, bytes, plainLength }: Unsealed): Uint8Array {
  return decompress(codec, bytes, plainLength)
}

/** Where records go, and where they are read from. */
export function recordStore() {
  const plain = new Map<RecordId, Uint8Array>()
  return {
    plain,
    put(list: readonly Unsealed[]): void {
      for (const record of list) plain.set(record.id, plainOf(record))
    },
    read: async (id: RecordId): Promise<Uint8Array> => {
      const payload = plain.get(id)
      if (!payload) throw new Error(`no record ${id}`)
      return payload
    },
  }
}

export function assembleMail(chunks: Iterable<Uint8Array>, deps: Partial<AssembleDeps> = {}) {
  const records: Unsealed[] = []
  const assembler = createAssembler({ idKey: testIdKey, isStored: () => false, give: record => void records.push(record), ...deps })
  for (const chunk of chunks) assembler.feed(Buffer.from(chunk))
  const assembled = assembler.end()
  const store = recordStore()
  store.put(records)
  return { ...assembled, view: assembled.view!, records, read: store.read, payload: store.plain.get(assembled.id)! }
}

/** Pieces of random lengths up to `most`. */
export function* randomPieces(bytes: Uint8Array, random: { below(below: number): number }, most: number): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random.below(most)
    yield bytes.subarray(at, at + length)
    at += length
  }
}
