/** One mailbox: what is new is fetched, what changed is noted, what is proven gone is marked, and last of all the cursor moves. */
import { AppError } from '../../contract/errors.ts'
import type { MailboxState } from '../index/types.ts'
import type { Fact } from '../log/facts.ts'
import { toUidSet } from '../mail/imap/uidSet.ts'
import type { Examined, Since } from '../mail/types.ts'
import { lookAt } from './captureChanges.ts'
import { isUnchanged } from './captureDiff.ts'
import { cursorAfter, gapFact, type Place } from './captureFacts.ts'
import { captureFlags } from './captureFlags.ts'
import type { Line } from './captureLine.ts'
import { beginAlike } from './captureMatch.ts'
import { captureMessages } from './captureMessages.ts'
import type { CaptureRun, Target } from './captureRun.ts'
import { expectBytes } from './sizeEstimate.ts'
import { withinSize } from './sizeLimit.ts'

/**
 * After it, every UID of the server's proven listing is placed, or is a gap with a name, and the cursor says so (all of it is handed to the
 * saver, in that order). Throws when the mailbox could not be read to its end; then no cursor was written, and the next run goes on from there.
 * `expected`: how many messages of it the progress already counts on.
 */
export async function captureMailbox(run: CaptureRun, line: Line, target: Target, expected: number): Promise<void> {
  run.tally.at(target.name)
  const state = run.store.index.mailboxes().find(({ mailbox }) => mailbox === target.mailbox)?.epoch ?? null
  const examined = await line.examine(target.remote.raw, sinceOf(run, state))
  const stored = isOf(run, target, state, examined) ? state : null
  if (await captureEpoch(run, line, target, { examined, stored, renewed: state !== null && stored === null, expected })) return
  run.ctx.log('UIDs stand for other messages than before, under the same UIDVALIDITY: a new epoch')
  await captureEpoch(run, line, target, { examined: await line.examine(target.remote.raw), stored: null, renewed: true, expected: 0 })
}

/** The same mailbox, and the UIDs still mean what they meant. One that was made again under its name has another MAILBOXID, whatever its UIDVALIDITY. */
function isOf({ store }: CaptureRun, { mailbox }: Target, state: MailboxState['epoch'], { uidValidity, mailboxId }: Examined): boolean {
  const id = store.index.mailboxIds().get(mailbox)
  return state?.uidValidity === uidValidity && (id === undefined || mailboxId === undefined || id === mailboxId)
}

interface Found {
  examined: Examined
  /** What is known of this UIDVALIDITY. */
  stored: MailboxState['epoch']
  /** There was another epoch before this one. */
  renewed: boolean
  expected: number
}

/** False when `stored` turns out to be about other messages than those the server has under these UIDs. */
async function captureEpoch(run: CaptureRun, line: Line, target: Target, { examined, stored, renewed, expected }: Found): Promise<boolean> {
  const { saver, store, tally, clock } = run
  const epoch = stored?.epoch ?? (await openEpoch(run, target, examined))
  if (examined.mailboxId && store.index.mailboxIds().get(target.mailbox) !== examined.mailboxId)
    await saver.facts([{ k: 'mailboxId', mailbox: target.mailbox, id: examined.mailboxId }])
  const gaps = new Map(stored ? store.index.gaps(epoch).map(gap => [gap.uid, gap]) : [])
  const placed = stored ? store.index.placedUids(epoch) : new Uint32Array(0)
  const place: Place = { epoch, target, gaps }
  const moveCursor = async (seen: { exists: number; lastUid: number }) => {
    // Before the cursor: whatever is cut off here is done again.
    if (renewed || ((!stored?.complete || gaps.size > 0) && store.index.formerUids(target.mailbox).length > 0)) await endFormer(run, place)
    await saver.facts([cursorAfter(epoch, examined, seen)])
  }

  if (!target.returned && isUnchanged(stored, examined, clock.now()) && placed.length + gaps.size === examined.exists) {
    tally.expect(-expected)
    tally.note('unchangedMailboxes')
    tally.unchanged(placed.length)
    const again = await withinSize(run, line, place, due(run, place, [...gaps.keys()]))
    if (again.length > 0) {
      await nameAbsent(run, line, place, await captureMessages(run, line, place, again))
      await moveCursor({ exists: examined.exists, lastUid: examined.uidNext - 1 })
    }
    return true
  }

  const look = await lookAt(line, { stored, placed, gaps: new Set(gaps.keys()), returned: target.returned === true }, examined, clock.now())
  if (look.doubt && !(await areTheSame(run, line, place, look.known))) return false
  tally.unchanged(look.known.length)
  const wanted = await withinSize(run, line, place, due(run, place, look.missing))
  await expectBytes(run, line, wanted)
  tally.expect(wanted.length - expected)
  if (wanted.length > 0) await saver.facts([{ k: 'cursor', epoch, exists: look.exists, uidNext: 0, modseq: null, complete: false }])

  const absent = await captureMessages(run, line, place, wanted)
  if (!look.doubt && !(await captureFlags(run, line, place, look.known, look.flags))) return false
  // Where a folder shows its newest messages only, the older ones are hidden and not gone.
  const hidden = examined.exists >= (run.gmail?.limit ?? run.terms?.showsOnly ?? Number.POSITIVE_INFINITY)
  if (hidden) run.ctx.result({ notice: 'newest-only' })
  if (look.gone.length > 0 && !hidden) {
    await saver.facts([{ k: 'gone', epoch, uids: toUidSet(look.gone) }])
    tally.note('gone', look.gone.filter(uid => !gaps.has(uid)).length)
  }
  await nameAbsent(run, line, place, absent)
  await moveCursor(look)
  return true
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

/** What to ask the server about, where it can tell what changed. */
function sinceOf({ store }: CaptureRun, state: MailboxState['epoch']): Since | undefined {
  if (!state?.complete || state.modseq === null) return undefined
  const gaps = store.index.gaps(state.epoch).map(({ uid }) => uid)
  const placed = store.index.placedUids(state.epoch)
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
