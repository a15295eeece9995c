/** Commands and their answers: one line each way, and sometimes many lines back (RFC 1939 section 3). */
import { saying, type Where } from '../imap/serverError.ts'
import { isError, isOk, type RefusedOptions, refused } from './serverError.ts'
import type { Offers } from './types.ts'
import type { Wire } from './wire.ts'

export interface Conversation {
  wire: Wire
  where: Where
  offers: Offers
}

/** Sends a command and takes its +OK line. Throws what -ERR means. */
export async function ask(talk: Conversation, command: string, options?: RefusedOptions): Promise<string> {
  talk.wire.send(`${command}\r\n`)
  const reply = await replyOf(talk)
  if (isError(reply)) throw refused(reply, talk.where, options)
  return reply
}

/** The first line of an answer. Throws server-lied, and ends the connection, when it is neither +OK nor -ERR: nobody knows then what follows. */
export async function replyOf({ wire, where }: Conversation): Promise<string> {
  const reply = await wire.line()
  if (isOk(reply) || isError(reply)) return reply
  const lied = saying('server-lied', 'an answer that is neither +OK nor -ERR', where)
  wire.close(lied)
  throw lied
}

/** A million lines of UIDL. */
const LONGEST_LISTING = 96 * 1024 * 1024
const LONGEST_ENTRY = 2048

/** The lines of a multi-line answer that is a list, one character a byte. Throws server-lied for one without measure. */
export async function linesOf({ wire, where }: Conversation): Promise<string[]> {
  const lines: string[] = []
  let open = ''
  let bytes = 0
  for await (const piece of wire.data()) {
    bytes += piece.length
    const parts = (open + piece.toString('latin1')).split('\n')
    open = parts.pop()!
    for (const part of parts) lines.push(part.endsWith('\r') ? part.slice(0, -1) : part)
    if (bytes > LONGEST_LISTING || open.length > LONGEST_ENTRY) {
      const lied = saying('server-lied', 'a listing without an end', where)
      wire.close(lied)
      throw lied
    }
  }
  if (open !== '') lines.push(open)
  return lines
}

/** `12 3456`: a message number and what follows it; null for a line that is none. */
export function entryOf(line: string): { number: number; rest: string } | null {
  const [, digits, rest] = /^\s*(\d{1,10})(?:\s+(.*?))?\s*$/.exec(line) ?? []
  const number = Number(digits)
  return digits !== undefined && number > 0 ? { number, rest: rest ?? '' } : null
}
