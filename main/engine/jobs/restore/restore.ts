/** Messages of an archive put back on a server: what is missing there, with its bytes, flags and dates, once. */
import { AppError } from '../../../contract/errors.ts'
import { restoreScope } from '../../../contract/restore.ts'
import type { ConnectWriter } from '../../mail/writeTypes.ts'
import type { JobContext } from '../types.ts'
import { type Appender, appendAll } from './append.ts'
import type { Batch, Journal, JournalState, Journals } from './journal.ts'
import { removeLate } from './late.ts'
import { createWriterLine, type WriterLine } from './line.ts'
import { settle } from './places.ts'
import { namesOf, type Planning, planMailbox, type Survey, sum, survey } from './plan.ts'
import type { RestoreTerms } from './terms.ts'
import { accountKey, isAboutMailbox, type RestoreInto, type RestoreOrder, type RestoreSource, type TargetMailbox, type Wanted } from './types.ts'
import { placed, type Verify, verifyRestore } from './verify.ts'

export interface RestoreDeps {
  source: RestoreSource
  into: RestoreInto
  order: RestoreOrder
  journals: Journals
  /** Keeps within what may go over the line. */
  connect: ConnectWriter
  terms: Pick<RestoreTerms, 'together' | 'largest'>
  /** The archive whose account it is, so that an undo finds its password. */
  account: string | null
  /** Null: all, up to a size that a person waits for. */
  verify: Verify | null
}

export const lineFor = ({ into, connect }: Pick<RestoreDeps, 'into' | 'connect'>, ctx: JobContext): WriterLine =>
  createWriterLine({ connect, settings: into.settings, password: into.password, clock: ctx.clock, signal: ctx.signal, log: ctx.log })

/**
 * Result: restore (its id, for an undo), added, there, tooBig, mailboxes (made), putInMs (until all of it was in), verified, and what verification
 * found. May be called again at any time, also after a kill: a restore of the same that was not finished is gone on with.
 */
export async function restore(deps: RestoreDeps, ctx: JobContext): Promise<void> {
  const line = lineFor(deps, ctx)
  const journal = await findOrCreate(deps, ctx)
  ctx.result({ restore: journal.state.id })
  try {
    ctx.progress({ phase: 'listing', current: '' })
    const began = ctx.clock.now()
    await settleAll(deps, line, journal)
    const journals = [journal.state, ...(await deps.journals.list()).filter(({ id }) => id !== journal.state.id)]
    const planning: Putting = { ...deps, line, journals, ctx }
    const found = await survey(planning)
    const { refused, full, lookForLate } = await putIn(planning, found, journal)
    ctx.result({ putInMs: ctx.clock.now() - began })
    const how = deps.verify ?? (totalOf(journal) <= ALL_OF ? 'all' : 'sample')
    const verified = await verifyRestore({ line, journal, source: deps.source, ctx, how, name: raw => nameOf(found.targets, raw) })
    ctx.result({
      verify: how,
      verified: verified.bytes,
      changed: verified.changed,
      missing: verified.missing,
      otherFlags: verified.otherFlags,
      otherDate: verified.otherDate,
    })
    // A busy server may have taken its time until now.
    await lookForLate()
    // Not ended: with room on the server, the same restore goes on.
    if (full) throw full
    await journal.write({ k: 'ended', at: ctx.clock.now(), refused })
    ctx.progress({ phase: 'finishing', current: '' })
  } finally {
    await line.close()
    await journal.close()
  }
}

/** More than so much is not downloaded again only to be compared. */
const ALL_OF = 512 * 1024 * 1024
const totalOf = (journal: Journal) => placed(journal).reduce((bytes, { size }) => bytes + size, 0)
const nameOf = (targets: readonly TargetMailbox[], raw: string) => targets.find(target => target.raw === raw)?.name ?? raw

async function findOrCreate({ journals, source, into, order, account }: RestoreDeps, ctx: JobContext): Promise<Journal> {
  const same = ({ begun, ended, undo }: JournalState) =>
    ended === null &&
    undo === null &&
    begun.archive === source.archive &&
    accountKey(begun.settings) === accountKey(into.settings) &&
    begun.prefix === order.prefix &&
    JSON.stringify(restoreScope.parse(begun.scope)) === JSON.stringify(restoreScope.parse(order.scope))
  const unfinished = (await journals.list()).find(same)
  if (unfinished) return journals.open(unfinished.id)
  await journals.prune(ctx.clock.now())
  return journals.create({ at: ctx.clock.now(), archive: source.archive, settings: into.settings, account, scope: order.scope, prefix: order.prefix })
}

/** What was under way when an earlier restore to this account ended without a word: in this journal, or in another. */
async function settleAll({ journals, source, into }: RestoreDeps, line: WriterLine, own: Journal): Promise<void> {
  const open = (state: JournalState) =>
    state.batches.some(({ uids }) => uids === null) &&
    state.begun.archive === source.archive &&
    accountKey(state.begun.settings) === accountKey(into.settings)
  for (const batch of own.state.batches) if (batch.uids === null) await settleOne(line, own, source, batch)
  for (const { id } of (await journals.list()).filter(state => state.id !== own.state.id && open(state))) {
    const journal = await journals.open(id)
    try {
      for (const batch of journal.state.batches) if (batch.uids === null) await settleOne(line, journal, source, batch)
    } finally {
      await journal.close()
    }
  }
}

async function settleOne(line: WriterLine, journal: Journal, source: RestoreSource, batch: Parameters<typeof settle>[1]): Promise<void> {
  try {
    await settle({ line, journal, source }, batch)
  } catch (error) {
    // Its mailbox is gone, and with it whatever was put there.
    if (!isAboutMailbox(error)) throw error
    await journal.write({ k: 'sent', batch: batch.batch, uids: batch.items.map(() => 0) })
  }
}

type Putting = Planning & Pick<RestoreDeps, 'terms'>

/** After so many messages in a row that do not fit any more, the others will not either. */
const FULL = 3

interface PutIn {
  /** How many the server did not take. */
  refused: number
  /** Set when it has no room. */
  full: AppError | null
  /** Takes away what came a second time because its answer was lost. */
  lookForLate(): Promise<void>
}

async function putIn(planning: Putting, found: Survey, journal: Journal): Promise<PutIn> {
  const { ctx, line, source, terms } = planning
  const sums = { added: 0, there: 0, tooBig: 0, refused: 0, mailboxes: 0 }
  let batch = journal.state.batches.reduce((last, one) => Math.max(last, one.batch), 0)
  let total = 0
  let bytes = 0
  let done = 0
  let full: AppError | null = null
  let fullInARow = 0
  const doubtful: Batch[] = []
  const progressed = (message: Wanted) => {
    done += message.size
    ctx.progress({ done: sums.added + sums.there + sums.tooBig + sums.refused, bytesDone: done })
  }
  const tell = () => ctx.result(sums)
  for (const target of found.targets) {
    await ctx.checkpoint()
    ctx.progress({ phase: 'listing', current: target.name })
    try {
      const plan = await planMailbox(planning, found, target)
      sums.there += plan.there
      ctx.count('unchanged', plan.there)
      total += plan.add.length + plan.there + plan.tooBig.length
      bytes += sum(plan.add)
      sums.tooBig += plan.tooBig.length
      for (const one of plan.tooBig)
        ctx.failed(
          labelOf(target, one),
          new AppError('message-too-big', 'larger than APPENDLIMIT', { facts: { bytes: one.size, host: planning.into.settings.host } }),
        )
      ctx.progress({ phase: 'writing', done: sums.added + sums.there + sums.tooBig + sums.refused, total, bytesTotal: bytes })
      if (plan.add.length === 0) continue
      if (!target.exists) {
        await make(planning, journal, target)
        sums.mailboxes++
      }
      // What the new mailbox can keep of the flags is known only now.
      const add = target.exists ? plan.add : (await planMailbox(planning, found, { ...target, exists: true })).add
      const appender: Appender = {
        doubtful: one => doubtful.push(one),
        line,
        journal,
        source,
        ctx,
        together: terms.together,
        largest: terms.largest,
        nextBatch: () => ++batch,
        added: message => {
          fullInARow = 0
          sums.added++
          ctx.count('added')
          progressed(message)
        },
        refused: (message, error) => {
          sums.refused++
          ctx.failed(labelOf(target, message), error)
          progressed(message)
          if (error.code !== 'mailbox-full') return
          full = error
          if (++fullInARow >= FULL) throw error
        },
      }
      await appendAll(appender, target.raw, add)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (error.code === 'mailbox-full') break
      if (!isAboutMailbox(error)) throw error
      ctx.failed(namesOf(target), error)
    } finally {
      tell()
    }
  }
  const lookForLate = async () => {
    const late = doubtful.length > 0 ? await removeLate({ line, journal, source, nextBatch: () => ++batch }, doubtful) : 0
    if (late > 0) ctx.log(`restore: ${late} second copies came late and were taken away`)
  }
  await lookForLate()
  return { refused: sums.refused + sums.tooBig, full, lookForLate }
}

/** The listing had no such mailbox. Where it is there all the same now, it is by a first try whose answer was lost. */
async function make({ line }: Planning, journal: Journal, target: TargetMailbox): Promise<void> {
  await journal.write(...[...target.parents, target.raw].filter(raw => !journal.state.made.has(raw)).map(raw => ({ k: 'mailbox' as const, raw })))
  await line.run(writer => writer.create(target.raw, target.role))
}

/** "INBOX, 2024-03-01, a1b2c3d4": enough for a person to find it in the archive, and nothing of its content. */
function labelOf(target: TargetMailbox, { id, internalDate }: Wanted): string {
  const day = internalDate === null ? '' : `, ${new Date(internalDate * 1000).toISOString().slice(0, 10)}`
  return `${target.name}${day}, ${id.slice(0, 8)}`
}
