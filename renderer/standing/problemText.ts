/** A problem in a few words. */
import type { Problem } from '../../main/contract/problems.ts'
import type { Text } from '../text/text.ts'

export function problemTitle(problem: Problem, { t, plural }: Text): string {
  const { kind, what, count } = problem
  if (kind === 'missing' || kind === 'loss' || kind === 'damage') return plural(`standing.problems.${kind}`, count, { what })
  return t(`standing.problems.${wordOf(kind)}`, { what: kind === 'job' && isJobKind(what) ? t(`jobs.kind.${what}`) : what })
}

/** `other` is a plural form in the texts. */
export const wordOf = <K extends Problem['kind']>(kind: K) => (kind === 'other' ? 'trouble' : kind) as K extends 'other' ? 'trouble' : K

const jobKinds = ['export', 'import', 'attachments', 'rebuild', 'copy', 'repair', 'restore', 'restorePlan', 'undoRestore'] as const
const isJobKind = (what: string): what is (typeof jobKinds)[number] => (jobKinds as readonly string[]).includes(what)
