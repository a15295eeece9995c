/** Capture of an account on its terms: not while it is paused or refused, over connections that take no more than they may. */
import { AppError, fromPlainError, toPlainError } from '../../../contract/errors.ts'
import type { Archives } from '../../archives.ts'
import { pop3Provider } from '../../mail/pop3/provider.ts'
import type { Connect } from '../../mail/types.ts'
import { refusals } from '../pauses.ts'
import { capturePop3 } from '../pop3/capture.ts'
import { inItsTurn } from '../pop3/turn.ts'
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
  const { rules, refused, trafficFile, borrowed } = await archives.care(id)
  // A password that is refused again and again gets an account blocked; and nothing has changed since.
  if (refused && !byPerson) throw refusedAgain(refused)
  const terms = await openTerms(
    { rules, settings: account.settings, conditions: archives.conditions, regardless: byPerson, trafficFile, borrowed },
    job,
  )
  try {
    await captureOn(terms, deps, account, job)
    await archives.noteRefusal(id, null)
  } catch (error) {
    if (error instanceof AppError && refusals.has(error.code)) await archives.noteRefusal(id, { at: job.clock.now(), error: toPlainError(error) })
    throw error
  } finally {
    await terms.close()
    job.limit?.(null)
  }
  return !(account.settings.protocol === 'pop3' && pop3Provider(account.settings).windowed)
}

function captureOn(
  terms: Terms,
  { store, connect, headKey }: AccountCapture,
  account: Awaited<ReturnType<Archives['account']>>,
  job: JobContext,
): Promise<void> {
  if (account.settings.protocol === 'imap')
    return capture({ store, connect: terms.imap(connect), connections: terms.connections, terms, ...account }, job)
  return inItsTurn(account.settings, job.clock, connect =>
    capturePop3({ store, connect: terms.pop3(connect), headKey, largest: terms.largest, room: terms.room, bring: terms.bring, ...account }, job),
  )
}

function refusedAgain({ at, error }: NonNullable<Awaited<ReturnType<Archives['care']>>['refused']>): AppError {
  const { code, message, facts } = fromPlainError(error)
  return new AppError(code, message, { facts: { ...facts, since: at } })
}
