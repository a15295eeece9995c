/** Which listed messages are ones that we have: as far as it can be told without fetching them, by TOP. */
import type { Listed, Pop3Session } from '../../mail/pop3/types.ts'
import type { Claims } from './claims.ts'
import { headOf, markOf, tellsApart } from './head.ts'
import type { Matched } from './match.ts'
import type { Pair, Pop3Run } from './run.ts'

export interface Identified {
  /** Ours, with the mark of the header it has now. */
  same: (Pair & { head: string })[]
  /** Ours, under another UIDL: its header and its size say so, and after a migration a sample of the bytes has to. */
  likely: (Pair & { head: string })[]
  /** To be fetched. */
  rest: Listed[]
}

/** `claims`: what the listing does not name. Doubted rows that turn out to be something else are added to it. */
export async function identify(run: Pop3Run, session: Pop3Session, matched: Matched, claims: Claims): Promise<Identified> {
  const doubted = new Map(matched.doubted.map(({ listed, row }) => [listed.number, row]))
  const found: Identified = { same: [], likely: [], rest: [] }
  const listedBy = new Map([...matched.doubted.map(({ listed }) => listed), ...matched.unknown].map(listed => [listed.number, listed]))
  const asked = mayAsk(session) ? [...listedBy.values()].filter(listed => doubted.has(listed.number) || claims.mayBe(listed)) : []
  const marks = await marksOf(run, session, asked)
  // First those that are still what their UIDL says, then the others may claim what these were not.
  const unsure: Listed[] = [...matched.unknown]
  for (const [number, row] of doubted) {
    const listed = listedBy.get(number)!
    const head = marks.get(number)
    if (head !== undefined && head === row.head) found.same.push({ listed, row, head })
    else {
      claims.putBack(row)
      unsure.push(listed)
    }
  }
  for (const listed of unsure) {
    const head = marks.get(listed.number)
    const row = head === undefined ? null : claims.byHead(head, listed)
    if (row) found.likely.push({ listed, row, head: head! })
    else found.rest.push(listed)
  }
  return found
}

/** Marks of the headers that tell their messages apart, by number. Those of a session that was lost are not asked for again. */
async function marksOf({ ctx, headKey, reading, tally }: Pop3Run, session: Pop3Session, asked: readonly Listed[]): Promise<Map<number, string>> {
  const marks = new Map<number, string>()
  const unasked: Listed[] = []
  for (const listed of asked) {
    const before = listed.uidl === null ? undefined : reading.marks.get(listed.uidl)
    if (before === undefined) unasked.push(listed)
    else if (before !== null) marks.set(listed.number, before)
  }
  let at = 0
  for await (const { number, head } of session.heads(unasked.map(({ number }) => number))) {
    const { uidl } = unasked[at++]!
    const header = head === null ? null : headOf(head)
    const mark = header !== null && tellsApart(header) ? markOf(headKey, header) : null
    if (mark !== null) marks.set(number, mark)
    if (uidl !== null) {
      reading.marks.set(uidl, mark)
      tally.progressed()
    }
    await ctx.checkpoint()
  }
  return marks
}

/** The newest message that we know by its UIDL, where its header is another one now or cannot be asked for; null where all is as it was. */
export async function spotCheck(run: Pop3Run, session: Pop3Session, kept: readonly Pair[]): Promise<Pair | null> {
  const pair = kept.findLast(({ row }) => row.head !== null)
  if (!pair) return null
  // Without TOP its bytes are compared, which costs little more where it is small.
  const small = (pair.listed.octets ?? SMALL) < SMALL
  if (!mayAsk(session)) return small ? pair : null
  for await (const { head } of session.heads([pair.listed.number])) {
    if (head !== null && markOf(run.headKey, headOf(head)) === pair.row.head) return null
    if (head === null && !small) return null
  }
  return pair
}

const SMALL = 128 * 1024

/** A server that does not say what it offers may have TOP all the same; where it has not, each refusal says so. */
const mayAsk = ({ offers }: Pop3Session): boolean => offers.top || !offers.known
