/** Tells a person of each problem once: again only when it had been solved in between. Successes are not news. */
import type { Problem } from './standing.ts'

export interface Notices {
  /** All problems there are now. */
  update(problems: readonly Problem[]): void
}

export function createNotices(show: (problem: Problem) => void): Notices {
  let told = new Set<string>()
  return {
    update: problems => {
      const now = new Map(problems.map(problem => [`${problem.archive} ${problem.kind}`, problem]))
      for (const [key, problem] of now) if (!told.has(key)) show(problem)
      told = new Set(now.keys())
    },
  }
}
