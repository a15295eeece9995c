/** The newest ids that are known to be stored. Bounded: forgetting one costs compressing a blob once more, never bytes. */
import type { RecordId } from '../../log/types.ts'

const MOST = 50_000 // about 6 MB

export interface StoredIds {
  add(ids: Iterable<RecordId>): void
  has(id: RecordId): boolean
  clear(): void
  all(): RecordId[]
}

export function createStoredIds(): StoredIds {
  const ids = new Set<RecordId>()
  return {
    add(more) {
      for (const id of more) ids.add(id)
      // A Set gives its oldest first.
      for (const id of ids) {
        if (ids.size <= MOST) break
        ids.delete(id)
      }
    },
    has: id => ids.has(id),
    clear: () => ids.clear(),
    all: () => [...ids],
  }
}
