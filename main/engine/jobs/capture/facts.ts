/** The facts that capture writes about messages, and how a message that could not be had is named. */
import type { AppError } from '../../../contract/errors.ts'
import type { Fact, FactOf } from '../../log/facts.ts'
import type { Examined, RemoteMessage } from '../../mail/types.ts'
import type { CaptureRun, Target } from './run.ts'

/** Where messages are being captured. */
export interface Place {
  epoch: number
  target: Target
  /** Gaps of this epoch as the index knows them. */
  gaps: ReadonlyMap<number, { uid: number; code: string; tries: number; nextTry: number | null }>
}

export interface Gap {
  uid: number
  error: AppError
}

export function placedFact({ epoch }: Place, message: RemoteMessage, { id, size }: { id: string; size: number }): FactOf<'placed'> {
  const { uid, internalDate, zone, flags, emailId } = message
  return { k: 'placed', epoch, uid, id, size, internalDate, zone, flags, ...(emailId !== null && { emailId }) }
}

/** RFC822.SIZE lies on some servers; what came is what counts, and the difference is noted. */
export function noteSize({ tally }: CaptureRun, stated: number, real: number): void {
  if (stated !== real) tally.note('sizeDiffers')
}

const FIRST_RETRY_MS = 60_000
const LONGEST_RETRY_MS = 24 * 60 * 60 * 1000

/** Names a message that could not be had, for the ledger and for the person. */
export function gapFact({ ctx, clock, tally }: CaptureRun, { epoch, target, gaps }: Place, { uid, error }: Gap): Fact {
  const tries = (gaps.get(uid)?.tries ?? 0) + 1
  ctx.failed(`${target.name} UID ${uid}`, error)
  tally.note('gaps')
  tally.expect(-1)
  return { k: 'gap', epoch, uid, code: error.code, tries, nextTry: clock.now() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 4 ** (tries - 1)) }
}

/** What was listed, not what EXAMINE said before: mail that came in between makes the next run look again, which is never wrong. */
export function cursorAfter(epoch: number, examined: Examined, { exists, lastUid }: { exists: number; lastUid: number }): Fact {
  const uidNext = Math.max(examined.uidNext, lastUid + 1)
  return { k: 'cursor', epoch, exists, uidNext: examined.uidNext === 0 ? 0 : uidNext, modseq: examined.modseq, complete: true }
}
