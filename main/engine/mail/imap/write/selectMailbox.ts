/** SELECT: a mailbox opened so that it can be changed. Only a restore does that; capture has EXAMINE alone. */
import type { Selected } from '../../writeTypes.ts'
import { nameArgument, type Response, responseCode, textOf, textsOf } from '../client.ts'
import { type Connection, command, numberOf } from '../command.ts'
import { modseqOf } from '../examineMailbox.ts'
import { saying, type Where } from '../serverError.ts'

/** Throws mailbox-unavailable, mailbox-read-only; server-lied without UIDVALIDITY or EXISTS. */
export async function selectMailbox(connection: Connection, raw: string): Promise<Selected> {
  const where: Where = { ...connection.where, mailbox: raw, refusal: 'mailbox-unavailable' }
  const values = new Map<string, string>()
  let permanentFlags: string[] | null = null
  let exists: number | null = null
  const note = (response: Response) => {
    const code = responseCode(response)
    if (code?.name === 'PERMANENTFLAGS') permanentFlags = textsOf(code.args[0])
    else if (code) values.set(code.name, textOf(code.args[0]) ?? '')
  }
  const response = await command(connection, 'SELECT', [nameArgument(raw)], {
    where,
    untagged: {
      OK: note,
      EXISTS: ({ command: count }) => {
        exists = Number(count)
      },
    },
  })
  note(response)
  const number = (name: string) => (values.has(name) ? numberOf({ type: 'ATOM', value: values.get(name)! }) : null)
  const uidValidity = number('UIDVALIDITY')
  if (!uidValidity || exists === null || !Number.isSafeInteger(exists))
    throw saying('server-lied', 'the mailbox was opened without UIDVALIDITY or EXISTS', where)
  if (values.has('READ-ONLY')) throw saying('mailbox-read-only', 'the mailbox is read-only', where)
  connection.exists = exists
  return { uidValidity, uidNext: number('UIDNEXT') ?? 0, exists, modseq: modseqOf(values.get('HIGHESTMODSEQ')), permanentFlags }
}
