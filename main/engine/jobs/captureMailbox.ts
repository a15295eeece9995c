/** One mailbox: what is new is fetched, what changed is noted, what is proven gone is marked, and last of all the cursor moves. */
import { AppError } from '../../contract/errors.ts'
import type { Fact } from '../log/facts.ts'
import { toUidSet } from '../mail/imap/uidSet.ts'
import type { Examined } from '../mail/types.ts'
import { compareUids, isUnchanged } from './captureDiff.ts'
import { cursorAfter, gapFact, type Place } from './captureFacts.ts'
import { captureFlags } from './captureFlags.ts'
import type { Line } from './captureLine.ts'
import { captureMessages } from './captureMessages.ts'
import type { CaptureRun, Target } from './captureRun.ts'

/**
 * After it, every UID of the server's proven listing is placed, or is a gap with a name, and the cursor says so (all of it is handed to the
 * saver, in that order). Throws when the mailbox could not be read to its end; then no cursor was written, and the next run goes on from there.
 * `expected`: how many messages of it the progress already counts on.
 */
export async function captureMailbox(run: CaptureRun, line: Line, target: Target, expected: number): Promise<void> {
  const { saver, store, tally, clock } = run
  tally.at(target.name)
  const examined = await line.examine(target.remote.raw)
  const state = store.index.mailboxes().find(({ mailbox }) => mailbox === target.mailbox)?.epoch ?? null
  const stored = state?.uidValidity === examined.uidValidity ? state : null
  const epoch = stored?.epoch ?? (await openEpoch(run, target, examined))
  const gaps = new Map(stored ? store.index.gaps(epoch).map(gap => [gap.uid, gap]) : [])
  const placed = stored ? store.index.placedUids(epoch) : new Uint32Array(0)
  const place: Place = { epoch, target, gaps }

  if (isUnchanged(stored, examined, clock.now()) && placed.length + gaps.size === examined.exists) {
    tally.expect(-expected)
    tally.note('unchangedMailboxes')
    tally.unchanged(placed.length)
    await captureMessages(run, line, place, due(run, place, [...gaps.keys()]))
    return
  }

  const listed = await line.run(session => session.allUids())
  const { missing, known, gone } = compareUids(listed, placed)
  tally.unchanged(known.length)
  const onServer = new Set(listed)
  const goneGaps = [...gaps.keys()].filter(uid => !onServer.has(uid))
  const wanted = due(run, place, missing)
  tally.expect(wanted.length - expected)
  if (wanted.length > 0) await saver.facts([{ k: 'cursor', epoch, exists: listed.length, uidNext: 0, modseq: null, complete: false }])

  const absent = await captureMessages(run, line, place, wanted)
  await captureFlags(run, line, place, known, stored && examined.modseq ? stored.modseq : null)
  if (gone.length + goneGaps.length > 0) {
    await saver.facts([{ k: 'gone', epoch, uids: toUidSet([...gone, ...goneGaps]) }])
    tally.note('gone', gone.length)
  }
  await nameAbsent(run, line, place, absent)
  await saver.facts([cursorAfter(epoch, examined, listed)])
}

/** RFC 9051 2.3.1.1: with a new UIDVALIDITY every UID we know means nothing any more. The old epoch stays as history. */
async function openEpoch({ saver, nextEpoch }: CaptureRun, { mailbox }: Target, { uidValidity }: Examined): Promise<number> {
  const epoch = nextEpoch()
  await saver.facts([{ k: 'epoch', epoch, mailbox, uidValidity }])
  return epoch
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
