/** AUTH OAUTHBEARER (RFC 7628) and XOAUTH2 (Google's and Microsoft's name for nearly the same): a token in place of a password. */
import type { AccountSettings } from '../../../contract/types.ts'
import { saying } from '../imap/serverError.ts'
import type { Conversation } from './conversation.ts'
import { loginOf } from './saslPlain.ts'
import { isError, isOk, refused } from './serverError.ts'

type Server = Pick<AccountSettings, 'host' | 'port'>

const messages = {
  OAUTHBEARER: (user: string, token: string, { host, port }: Server) =>
    `n,a=${user},\x01host=${host}\x01port=${port}\x01auth=Bearer ${token}\x01\x01`,
  XOAUTH2: (user: string, token: string) => `user=${user}\x01auth=Bearer ${token}\x01\x01`,
}

/** What is sent, as it is sent: nothing of it may stand in an error. */
export const tokenAnswers = (user: string, token: string, server: Server): string[] =>
  Object.values(messages).map(message => base64(message(user, token, server)))

export async function saslToken({ wire, where, offers }: Conversation, user: string, token: string, server: Server): Promise<void> {
  const mechanism = (['OAUTHBEARER', 'XOAUTH2'] as const).find(name => offers.sasl.has(name))
  if (!mechanism) throw saying('server-refused', 'no mechanism for tokens is offered', where, { serverSays: 'no SASL XOAUTH2, no SASL OAUTHBEARER' })
  // Microsoft takes the token only as the answer to its challenge, and it is longer than a command may be anyway (RFC 5034 4).
  wire.send(`AUTH ${mechanism}\r\n`)
  const challenge = await wire.line()
  if (!isChallenge(challenge)) throw refused(challenge, where, { login: true })
  wire.send(`${base64(messages[mechanism](user, token, server))}\r\n`)
  let reply = await wire.line()
  if (isChallenge(reply)) {
    // RFC 7628 3.2.3: why it is refused, in JSON, and the refusal itself after an answer that says nothing.
    wire.send(mechanism === 'OAUTHBEARER' ? 'AQ==\r\n' : '\r\n')
    reply = await wire.line()
  }
  if (isError(reply) || !isOk(reply)) throw refused(reply, where, loginOf({ wire, where, offers }))
}

const isChallenge = (line: string) => line.startsWith('+') && !isOk(line)
const base64 = (text: string) => Buffer.from(text).toString('base64')
