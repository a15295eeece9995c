/** What is drawn while the rows of a far place are on their way: rows that are in memory, for a moment, so that who drags the thumb sees mail fly by and no blanks. */
import { useEffect, useState } from 'react'
import { AHEAD, type RunView } from './messageRun.ts'

/** Longer than this, and it is said that they are not there. */
const LATE_MS = 250

/**
 * The index of the row that stands at the top in place of `first`; null where at least one of the visible rows is there, or nothing is.
 * `seen`: the one that was at the top last.
 */
export function standIn({ base, rows }: RunView, seen: number, first: number, last: number): number | null {
  const end = base + rows.length
  if (rows.length === 0 || last < first || (first < end && last >= base)) return null
  const count = last - first + 1
  if (seen >= base && seen + count <= end) return seen
  // A new run begins so many rows before what was asked for.
  return Math.max(base, Math.min(base + AHEAD, end - count))
}

/** Whether the same rows have been standing in for too long. */
export function useLate(standing: boolean, rows: RunView['rows']): boolean {
  const [late, setLate] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows stand in for another moment
  useEffect(() => {
    setLate(false)
    if (!standing) return
    const timer = setTimeout(() => setLate(true), LATE_MS)
    return () => clearTimeout(timer)
  }, [standing, rows])
  return late
}
