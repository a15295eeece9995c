/** What stood before and what is seen now, put together: since when each stands, and which are solved. */
import type { Problem } from '../../../contract/problems.ts'
import type { Seen } from './find.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Solved ones are told of in the week's summary. */
const KEPT_MS = 8 * DAY_MS
const MOST_SOLVED = 200

export function mergeProblems(archive: string, before: readonly Problem[], { found, covers }: Seen, now: number): Problem[] {
  const open = new Map(before.filter(({ solvedAt }) => solvedAt === null).map(problem => [problem.key, problem]))
  const solved = before.filter(({ solvedAt }) => solvedAt !== null && solvedAt > now - KEPT_MS)
  const standing = found.map((one): Problem => ({ archive, ...one, since: sinceOf(open.get(one.key), one.kind, now), solvedAt: null }))
  const seen = new Set(found.map(({ key }) => key))
  for (const [key, problem] of open) {
    if (seen.has(key)) continue
    if (!covers(key)) standing.push(problem)
    // What passed by itself in a moment is no story to tell.
    else if (problem.urgent || now - problem.since > DAY_MS) solved.push({ ...problem, solvedAt: now })
  }
  return [...standing, ...solved.slice(-MOST_SOLVED)]
}

/** The same place with another kind of trouble is another problem. */
const sinceOf = (before: Problem | undefined, kind: Problem['kind'], now: number): number => (before?.kind === kind ? before.since : now)
