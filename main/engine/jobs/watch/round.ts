/** One round of a watch as a capture sees it: a job of its own, whose outcomes the watch takes over. */
import { toPlainError } from '../../../contract/errors.ts'
import type { Job, JobFailure } from '../../../contract/types.ts'
import type { MailboxState } from '../../index/types.ts'
import type { Fact } from '../../log/facts.ts'
import type { JobContext, LongJobContext } from '../types.ts'

export interface Round {
  readonly context: JobContext
  readonly startedAt: number
  /** Facts that are durable now. */
  saved(facts: readonly Fact[]): void
  /** It came to its end. */
  done(mailboxes: readonly MailboxState[]): RoundResult
  /** It did not. `waiting`: it goes on where it was, so how far it came stays shown. */
  broke(waiting?: boolean): Pick<RoundResult, 'brought'>
}

export interface RoundResult {
  /** New placements, flags, removals, mailboxes: the server had something to tell. */
  brought: boolean
  /** The server's name of the mailbox that got the last new message, null where none did or everything was new. */
  latest: string | null
}

const MOST_SHOWN = 1000
const SHOW_MS = 1000

/** `begin` starts a round. What failed in one stays shown until a later one has come to its end without it. */
export function createRounds(ctx: LongJobContext): { begin(): Round } {
  let rounds = 0
  let added = 0
  let lasting = new Map<string, JobFailure>()

  const begin = (): Round => {
    const startedAt = ctx.clock.now()
    const fresh = new Map<string, JobFailure>()
    const placed = new Map<number, number>()
    let face: Parameters<JobContext['progress']>[0] = {}
    let unchanged = 0
    let brought = false
    let latest: number | null = null
    let shownAt = 0

    const show = (failures: ReadonlyMap<string, JobFailure>) => {
      shownAt = ctx.clock.now()
      const outcomes: Job['outcomes'] = { added, unchanged, failed: failures.size }
      ctx.show({ outcomes, failures: [...failures.values()].slice(0, MOST_SHOWN) })
    }
    const showNowAndThen = () => {
      if (ctx.clock.now() - shownAt >= SHOW_MS) show(new Map([...lasting, ...fresh]))
    }

    const context: JobContext = {
      signal: ctx.signal,
      clock: ctx.clock,
      checkpoint: ctx.checkpoint,
      log: ctx.log,
      ...(ctx.limit && { limit: ctx.limit }),
      // A look that finds nothing is no news, and shall not flicker on the screen every minute.
      progress: update => {
        face = { ...face, ...update }
        if (rounds === 0 || (face.total ?? 0) > 0) ctx.progress(face)
      },
      failed: (what, error) => {
        fresh.set(what, { what, error: toPlainError(error) })
        showNowAndThen()
      },
      count: (outcome, by = 1) => {
        if (outcome === 'added') added += by
        if (outcome === 'unchanged') unchanged = by
        showNowAndThen()
      },
      // Counts of this round alone mean nothing beside those of the watch; what a person should know does.
      result: values => {
        for (const what of ['notice', 'hiddenLabels', 'loss', 'lost']) if (values[what] !== undefined) ctx.result({ [what]: values[what] })
      },
    }

    const settle = () => {
      show(lasting)
      ctx.progress({ phase: 'watching', done: 0, total: null, bytesDone: 0, bytesTotal: null, current: '' })
    }

    return {
      context,
      startedAt,
      saved: facts => {
        for (const fact of facts) {
          if (tells.has(fact.k)) brought = true
          if (fact.k !== 'placed') continue
          placed.set(fact.epoch, (placed.get(fact.epoch) ?? 0) + 1)
          latest = fact.epoch
        }
      },
      done: mailboxes => {
        rounds++
        lasting = fresh
        const named = new Map(mailboxes.flatMap(state => (state.epoch ? [[state.epoch.epoch, state] as const] : [])))
        ctx.result({ rounds, lastRound: startedAt, ...newsOf(placed, named, rounds) })
        settle()
        return { brought, latest: latest === null || rounds === 1 ? null : (named.get(latest)?.raw ?? null) }
      },
      broke: waiting => {
        lasting = new Map([...lasting, ...fresh])
        if (waiting && rounds === 0) show(lasting)
        else settle()
        return { brought }
      },
    }
  }

  return { begin }
}

/** A cursor that moved and a gap that was tried again are no change on the server. */
const tells = new Set<Fact['k']>(['mailbox', 'placed', 'flags', 'gone'])

/** "INBOX 2, Sent 1", for whoever tells a person what came. */
function newsOf(placed: ReadonlyMap<number, number>, mailboxes: ReadonlyMap<number, MailboxState>, round: number): Record<string, string | number> {
  if (placed.size === 0) return {}
  const parts = [...placed].map(([epoch, messages]) => {
    const state = mailboxes.get(epoch)
    return `${state ? state.path.join(state.delimiter || '/') : '?'} ${messages}`
  })
  return { news: parts.join(', '), newsMessages: [...placed.values()].reduce((sum, messages) => sum + messages, 0), newsRound: round }
}
