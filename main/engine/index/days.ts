/** What each day brought, for summaries: kept as the commits come, because nothing else tells it without a walk over everything. */
import type { ReadDb, WriteDb } from './connection.ts'
import type { DaySums } from './types.ts'

type What = keyof DaySums

export interface Days {
  count(what: What): void
  /** At the end of a commit: all of it is of the day of the commit (UTC). */
  write(time: number): void
  forget(): void
}

const DAY_MS = 24 * 60 * 60 * 1000
const dayOf = (time: number) => Math.floor(time / DAY_MS)
const nothing = (): DaySums => ({ captured: 0, flags: 0, gone: 0, gaps: 0 })

export function createDays(db: WriteDb): Days {
  const add = db.prepare(
    `INSERT INTO days (day, captured, flags, gone, gaps) VALUES (?, ?, ?, ?, ?) ON CONFLICT (day) DO UPDATE SET
       captured = captured + excluded.captured, flags = flags + excluded.flags, gone = gone + excluded.gone, gaps = gaps + excluded.gaps`,
  )
  let sums = nothing()
  return {
    count: what => {
      sums[what]++
    },
    write: time => {
      const { captured, flags, gone, gaps } = sums
      sums = nothing()
      if (captured + flags + gone + gaps > 0) add.run(dayOf(time), captured, flags, gone, gaps)
    },
    forget: () => {
      sums = nothing()
    },
  }
}

/** What the days since then brought, the first of them as a whole. */
export function createDaySums(db: ReadDb): (since: number) => DaySums {
  const sum = db.prepare<[number], DaySums>(
    `SELECT coalesce(sum(captured), 0) AS captured, coalesce(sum(flags), 0) AS flags, coalesce(sum(gone), 0) AS gone, coalesce(sum(gaps), 0) AS gaps
     FROM days WHERE day >= ?`,
  )
  return since => sum.get(dayOf(since))!
}
