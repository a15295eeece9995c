/** First and every later capture of an account: read-only, resumable, several connections at a time. */
import { AppError, groupOf } from '../../../contract/errors.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import type { Secret } from '../../mail/secret.ts'
import type { Connect, Examined, RemoteMailbox } from '../../mail/types.ts'
import type { ArchiveStore, JobContext } from '../types.ts'
import { isOutOfDate, isUnchanged, mayBeAnother } from './diff.ts'
import { cursorAfter } from './facts.ts'
import { gmailOf, inStages, noteHiddenLabels, noteLimit, noteMissingAll } from './gmail.ts'
import { createCaptureLine, examine, type Line } from './line.ts'
import { compareListing } from './listing.ts'
import { captureMailbox, captureNew } from './mailbox.ts'
import { findRenamed } from './renames.ts'
import { type CaptureRun, createTally, type Target } from './run.ts'
import { createSaver } from './saver.ts'

export interface CaptureDeps {
  store: ArchiveStore
  connect: Connect
  settings: AccountSettings
  password: Secret
  /** At a time; fewer when the server does not allow so many. */
  connections?: number
  /** What is left out; nothing where none are given. */
  terms?: CaptureRun['terms']
}

const CONNECTIONS = 3
/**
 * Of a mailbox with more to fetch than this, so many of the newest come first, and the rest when every mailbox has had its turn: what a person looks for
 * first, sent mail too, is here long before the last letter of the largest mailbox.
 */
const FIRST_TURN = 1000
/** Of INBOX and sent mail, on the first day: enough that what comes from then on can be told from the rest. */
const A_FEW = 50
/** Below so many messages another connection costs more than it saves. */
const WORTH_ANOTHER = 200

/**
 * Brings the archive to what the server holds. Everything that could not be had is a gap or a failure with a name, and the rest is there.
 * Throws only what ends the whole: a login that is refused, a connection that cannot be had again (the runner pauses on it), the archive's own errors.
 * May be called again at any time, also after a kill: it fetches only what is missing.
 */
export async function capture(deps: CaptureDeps, ctx: JobContext): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([ctx.signal, stop.signal])
  const tally = createTally(ctx)
  const saver = createSaver(deps.store, { onSaved: tally.saved, expected: tally.expected, dated: true })
  let epoch = deps.store.index.nextEpoch()
  const run: CaptureRun = {
    store: deps.store,
    ctx,
    clock: ctx.clock,
    saver,
    tally,
    nextEpoch: () => epoch++,
    mayKnow: deps.store.index.hasMessages(),
    gmail: null,
    ...(deps.terms && { terms: deps.terms }),
  }
  const newLine = () => createCaptureLine({ ...deps, clock: ctx.clock, signal, log: ctx.log, onReconnect: () => tally.note('reconnects') })

  const first = newLine()
  // A first capture: they start while the server is asked what it has.
  if (!run.mayKnow) deps.store.pool.warm(Number.POSITIVE_INFINITY)
  try {
    ctx.progress({ phase: 'listing' })
    const { work, listed } = await survey(run, first)
    ctx.progress({ phase: 'fetching' })
    for (const { brings, work: those } of inTurns(run, work)) {
      const due = those.filter(({ done }) => !done)
      if (due.length > 0) run.terms?.bring(brings)
      for (const stage of inStages(run.gmail, due)) {
        await workOff(run, stage.work, first, newLine, stage.alone ? 1 : (deps.connections ?? CONNECTIONS), stop)
        await saver.drained()
      }
    }
    noteHiddenLabels(run.gmail, listed, ctx)
    ctx.progress({ phase: 'finishing', current: '' })
    tally.done()
  } catch (error) {
    ctx.signal.throwIfAborted()
    throw error
  } finally {
    await first.close()
    stop.abort()
    // Nothing may write to the archive after the job has ended, however it ended.
    await saver.drained().catch(() => {})
  }
}

interface Work {
  target: Target
  /** Messages the progress counts on. */
  expected: number
  /** What the archive has of it: nothing, some of it, or all that was there at the last look. */
  had: 'nothing' | 'some' | 'all'
  /** `new`: only what came since the newest that is here; `newest`: only a few, where there are none yet; `again`: it has had its first turn. */
  turn?: 'new' | 'newest' | 'again'
  /** The other turn of the same mailbox, which counts on the same messages. */
  later?: Work
  /** An earlier turn was enough. */
  done?: true
  /** So many of the messages that are there need not be counted as unchanged any more. */
  counted?: number
}

/** Where a day's amount is counted, what is new comes before what was there all along: a part of the day is kept for it. */
function inTurns({ terms }: CaptureRun, work: Work[]): { brings: 'new' | 'rest'; work: Work[] }[] {
  if (!terms?.countsDays) return [{ brings: 'rest', work }]
  const rest = work.filter(({ had }) => had !== 'all')
  const fresh = work.flatMap((one): Work[] => (one.had === 'all' ? [one] : one.had === 'some' ? [{ ...one, turn: 'new', later: one }] : []))
  const first = rest.filter(({ had, target: { remote } }) => had === 'nothing' && (remote.role === 'inbox' || remote.role === 'sent'))
  return [
    { brings: 'new', work: fresh },
    { brings: 'rest', work: first.map((one): Work => ({ ...one, turn: 'newest', later: one })) },
    { brings: 'rest', work: rest },
  ]
}

/** Lists the mailboxes, writes down what is new about them, and finds those where something may have changed. */
async function survey(run: CaptureRun, line: Line): Promise<{ work: Work[]; listed: readonly RemoteMailbox[] }> {
  const { store, saver, ctx, tally, clock } = run
  const { listed, unseen } = await line.run(async session => {
    const listed = await session.list({ subscriptions: run.terms?.onlySubscribed === true })
    run.gmail = gmailOf(session, listed)
    return { listed, unseen: session.unseen }
  })
  noteMissingAll(run.gmail, ctx)
  for (const prefix of unseen)
    ctx.failed(prefix, new AppError('mailbox-unavailable', 'the server does not let this be looked into', { facts: { mailbox: prefix } }))
  const stored = new Map(store.index.mailboxes().map(state => [state.mailbox, state]))
  const renamed = await findRenamed(run, line, listed, [...stored.values()])
  if (renamed.size > 0) tally.note('renamed', renamed.size)
  const { facts, targets } = compareListing({ listed, unseen, stored: [...stored.values()], renamed, firstNew: store.index.nextMailbox() })
  await saver.facts(facts)
  await saver.drained() // captureMailbox asks the index for them
  ctx.result({ mailboxes: targets.length })
  const ids = store.index.mailboxIds()
  const work: Work[] = []
  for (const target of targets) {
    if (!target.remote.selectable || run.terms?.leavesOut({ name: target.name, role: target.remote.role, subscribed: target.remote.subscribed }))
      continue
    await ctx.checkpoint()
    const status = target.remote.status ?? (await examineOrFail(run, line, target))
    if (!status) continue
    noteLimit(run.gmail, target, status, ctx)
    noteNewestOnly(run, target, status)
    const epoch = stored.get(target.mailbox)?.epoch ?? null
    const same = epoch?.uidValidity === status.uidValidity ? epoch : null
    const has = same ? store.index.placedCount(same.epoch) : 0
    const gaps = epoch && has < status.exists ? store.index.gaps(epoch.epoch).length : 0
    if (
      !target.returned &&
      isUnchanged(epoch, status, clock.now()) &&
      isSameMailbox(ids.get(target.mailbox), status) &&
      has === status.exists &&
      gaps === 0 &&
      (target.remote.assumed || !mayBeAnother(epoch!.completeAsOf, status, clock.now()))
    ) {
      tally.note('unchangedMailboxes')
      tally.unchanged(has)
      if (!target.remote.assumed && isOutOfDate(epoch!.completeAsOf, store.index.lastProven(), clock.now()))
        await saver.facts([cursorAfter(epoch!.epoch, status, { exists: status.exists, lastUid: status.uidNext - 1 })])
      continue
    }
    const expected = Math.max(0, status.exists - has)
    tally.expect(expected)
    work.push({ target, expected, had: same?.complete ? 'all' : has > 0 ? 'some' : 'nothing' })
  }
  store.pool.warm(work.reduce((sum, { expected }) => sum + expected, 0))
  return { work, listed }
}

/** Said at each capture: an archive of which the server hides the older part is not complete. */
function noteNewestOnly({ terms, ctx }: CaptureRun, { name }: Target, { exists }: Examined): void {
  const limit = terms?.showsOnly ?? Number.POSITIVE_INFINITY
  if (exists >= limit) ctx.failed(name, new AppError('newest-only', 'the server hides what is older', { facts: { mailbox: name, limit } }))
}

const isSameMailbox = (id: string | undefined, { mailboxId }: Examined) => id === undefined || mailboxId === undefined || id === mailboxId

async function examineOrFail(run: CaptureRun, line: Line, target: Target): Promise<Examined | null> {
  try {
    run.tally.at(target.name)
    return await examine(line, target.remote.raw)
  } catch (error) {
    failMailbox(run, target, error)
    return null
  }
}

/** One bad mailbox does not stop the account. Throws what is not about the mailbox. */
function failMailbox({ ctx }: CaptureRun, target: Target, error: unknown): void {
  if (!(error instanceof AppError) || !aboutTheMailbox.has(error.code)) throw error
  ctx.failed(target.name, error)
}
const aboutTheMailbox = new Set(['mailbox-unavailable', 'message-unavailable', 'server-refused', 'server-lied'])

async function workOff(run: CaptureRun, work: Work[], first: Line, newLine: () => Line, connections: number, stop: AbortController): Promise<void> {
  const takeTurns = async (line: Line, extra: boolean) => {
    try {
      for (let next = work.shift(); next; next = work.shift()) {
        try {
          const left = await takeTurn(run, line, next)
          if (left > 0) {
            await run.saver.upToHere() // as below
            work.push({ ...next, expected: left, turn: 'again', counted: Number.POSITIVE_INFINITY })
          }
        } catch (error) {
          if (extra && isAboutConnections(error) && !asksForTime(error)) {
            // The server wants fewer of us: the first connection takes this mailbox up, or hears the same.
            await run.saver.drained() // its epoch is in the index before anybody asks for it again
            work.unshift({ ...next, expected: 0 })
            run.ctx.log('one connection fewer')
            return
          }
          failMailbox(run, next.target, error)
        }
      }
    } finally {
      if (extra) await line.close()
    }
  }
  const expected = work.reduce((sum, { expected }) => sum + expected, 0)
  const useful = Math.min(connections, work.length, 1 + Math.floor(expected / WORTH_ANOTHER))
  const others = Array.from({ length: Math.max(0, useful - 1) }, newLine)
  const turns = [takeTurns(first, false), ...others.map(line => openExtra(run, line).then(open => (open ? takeTurns(line, true) : undefined)))]
  // The first that fails ends the others, and is what is told.
  for (const turn of turns) turn.catch(error => stop.abort(error))
  const ended = await Promise.allSettled(turns)
  if (stop.signal.aborted) throw stop.signal.reason
  for (const end of ended) if (end.status === 'rejected') throw end.reason
  // Work that an extra connection handed back after the first had ended.
  if (work.length > 0) await takeTurns(first, false)
}

/** Answers how many messages are left for another turn of the same work. */
async function takeTurn(run: CaptureRun, line: Line, { target, expected, turn, later, counted = 0 }: Work): Promise<number> {
  if (turn === 'new' && later) {
    const arrived = await captureNew(run, line, target)
    later.expected -= arrived
    later.counted = arrived
    return 0
  }
  if (turn === 'newest' && later) {
    later.expected = await captureMailbox(run, line, target, { expected, counted, newest: A_FEW, weigh: true })
    later.counted = Number.POSITIVE_INFINITY
    if (later.expected === 0) later.done = true
    return 0
  }
  return await captureMailbox(run, line, target, { expected, counted, ...(turn !== 'again' && { newest: FIRST_TURN, weigh: true }) })
}

/** An additional connection is a help, not a need: a server that refuses it is served with fewer. */
async function openExtra({ ctx }: CaptureRun, line: Line): Promise<boolean> {
  try {
    await line.session()
    return true
  } catch (error) {
    ctx.signal.throwIfAborted()
    ctx.log(`no further connection: ${error instanceof AppError ? error.code : 'error'}`)
    return false
  }
}

/** The server does not want fewer of us but none for a while. */
const asksForTime = (error: unknown) => error instanceof AppError && Number(error.facts['retryAfterMs'] ?? 0) > 0

function isAboutConnections(error: unknown): boolean {
  if (!(error instanceof AppError)) return false
  return (
    groupOf(error.code) === 'network' || groupOf(error.code) === 'account' || error.code === 'server-throttled' || error.code === 'server-unavailable'
  )
}
