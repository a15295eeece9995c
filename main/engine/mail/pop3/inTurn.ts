/** Many commands of one kind: where the server takes them (PIPELINING, RFC 2449 section 6.6) several are on their way, and a round trip is waited for once. */
import { type Conversation, replyOf } from './conversation.ts'
import { isError } from './serverError.ts'

/** 20 bytes each: what is on its way fits the smallest window of TCP, so that we never wait to send while the server waits for us to read. */
const AHEAD = 50

/** One item for each answer's first line, which is all that is read of it. Whoever leaves before the last leaves answers behind: then the connection is closed. */
export async function* inTurn(
  talk: Conversation,
  numbers: readonly number[],
  command: (number: number) => string,
): AsyncIterable<{ number: number /** The -ERR line; null after +OK. */; refusal: string | null }> {
  const ahead = talk.offers.pipelining ? AHEAD : 1
  let sent = 0
  let answered = 0
  try {
    for (const number of numbers) {
      // Half of what may be under way is answered before more is sent: fewer, larger packets.
      if (sent === answered || sent - answered <= ahead / 2) {
        const more = numbers.slice(sent, answered + ahead)
        talk.wire.send(more.map(each => `${command(each)}\r\n`).join(''))
        sent += more.length
      }
      const reply = await replyOf(talk)
      answered++
      yield { number, refusal: isError(reply) ? reply : null }
    }
  } finally {
    if (answered < sent) talk.wire.close()
  }
}
