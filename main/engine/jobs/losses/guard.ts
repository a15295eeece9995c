/**
 * After each capture: looks at what disappeared from the server, and writes down a loss where it is one. Nothing is removed from the archive either way;
 * while a loss stands, retention may remove nothing (docs/FORMAT.md).
 */

import { epochOf, uidOf } from '../../index/rows.ts'
import type { Departed, IndexWriter, OpenLoss } from '../../index/types.ts'
import type { Fact, FactOf } from '../../log/facts.ts'
import { toUidSet } from '../../mail/imap/uidSet.ts'
import type { TakenBack } from '../restore/takenBack.ts'
import type { ArchiveStore, JobContext } from '../types.ts'
import { type Evidence, judge } from './judge.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export interface Watched {
  store: ArchiveStore
  job: Pick<JobContext, 'clock' | 'result' | 'log'>
  /** When the capture began that has just come to its end. */
  startedAt: number
  /** Asked for only where something disappeared: a person who takes a restore back is told of no loss. */
  takenBack(): Promise<TakenBack | null>
}

/** Tells in the job's result the number of the loss, and how many messages it has now. Costs nothing where nothing disappeared. */
export async function guardAgainstLosses({ store, job, startedAt, takenBack }: Watched): Promise<void> {
  const { index } = store
  const now = job.clock.now()
  const open = index.openLosses()
  const facts: Fact[] = open.flatMap(({ loss, back }) => (back ? [{ k: 'lossAnswer', loss, answer: 'returned' }] : []))
  const judged = index.lastJudged()
  const lately = index.departed(judged ?? startedAt)
  const loss =
    lately.length === 0
      ? null
      : lossIn(
          index,
          open.find(({ at, back }) => !back && now - at < DAY_MS),
          await evidence(index, lately, now, takenBack),
        )
  if (loss) facts.push(loss)
  // Also where nothing was a loss, so that it is not looked at as new again.
  if (lately.length > 0 || judged === null) facts.push({ k: 'judged', at: now })
  if (facts.length > 0) await store.save([], facts)
  if (!loss) return
  const lost = index.lossSize(loss.loss)
  job.result({ loss: loss.loss, lost })
  job.log(`loss ${loss.loss} (${loss.cause}): ${lost} of ${loss.before} messages are not on the server any more`)
}

/** Whether the guard would write down a loss, or more of one, now. */
export async function suspectsLoss({ store: { index }, job, startedAt, takenBack }: Watched): Promise<boolean> {
  const lately = index.departed(index.lastJudged() ?? startedAt)
  return lately.length > 0 && judge(await evidence(index, lately, job.clock.now(), takenBack)) !== null
}

async function evidence(index: IndexWriter, lately: Departed[], now: number, takenBack: Watched['takenBack']): Promise<Evidence> {
  const isTaken = await takenBack()
  const mailboxes = index.mailboxes()
  const inADay = index.departed(now - DAY_MS)
  if (!isTaken) return { mailboxes, lately, inADay, now }
  const states = new Map(mailboxes.map(state => [state.mailbox, state]))
  const vanished = ({ mailbox, placement }: Departed) => {
    const { raw = '', epoch = null } = states.get(mailbox) ?? {}
    return epoch?.epoch !== epochOf(placement) || !isTaken({ raw, uidValidity: epoch.uidValidity, uid: uidOf(placement) })
  }
  return { mailboxes, lately: lately.filter(vanished), inADay: inADay.filter(vanished), now }
}

function lossIn(index: IndexWriter, open: OpenLoss | undefined, evidence: Evidence): FactOf<'loss'> | null {
  const verdict = judge(evidence)
  if (verdict) return factOf(open ?? { ...verdict, loss: index.nextLoss() }, verdict.departed, verdict.mailboxes)
  if (!open || open.answer !== null) return null
  // A server that loses mail does so piece by piece, as one looks: the rest of it is no loss of its own.
  const more = evidence.lately.filter(({ mailbox }) => open.mailboxes.includes(mailbox))
  return more.length === 0 ? null : factOf(open, more, new Map())
}

function factOf(
  { loss, cause, before }: Pick<OpenLoss, 'loss' | 'cause' | 'before'>,
  departed: readonly Departed[],
  beforeIn: ReadonlyMap<number, number>,
): FactOf<'loss'> {
  const from = [...Map.groupBy(departed, ({ mailbox }) => mailbox)].map(([mailbox, those]) => ({
    mailbox,
    before: beforeIn.get(mailbox) ?? those.length,
    gone: [...Map.groupBy(those, ({ placement }) => epochOf(placement))].map(([epoch, places]) => ({
      epoch,
      uids: toUidSet(places.map(({ placement }) => uidOf(placement))),
    })),
  }))
  return { k: 'loss', loss, cause, before, from }
}
