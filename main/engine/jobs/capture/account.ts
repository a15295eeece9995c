/** Capture of an account on its terms: not while it is paused or refused, over connections that take no more than they may. */
import { AppError, fromPlainError, toPlainError } from '../../../contract/errors.ts'
import type { Archives } from '../../archives.ts'
import { pop3Provider } from '../../mail/pop3/provider.ts'
import type { Connect } from '../../mail/types.ts'
import { refusals } from '../pauses.ts'
import { capturePop3 } from '../pop3/capture.ts'
import { createTurn, type Turn, tooSoon } from '../pop3/turn.ts'
import type { ArchiveStore, JobContext } from '../types.ts'
import { capture } from './capture.ts'
import { openTerms, type Terms } from './terms.ts'

export interface AccountCapture {
  archives: Archives
  id: string
  store: ArchiveStore
  headKey: Uint8Array
  connect: Connect
  /** A person asks for it now: also of a server that refused, and whatever the computer runs on. */
  byPerson: boolean
}

/** Whether the server shows all that it has. Throws what capture throws, and day-budget, on-battery, on-metered, account-on-hold. */
export async function captureAccount(deps: AccountCapture, job: JobContext): Promise<boolean> {
  const { archives, id, byPerson } = deps
  const account = await archives.account(id)
  const { rules, refused, busy, trafficFile, borrowed } = await archives.care(id)
  // A password that is refused again and again gets an account blocked; and nothing has changed since.
  if (refused && !byPerson) throw refusedAgain(refused)
  if (busy && !(byPerson && isOverForAPerson(busy)) && isStill(busy, job.clock.now())) throw stillBusy(busy, job.clock.now())
  const terms = await openTerms(
    { rules, settings: account.settings, conditions: archives.conditions, regardless: byPerson, trafficFile, borrowed },
    job,
  )
  const turn = createTurn(job.clock)
  try {
    await captureOn(terms, deps, account, turn, job)
    await archives.noteRefusal(id, null)
    await archives.noteBusy(id, null)
  } catch (error) {
    if (error instanceof AppError && refusals.has(error.code)) await archives.noteRefusal(id, { at: job.clock.now(), error: toPlainError(error) })
    if (asksForTime(error))
      await archives.noteBusy(id, { until: job.clock.now() + Math.min(LONGEST_MS, Number(error.facts['retryAfterMs'])), error: toPlainError(error) })
    throw error
  } finally {
    await terms.close()
    job.limit?.(null)
    const wait = Math.min(LONGEST_MS, turn.next - job.clock.now())
    if (wait > 0) await archives.noteBusy(id, { until: job.clock.now() + wait, error: toPlainError(tooSoon(account.settings, wait)) })
  }
  return !(account.settings.protocol === 'pop3' && pop3Provider(account.settings).windowed)
}

function captureOn(
  terms: Terms,
  { store, connect, headKey }: AccountCapture,
  account: Awaited<ReturnType<Archives['account']>>,
  turn: Turn,
  job: JobContext,
): Promise<void> {
  if (account.settings.protocol === 'imap')
    return capture({ store, connect: terms.imap(connect), connections: terms.connections, terms, ...account }, job)
  return capturePop3(
    { store, connect: terms.pop3(turn.connect), headKey, largest: terms.largest, room: terms.room, bring: terms.bring, ...account },
    job,
  )
}

function refusedAgain({ at, error }: NonNullable<Awaited<ReturnType<Archives['care']>>['refused']>): AppError {
  const { code, message, facts } = fromPlainError(error)
  return new AppError(code, message, { facts: { ...facts, since: at } })
}

/** Who waited as long as the server said may be a moment early by the clock. */
const JUST_OVER_MS = 2_000
/** No server is believed that wants longer. */
const LONGEST_MS = 24 * 60 * 60_000

type Busy = NonNullable<Awaited<ReturnType<Archives['care']>>['busy']>

/** A time that is too far away was noted by a clock that went wrong. */
function isStill({ until }: Busy, now: number): boolean {
  const wait = until - now
  return wait > JUST_OVER_MS && wait <= LONGEST_MS
}

/** Who asks now may ask a server that had enough of us; the time between two logins is a rule, and asking before ends in its refusal. */
const isOverForAPerson = ({ error }: Busy) => error.facts['reason'] !== 'login-delay'

/** It said for how long. The time between two logins over POP3 is noted when one has been. */
const asksForTime = (error: unknown): error is AppError =>
  error instanceof AppError &&
  error.code === 'server-throttled' &&
  Number(error.facts['retryAfterMs'] ?? 0) > 0 &&
  error.facts['reason'] === undefined

/** As it was said then, with what is left of the time: a scheduler that asks every minute, or a new start, does not ask the server. */
function stillBusy({ until, error }: Busy, now: number): AppError {
  const { code, message, facts } = fromPlainError(error)
  return new AppError(code, message, { facts: { ...facts, retryAfterMs: until - now } })
}
