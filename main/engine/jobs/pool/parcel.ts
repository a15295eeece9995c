/** Records of a task in one buffer that can be transferred: sending a hundred costs more than copying them. */
import { giveBackAll } from '../../base/giveBack.ts'
import type { Unsealed } from '../../log/types.ts'

const LEAST = 1024 * 1024
const KEPT = 2 * 1024 * 1024 // what a rare large message has grown beyond this is given back

export interface Parcel {
  /**
   * Copies their bytes, and gives back at once the memory they were made in, often with room for all that they were before compression: left to the
   * collector it outlived the task, 10 MB in each worker. Not where it is that of `still`, which is read from afterwards.
   */
  put(records: readonly Unsealed[], still?: Uint8Array): void
  /** Everything put since the last time; the bytes of those records lie in it now. */
  close(): ArrayBuffer
}

/** One a worker: what it gathers in is used again. */
export function createParcel(): Parcel {
  let gathered = new Uint8Array(LEAST)
  let filled = 0
  let inside: { record: Unsealed; at: number; length: number }[] = []

  const makeRoom = (length: number) => {
    if (length <= gathered.length) return
    const larger = new Uint8Array(Math.max(length, 2 * gathered.length))
    larger.set(gathered.subarray(0, filled))
    gathered = larger
  }

  return {
    put(records, still) {
      for (const record of records) {
        const { bytes } = record
        makeRoom(filled + bytes.length)
        gathered.set(bytes, filled)
        inside.push({ record, at: filled, length: bytes.length })
        filled += bytes.length
        if (bytes.buffer !== still?.buffer) giveBackAll(bytes)
      }
    },
    close() {
      const out = gathered.slice(0, filled)
      for (const { record, at, length } of inside) record.bytes = out.subarray(at, at + length)
      inside = []
      filled = 0
      if (gathered.length > KEPT) gathered = new Uint8Array(LEAST)
      return out.buffer
    },
  }
}
