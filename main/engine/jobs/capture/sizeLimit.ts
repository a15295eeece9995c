/** Messages larger than a person wants are named in the ledger and left on the server; when the limit is raised, they come. */
import type { Fact } from '../../log/facts.ts'
import type { Place } from './facts.ts'
import type { Line } from './line.ts'
import type { CaptureRun } from './run.ts'

const LEFT_OUT = 'over-size-limit'

/** Of these UIDs, those to fetch. The rest are gaps with their reason, said once and not as failures: it was wished so. */
export async function withinSize(run: CaptureRun, line: Line, place: Place, uids: readonly number[]): Promise<readonly number[]> {
  const most = run.terms?.largest ?? null
  if (most === null || uids.length === 0) return uids
  const larger = await line.run(session => session.larger(uids, most))
  const out = larger ? uids.filter(uid => larger.has(uid)) : await describedLarger(line, uids, most)
  if (out.length === 0) return uids
  const facts = out.filter(uid => place.gaps.get(uid)?.code !== LEFT_OUT).map((uid): Fact => gapOf(place, uid))
  await run.saver.facts(facts)
  const left = new Set(out)
  return uids.filter(uid => !left.has(uid))
}

export function gapOf({ epoch }: Pick<Place, 'epoch'>, uid: number): Fact {
  return { k: 'gap', epoch, uid, code: LEFT_OUT, tries: 1, nextTry: null }
}

/** Where the server cannot be asked by size. */
function describedLarger(line: Line, uids: readonly number[], most: number): Promise<number[]> {
  return line.run(async session => {
    const found: number[] = []
    for await (const { uid, size } of session.describe(uids)) if (size > most) found.push(uid)
    return found
  })
}
