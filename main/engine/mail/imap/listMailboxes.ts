/** LIST: every mailbox, with its role, and where the server can, with what EXAMINE would say of it, all in one command. */
import { specialUse } from 'imapflow/lib/special-use.js'
import { AppError } from '../../../contract/errors.ts'
import type { MailboxRole } from '../../../contract/types.ts'
import type { Examined, RemoteMailbox } from '../types.ts'
import { atom, type Response, type Token, textOf, textsOf } from './client.ts'
import { type Connection, command, numberOf } from './command.ts'
import { mailboxIdOf, modseqOf, offersModseq } from './examineMailbox.ts'
import { decodePath } from './mailboxName.ts'

/**
 * The complete listing, in the server's order, each mailbox once, INBOX always among them where it exists. Throws on any doubt.
 * `subscriptions`: somebody wants to know of them, also where it takes a command of its own.
 */
export async function listMailboxes(connection: Connection, subscriptions = false): Promise<RemoteMailbox[]> {
  connection.unseen = []
  const listed = (await tryExtended(connection, '*')) ?? (await list(connection, '*', []))
  // RFC 9051 6.3.9: `*` need not show INBOX where a namespace has a prefix.
  if (!listed.has('INBOX')) for (const [key, entry] of await list(connection, 'INBOX', [])) listed.set(key, entry)
  await listOthers(connection, listed)
  assignRoles(listed)
  if (subscriptions && !connection.offers.has('LIST-EXTENDED')) await noteSubscriptions(connection, listed)
  return [...listed.values()].map(({ mailbox }) => mailbox)
}

/**
 * Mailboxes of other users and shared ones, which `*` shows on some servers and on others only under their prefix (RFC 2342). A namespace that may not be
 * looked into is no reason to do without the rest; it is kept in mind, because its mailboxes are not proven to be gone.
 */
async function listOthers(connection: Connection, listed: Map<string, Entry>): Promise<void> {
  const { other, shared } = connection.client.namespaces ?? {}
  for (const { prefix } of [...(other || []), ...(shared || [])]) {
    if (prefix === '') continue
    try {
      const entries = (await tryExtended(connection, `${prefix}*`)) ?? (await list(connection, `${prefix}*`, []))
      for (const [key, entry] of entries) if (!listed.has(key)) listed.set(key, entry)
    } catch (error) {
      if (!(error instanceof AppError && ['server-refused', 'mailbox-unavailable'].includes(error.code))) throw error
      connection.unseen.push(prefix)
    }
    for (const entry of listed.values()) if (entry.mailbox.raw.startsWith(prefix)) entry.foreign = true
  }
}

/** RFC 3501 6.3.9. A server that refuses it knows of no subscriptions: then all count as subscribed, since nothing may be left out by mistake. */
async function noteSubscriptions(connection: Connection, listed: Map<string, Entry>): Promise<void> {
  const subscribed = new Set<string>()
  try {
    await command(connection, 'LSUB', ['', '*'].map(quoted), {
      untagged: {
        LSUB: ({ attributes = [] }) => {
          // \\Noselect: something below it is subscribed to, not the mailbox itself.
          const raw = textsOf(attributes[0]).some(flag => flag.toLowerCase() === '\\noselect') ? null : textOf(attributes[2])
          if (raw !== null) subscribed.add(mailboxKey(raw))
        },
      },
    })
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'server-refused')) throw error
    return
  }
  for (const [key, { mailbox }] of listed) mailbox.subscribed = subscribed.has(key)
}

interface Entry {
  mailbox: RemoteMailbox
  flags: Set<string>
  /** Of another user, or shared: it has no role in this account. */
  foreign?: true
}

/** INBOX is the one name without case (RFC 9051 5.1). */
export const mailboxKey = (raw: string): string => (raw.toUpperCase() === 'INBOX' ? 'INBOX' : raw)

/** With RETURN options; null where the server does not offer them, or offers and refuses them. */
async function tryExtended(connection: Connection, pattern: string): Promise<Map<string, Entry> | null> {
  const { offers } = connection
  const options: Token[] = []
  if (offers.has('SPECIAL-USE')) options.push(atom('SPECIAL-USE'))
  if (offers.has('LIST-EXTENDED')) options.push(atom('SUBSCRIBED'), atom('CHILDREN'))
  if (offers.has('LIST-STATUS'))
    options.push(atom('STATUS'), [
      atom('MESSAGES'),
      atom('UIDNEXT'),
      atom('UIDVALIDITY'),
      ...(offersModseq(connection) ? [atom('HIGHESTMODSEQ')] : []),
      ...(offers.has('OBJECTID') ? [atom('MAILBOXID')] : []),
    ])
  if (!offers.has('LIST-EXTENDED') || options.length === 0) return null
  try {
    return await list(connection, pattern, options)
  } catch (error) {
    if (error instanceof AppError && error.code === 'server-refused') return null
    throw error
  }
}

async function list(connection: Connection, pattern: string, options: Token[]): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  const statuses = new Map<string, Examined>()
  await command(connection, 'LIST', ['', { type: 'STRING', value: pattern }, ...(options.length > 0 ? [atom('RETURN'), options] : [])].map(quoted), {
    untagged: {
      LIST: response => {
        const entry = entryOf(response, options.length > 0)
        if (!entry) return
        const { raw } = entry.mailbox
        if (!entries.has(mailboxKey(raw))) entries.set(mailboxKey(raw), entry)
        // Bytes that are no UTF-8 come as this sign: what looks the same is another mailbox, and neither can be opened by its name.
        else if (raw.includes('\ufffd')) connection.unseen.push(raw)
      },
      STATUS: response => {
        const status = statusOf(response)
        if (status) statuses.set(mailboxKey(status.raw), status.examined)
      },
    },
  })
  for (const [key, examined] of statuses) {
    const entry = entries.get(key)
    if (entry) entry.mailbox.status = examined
  }
  return entries
}

const quoted = (token: Token | string): Token => (typeof token === 'string' ? { type: 'STRING', value: token } : token)

/** `* LIST (\HasNoChildren) "/" "name"`. A line without a name is passed over: it names nothing that could be opened. */
function entryOf({ attributes = [] }: Response, saysSubscribed: boolean): Entry | null {
  const raw = textOf(attributes[2])
  if (raw === null || raw === '') return null
  const flags = new Set(textsOf(attributes[0]).map(flag => flag.toLowerCase()))
  // NIL: this server, or this mailbox, knows no levels.
  const delimiter = textOf(attributes[1]) ?? ''
  return {
    flags,
    mailbox: {
      path: decodePath(raw, delimiter),
      delimiter,
      raw,
      role: null,
      selectable: !flags.has('\\noselect') && !flags.has('\\nonexistent'),
      // Without LIST-EXTENDED it would take an LSUB, which IMAP4rev2 servers refuse; then all count as subscribed.
      subscribed: saysSubscribed ? flags.has('\\subscribed') : true,
    },
  }
}

/** `* STATUS name (MESSAGES 3 UIDNEXT 9 …)`; null unless everything that a cursor is compared with is there. */
function statusOf({ attributes = [] }: Response): { raw: string; examined: Examined } | null {
  const raw = textOf(attributes[0])
  const items = attributes[1]
  if (raw === null || !Array.isArray(items)) return null
  const values = new Map<string, Token>()
  for (let i = 0; i + 1 < items.length; i += 2) values.set(textOf(items[i])?.toUpperCase() ?? '', items[i + 1]!)
  const uidValidity = numberOf(values.get('UIDVALIDITY'))
  const uidNext = numberOf(values.get('UIDNEXT'))
  const exists = numberOf(values.get('MESSAGES'))
  if (!uidValidity || uidNext === null || exists === null) return null
  const mailboxId = mailboxIdOf(values.get('MAILBOXID'))
  return { raw, examined: { uidValidity, uidNext, exists, modseq: modseqOf(textOf(values.get('HIGHESTMODSEQ'))), ...(mailboxId && { mailboxId }) } }
}

const roleOf: Record<string, MailboxRole> = {
  '\\sent': 'sent',
  '\\drafts': 'drafts',
  '\\trash': 'trash',
  '\\junk': 'junk',
  '\\archive': 'archive',
  '\\all': 'all',
  '\\flagged': 'flagged',
  '\\important': 'important',
}

/** SPECIAL-USE (RFC 6154) first; where the server says nothing for a role, imapflow's table of names in many languages. Each role once. */
function assignRoles(listed: Map<string, Entry>): void {
  const taken = new Set<MailboxRole>()
  const take = (mailbox: RemoteMailbox, role: MailboxRole | undefined) => {
    if (!role || mailbox.role || taken.has(role)) return
    taken.add(role)
    mailbox.role = role
  }
  const inbox = listed.get('INBOX')
  if (inbox) take(inbox.mailbox, 'inbox')
  const own = [...listed.values()].filter(({ foreign }) => !foreign)
  for (const { mailbox, flags } of own) for (const flag of flags) take(mailbox, roleOf[flag])
  for (const source of ['name', 'name-guess'])
    for (const { mailbox } of own) {
      if (!mailbox.selectable || mailbox.role) continue
      const guess = specialUse(false, { flags: new Set(), name: mailbox.path.at(-1)! })
      if (guess.source === source && guess.flag) take(mailbox, roleOf[guess.flag.toLowerCase()])
    }
}
