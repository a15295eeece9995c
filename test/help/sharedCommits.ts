/** Commits of random sizes whose messages tell by their date which commit they came with: writer and readers are processes of their own, and both know the plan. */
import { randomOf } from './random.ts'

export interface SharedPlan {
  /** The folder that all of them see. */
  dir: string
  /** The archive itself lies there and is written there; or it lies elsewhere, and is copied there again and again. */
  way: 'archive' | 'copy'
  seed: number
  commits: number
}

export const SHARED_PASSWORD = 'for everybody on the share'
const MOST = 30

/** Messages of each commit. */
export function sizesOf({ seed, commits }: SharedPlan): number[] {
  const random = randomOf(seed)
  return Array.from({ length: commits }, () => 1 + random.below(MOST))
}

const FIRST_S = 1_600_000_000
/** INTERNALDATE of all messages of a commit. */
export const dateOf = (commit: number): number => FIRST_S + commit
export const commitOf = (time: number): number => time / 1000 - FIRST_S

export const planFrom = (argv: readonly string[]): SharedPlan => JSON.parse(argv[2]!) as SharedPlan
