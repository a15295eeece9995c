/** EXAMINE: the only way a mailbox is opened here. SELECT does not occur in this room. */
import { AppError } from '../../../contract/errors.ts'
import type { Changes, Examined, Since } from '../types.ts'
import { atom, nameArgument, type Response, responseCode, sequence, type Token, textOf, textsOf, type Untagged } from './client.ts'
import { type Connection, command, numberOf, vanishedIn } from './command.ts'
import { readFetch } from './fetchResponse.ts'
import { saying, type Where } from './serverError.ts'
import { MAX_UID, toUidSet } from './uidSet.ts'

/**
 * Opens the mailbox read-only. Throws mailbox-unavailable, or server-lied when UIDVALIDITY or EXISTS is missing: without them no UID means anything.
 * With `since` the server is asked as well what changed, where it can tell; it answers only when UIDVALIDITY is still the same.
 */
export async function examineMailbox(connection: Connection, raw: string, since?: Since): Promise<Examined> {
  const where: Where = { ...connection.where, mailbox: raw, refusal: 'mailbox-unavailable' }
  const asked = since !== undefined && connection.qresync === true ? since : null
  const heard = createHeard(asked !== null)
  const note = (response: Response) => {
    const code = responseCode(response)
    // RFC 7162 3.2.11: what came before it was about the mailbox that was open until now.
    if (code?.name === 'CLOSED') return heard.forget()
    if (code) heard.values.set(code.name, code.name === 'MAILBOXID' ? mailboxIdOf(code.args[0]) : (textOf(code.args[0]) ?? ''))
  }
  const response = await command(connection, 'EXAMINE', [nameArgument(raw), ...parameters(connection, asked)], {
    where,
    untagged: { OK: note, ...heard.untagged },
  })
  note(response)
  const { values, exists, changes } = heard.all()
  const uidValidity = numberOrNull(values.get('UIDVALIDITY'))
  if (uidValidity === null || uidValidity === 0) throw saying('server-lied', 'EXAMINE came without UIDVALIDITY', where)
  if (exists === null || !Number.isSafeInteger(exists)) throw saying('server-lied', 'EXAMINE came without EXISTS', where)
  connection.exists = exists
  const modseq = modseqOf(values.get('HIGHESTMODSEQ'))
  const mailboxId = values.get('MAILBOXID')
  return {
    uidValidity,
    uidNext: numberOrNull(values.get('UIDNEXT')) ?? 0,
    exists,
    modseq,
    ...(mailboxId && { mailboxId }),
    ...(changes && modseq !== null && uidValidity === asked?.uidValidity && { changes }),
  }
}

/** RFC 5161 3.1: only while no mailbox is open. A server that offers it and refuses is asked in the other ways. */
export async function enableQresync(connection: Connection): Promise<void> {
  if (connection.qresync !== null) return
  connection.qresync = false
  if (!connection.offers.has('QRESYNC') || !connection.offers.has('ENABLE')) return
  const noteEnabled: Untagged = ({ attributes = [] }) => {
    connection.qresync = attributes.some(word => textOf(word)?.toUpperCase() === 'QRESYNC')
  }
  try {
    await command(connection, 'ENABLE', [atom('QRESYNC')], { untagged: { ENABLED: noteEnabled } })
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'server-refused')) throw error
  }
}

function parameters(connection: Connection, since: Since | null): Token[] {
  if (since) {
    const known = toUidSet(since.known)
    // RFC 7162 3.2.5.1: keeps the answer short where the server has forgotten when what went. A longer line than this is refused by some.
    const range = known === '' ? [] : [sequence(andAllAfter(known.length <= LONGEST_SET ? known : String(since.known[0])))]
    return [[atom('QRESYNC'), [atom(String(since.uidValidity)), atom(since.modseq), ...range]]]
  }
  // CONDSTORE as a parameter, not by ENABLE: it asks for nothing but HIGHESTMODSEQ (RFC 7162 3.1.8).
  return offersModseq(connection) ? [[atom('CONDSTORE')]] : []
}
const LONGEST_SET = 4_000

/** Of UIDs that are not in the set the server does not speak, nor of what came since; `*` is not allowed there. */
const andAllAfter = (set: string) => set.replace(/(\d+)(:\d+)?$/, `$1:${MAX_UID}`)

/** What comes while a mailbox is being opened. */
function createHeard(asked: boolean) {
  let values = new Map<string, string>()
  let exists: number | null = null
  let changes: Changes | null = null
  const lists = new Map<string, readonly string[]>()
  const forget = () => {
    values = new Map()
    exists = null
    changes = asked ? { vanished: [], flags: new Map() } : null
  }
  forget()
  const untagged: Record<string, Untagged> = {
    EXISTS: ({ command: count }) => {
      exists = Number(count)
    },
    VANISHED: response => {
      for (const range of vanishedIn(response).ranges) changes?.vanished.push(range)
    },
    FETCH: response => {
      const read = readFetch(response)
      if (!changes || !read?.hasFlags) return
      // 200,000 messages marked as read have one list of flags, not as many.
      const key = read.flags.join(' ')
      if (!lists.has(key)) lists.set(key, read.flags)
      changes.flags.set(read.uid, lists.get(key)!)
    },
  }
  return {
    untagged,
    forget,
    get values() {
      return values
    },
    all: () => ({ values, exists, changes }),
  }
}

export const offersModseq = (connection: Connection): boolean => connection.offers.has('CONDSTORE') || connection.offers.has('QRESYNC')

/** 63 bits (RFC 7162), so it stays text; 0 and nonsense mean that there is none. */
export const modseqOf = (text: string | null | undefined): string | null => (text && /^[1-9]\d{0,18}$/.test(text) ? text : null)

/**
 * `(F2212ea87-6097-4256-9d51-71338625)`; some servers leave the brackets out. '' for what is no objectid (RFC 8474 7): Cyrus 3.6 puts bytes that have
 * been freed into the STATUS it gives along with LIST.
 */
export const mailboxIdOf = (token: Token | undefined): string => {
  const id = textsOf(token)[0] ?? textOf(token) ?? ''
  return /^[\w-]{1,255}$/.test(id) ? id : ''
}

const numberOrNull = (text: string | undefined) => (text === undefined ? null : numberOf({ type: 'ATOM', value: text }))
