/** What a restore would do to each mailbox: nothing on the server is changed to find that out, and no message is downloaded but for a sample. */
import { toPlainError } from '../../../contract/errors.ts'
import type { RestorePlan } from '../../../contract/restore.ts'
import type { RecordId } from '../../log/types.ts'
import type { JobContext } from '../types.ts'
import type { JournalState } from './journal.ts'
import { select, type WriterLine } from './line.ts'
import { alreadyThere } from './match.ts'
import { targetMailboxes } from './names.ts'
import { type Scope, scopeOf, wantedIn } from './scope.ts'
import {
  accountKey,
  accountName,
  isAboutMailbox,
  type RestoreInto,
  type RestoreOrder,
  type RestoreSource,
  type TargetMailbox,
  type Wanted,
} from './types.ts'

export interface Planning {
  source: RestoreSource
  into: RestoreInto
  order: RestoreOrder
  line: WriterLine
  /** Of earlier restores, of any archive. */
  journals: readonly JournalState[]
  ctx: JobContext
}

export interface Survey {
  scope: Scope
  targets: TargetMailbox[]
}

/** Which mailboxes of the server it is about. */
export async function survey({ source, into, order, line }: Planning): Promise<Survey> {
  const scope = await scopeOf(source, order)
  const [remote, namespace] = await line.run(async writer => [await writer.list(), await writer.namespace()] as const)
  // What is selectable no more is a name with mailboxes below it; what it held has to go somewhere all the same.
  return { scope, targets: targetMailboxes(scope.mailboxes, { remote, namespace, prefix: order.prefix, own: into.own }) }
}

export interface MailboxPlan {
  add: Wanted[]
  there: number
  tooBig: Wanted[]
}

/** One mailbox, which is selected where it exists. `permanentFlags` as SELECT said them. */
export async function planMailbox(planning: Planning, { scope }: Survey, target: TargetMailbox): Promise<MailboxPlan> {
  const { line, into, ctx, source } = planning
  const limit = (await line.session()).appendLimit
  const selected = target.exists ? await select(line, target.raw) : null
  const wanted = await wantedIn(scope, target, selected?.permanentFlags ?? null, into.own && planning.order.prefix === '')
  const there = selected
    ? await alreadyThere({ line, source, signal: ctx.signal }, selected, wanted, ownUids(planning, target.raw, selected.uidValidity))
    : new Set<number>()
  const missing = wanted.filter((_, index) => !there.has(index))
  const fits = ({ size }: Wanted) => limit === null || size <= limit
  return { add: missing.filter(fits), there: there.size, tooBig: missing.filter(one => !fits(one)) }
}

/** What earlier restores to this account put into this mailbox. */
function ownUids({ journals, into, source }: Planning, raw: string, uidValidity: number): Map<number, RecordId> {
  const found = new Map<number, RecordId>()
  for (const { begun, batches } of journals) {
    if (begun.archive !== source.archive || accountKey(begun.settings) !== accountKey(into.settings)) continue
    for (const batch of batches)
      if (batch.raw === raw && batch.uidValidity === uidValidity)
        batch.items.forEach(([id], i) => {
          if (batch.uids?.[i]) found.set(batch.uids[i], id as RecordId)
        })
  }
  return found
}

/** The whole of it, for people. */
export async function planRestore(planning: Planning): Promise<RestorePlan> {
  const { line, into, ctx } = planning
  ctx.progress({ phase: 'listing', current: '' })
  const found = await survey(planning)
  const mailboxes: RestorePlan['mailboxes'] = []
  for (const target of found.targets) {
    await ctx.checkpoint()
    ctx.progress({ current: target.name })
    const row = { from: namesOf(target), to: target.name, create: !target.exists, add: 0, bytes: 0, there: 0, tooBig: 0 }
    try {
      const { add, there, tooBig } = await planMailbox(planning, found, target)
      if (add.length + there + tooBig.length === 0) continue
      mailboxes.push({ ...row, add: add.length, bytes: sum(add), there, tooBig: tooBig.length })
    } catch (error) {
      if (!isAboutMailbox(error)) throw error
      mailboxes.push({ ...row, problem: toPlainError(error) })
    }
  }
  const total = (of: (row: RestorePlan['mailboxes'][number]) => number) => mailboxes.reduce((all, row) => all + of(row), 0)
  const writer = await line.session()
  return {
    target: accountName(into.settings),
    mailboxes,
    add: total(row => row.add),
    bytes: total(row => row.bytes),
    there: total(row => row.there),
    tooBig: total(row => row.tooBig),
    appendLimit: writer.appendLimit,
    quota: await line.run(one => one.quota('INBOX')),
    uidPlus: writer.capabilities.has('UIDPLUS'),
  }
}

export const namesOf = ({ from }: TargetMailbox): string => from.map(({ path, delimiter }) => path.join(delimiter || '/')).join(', ')
export const sum = (messages: readonly Wanted[]): number => messages.reduce((bytes, { size }) => bytes + size, 0)
