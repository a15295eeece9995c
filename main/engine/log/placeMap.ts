/**
 * Where each record is, for millions of them: 20 bytes a record where a Map of strings takes 200. Keeps the first 64 bits of an id,
 * which is a keyed hash: nobody can make two that collide, and among ten million the chance is one in 370,000.
 */
import type { Place, RecordId } from './types.ts'

export interface PlaceMap {
  readonly size: number
  get(id: RecordId): Place | null
  /** The first place stays where a record stands in the log twice. */
  add(id: RecordId, place: Place): void
}

const WORDS = 5 // two of the id, segment, offset, length
const FULL = 0.7

export function createPlaceMap(): PlaceMap {
  let capacity = 1024
  let slots = new Uint32Array(capacity * WORDS)
  let size = 0

  return {
    get size() {
      return size
    },
    get(id) {
      const at = find(slots, capacity, wordOf(id, 0), wordOf(id, 8))
      return slots[at + 4] === 0 ? null : { segment: slots[at + 2]!, offset: slots[at + 3]!, length: slots[at + 4]! }
    },
    add(id, place) {
      if (size >= capacity * FULL) grow()
      const at = find(slots, capacity, wordOf(id, 0), wordOf(id, 8))
      if (slots[at + 4] !== 0) return
      slots.set([wordOf(id, 0), wordOf(id, 8), place.segment, place.offset, place.length], at)
      size++
    },
  }

  function grow(): void {
    const before = slots
    capacity *= 2
    slots = new Uint32Array(capacity * WORDS)
    for (let at = 0; at < before.length; at += WORDS)
      if (before[at + 4] !== 0) slots.set(before.subarray(at, at + WORDS), find(slots, capacity, before[at]!, before[at + 1]!))
  }
}

const wordOf = (id: RecordId, at: number): number => Number.parseInt(id.slice(at, at + 8), 16)

/** Its slot, or the free one where it would go. A length of 0 marks a free slot: no record is that short. */
function find(slots: Uint32Array, capacity: number, high: number, low: number): number {
  for (let slot = high % capacity; ; slot = (slot + 1) % capacity) {
    const at = slot * WORDS
    if (slots[at + 4] === 0 || (slots[at] === high && slots[at + 1] === low)) return at
  }
}
