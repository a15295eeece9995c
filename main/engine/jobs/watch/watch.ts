/**
 * Continuous capture of one archive: a round of capture at once, then one whenever the server tells of a change, when the time has come, when a
 * person asks, and when the computer wakes up. Nothing is trusted to be told: a lost notice is found by the next look at all mailboxes.
 */
import { AppError } from '../../../contract/errors.ts'
import type { Clock } from '../../base/clock.ts'
import type { MailboxState } from '../../index/types.ts'
import type { Fact } from '../../log/facts.ts'
import type { Connect } from '../../mail/types.ts'
import { isRuled, longPauseFor } from '../pauses.ts'
import type { JobContext, LongJobContext } from '../types.ts'
import { createEars, type Ears } from './ears.ts'
import { createRounds } from './round.ts'
import { createTriggers } from './triggers.ts'

export interface WatchDeps {
  /** One capture, over these connections where there are any; tells what has become durable, and whether all that the server has is here now. */
  capture(via: { connect?: Connect; onSaved(facts: readonly Fact[]): void; partial(): boolean }, job: JobContext): Promise<boolean>
  /** Of the archive, after a capture. */
  mailboxes(): Promise<readonly MailboxState[]>
  /** Null: a protocol without connections that listen (POP3). */
  connect: Connect | null
  /** Connections that may stand at a time. */
  connections?: number
  /** Between two looks at all mailboxes, at most. */
  intervalMs: number
  /** Whoever calls what `onAsk` was given asks for a round now. Returns the function that ends it. */
  onAsk(ask: () => void): () => void
  /** Calls when the computer's power or network is another; what waited for that looks again. Returns the function that ends it. */
  onConditions?(listener: () => void): () => void
  /** Everything that was on the server then is here. */
  onProven(at: number): Promise<void>
}

/** Ends only when it is cancelled, or there is nothing left to capture: the archive is gone from the profile, or has no account. */
export async function watchArchive(deps: WatchDeps, ctx: LongJobContext): Promise<void> {
  const { clock, signal } = ctx
  const triggers = createTriggers(clock, deps.intervalMs)
  const rounds = createRounds(ctx)
  const onListening = (listening: number) => {
    ctx.result({ listening })
    ctx.show({})
  }
  const ears = deps.connect
    ? createEars({
        connect: deps.connect,
        clock,
        ...(deps.connections && { most: deps.connections }),
        signal,
        log: ctx.log,
        onNotice: triggers.notice,
        onLost: triggers.lost,
        onListening,
      })
    : null
  const end = new AbortController()
  const ends = [deps.onAsk(() => triggers.now('person')), deps.onConditions?.(() => triggers.now('woke')) ?? (() => {}), () => end.abort()]
  void watchWallClock(clock, AbortSignal.any([signal, end.signal]), jumped => {
    ctx.log(`the clock went on by ${Math.round(jumped / 1000)} s: connecting again`)
    ears?.drop()
    triggers.now('woke')
  })
  const listen = createAttention(ears)
  try {
    for (let tries = 0; ; ) {
      const noticed = await triggers.due(signal)
      await ctx.checkpoint()
      const round = rounds.begin()
      const assumed = ears?.assume(noticed)
      try {
        const complete = await deps.capture(
          { ...(ears && { connect: ears.connect }), onSaved: round.saved, partial: () => assumed?.any ?? false },
          round.context,
        )
        const mailboxes = await deps.mailboxes()
        const { brought, latest } = round.done(mailboxes)
        ctx.show({ error: null })
        tries = 0
        triggers.ended(brought)
        if (complete && !assumed?.any) await deps.onProven(round.startedAt)
        listen(mailboxes, latest)
      } catch (error) {
        signal.throwIfAborted()
        triggers.ended(round.broke(isRuled(error)).brought)
        const ms = loginDelay(error)
        if (ms !== null) triggers.notBefore(ms)
        else if (hasRoomForNewMail(error)) {
          listen(await deps.mailboxes(), null)
          const over = new AbortController()
          const due = triggers.whenDue(AbortSignal.any([signal, over.signal]))
          due.catch(() => {}) // the watch ends, or the day is over
          await ctx.waitOut(error, 0, due)
          over.abort()
          tries = 0
        } else {
          ears?.drop()
          const forPerson = longPauseFor(error, tries)?.reason === 'account'
          await ctx.waitOut(error, tries++, triggers.asked(forPerson))
          triggers.now('over')
        }
      }
    }
  } finally {
    for (const each of ends) each()
    await ears?.close()
  }
}

/** INBOX, Sent, and the mailbox that got mail last: where new mail is expected. */
function createAttention(ears: Ears | null): (mailboxes: readonly MailboxState[], latest: string | null) => void {
  let third: string | null = null
  return (mailboxes, latest) => {
    if (!ears) return
    const there = mailboxes.filter(({ present, selectable }) => present && selectable)
    const first = (['inbox', 'sent'] as const).flatMap(role => there.find(mailbox => mailbox.role === role)?.raw ?? [])
    if (latest !== null && !first.includes(latest)) third = latest
    const last = there.find(({ raw }) => raw === third)?.raw
    ears.listen(last === undefined ? first : [...first, last])
  }
}

/** Of a day's amount so much is left that new mail need not wait: the watch goes on listening for it. */
const hasRoomForNewMail = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'day-budget' && Number(error.facts['forNewMail'] ?? 0) > 0

/** A provider's rule about the time between two logins is kept, and is nothing to be told of. */
function loginDelay(error: unknown): number | null {
  return error instanceof AppError && error.code === 'server-throttled' && error.facts['reason'] === 'login-delay'
    ? Number(error.facts['retryAfterMs'])
    : null
}

const TICK_MS = 10_000
const JUMP_MS = 60_000

/** Timers stand still while a computer sleeps, its wall clock does not: that is how we know. */
async function watchWallClock(clock: Clock, signal: AbortSignal, onJump: (ms: number) => void): Promise<void> {
  for (let before = clock.now(); !signal.aborted; before = clock.now()) {
    await clock.sleep(TICK_MS, signal).catch(() => {}) // the loop ends
    const jumped = clock.now() - before - TICK_MS
    if (!signal.aborted && jumped > JUMP_MS) onJump(jumped)
  }
}
