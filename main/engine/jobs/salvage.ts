/** Messages whose commit was lost to damage: their bytes are there, and so they must be found, read and exported, though nobody knows where they were. */
import { decodeAssembly } from '../log/assembly.ts'
import type { Fact } from '../log/facts.ts'
import type { LogReader, Place, RecordId } from '../log/types.ts'

/** No epoch has this number: what is placed in it is in the list of all messages, and in no mailbox. */
const NOWHERE = 0

/** Facts that stand in for the lost ones: placed nowhere, and no longer on the server as far as anybody knows, until a capture places them again. */
export async function salvage(log: LogReader, messages: readonly { id: RecordId; place: Place }[]): Promise<Fact[]> {
  const facts: Fact[] = []
  for (const { id, place } of messages) {
    const { size } = decodeAssembly((await log.read(place, id)).bytes)
    // From the id, so that every rebuild says the same.
    const uid = Number.parseInt(id.slice(0, 8), 16)
    facts.push(
      { k: 'placed', epoch: NOWHERE, uid, id, size, internalDate: null, zone: null, flags: [] },
      { k: 'gone', epoch: NOWHERE, uids: `${uid}` },
    )
  }
  return facts
}
