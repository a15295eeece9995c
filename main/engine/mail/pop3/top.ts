/** TOP (RFC 1939 section 7): the header and the first lines of the body. With more lines than there are it is the whole message, and marks nothing as read. */
import type { Conversation } from './conversation.ts'
import { inTurn } from './inTurn.ts'
import { refused } from './serverError.ts'

/** The number that fetchmail asks for, as some servers take no larger one; no message has so many lines. */
const ALL_LINES = 99_999_999

export const topWhole = (number: number): string => `TOP ${number} ${ALL_LINES}`

/** A header longer than this is no header worth comparing. */
const LONGEST_HEAD = 1024 * 1024

/** Headers, in the order asked. */
export async function* heads(talk: Conversation, numbers: readonly number[]): AsyncIterable<{ number: number; head: Uint8Array | null }> {
  for await (const { number, refusal } of inTurn(talk, numbers, each => `TOP ${each} 0`)) {
    if (refusal !== null) {
      const { code } = refused(refusal, talk.where)
      if (code === 'server-unavailable' || code === 'server-throttled') throw refused(refusal, talk.where)
      yield { number, head: null }
      continue
    }
    const pieces: Uint8Array[] = []
    let length = 0
    for await (const piece of talk.wire.data()) {
      if (length <= LONGEST_HEAD) pieces.push(Uint8Array.from(piece))
      length += piece.length
    }
    yield { number, head: length <= LONGEST_HEAD ? Buffer.concat(pieces) : null }
  }
}
