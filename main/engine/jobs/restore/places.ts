/** Where messages went that a server took, or may have taken, without saying where to. */
import { messageFacts, messagePieces } from '../../log/message.ts'
import type { RecordId } from '../../log/types.ts'
import type { RemoteMessage } from '../../mail/types.ts'
import type { Batch, Journal } from './journal.ts'
import { select, type WriterLine } from './line.ts'
import { bareId, hashOnServer } from './match.ts'
import type { RestoreSource } from './types.ts'

export interface Settling {
  line: WriterLine
  journal: Journal
  source: Pick<RestoreSource, 'read'>
}

/** The batches that the server has taken and not said where to: their messages stand in the order in which they went in, at the end of the mailbox. */
export async function findPlaces({ line, journal, source }: Settling, raw: string, batches: readonly Batch[]): Promise<void> {
  if (batches.length === 0) return
  const { uidValidity } = await select(line, raw)
  const taken = takenIn(journal, raw, uidValidity)
  const fresh = await messagesSince(line, Math.min(...batches.map(({ uidNext }) => uidNext)))
  const free = new Set(fresh.filter(({ uid }) => !taken.has(uid)))
  for (const batch of batches) {
    const uids: number[] = []
    for (const [id, size, date] of batch.items) {
      const found = batch.uidValidity === uidValidity ? await pick(free, { line, source }, { id: id as RecordId, size, date }) : null
      if (found) free.delete(found)
      uids.push(found?.uid ?? 0)
    }
    await journal.write({ k: 'sent', batch: batch.batch, uids })
  }
}

/** The first with its size and date, for that it went in is known; else the first that proves to be it. */
async function pick(
  free: ReadonlySet<RemoteMessage>,
  { line, source }: Pick<Settling, 'line' | 'source'>,
  item: { id: RecordId; size: number; date: number | null },
): Promise<RemoteMessage | null> {
  for (const message of free) if (message.size === item.size && message.internalDate === item.date) return message
  for (const message of free)
    if ((message.size === item.size || message.internalDate === item.date) && (await isIt(line, source, message, item))) return message
  return null
}

const takenIn = (journal: Journal, raw: string, uidValidity: number): ReadonlySet<number> =>
  new Set(journal.state.batches.filter(one => one.raw === raw && one.uidValidity === uidValidity).flatMap(one => one.uids ?? []))

/**
 * Finds out which messages of a batch are in the mailbox and writes it down: among what has a UID from UIDNEXT on, by size, date and Message-ID,
 * and by their bytes. Where the mailbox has another UIDVALIDITY now, nobody can tell any more by UID: none is taken for there, and the next plan
 * looks for them as for any other.
 */
export async function settle({ line, journal, source }: Settling, batch: Batch): Promise<void> {
  const selected = await select(line, batch.raw)
  const uids = batch.items.map(() => 0)
  if (selected.uidValidity === batch.uidValidity && selected.exists > 0) {
    const taken = takenIn(journal, batch.raw, batch.uidValidity)
    const fresh = (await messagesSince(line, batch.uidNext)).filter(({ uid }) => !taken.has(uid))
    for (const [at, [id, size, date]] of batch.items.entries()) {
      const alike = fresh.filter(message => message.internalDate === date || message.size === size)
      for (const message of alike) {
        if (uids.includes(message.uid) || !(await isIt(line, source, message, { id: id as RecordId, size, date }))) continue
        uids[at] = message.uid
        break
      }
    }
  }
  await journal.write({ k: 'sent', batch: batch.batch, uids })
}

/** What the selected mailbox holds from this UID on. */
export async function messagesSince(line: WriterLine, uidNext: number): Promise<RemoteMessage[]> {
  const all = await line.run(writer => writer.allUids())
  const uids = [...all].filter(uid => uid >= uidNext)
  return line.run(async writer => {
    const found: RemoteMessage[] = []
    if (uids.length > 0) for await (const message of writer.describe(uids)) found.push(message)
    return found
  })
}

async function isIt(
  line: WriterLine,
  source: Pick<RestoreSource, 'read'>,
  message: RemoteMessage,
  { id, size, date }: { id: RecordId; size: number; date: number | null },
): Promise<boolean> {
  const { sha256 } = await messageFacts(source.read, id)
  if (message.size === size && Buffer.from(sha256).equals(await hashOnServer(line, message.uid, size))) return true
  if (message.internalDate !== date) return false
  // Another server's way with line ends or headers: the Message-ID is left.
  const theirs = bareId((await line.run(writer => writer.messageIds([message.uid]))).get(message.uid) ?? '')
  return theirs !== '' && theirs === (await messageIdOf(source, id))
}

const HEADER_BYTES = 256 * 1024

async function messageIdOf(source: Pick<RestoreSource, 'read'>, id: RecordId): Promise<string> {
  let head = Buffer.alloc(0)
  for await (const piece of messagePieces(source.read, id)) {
    head = Buffer.concat([head, piece])
    if (head.length >= HEADER_BYTES || head.includes('\r\n\r\n')) break
  }
  const text = head.toString('latin1').split(/\r?\n\r?\n/, 1)[0]!
  return bareId(/^message-id:((?:.|\r?\n[ \t])*)/im.exec(text)?.[1] ?? '')
}
