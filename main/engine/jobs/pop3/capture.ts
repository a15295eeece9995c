/**
 * Capture of an account over POP3. A session is short and its numbers mean nothing in the next, so a run is a row of sessions, each of which goes on
 * from what is durable: a lost connection, a list that changed, or a part of a large mailbox (Gmail) only mean one session more.
 */
import { AppError } from '../../../contract/errors.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import { pop3Provider } from '../../mail/pop3/provider.ts'
import type { ConnectPop3, Pop3Session } from '../../mail/pop3/types.ts'
import type { Secret } from '../../mail/secret.ts'
import { createSaver } from '../capture/saver.ts'
import type { ArchiveStore, JobContext } from '../types.ts'
import { connectPatiently } from './connect.ts'
import { captureMaildrop } from './maildrop.ts'
import { freshReading, LIST_CHANGED, MOST_UNPROVEN, type Pop3Run, passing } from './run.ts'
import { createPop3Tally } from './tally.ts'

export interface Pop3CaptureDeps {
  store: ArchiveStore
  connect: ConnectPop3
  settings: AccountSettings
  password: Secret
  /** Of jobs/pop3/head.ts. */
  headKey: Uint8Array
  /** Messages larger than so many bytes are named and not captured. */
  largest?: number | null
  room?: Pop3Run['room']
  bring?: Pop3Run['bring']
}

/** Sessions in a row that brought nothing. */
const MOST_LOSSES = 5
/** Parts of a mailbox that shows itself in parts: each has some 250 messages. */
const MOST_PARTS = 10_000

/**
 * Brings the archive to what the server holds, and changes nothing there. Everything that could not be had is a gap with a name, and the rest is there.
 * Throws only what ends the whole: a login that is refused, a connection that cannot be had again, the archive's own errors. May be called again at any
 * time, also after a kill: it fetches only what is missing.
 */
export async function capturePop3(deps: Pop3CaptureDeps, ctx: JobContext): Promise<void> {
  const { store, settings, headKey } = deps
  const tally = createPop3Tally(ctx)
  let epoch = 0
  const run: Pop3Run = {
    store,
    ctx,
    clock: ctx.clock,
    saver: createSaver(store, { onSaved: tally.saved, expected: tally.expected }),
    tally,
    nextEpoch: () => {
      epoch = Math.max(epoch + 1, store.index.nextEpoch())
      return epoch
    },
    mayKnow: false,
    gmail: null,
    headKey,
    provider: pop3Provider(settings),
    reading: freshReading(),
    largest: deps.largest ?? null,
    ...(deps.room && { room: deps.room }),
    ...(deps.bring && { bring: deps.bring }),
  }
  try {
    await sessions(run, deps)
    tally.done()
    ctx.progress({ phase: 'finishing', current: '' })
  } catch (error) {
    ctx.signal.throwIfAborted()
    throw error
  } finally {
    // Nothing may write to the archive after the job has ended, however it ended.
    await run.saver.drained().catch(() => {})
  }
}

async function sessions(run: Pop3Run, deps: Pop3CaptureDeps): Promise<void> {
  let losses = 0
  for (let parts = 0; parts < MOST_PARTS; ) {
    const { progress } = run.tally
    run.bring?.('new')
    const session = await connectPatiently(run, deps)
    run.reading.how = howFor(run, session)
    try {
      const { fetched, over } = await captureMaildrop(run, session)
      // Durable first: after QUIT some servers never show again what was retrieved.
      await run.saver.drained()
      // Where QUIT hides what was retrieved, a window that was cut off by the end of the day must be shown again.
      if (over && run.provider.windowed) session.close()
      else await session.quit()
      if (over) throw over
      if (fetched === 0 || !run.provider.windowed) return
      parts++
      losses = 0
    } catch (error) {
      session.close()
      run.ctx.signal.throwIfAborted()
      noteBreak(run)
      if (!worthAnother(error, session)) throw error
      await run.saver.drained()
      losses = run.tally.progress > progress ? 0 : losses + 1
      if (losses > MOST_LOSSES) throw error
      run.tally.note('reconnects')
      run.ctx.log(`session: ${error instanceof AppError ? error.code : 'error'}, ${losses} in a row`)
    }
  }
}

/** RETR marks a message as read on servers that have IMAP, too (and at Gmail as fetched, whatever is asked by); TOP does not. */
function howFor({ provider, reading }: Pop3Run, { offers }: Pop3Session): 'TOP' | 'RETR' {
  return offers.top && !provider.windowed && reading.unproven < MOST_UNPROVEN ? 'TOP' : 'RETR'
}

/** One message alone was being read: perhaps it is the message. Otherwise the next session reads them one by one. */
function noteBreak({ reading }: Pop3Run): void {
  const { current } = reading
  if (current !== null) reading.breaks.set(current, (reading.breaks.get(current) ?? 0) + 1)
  reading.current = null
  reading.window = 1
}

function worthAnother(error: unknown, session: Pop3Session): boolean {
  if (!(error instanceof AppError)) return false
  if (passing.has(error.code)) return true
  return error.code === 'server-lied' && (error.facts['reason'] === LIST_CHANGED || !session.usable)
}
