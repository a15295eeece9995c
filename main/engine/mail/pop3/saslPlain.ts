/** AUTH PLAIN (RFC 5034, RFC 4616). */
import { type Conversation, replyOf } from './conversation.ts'
import { isError, refused } from './serverError.ts'

/** RFC 5034 section 4: an initial response goes with the command only if the line stays within 255 octets. */
const LONGEST = 255

export async function saslPlain(talk: Conversation, user: string, password: string): Promise<void> {
  const secret = Buffer.from(`\0${user}\0${password}`).toString('base64')
  const short = `AUTH PLAIN ${secret}\r\n`
  talk.wire.send(short.length <= LONGEST ? short : 'AUTH PLAIN\r\n')
  if (short.length > LONGEST) {
    const challenge = await talk.wire.line()
    if (!challenge.startsWith('+') || challenge.startsWith('+OK')) throw refused(challenge, talk.where, loginOf(talk))
    talk.wire.send(`${secret}\r\n`)
  }
  const reply = await replyOf(talk)
  if (isError(reply)) throw refused(reply, talk.where, loginOf(talk))
}

export const loginOf = ({ offers }: Conversation) => ({ login: true, loginDelay: offers.loginDelay === null ? null : offers.loginDelay * 1000 })
