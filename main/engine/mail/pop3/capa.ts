/** CAPA (RFC 2449). */

import { type Conversation, linesOf, replyOf } from './conversation.ts'
import { isError } from './serverError.ts'
import type { Offers } from './types.ts'

export const noOffers: Offers = {
  known: false,
  top: false,
  uidl: false,
  user: false,
  stls: false,
  pipelining: false,
  sasl: new Set(),
  loginDelay: null,
  expire: null,
}

/** What the server offers now; `before` where it does not know the command. */
export async function capa(talk: Conversation, before: Offers = noOffers): Promise<Offers> {
  talk.wire.send('CAPA\r\n')
  if (isError(await replyOf(talk))) return before
  const offered = new Map<string, string[]>()
  for (const line of await linesOf(talk)) {
    const [name = '', ...args] = line.trim().toUpperCase().split(/\s+/)
    offered.set(name, args)
  }
  return {
    known: true,
    top: offered.has('TOP'),
    uidl: offered.has('UIDL'),
    user: offered.has('USER'),
    stls: offered.has('STLS'),
    pipelining: offered.has('PIPELINING'),
    // After the login some servers no longer name what a login could use.
    sasl: new Set(offered.get('SASL') ?? before.sasl),
    loginDelay: secondsIn(offered.get('LOGIN-DELAY')) ?? before.loginDelay,
    expire: secondsIn(offered.get('EXPIRE')),
  }
}

/** The number an argument is; null for none, and for NEVER. `USER` after it says only that other users have other values. */
function secondsIn(args: string[] | undefined): number | null {
  return args?.[0] !== undefined && /^\d{1,9}$/.test(args[0]) ? Number(args[0]) : null
}
