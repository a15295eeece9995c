/** One mailbox: what is new is fetched, what changed is noted, what is proven gone is marked, and last of all the cursor moves. */
import { AppError } from '../../../contract/errors.ts'
import type { MailboxState } from '../../index/types.ts'
import type { Fact } from '../../log/facts.ts'
import { toUidSet } from '../../mail/imap/uidSet.ts'
import type { Examined, Since } from '../../mail/types.ts'
import { lookAt } from './changes.ts'
import { isOutOfDate, isUnchanged, mayBeAnother } from './diff.ts'
import { cursorAfter, gapFact, type Place } from './facts.ts'
import { captureFlags } from './flags.ts'
import { examine, type Line } from './line.ts'
import { beginAlike } from './match.ts'
import { captureMessages } from './messages.ts'
import type { CaptureRun, Target } from './run.ts'
import { expectBytes } from './sizeEstimate.ts'
import { withinSize } from './sizeLimit.ts'

export interface Turn {
  /** How many messages of it the progress already counts on. */
  expected: number
  /** So many of those that are here were counted in another turn. */
  counted: number
  /** Where more are missing, only so many of them, the newest; the others have their turn later. */
  newest?: number
  /** Where days are counted: how many bytes are to come is asked for now. */
  weigh?: boolean
}

/**
 * After it, every UID of the server's proven listing is placed, or is a gap with a name, and the cursor says so (all of it is handed to the
 * saver, in that order): then it answers 0. Else the number of messages that are left for another turn; no cursor was written, and that turn goes on from there.
 * Throws when the mailbox could not be read to its end, with the same effect.
 */
export async function captureMailbox(run: CaptureRun, line: Line, target: Target, turn: Turn): Promise<number> {
  run.tally.at(target.name)
  const state = run.store.index.mailboxes().find(({ mailbox }) => mailbox === target.mailbox)?.epoch ?? null
  const before = state ? run.store.index.placedUids(state.epoch) : NONE
  const examined = await examine(line, target.remote.raw, sinceOf(run, state, before))
  const stored = isOf(run, target, state, examined) ? state : null
  const found = { examined, stored, placed: stored ? before : NONE, renewed: state !== null && stored === null, ...turn }
  const left = await captureEpoch(run, line, target, found)
  if (left !== null) return left
  run.ctx.log('UIDs stand for other messages than before, under the same UIDVALIDITY: a new epoch')
  const anew = { examined: await examine(line, target.remote.raw), stored: null, placed: NONE, renewed: true, expected: 0, counted: 0 }
  return (await captureEpoch(run, line, target, anew)) ?? 0
}

const NONE = new Uint32Array(0)

/** The same mailbox, and the UIDs still mean what they meant. One that was made again under its name has another MAILBOXID, whatever its UIDVALIDITY. */
function isOf({ store }: CaptureRun, { mailbox }: Target, state: MailboxState['epoch'], { uidValidity, mailboxId }: Examined): boolean {
  const id = store.index.mailboxIds().get(mailbox)
  return state?.uidValidity === uidValidity && (id === undefined || mailboxId === undefined || id === mailboxId)
}

interface Found extends Turn {
  examined: Examined
  /** What is known of this UIDVALIDITY. */
  stored: MailboxState['epoch']
  /** UIDs placed under it, ascending. */
  placed: Uint32Array
  /** There was another epoch before this one. */
  renewed: boolean
}

/** How many messages are left; null when `stored` turns out to be about other messages than those the server has under these UIDs. */
async function captureEpoch(
  run: CaptureRun,
  line: Line,
  target: Target,
  { examined, stored, placed, renewed, expected, counted, newest, weigh }: Found,
): Promise<number | null> {
  const { saver, store, tally, clock } = run
  const epoch = stored?.epoch ?? (await openEpoch(run, target, examined))
  if (examined.mailboxId && store.index.mailboxIds().get(target.mailbox) !== examined.mailboxId)
    await saver.facts([{ k: 'mailboxId', mailbox: target.mailbox, id: examined.mailboxId }])
  const gaps = new Map(stored ? store.index.gaps(epoch).map(gap => [gap.uid, gap]) : [])
  const place: Place = { epoch, target, gaps }
  // Where a folder shows its newest messages only, the older ones are hidden and not gone.
  const hidden = examined.exists >= (run.gmail?.limit ?? run.terms?.showsOnly ?? Number.POSITIVE_INFINITY)
  const moveCursor = async (seen: { exists: number; lastUid: number }) => {
    // Before the cursor: whatever is cut off here is done again.
    const begun = renewed || ((!stored?.complete || gaps.size > 0) && store.index.formerUids(target.mailbox).length > 0)
    if (begun && !hidden) await endFormer(run, place)
    await saver.facts([cursorAfter(epoch, examined, seen)])
  }

  if (!target.returned && isUnchanged(stored, examined, clock.now()) && placed.length + gaps.size === examined.exists) {
    const inDoubt = mayBeAnother(stored!.completeAsOf, examined, clock.now())
    if (inDoubt && !(await isStillTheSame(run, line, place, placed))) return null
    tally.expect(-expected)
    tally.note('unchangedMailboxes')
    tally.unchanged(Math.max(0, placed.length - counted))
    const again = await withinSize(run, line, place, due(run, place, [...gaps.keys()]))
    if (again.length > 0) await nameAbsent(run, line, place, await captureMessages(run, line, place, again))
    if (again.length > 0 || inDoubt || isOutOfDate(stored!.completeAsOf, store.index.lastProven(), clock.now()))
      await moveCursor({ exists: examined.exists, lastUid: examined.uidNext - 1 })
    return 0
  }

  const look = await lookAt(line, { stored, placed, gaps: new Set(gaps.keys()), returned: target.returned === true }, examined, clock.now())
  if (look.doubt && !(await areTheSame(run, line, place, look.known))) return null
  tally.unchanged(Math.max(0, look.known.length - counted))
  const wanted = await withinSize(run, line, place, due(run, place, look.missing))
  if (weigh) await expectBytes(run, line, wanted)
  tally.expect(wanted.length - expected)
  if (wanted.length > 0) await saver.facts([{ k: 'cursor', epoch, exists: look.exists, uidNext: 0, modseq: null, complete: false }])

  if (newest !== undefined && wanted.length > newest) {
    const absent = await captureMessages(run, line, place, wanted.slice(0, newest))
    await nameAbsent(run, line, place, absent)
    return wanted.length - newest
  }
  const absent = await captureMessages(run, line, place, wanted)
  if (!look.doubt && !(await captureFlags(run, line, place, look.known, look.flags))) return null
  if (look.gone.length > 0 && !hidden) {
    await saver.facts([{ k: 'gone', epoch, uids: toUidSet(look.gone) }])
    tally.note('gone', look.gone.filter(uid => !gaps.has(uid)).length)
  }
  await nameAbsent(run, line, place, absent)
  await moveCursor(look)
  return 0
}

/**
 * Only what came after everything that is here of the mailbox; the rest of it waits for another day. Answers how many that were. The cursor stays where it
 * is, so nothing is taken to be complete by this.
 */
export async function captureNew(run: CaptureRun, line: Line, target: Target): Promise<number> {
  run.tally.at(target.name)
  const state = run.store.index.mailboxes().find(({ mailbox }) => mailbox === target.mailbox)?.epoch ?? null
  const examined = await examine(line, target.remote.raw)
  if (!state || !isOf(run, target, state, examined)) return 0
  const gaps = new Map(run.store.index.gaps(state.epoch).map(gap => [gap.uid, gap]))
  const last = Math.max(run.store.index.placedUids(state.epoch).at(-1) ?? 0, ...gaps.keys())
  const arrived = await line.run(session => session.uidsFrom(last + 1))
  const place: Place = { epoch: state.epoch, target, gaps }
  const wanted = await withinSize(run, line, place, [...(arrived ?? [])].reverse())
  await nameAbsent(run, line, place, await captureMessages(run, line, place, wanted))
  return wanted.length
}

/** So many, the newest and the oldest, have their bytes compared. */
const SAMPLE = 50

/** By dates, and by bytes where the dates do not say otherwise; flags are brought up to date by the way. */
async function areTheSame(run: CaptureRun, line: Line, place: Place, known: readonly number[]): Promise<boolean> {
  if (known.length === 0) return true
  if (!(await captureFlags(run, line, place, known, 'all'))) return false
  const sample = new Set([...known.slice(0, SAMPLE), ...known.slice(-SAMPLE)])
  const marks = run.store.index.placedMarks(place.epoch, known[0]!, known.at(-1)!).filter(({ uid }) => sample.has(uid))
  return await beginAlike(run, line, new Map(marks.map(mark => [mark.uid, mark])))
}

/** By the date of its newest message, and where that is another one, by its bytes. */
async function isStillTheSame(run: CaptureRun, line: Line, { epoch }: Place, placed: Uint32Array): Promise<boolean> {
  const uid = placed.at(-1)
  const mark = uid === undefined ? undefined : run.store.index.placedMarks(epoch, uid, uid)[0]
  if (!mark || mark.internalDate === null) return true
  const differs = await line.run(async session => {
    let other = false
    for await (const said of session.describe([mark.uid])) other ||= said.internalDate !== null && said.internalDate !== mark.internalDate
    return other
  })
  return !differs || (await beginAlike(run, line, new Map([[mark.uid, mark]])))
}

/** What to ask the server about, where it can tell what changed. */
function sinceOf({ store }: CaptureRun, state: MailboxState['epoch'], placed: Uint32Array): Since | undefined {
  if (!state?.complete || state.modseq === null) return undefined
  const gaps = store.index.gaps(state.epoch).map(({ uid }) => uid)
  return { uidValidity: state.uidValidity, modseq: state.modseq, known: gaps.length === 0 ? placed : Uint32Array.from([...placed, ...gaps]).sort() }
}

/** RFC 9051 2.3.1.1: with a new UIDVALIDITY every UID we know means nothing any more. The old epoch stays as history. */
async function openEpoch({ saver, nextEpoch }: CaptureRun, { mailbox }: Target, { uidValidity }: Examined): Promise<number> {
  const epoch = nextEpoch()
  await saver.facts([{ k: 'epoch', epoch, mailbox, uidValidity }])
  return epoch
}

/**
 * The new epoch is here without a gap: what older epochs of the mailbox still list and the new one has not taken over is in none of the server's
 * messages, and so is gone. As long as one message could not be had, it may be any of them.
 */
async function endFormer({ saver, store, tally }: CaptureRun, { epoch, target }: Place): Promise<void> {
  await saver.drained()
  if (store.index.gaps(epoch).length > 0) return
  const left = store.index.formerUids(target.mailbox)
  await saver.facts(left.map(({ epoch, uids }) => ({ k: 'gone', epoch, uids: toUidSet(uids) })))
  tally.note(
    'gone',
    left.reduce((sum, { uids }) => sum + uids.length, 0),
  )
}

/** Without the gaps whose time has not come; those are shown again, so that an error stays visible until it is solved. */
function due({ ctx, clock }: CaptureRun, { gaps, target }: Place, uids: readonly number[]): number[] {
  return uids.filter(uid => {
    const gap = gaps.get(uid)
    if (!gap || (gap.nextTry ?? 0) <= clock.now()) return true
    ctx.failed(
      `${target.name} UID ${uid}`,
      new AppError('message-unavailable', `still missing: ${gap.code}`, { facts: { mailbox: target.name, uid } }),
    )
    return false
  })
}

/** The server listed them and then did not answer for them. Only another complete listing proves that they went meanwhile. */
async function nameAbsent(run: CaptureRun, line: Line, place: Place, absent: readonly number[]): Promise<void> {
  if (absent.length === 0) return
  const listed = new Set(await line.run(session => session.allUids()))
  const facts: Fact[] = []
  for (const uid of absent) {
    if (listed.has(uid))
      facts.push(gapFact(run, place, { uid, error: new AppError('message-unavailable', 'listed, but not given', { facts: { uid } }) }))
    else run.tally.expect(-1)
  }
  await run.saver.facts(facts)
}
