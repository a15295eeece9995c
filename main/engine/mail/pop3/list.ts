/** LIST (RFC 1939 section 5): the size of each message. */
import { ask, type Conversation, entryOf, linesOf } from './conversation.ts'

/** Octets by message number. */
export async function list(talk: Conversation): Promise<Map<number, number>> {
  await ask(talk, 'LIST')
  const sizes = new Map<number, number>()
  for (const line of await linesOf(talk)) {
    const entry = entryOf(line)
    const octets = Number(/^\d{1,16}/.exec(entry?.rest ?? '')?.[0] ?? Number.NaN)
    if (entry && Number.isFinite(octets)) sizes.set(entry.number, octets)
  }
  return sizes
}
