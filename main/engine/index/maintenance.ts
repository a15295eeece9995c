/** What the index does while nothing else is to do, in slices short enough not to be felt. */
import type { WriteDb } from './connection.ts'

const MERGE_PAGES = 64 // about 10 ms a slice (measured on 200,000 messages)

export interface Maintenance {
  /** One slice; true while there is more to do. */
  step(): boolean
}

export function createMaintenance(db: WriteDb): Maintenance {
  const merge = db.prepare(`INSERT INTO words (words, rank) VALUES ('merge', ${MERGE_PAGES})`)
  const changes = db.prepare<[], number>('SELECT total_changes()').pluck()
  return {
    step: () => {
      // fts5.html 6.8: when total_changes grows by less than 2, there was nothing to merge.
      const before = changes.get()!
      merge.run()
      if (changes.get()! - before >= 2) return true
      db.pragma('wal_checkpoint(PASSIVE)')
      return false
    },
  }
}
