/** Whole messages, by RETR (RFC 1939 section 5) or by TOP. */
import type { Conversation } from './conversation.ts'
import { inTurn } from './inTurn.ts'
import { refused } from './serverError.ts'
import { topWhole } from './top.ts'
import type { How, Retrieved } from './types.ts'

export async function* retrieve(talk: Conversation, numbers: readonly number[], how: How): AsyncIterable<Retrieved> {
  const where = { ...talk.where, refusal: 'message-unavailable' as const }
  for await (const { number, refusal } of inTurn(talk, numbers, how === 'TOP' ? topWhole : each => `RETR ${each}`))
    yield refusal === null ? { number, pieces: talk.wire.data() } : { number, refused: refused(refusal, where) }
}
