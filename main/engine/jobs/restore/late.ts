/**
 * A server that was sent a message whole puts it in, also when the connection broke and nobody hears of it, and it may do so after the mailbox was
 * looked at and the message was sent again. Such a second copy is ours: it came after we began, is in no answer, and is the same to the byte.
 */
import { messageFacts } from '../../log/message.ts'
import type { RecordId } from '../../log/types.ts'
import type { Batch, Journal } from './journal.ts'
import { select, type WriterLine } from './line.ts'
import { hashesOnServer } from './match.ts'
import { messagesSince } from './places.ts'
import type { RestoreSource } from './types.ts'
import { sameFlags } from './verify.ts'

export interface Lateness {
  line: WriterLine
  journal: Journal
  source: Pick<RestoreSource, 'read'>
  nextBatch(): number
}

/** Takes second copies away again; `doubtful` are the batches whose answer was lost. Returns how many there were. */
export async function removeLate({ line, journal, source, nextBatch }: Lateness, doubtful: readonly Batch[]): Promise<number> {
  let removed = 0
  for (const [raw, batches] of Map.groupBy(doubtful, ({ raw }) => raw)) {
    const { uidValidity, uidNext } = await select(line, raw)
    const ours = new Set(journal.state.batches.filter(one => one.raw === raw).flatMap(one => one.uids ?? []))
    const strange = (await messagesSince(line, Math.min(...batches.map(one => one.uidNext)))).filter(({ uid }) => !ours.has(uid))
    const items = batches.filter(one => one.uidValidity === uidValidity).flatMap(one => one.items)
    const alike = strange.flatMap(message => {
      const item = items.find(([, size, date, , flags]) => size === message.size && date === message.internalDate && sameFlags(flags, message.flags))
      return item ? [{ message, item }] : []
    })
    const hashes = await hashesOnServer(
      line,
      alike.map(({ message }) => message),
    )
    for (const { message, item } of alike) {
      const { sha256 } = await messageFacts(source.read, item[0] as RecordId)
      if (!hashes.get(message.uid)?.equals(sha256)) continue
      // Written down as ours first: whatever happens next, an undo knows of it.
      const batch = nextBatch()
      await journal.write({ k: 'sending', batch, raw, uidValidity, uidNext, items: [item] }, { k: 'sent', batch, uids: [message.uid] })
      await line.run(writer => writer.expunge([message.uid]))
      await journal.write({ k: 'sent', batch, uids: [0] })
      removed++
    }
  }
  return removed
}
