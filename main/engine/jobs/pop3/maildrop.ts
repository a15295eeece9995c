/** One session of a capture over POP3: what is listed is had or is a gap with a name, what is proven gone is marked, and last of all the cursor moves. */
import { AppError } from '../../../contract/errors.ts'
import type { Pop3Id } from '../../index/types.ts'
import type { Fact } from '../../log/facts.ts'
import { toUidSet } from '../../mail/imap/uidSet.ts'
import type { Listed, Maildrop, Pop3Session } from '../../mail/pop3/types.ts'
import { gapOf } from '../capture/sizeLimit.ts'
import { createClaims } from './claims.ts'
import { lastUid, numbered, openDrop, sameFacts, uidlFact } from './facts.ts'
import { type Fetching, fetchWanted, sameBytes, type Wanted } from './fetch.ts'
import { identify, spotCheck } from './identify.ts'
import { type Matched, matchListing } from './match.ts'
import { noticeOf } from './notice.ts'
import type { Drop, Pair, Pop3Run } from './run.ts'

export interface Captured {
  /** Messages that were not there before. */
  fetched: number
  listed: number
  /** What is new is here, and for the rest of it there is no room today: why, and until when. */
  over?: AppError
}

/** Everything is handed to the saver, in the order in which it may become durable. Throws when the session cannot go on. */
export async function captureMaildrop(run: Pop3Run, session: Pop3Session): Promise<Captured> {
  const { ctx, saver, store, tally } = run
  ctx.progress({ phase: 'listing' })
  tally.at('INBOX')
  tally.begin()
  const drop = await openDrop(run)
  const listing = await session.listing()
  const rows = store.index.pop3Ids(drop.target.mailbox)
  drop.nextUid = lastUid(rows, drop.epoch) + 1
  report(run, listing)

  const matched = matchListing(listing.messages, rows, drop.epoch)
  await distrust(run, session, matched)
  const claims = createClaims(matched.left)
  const { same, likely, rest } = await identify(run, session, matched, claims)
  // After a migration every UIDL is another one: before a header stands for a message, a sample of the bytes has to be the same.
  const renamed = likely.filter(({ listed, row }) => listed.uidl !== row.uidl)
  if (renamed.length > 0 && !(await sameBytes({ run, session }, sampleOf(renamed)))) {
    for (const { listed, row } of likely.splice(0)) {
      claims.putBack(row)
      rest.push(listed)
    }
  }
  const known = [...same, ...likely]
  await recognise(run, drop, known)
  tally.note('placedWithoutDownload', likely.length)

  const { wanted, leftOut } = await withinSize(run, drop, [
    ...due(run, drop, matched.missed),
    ...numbered(
      drop,
      [...rest].sort((a, b) => a.number - b.number),
    ),
  ])
  tally.expect(wanted.length)
  run.store.pool.warm(wanted.length)
  ctx.progress({ phase: 'fetching' })
  tally.expectBytes(wanted.reduce((sum, { listed }) => sum + (listed.octets ?? 0), 0))
  if (wanted.length > 0) await saver.facts([cursor(drop, listing, false)])
  const fetching: Fetching = { run, session, drop, listing, claims, gaps: [] }
  const { fresh, rest: older } = byAge(run, drop, wanted, [...matched.kept, ...known])
  await fetchWanted(fetching, fresh)
  const over = older.length > 0 ? await untilDayIsUsed(run, () => fetchWanted(fetching, older)) : null
  if (over) return { fetched: fresh.length, listed: listing.messages.length, over }

  await saver.drained()
  tally.stored(matched.kept.length + known.length + wanted.length - fetching.gaps.length)
  // A part of a mailbox, or a listing in doubt, proves nothing about what it does not name.
  const whole = listing.complete && !run.provider.windowed
  if (whole) await markGone(fetching, matched, rows, leftOut)
  await saver.drained()
  if (!says(run, drop, listing, whole)) await saver.facts([cursor(drop, listing, whole)])
  return { fetched: wanted.length, listed: listing.messages.length }
}

/** After a migration it is all of the mailbox: in commits of a size that memory and index bear. */
const RECOGNISED_AT_ONCE = 2000

async function recognise({ saver }: Pop3Run, drop: Drop, known: readonly (Pair & { head: string })[]): Promise<void> {
  for (let from = 0; from < known.length; from += RECOGNISED_AT_ONCE) {
    await saver.facts(known.slice(from, from + RECOGNISED_AT_ONCE).flatMap(pair => sameFacts(drop, pair, pair.head)))
    await saver.drained()
  }
}

function report({ ctx }: Pop3Run, { complete, duplicateUidls, uidl }: Maildrop): void {
  ctx.result({
    mailboxes: 1,
    ...(!uidl && { uidl: false }),
    ...(duplicateUidls > 0 && { duplicateUidls }),
    ...(!complete && { listing: 'in doubt' }),
  })
  // What is listed is had all the same; that it is all there is, nobody can say.
  if (!complete) ctx.failed('INBOX', new AppError('server-lied', 'STAT, LIST and UIDL contradict each other', { facts: { mailbox: 'INBOX' } }))
}

/** A UIDL may be given again: by a server that counts, or because the account now is another one. One look each time; if it fails, all are looked at. */
async function distrust(run: Pop3Run, session: Pop3Session, matched: Matched): Promise<void> {
  const wrong = await spotCheck(run, session, matched.kept)
  if (!wrong || (await sameBytes({ run, session }, [wrong]))) return
  run.ctx.log('UIDLs stand for other messages than before')
  matched.doubted.push(...matched.kept.splice(0))
}

/** The first, one in the middle, the last. */
function sampleOf<T>(items: readonly T[]): T[] {
  return [...new Set([items[0]!, items[items.length >> 1]!, items.at(-1)!])]
}

/** Without the gaps whose time has not come; those are shown again, so that an error stays visible until it is solved. */
function due({ ctx, clock }: Pop3Run, { gaps }: Drop, missed: readonly Pair[]): Wanted[] {
  return missed.flatMap(({ listed, row: { uid } }) => {
    const gap = gaps.get(uid)
    if (!gap || (gap.nextTry ?? 0) <= clock.now()) return [{ listed, uid }]
    ctx.failed(`INBOX UID ${uid}`, new AppError('message-unavailable', `still missing: ${gap.code}`, { facts: { mailbox: 'INBOX', uid } }))
    return []
  })
}

/** What a complete listing does not name, and what nothing in it turned out to be. */
async function markGone(
  { run, drop, claims, gaps, listing }: Fetching,
  matched: Matched,
  rows: readonly Pop3Id[],
  leftOut: readonly Listed[],
): Promise<void> {
  const left = new Set([...claims.rest(), ...matched.left.filter(({ id }) => id === null)])
  const here = rows.filter(row => row.epoch === drop.epoch)
  // One that is listed and was not had may be any message of its size.
  const unread = [...gaps, ...leftOut]
  const mayBeListed = (row: Pop3Id) =>
    unread.some(({ uidl, octets }) => (uidl !== null && uidl === row.uidl) || octets === row.octets || octets === row.size)
  const gone = here.filter(row => left.has(row) && row.id !== null && !row.gone && !mayBeListed(row))
  const closed = here.filter(row => left.has(row) && row.id === null && drop.gaps.has(row.uid))
  const uids = [...gone, ...closed].map(({ uid }) => uid).sort((a, b) => a - b)
  if (uids.length > 0) await run.saver.facts([{ k: 'gone', epoch: drop.epoch, uids: toUidSet(uids) }])
  if (gone.length === 0) return
  run.tally.note('gone', gone.length)
  const before = here.filter(row => row.id !== null && !row.gone)
  const notice = noticeOf({ before, gone, listed: listing.messages.length, now: run.clock.now() })
  if (notice) run.ctx.result({ notice })
}

/** The others are gaps with their reason, said once and not as failures: it was wished so. */
async function withinSize({ saver, largest }: Pop3Run, drop: Drop, wanted: Wanted[]): Promise<{ wanted: Wanted[]; leftOut: Listed[] }> {
  const isLarger = ({ listed }: Wanted) => largest !== null && (listed.octets ?? 0) > largest
  const out = wanted.filter(each => isLarger(each) && drop.gaps.get(each.uid)?.code !== 'over-size-limit')
  await saver.facts(out.flatMap(({ listed, uid }) => [uidlFact(drop, uid, listed, null), gapOf(drop, uid)]))
  return { wanted: wanted.filter(each => !isLarger(each)), leftOut: wanted.filter(isLarger).map(({ listed }) => listed) }
}

/**
 * What came since the last look, for which a part of each day is kept, and what was there before. Where all was here then, everything else is new; else what
 * stands behind the newest that is here, because maildrops are in the order of arrival.
 */
function byAge({ store }: Pop3Run, { target }: Drop, wanted: Wanted[], known: readonly Pair[]): { fresh: Wanted[]; rest: Wanted[] } {
  const last = store.index.mailboxes().find(({ mailbox }) => mailbox === target.mailbox)?.epoch
  if (last?.complete) return { fresh: wanted, rest: [] }
  const newest = known.reduce((most, { listed }) => Math.max(most, listed.number), 0)
  const isNew = ({ listed }: Wanted) => newest > 0 && listed.number > newest
  return { fresh: wanted.filter(isNew), rest: wanted.filter(each => !isNew(each)) }
}

/** Null where it was long enough. */
async function untilDayIsUsed({ bring }: Pop3Run, fetchOlder: () => Promise<void>): Promise<AppError | null> {
  try {
    bring?.('rest')
    await fetchOlder()
    return null
  } catch (error) {
    if (error instanceof AppError && error.code === 'day-budget') return error
    throw error
  }
}

const DAY_MS = 24 * 60 * 60 * 1000

/** The last cursor says the same, and has said so lately: a look every minute that finds nothing is no news, and writes nothing. */
function says({ store, clock }: Pop3Run, { target, nextUid }: Drop, { messages }: Maildrop, complete: boolean): boolean {
  const said = store.index.mailboxes().find(({ mailbox }) => mailbox === target.mailbox)?.epoch
  if (said?.complete !== complete || said.exists !== messages.length || said.uidNext !== nextUid) return false
  return !complete || (said.completeAsOf !== null && clock.now() - said.completeAsOf < DAY_MS)
}

function cursor({ epoch, nextUid }: Drop, { messages }: Maildrop, complete: boolean): Fact {
  return { k: 'cursor', epoch, exists: messages.length, uidNext: nextUid, modseq: null, complete }
}
