/**
 * Mailboxes that are listed under another name than before: their messages are known, and their history goes on. By MAILBOXID (RFC 8474) where the server
 * gives one; else by UIDVALIDITY, UIDNEXT and what they hold. A rename that is not recognised is one mailbox that is gone and a new one, which loses nothing;
 * one that is none would take messages for known that are not.
 */
import { AppError } from '../../../contract/errors.ts'
import type { MailboxState } from '../../index/types.ts'
import type { Examined, RemoteMailbox } from '../../mail/types.ts'
import { examine, type Line } from './line.ts'
import { keyOf } from './listing.ts'
import { beginAlike, type Known } from './match.ts'
import type { CaptureRun } from './run.ts'

/** The mailbox of the archive by the name that the server has for it now; only those whose name changed. */
export async function findRenamed(
  run: CaptureRun,
  line: Line,
  listed: readonly RemoteMailbox[],
  stored: readonly MailboxState[],
): Promise<ReadonlyMap<string, number>> {
  const renamed = new Map<string, number>()
  const present = new Map(stored.filter(state => state.present).map(state => [keyOf(state.raw), state]))
  const names = new Set(listed.map(({ raw }) => keyOf(raw)))
  const appeared = listed.filter(({ raw, selectable }) => selectable && !present.has(keyOf(raw)))
  const missing = new Set(stored.filter(state => state.present && state.selectable && !names.has(keyOf(state.raw))))
  const take = (raw: string, state: MailboxState) => {
    renamed.set(raw, state.mailbox)
    missing.delete(state)
  }
  byMailboxId(run, listed, stored, take)
  for (const { raw, status } of appeared) {
    if (renamed.has(raw) || missing.size === 0) continue
    const examined = status ?? (await orNot(line, examine(line, raw)))
    if (!examined) continue
    for (const state of [...missing]) {
      if (contradicts(run, state, examined) || !(await orNot(line, holdsTheSame(run, line, raw, state.epoch!.epoch, examined)))) continue
      take(raw, state)
      break
    }
  }
  return renamed
}

/** Also of names that both stayed: A and B may have changed places. */
function byMailboxId(
  { store }: CaptureRun,
  listed: readonly RemoteMailbox[],
  stored: readonly MailboxState[],
  take: (raw: string, state: MailboxState) => void,
): void {
  const ids = listed.flatMap(({ raw, status }) => (status?.mailboxId ? [{ raw, id: status.mailboxId }] : []))
  // Ids that are not each given once are none.
  if (new Set(ids.map(({ id }) => id)).size !== ids.length) return
  const known = new Map([...store.index.mailboxIds()].map(([mailbox, id]) => [id, mailbox]))
  const states = new Map(stored.map(state => [state.mailbox, state]))
  for (const { raw, id } of ids) {
    const state = states.get(known.get(id) ?? 0)
    // INBOX that is renamed gives its messages away and stays what it is (RFC 9051 6.3.6).
    if (state && keyOf(state.raw) !== keyOf(raw) && keyOf(state.raw) !== 'INBOX' && keyOf(raw) !== 'INBOX') take(raw, state)
  }
}

function contradicts({ store }: CaptureRun, { mailbox, epoch }: MailboxState, { uidValidity, uidNext, mailboxId }: Examined): boolean {
  const id = store.index.mailboxIds().get(mailbox)
  if (id !== undefined && mailboxId !== undefined && id !== mailboxId) return true
  return epoch === null || epoch.uidValidity !== uidValidity || uidNext === 0 || epoch.uidNext === null || uidNext < epoch.uidNext
}

const WINDOW = 1000

/** Of so many messages, the newest and the oldest, the bytes are compared as well. */
const SAMPLE = 100

/**
 * Every message that both sides have under a UID has the same size and INTERNALDATE, a sample of them begins with the same bytes, and at least half of ours
 * are there. An empty mailbox is like every other, and proves nothing.
 */
async function holdsTheSame(run: CaptureRun, line: Line, raw: string, epoch: number, { exists }: Examined): Promise<boolean> {
  const { store, ctx } = run
  const uids = [...store.index.placedUids(epoch)]
  if (uids.length === 0 || exists * 2 < uids.length) return false
  await examine(line, raw)
  const met: number[] = []
  const known = new Map<number, Known>()
  for (let from = 0; from < uids.length; from += WINDOW) {
    await ctx.checkpoint()
    const window = uids.slice(from, from + WINDOW)
    const marks = new Map(store.index.placedMarks(epoch, window[0]!, window.at(-1)!).map(mark => [mark.uid, mark]))
    const same = await line.run(async session => {
      const same: number[] = []
      for await (const { uid, size, internalDate } of session.describe(window)) {
        const mark = marks.get(uid)
        if (!mark) continue
        if (mark.size !== size || mark.internalDate === null || mark.internalDate !== internalDate) return null
        same.push(uid)
      }
      return same
    })
    if (same === null) return false
    met.push(...same)
    for (const uid of [...same.slice(0, SAMPLE), ...same.slice(-SAMPLE)]) known.set(uid, marks.get(uid)!)
  }
  if (met.length * 2 < uids.length) return false
  const sample = [...met.slice(0, SAMPLE / 2), ...met.slice(-SAMPLE / 2)]
  return await beginAlike(run, line, new Map(sample.map(uid => [uid, known.get(uid)!])))
}

/** Null where the server refuses: then nothing is recognised, and what is wrong is told when the mailbox is captured. */
async function orNot<T>(line: Line, answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (!line.stands || !(error instanceof AppError)) throw error
    return null
  }
}
