/** Takes back what a restore put in: exactly these UIDs, and only where a message is still as it was put there. */
import { AppError } from '../../../contract/errors.ts'
import type { JobContext } from '../types.ts'
import { type Journal, placeKey } from './journal.ts'
import { leave, select, type WriterLine } from './line.ts'
import { settle } from './places.ts'
import type { RestoreSource } from './types.ts'
import { describe, type Placed, placed, sameFlags } from './verify.ts'

/** UIDs of one expunge: what was taken back is written down after each. */
const WINDOW = 500

export interface Undoing {
  line: WriterLine
  journal: Journal
  source: Pick<RestoreSource, 'read'>
}

/** Result: removed, already (gone before), left. May be started again at any time. */
export async function undoRestore({ line, journal, source }: Undoing, ctx: JobContext): Promise<void> {
  ctx.progress({ phase: 'listing', current: '' })
  for (const batch of journal.state.batches) if (batch.uids === null) await settle({ line, journal, source }, batch)
  const todo = placed(journal).filter(({ raw, uid }) => !journal.state.undone.has(placeKey(raw, uid)))
  ctx.progress({ phase: 'writing', done: 0, total: todo.length })
  const sums = { removed: 0, already: 0, left: 0 }
  for (const [raw, list] of Map.groupBy(todo, one => one.raw)) {
    ctx.progress({ current: raw })
    try {
      await undoMailbox({ line, journal, source }, ctx, raw, list, sums)
    } catch (error) {
      if (!(error instanceof AppError) || !['server-refused', 'mailbox-unavailable', 'mailbox-read-only'].includes(error.code)) throw error
      sums.left += list.length
      ctx.failed(raw, error)
    }
  }
  await removeMade({ line, journal, source }, ctx)
  await journal.write({ k: 'undo ended', at: ctx.clock.now(), left: sums.left })
  ctx.result(sums)
}

async function undoMailbox(
  { line, journal }: Undoing,
  ctx: JobContext,
  raw: string,
  list: readonly Placed[],
  sums: { removed: number; already: number; left: number },
) {
  const { uidValidity } = await select(line, raw)
  const ours = list.filter(one => one.uidValidity === uidValidity)
  // RFC 9051 2.3.1.1: the numbers mean other messages now. Nothing is taken away by guess.
  if (ours.length < list.length) {
    sums.left += list.length - ours.length
    ctx.failed(raw, new AppError('mailbox-unavailable', 'the mailbox has another UIDVALIDITY now', { facts: { mailbox: raw } }))
  }
  const there = await describe(
    line,
    ours.map(({ uid }) => uid),
  )
  const untouched: number[] = []
  const gone: number[] = []
  for (const { uid, flags, date } of ours) {
    const message = there.get(uid)
    if (!message) gone.push(uid)
    else if (
      sameFlags(message.flags, journal.state.flags.get(placeKey(raw, uid)) ?? flags) ||
      isMarkedByUs(message.flags, flags, date, message.internalDate)
    )
      untouched.push(uid)
    else {
      sums.left++
      ctx.failed(
        `${raw} UID ${uid}`,
        new AppError('message-changed', 'changed since it was put there, and left as it is', { facts: { mailbox: raw, uid, since: true } }),
      )
    }
  }
  sums.already += gone.length
  for (let at = 0; at < untouched.length; at += WINDOW) {
    await ctx.checkpoint()
    const uids = untouched.slice(at, at + WINDOW)
    await line.run(writer => writer.expunge(uids))
    await journal.write({ k: 'undone', raw, uids })
    sums.removed += uids.length
    ctx.count('added', uids.length)
    ctx.progress({ done: sums.removed + sums.already + sums.left })
  }
  await journal.write({ k: 'undone', raw, uids: gone })
}

/** An undo that broke off between marking and expunging left \Deleted on it, and nothing else. */
function isMarkedByUs(now: readonly string[], sent: readonly string[], date: number | null, dateNow: number | null): boolean {
  return date === dateNow && sameFlags(now, [...sent, '\\Deleted'])
}

/** Mailboxes that the restore made go as well, the deepest first, where nothing is in them and nothing below. */
async function removeMade({ line, journal }: Undoing, ctx: JobContext): Promise<void> {
  const made = [...journal.state.made].sort((a, b) => b.length - a.length)
  if (made.length === 0) return
  await leave(line)
  for (const raw of made) {
    const listed = await line.run(writer => writer.list())
    const remote = listed.find(one => one.raw === raw)
    const hasChildren = remote && remote.delimiter !== '' && listed.some(one => one.raw.startsWith(raw + remote.delimiter))
    if (remote && (hasChildren || (remote.selectable && (await select(line, raw)).exists > 0))) {
      await leave(line)
      continue
    }
    await leave(line)
    if (remote) await line.run(writer => writer.remove(raw)).catch(ifRefused(ctx, raw))
    await journal.write({ k: 'unmade', raw })
  }
}

/** An empty mailbox that stays is a blemish, no failure of the undo. */
const ifRefused = (ctx: JobContext, raw: string) => (error: unknown) => {
  if (!(error instanceof AppError) || !['server-refused', 'mailbox-unavailable', 'mailbox-read-only'].includes(error.code)) throw error
  ctx.log(`undo: an empty mailbox stays (${error.code}), ${raw.length} characters`)
}
