/** Tells a person of each problem once: again only when it had been solved in between. Successes are not news. */
import type { Told } from './standing.ts'

export interface Notices {
  /** All problems there are now. */
  update(problems: readonly Told[]): void
}

export function createNotices(show: (told: Told) => void): Notices {
  let told = new Set<string>()
  return {
    update: problems => {
      const now = new Map(problems.map(one => [keyOf(one), one]))
      for (const [key, one] of now) if (!told.has(key)) show(one)
      told = new Set(now.keys())
    },
  }
}

/** Ten mailboxes that miss messages are one thing to be told of; each loss is one of its own. */
const keyOf = ({ problem: { archive, kind, key } }: Told): string => `${archive} ${kind === 'loss' ? key : kind}`
