/** STLS (RFC 2595 section 4). */
import { saying } from '../imap/serverError.ts'
import { type Conversation, replyOf } from './conversation.ts'
import { isError } from './serverError.ts'

/** After it, the handshake has to follow. A server that knows no CAPA is asked all the same. Throws starttls-missing; no password was sent then. */
export async function stls(talk: Conversation): Promise<void> {
  const missing = () => saying('starttls-missing', 'the server does not offer STLS', talk.where)
  if (talk.offers.known && !talk.offers.stls) throw missing()
  talk.wire.send('STLS\r\n')
  if (isError(await replyOf(talk))) throw missing()
}
