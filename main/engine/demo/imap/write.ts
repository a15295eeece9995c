/**
 * What changes mailboxes: APPEND, STORE, EXPUNGE, CREATE, DELETE (RFC 9051 6.3.4, 6.3.5, 6.3.12, 6.4.3, 6.4.6, 6.4.9; UIDPLUS RFC 4315), for a store
 * that says that it is writable. Another connection that has the mailbox open learns of it when it opens it again.
 */
import { parseInternalDate } from './format.ts'
import { decodeName } from './mailboxName.ts'
import { contains, parseSet } from './sequence.ts'
import type { Session } from './session.ts'
import { canonicalName, findMailbox, hasChildren, nameOf, type StoredMailbox, usedBy } from './store.ts'
import { itemsOf, SyntaxProblem, type Token, textOf, wordOf } from './tokens.ts'

/** `APPEND mailbox [(flags)] ["date"] literal`, one message. */
export async function append(session: Session, args: Token[]): Promise<string> {
  const mailbox = named(session, args[0])
  if (!mailbox?.selectable) return 'NO [TRYCREATE] no such mailbox'
  const rest = args.slice(1)
  const flags = rest[0]?.type === 'list' ? itemsOf(rest.shift(), 'flags').map(item => textOf(item, 'flag')) : []
  const date = rest.length > 1 ? parseInternalDate(textOf(rest.shift(), 'date')) : { seconds: 0, zone: 0 }
  if (date === null || rest.length !== 1) throw new SyntaxProblem('date and literal expected')
  const uid = mailbox.uidNext++
  mailbox.messages.push({ uid, flags, internalDate: date.seconds, zone: date.zone, bytes: Buffer.from(textOf(rest[0], 'literal'), 'latin1') })
  if (session.mailbox === mailbox) await session.send(`* ${mailbox.messages.length} EXISTS`)
  return session.store.uidPlus === false ? 'OK done' : `OK [APPENDUID ${mailbox.uidValidity} ${uid}] done`
}

/** `STORE set [+-]FLAGS[.SILENT] (flags)` */
export async function store(session: Session, args: Token[], byUid: boolean): Promise<string> {
  const mailbox = session.mailbox as StoredMailbox
  const set = parseSet(textOf(args[0], 'set'), byUid ? (mailbox.messages.at(-1)?.uid ?? 0) : mailbox.messages.length)
  const how = /^([+-]?)FLAGS(\.SILENT)?$/.exec(wordOf(args[1], 'item'))
  if (!how) throw new SyntaxProblem('FLAGS expected')
  const said = itemsOf(args[2], 'flags').map(item => textOf(item, 'flag'))
  for (const [at, message] of mailbox.messages.entries()) {
    if (!contains(set, byUid ? message.uid : at + 1)) continue
    const others = message.flags.filter(flag => !said.some(one => one.toLowerCase() === flag.toLowerCase()))
    message.flags = how[1] === '-' ? others : how[1] === '+' ? [...others, ...said] : said
    if (!how[2]) await session.send(`* ${at + 1} FETCH (UID ${message.uid} FLAGS (${message.flags.join(' ')}))`)
  }
  return 'OK done'
}

/** `EXPUNGE`, `UID EXPUNGE set` */
export async function expunge(session: Session, args: Token[], byUid: boolean): Promise<string> {
  const mailbox = session.mailbox as StoredMailbox
  const set = byUid ? parseSet(textOf(args[0], 'set'), mailbox.messages.at(-1)?.uid ?? 0) : null
  for (let at = mailbox.messages.length - 1; at >= 0; at--) {
    const message = mailbox.messages[at]!
    if (!message.flags.some(flag => flag.toLowerCase() === '\\deleted') || (set && !contains(set, message.uid))) continue
    mailbox.messages.splice(at, 1)
    await session.send(`* ${at + 1} EXPUNGE`)
  }
  return 'OK done'
}

/** `CREATE name [(USE (\Sent))]` */
export function create(session: Session, args: Token[]): string {
  const { mailboxes, delimiter } = session.store
  const name = decodeName(textOf(args[0], 'mailbox'))
  if (name === null || name === '') return 'NO [CANNOT] this name cannot be'
  if (findMailbox(session.store, name)) return 'NO [ALREADYEXISTS] it is there'
  const use = args[1]?.type === 'list' && args[1].items[1]?.type === 'list' ? textOf(args[1].items[1].items[0], 'use') : null
  if (use !== null && usedBy(session.store, use)) return 'NO [USEATTR] another mailbox has this use'
  const path = canonicalName(name)
    .split(delimiter)
    .filter(level => level !== '')
  for (let depth = 1; depth <= path.length; depth++) {
    const level = path.slice(0, depth)
    if (findMailbox(session.store, level.join(delimiter))) continue
    // A UIDVALIDITY no mailbox had before, also not one of this name (RFC 9051 2.3.1.1).
    const uidValidity = mailboxes.reduce((most, mailbox) => Math.max(most, mailbox.uidValidity), session.store.lastUidValidity ?? 0) + 1
    session.store.lastUidValidity = uidValidity
    mailboxes.push({
      path: level,
      use: depth === path.length ? use : null,
      selectable: true,
      subscribed: false,
      uidValidity,
      uidNext: 1,
      messages: [],
    })
  }
  return 'OK made'
}

export function remove(session: Session, args: Token[]): string {
  const mailbox = named(session, args[0])
  if (!mailbox) return 'NO [NONEXISTENT] no such mailbox'
  if (nameOf(session.store, mailbox) === 'INBOX') return 'NO [CANNOT] INBOX stays'
  session.store.lastUidValidity = Math.max(session.store.lastUidValidity ?? 0, mailbox.uidValidity)
  if (hasChildren(session.store, mailbox)) Object.assign(mailbox, { selectable: false, messages: [] })
  else session.store.mailboxes.splice(session.store.mailboxes.indexOf(mailbox), 1)
  return 'OK gone'
}

export const subscribe =
  (on: boolean) =>
  (session: Session, args: Token[]): string => {
    const mailbox = named(session, args[0])
    if (mailbox) mailbox.subscribed = on
    return 'OK done'
  }

function named(session: Session, token: Token | undefined): StoredMailbox | undefined {
  const name = decodeName(textOf(token, 'mailbox'))
  return name === null ? undefined : findMailbox(session.store, name)
}
