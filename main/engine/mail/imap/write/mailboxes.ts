/** Making and removing mailboxes, and what a server says of its own: name space, quota. */
import { AppError } from '../../../../contract/errors.ts'
import type { MailboxRole } from '../../../../contract/types.ts'
import type { Quota } from '../../writeTypes.ts'
import { atom, nameArgument, textOf } from '../client.ts'
import { type Connection, command, numberOf } from '../command.ts'
import type { Where } from '../serverError.ts'

const useOf: Partial<Record<MailboxRole, string>> = {
  sent: '\\Sent',
  drafts: '\\Drafts',
  trash: '\\Trash',
  junk: '\\Junk',
  archive: '\\Archive',
}

/** False where it was there already. Throws mailbox-unavailable. */
export async function createMailbox(connection: Connection, raw: string, role: MailboxRole | null): Promise<boolean> {
  const use = role && useOf[role]
  const where: Where = {
    ...connection.where,
    mailbox: raw,
    refusal: 'mailbox-unavailable',
    codes: { USEATTR: 'server-refused', ALREADYEXISTS: 'name-taken' },
  }
  if (use && connection.offers.has('CREATE-SPECIAL-USE')) {
    try {
      // RFC 6154 3
      await command(connection, 'CREATE', [nameArgument(raw), [atom('USE'), [atom(use)]]], { where })
      await subscribe(connection, raw)
      return true
    } catch (error) {
      if (isThere(error)) return false
      // [USEATTR]: another mailbox has this use, or it cannot be given. A mailbox without it is better than none.
      if (!(error instanceof AppError && ['server-refused', 'mailbox-unavailable'].includes(error.code))) throw error
    }
  }
  try {
    await command(connection, 'CREATE', [nameArgument(raw)], { where })
  } catch (error) {
    if (isThere(error)) return false
    throw error
  }
  await subscribe(connection, raw)
  return true
}

const isThere = (error: unknown): boolean => error instanceof AppError && error.code === 'name-taken'

/** Many programs show only what is subscribed to. A server that does not take it has refused a convenience. */
async function subscribe(connection: Connection, raw: string): Promise<void> {
  await command(connection, 'SUBSCRIBE', [nameArgument(raw)]).catch(ifRefused)
}

export async function removeMailbox(connection: Connection, raw: string): Promise<void> {
  await command(connection, 'DELETE', [nameArgument(raw)], { where: { ...connection.where, mailbox: raw, refusal: 'mailbox-unavailable' } })
  await command(connection, 'UNSUBSCRIBE', [nameArgument(raw)]).catch(ifRefused)
}

/** Storage, in bytes (RFC 9208 5.1 counts in 1,024). Null where the server has none or does not tell. */
export async function quotaOf(connection: Connection, raw: string): Promise<Quota | null> {
  if (!connection.offers.has('QUOTA')) return null
  let found: Quota | null = null
  await command(connection, 'GETQUOTAROOT', [nameArgument(raw)], {
    untagged: {
      QUOTAROOT: () => {},
      QUOTA: ({ attributes = [] }) => {
        const list = attributes[1]
        if (!Array.isArray(list)) return
        for (let i = 0; i + 2 < list.length; i += 3) {
          const [used, limit] = [numberOf(list[i + 1]), numberOf(list[i + 2])]
          if (textOf(list[i])?.toUpperCase() !== 'STORAGE' || used === null || limit === null || limit === 0) continue
          if (!found || limit * 1024 - used * 1024 < found.limit - found.used) found = { used: used * 1024, limit: limit * 1024 }
        }
      },
    },
  }).catch(ifRefused)
  return found
}

/** RFC 2342: `* NAMESPACE (("INBOX." ".")) NIL NIL`. */
export async function personalNamespace(connection: Connection): Promise<{ prefix: string; delimiter: string }> {
  let prefix = ''
  let delimiter = ''
  if (connection.offers.has('NAMESPACE'))
    await command(connection, 'NAMESPACE', [], {
      untagged: {
        NAMESPACE: ({ attributes = [] }) => {
          const first = Array.isArray(attributes[0]) ? attributes[0][0] : null
          if (!Array.isArray(first)) return
          prefix = textOf(first[0]) ?? ''
          delimiter = textOf(first[1]) ?? ''
        },
      },
    }).catch(ifRefused)
  return { prefix, delimiter }
}

function ifRefused(error: unknown): void {
  if (!(error instanceof AppError) || !['server-refused', 'mailbox-unavailable'].includes(error.code)) throw error
}
