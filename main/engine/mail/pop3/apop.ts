/** APOP (RFC 1939 section 7): the password does not go over the line, only a hash of it with the time stamp of the greeting. MD5, so no replacement for TLS. */
import { createHash } from 'node:crypto'
import { ask, type Conversation } from './conversation.ts'
import { loginOf } from './saslPlain.ts'

/** The time stamp with its angle brackets; null where the greeting has none. */
export function stampOf(greeting: string): string | null {
  // RFC 6856 and CVE-2007-1558: only a real msg-id, for a forged one helps to guess the password.
  return /<[\x21-\x3b\x3d\x3f\x41-\x7e]+@[\x21-\x3b\x3d\x3f\x41-\x7e]+>/.exec(greeting)?.[0] ?? null
}

export async function apop(talk: Conversation, user: string, password: string, stamp: string): Promise<void> {
  const digest = createHash('md5').update(stamp, 'latin1').update(password, 'utf8').digest('hex')
  await ask(talk, `APOP ${user} ${digest}`, loginOf(talk))
}
