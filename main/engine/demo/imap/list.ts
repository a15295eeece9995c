/** LIST with its selection and return options (RFC 5258, 5819, 6154), LSUB and STATUS. */
import { quote } from './format.ts'
import { decodeName, encodeName, matchesPattern } from './mailboxName.ts'
import type { Session } from './session.ts'
import { countUnseen, findMailbox, hasChildren, nameOf, type StoredMailbox, sizeOf } from './store.ts'
import { itemsOf, SyntaxProblem, type Token, textOf, wordOf } from './tokens.ts'

interface ListOptions {
  onlySubscribed: boolean
  onlySpecialUse: boolean
  tellSubscribed: boolean
  /** STATUS items to tell with each mailbox. */
  status: string[] | null
}

export async function list(session: Session, args: Token[]): Promise<string> {
  const { reference, patterns, options } = readList(args)
  // An empty pattern asks for the delimiter (RFC 9051 6.3.9)
  if (patterns.length === 1 && patterns[0] === '') {
    await session.send(`* LIST (\\Noselect) ${quote(session.store.delimiter)} ""`)
    return 'OK done'
  }
  for (const mailbox of session.store.mailboxes) {
    if (!patterns.some(pattern => matches(session, mailbox, reference + pattern))) continue
    if ((options.onlySubscribed && !mailbox.subscribed) || (options.onlySpecialUse && mailbox.use === null)) continue
    await session.send(`* LIST (${attributes(session, mailbox, options).join(' ')}) ${quote(session.store.delimiter)} ${wireName(session, mailbox)}`)
    if (options.status && mailbox.selectable) await session.send(statusLine(session, mailbox, options.status))
  }
  return 'OK done'
}

export async function lsub(session: Session, args: Token[]): Promise<string> {
  const pattern = textOf(args[0], 'reference') + textOf(args[1], 'pattern')
  for (const mailbox of session.store.mailboxes) {
    if (!mailbox.subscribed || !matches(session, mailbox, pattern)) continue
    await session.send(`* LSUB (${mailbox.selectable ? '' : '\\Noselect'}) ${quote(session.store.delimiter)} ${wireName(session, mailbox)}`)
  }
  return 'OK done'
}

export async function status(session: Session, args: Token[]): Promise<string> {
  const name = decodeName(textOf(args[0], 'mailbox'))
  const items = itemsOf(args[1], 'status items').map(item => wordOf(item, 'status item'))
  const mailbox = name === null ? undefined : findMailbox(session.store, name)
  if (!mailbox) return 'NO [NONEXISTENT] no such mailbox'
  if (!mailbox.selectable) return 'NO [CANNOT] this mailbox only holds other mailboxes'
  await session.send(statusLine(session, mailbox, items))
  return 'OK done'
}

/** `LIST [(selection…)] reference pattern|(patterns…) [RETURN (options…)]` */
function readList(args: Token[]): { reference: string; patterns: string[]; options: ListOptions } {
  const rest = [...args]
  const selection = rest[0]?.type === 'list' ? itemsOf(rest.shift(), 'options').map(item => wordOf(item, 'option')) : []
  const reference = textOf(rest.shift(), 'reference')
  const pattern = rest.shift()
  const patterns = pattern?.type === 'list' ? pattern.items.map(item => textOf(item, 'pattern')) : [textOf(pattern, 'pattern')]
  const options: ListOptions = {
    onlySubscribed: selection.includes('SUBSCRIBED'),
    onlySpecialUse: selection.includes('SPECIAL-USE'),
    tellSubscribed: selection.includes('SUBSCRIBED'),
    status: null,
  }
  for (const option of selection) if (!SELECTION.has(option)) throw new SyntaxProblem('selection option unknown')
  if (rest.length > 0) {
    if (wordOf(rest.shift(), 'RETURN') !== 'RETURN') throw new SyntaxProblem('RETURN expected')
    readReturn(itemsOf(rest.shift(), 'return options'), options)
  }
  return { reference, patterns, options }
}

function readReturn(items: Token[], options: ListOptions): void {
  for (let at = 0; at < items.length; at++) {
    const option = wordOf(items[at], 'return option')
    if (option === 'SUBSCRIBED') options.tellSubscribed = true
    else if (option === 'STATUS') options.status = itemsOf(items[++at], 'status items').map(item => wordOf(item, 'status item'))
    else if (option !== 'CHILDREN' && option !== 'SPECIAL-USE') throw new SyntaxProblem('return option unknown')
  }
}

const SELECTION = new Set(['SUBSCRIBED', 'SPECIAL-USE', 'REMOTE', 'RECURSIVEMATCH'])

function matches(session: Session, mailbox: StoredMailbox, wirePattern: string): boolean {
  // Patterns are matched against the name as it goes over the wire: modified UTF-7 is ASCII, and so are * and %
  return matchesPattern(encodeName(nameOf(session.store, mailbox)), wirePattern, session.store.delimiter)
}

/** SPECIAL-USE and CHILDREN are told without being asked for: both RFCs permit it, and older clients do not ask. */
function attributes(session: Session, mailbox: StoredMailbox, options: ListOptions): string[] {
  const said = [hasChildren(session.store, mailbox) ? '\\HasChildren' : '\\HasNoChildren']
  if (!mailbox.selectable) said.push('\\Noselect')
  if (options.tellSubscribed && mailbox.subscribed) said.push('\\Subscribed')
  if (mailbox.use !== null) said.push(mailbox.use)
  return said
}

function wireName(session: Session, mailbox: StoredMailbox): string {
  return quote(encodeName(nameOf(session.store, mailbox)))
}

function statusLine(session: Session, mailbox: StoredMailbox, items: string[]): string {
  const values: Record<string, number> = {
    MESSAGES: mailbox.messages.length,
    RECENT: 0,
    UIDNEXT: mailbox.uidNext,
    UIDVALIDITY: mailbox.uidValidity,
    UNSEEN: countUnseen(mailbox),
    DELETED: mailbox.messages.filter(message => message.flags.includes('\\Deleted')).length,
    SIZE: sizeOf(mailbox),
  }
  const pairs = items.map(item => {
    if (!Object.hasOwn(values, item)) throw new SyntaxProblem('status item unknown')
    return `${item} ${values[item]}`
  })
  return `* STATUS ${wireName(session, mailbox)} (${pairs.join(' ')})`
}
