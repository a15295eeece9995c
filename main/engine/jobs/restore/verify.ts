/** What was put in is fetched back: its size, date and flags always, its bytes all or for a sample, which is said. */
import { AppError } from '../../../contract/errors.ts'
import { messageFacts } from '../../log/message.ts'
import type { RecordId } from '../../log/types.ts'
import type { RemoteMessage } from '../../mail/types.ts'
import { type RecordSource, readInOrder } from '../readInOrder.ts'
import type { JobContext } from '../types.ts'
import type { Journal } from './journal.ts'
import { select, type WriterLine } from './line.ts'
import { hashesOnServer } from './match.ts'

export type Verify = 'all' | 'sample'

export interface Verified {
  /** Looked at on the server: all that were put in. */
  seen: number
  /** Whose bytes were fetched back and are the same. */
  bytes: number
  changed: number
  missing: number
  /** Those whose date or flags are others than they were sent with. */
  otherDate: number
  otherFlags: number
}

const FIRST = 50
const EVERY = 20
const WINDOW = 100

export interface Verifying {
  line: WriterLine
  journal: Journal
  source: RecordSource
  ctx: JobContext
  how: Verify
  name(raw: string): string
}

/** Everything that the journal says was put in. */
export async function verifyRestore({ line, journal, source, ctx, how, name }: Verifying): Promise<Verified> {
  const result: Verified = { seen: 0, bytes: 0, changed: 0, missing: 0, otherDate: 0, otherFlags: 0 }
  const byMailbox = Map.groupBy(placed(journal), ({ raw }) => raw)
  const total = [...byMailbox.values()].reduce((sum, list) => sum + list.length, 0)
  ctx.progress({ phase: 'verifying', done: 0, total, bytesDone: 0, bytesTotal: null, current: '' })
  let turn = 0
  for (const [raw, list] of byMailbox) {
    ctx.progress({ current: name(raw) })
    const selected = await select(line, raw)
    const described =
      selected.uidValidity === list[0]!.uidValidity
        ? await describe(
            line,
            list.map(({ uid }) => uid),
          )
        : new Map<number, RemoteMessage>()
    const suspects: Placed[] = []
    for (const one of list) {
      const { uid, date, flags } = one
      const message = described.get(uid)
      result.seen++
      if (!message) {
        // Taken away between, by somebody else: the archive keeps it, and the next restore would put it back.
        result.missing++
        ctx.failed(
          `${name(raw)} UID ${uid}`,
          new AppError('message-unavailable', 'put back, and not there any more', { facts: { mailbox: name(raw), uid } }),
        )
        continue
      }
      if (message.internalDate !== date) result.otherDate++
      if (!sameFlags(message.flags, flags)) {
        result.otherFlags++
        await journal.write({ k: 'flags', raw, uid, flags: message.flags })
      }
      if (how === 'all' || turn++ < FIRST || turn % EVERY === 0) suspects.push(one)
    }
    for (let at = 0; at < suspects.length; at += WINDOW) {
      await ctx.checkpoint()
      const window = suspects.slice(at, at + WINDOW)
      const hashes = await hashesOnServer(line, window)
      const read = readInOrder(source, window)
      for (const { uid, id } of window) {
        const { sha256 } = await messageFacts(read, id)
        if (hashes.get(uid)?.equals(sha256)) {
          result.bytes++
          continue
        }
        result.changed++
        ctx.failed(`${name(raw)} UID ${uid}`, new AppError('message-changed', 'the server keeps other bytes', { facts: { mailbox: name(raw), uid } }))
      }
      ctx.progress({ done: result.bytes + result.changed })
    }
  }
  return result
}

export interface Placed {
  raw: string
  uidValidity: number
  uid: number
  id: RecordId
  size: number
  date: number | null
  flags: string[]
}

/** What is there by our doing, in the order in which it went in. */
export function placed(journal: Pick<Journal, 'state'>): Placed[] {
  return journal.state.batches.flatMap(({ raw, uidValidity, items, uids }) =>
    items.flatMap(([id, size, date, , flags], i) => (uids?.[i] ? [{ raw, uidValidity, uid: uids[i], id: id as RecordId, size, date, flags }] : [])),
  )
}

export async function describe(line: WriterLine, uids: readonly number[]): Promise<Map<number, RemoteMessage>> {
  return line.run(async writer => {
    const found = new Map<number, RemoteMessage>()
    if (uids.length > 0) for await (const message of writer.describe(uids)) found.set(message.uid, message)
    return found
  })
}

/** RFC 9051 2.3.2: flags have no order and no case. */
export function sameFlags(one: readonly string[], other: readonly string[]): boolean {
  const key = (flags: readonly string[]) => [...new Set(flags.map(flag => flag.toLowerCase()))].sort().join(' ')
  return key(one) === key(other)
}
