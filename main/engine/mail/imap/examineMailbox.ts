/** EXAMINE: the only way a mailbox is opened here. SELECT does not occur in this room. */
import type { Examined } from '../types.ts'
import { atom, nameArgument, type Response, responseCode, textOf } from './client.ts'
import { type Connection, command, numberOf } from './command.ts'
import { saying, type Where } from './serverError.ts'

/** Opens the mailbox read-only. Throws mailbox-unavailable, or server-lied when UIDVALIDITY or EXISTS is missing: without them no UID means anything. */
export async function examineMailbox(connection: Connection, raw: string): Promise<Examined> {
  const where: Where = { ...connection.where, mailbox: raw, refusal: 'mailbox-unavailable' }
  const values = new Map<string, string>()
  let exists: number | null = null
  const note = (response: Response) => {
    const code = responseCode(response)
    if (code) values.set(code.name, textOf(code.args[0]) ?? '')
  }
  // CONDSTORE as a parameter, not by ENABLE: it asks for nothing but HIGHESTMODSEQ (RFC 7162 3.1.8).
  const parameters = offersModseq(connection) ? [[atom('CONDSTORE')]] : []
  const response = await command(connection, 'EXAMINE', [nameArgument(raw), ...parameters], {
    where,
    untagged: {
      OK: note,
      EXISTS: ({ command: count }) => {
        exists = Number(count)
      },
    },
  })
  note(response)
  const uidValidity = numberOrNull(values.get('UIDVALIDITY'))
  if (uidValidity === null || uidValidity === 0) throw saying('server-lied', 'EXAMINE came without UIDVALIDITY', where)
  if (exists === null || !Number.isSafeInteger(exists)) throw saying('server-lied', 'EXAMINE came without EXISTS', where)
  connection.exists = exists
  return { uidValidity, uidNext: numberOrNull(values.get('UIDNEXT')) ?? 0, exists, modseq: modseqOf(values.get('HIGHESTMODSEQ')) }
}

export const offersModseq = (connection: Connection): boolean => connection.offers.has('CONDSTORE') || connection.offers.has('QRESYNC')

/** 63 bits (RFC 7162), so it stays text; 0 and nonsense mean that there is none. */
export const modseqOf = (text: string | null | undefined): string | null => (text && /^[1-9]\d{0,18}$/.test(text) ? text : null)

const numberOrNull = (text: string | undefined) => (text === undefined ? null : numberOf({ type: 'ATOM', value: text }))
