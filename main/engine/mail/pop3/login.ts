/** Which way of logging in: the best that the server offers, and never a second time with a password that was refused. */
import { AppError } from '../../../contract/errors.ts'
import { apop } from './apop.ts'
import type { Conversation } from './conversation.ts'
import { saslPlain } from './saslPlain.ts'
import { userPass } from './userPass.ts'

export async function login(talk: Conversation, user: string, password: string, stamp: string | null): Promise<void> {
  const { offers } = talk
  const mayUser = offers.user || !offers.known
  if (offers.sasl.has('PLAIN')) {
    try {
      return await saslPlain(talk, user, password)
    } catch (error) {
      // Offered, and not known after all. Any other refusal is one: asked twice, an account is soon blocked.
      if (!(error instanceof AppError) || !talk.wire.usable || !mayUser || !UNKNOWN.test(String(error.facts['serverSays'] ?? ''))) throw error
    }
  } else if (!mayUser && stamp !== null) return apop(talk, user, password, stamp)
  return userPass(talk, user, password)
}

const UNKNOWN = /unknown|unsupported|not supported|unrecogni[sz]ed|invalid command|not implemented|syntax/i
