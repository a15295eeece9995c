/** UIDL (RFC 1939 section 7): a name for each message that lasts longer than the session. */
import { type Conversation, entryOf, linesOf, replyOf } from './conversation.ts'
import { isError } from './serverError.ts'

/** RFC 1939 allows 70 characters; some servers take a Message-ID. Longer ones are no names to keep. */
const LONGEST = 1000

/** UIDLs by message number; null where the server has no UIDL. */
export async function uidl(talk: Conversation): Promise<Map<number, string> | null> {
  talk.wire.send('UIDL\r\n')
  if (isError(await replyOf(talk))) return null
  const ids = new Map<number, string>()
  for (const line of await linesOf(talk)) {
    const entry = entryOf(line)
    if (entry && entry.rest !== '' && entry.rest.length <= LONGEST) ids.set(entry.number, entry.rest)
  }
  return ids
}

/** Of one message; null when it has none, or there is no such message. */
export async function uidlOf(talk: Conversation, number: number): Promise<string | null> {
  talk.wire.send(`UIDL ${number}\r\n`)
  const reply = await replyOf(talk)
  if (isError(reply)) return null
  const entry = entryOf(reply.slice('+OK'.length))
  return entry?.number === number && entry.rest !== '' ? entry.rest : null
}
