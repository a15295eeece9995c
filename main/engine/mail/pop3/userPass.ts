/** USER and PASS (RFC 1939 section 7). */
import { ask, type Conversation } from './conversation.ts'
import { loginOf } from './saslPlain.ts'

export async function userPass(talk: Conversation, user: string, password: string): Promise<void> {
  await ask(talk, `USER ${user}`, loginOf(talk))
  await ask(talk, `PASS ${password}`, loginOf(talk))
}
