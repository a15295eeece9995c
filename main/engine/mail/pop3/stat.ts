/** STAT (RFC 1939 section 5). */
import { saying } from '../imap/serverError.ts'
import { ask, type Conversation } from './conversation.ts'

export async function stat(talk: Conversation): Promise<{ count: number; octets: number }> {
  const [, count, octets] = /^\+OK\s+(\d{1,10})\s+(\d{1,16})/i.exec(await ask(talk, 'STAT')) ?? []
  if (count === undefined) throw saying('server-lied', 'STAT without numbers', talk.where)
  return { count: Number(count), octets: Number(octets) }
}
