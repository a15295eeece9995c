/** SEARCH and UID SEARCH with ESEARCH (RFC 9051 6.4.4, RFC 4731). Keys that look into the text are refused: this is not a mail server. */
import { parseSearchDate } from './format.ts'
import { contains, formatSet, isSet, parseSet } from './sequence.ts'
import type { Session } from './session.ts'
import type { StoredMailbox, StoredMessage } from './store.ts'
import { itemsOf, SyntaxProblem, type Token, textOf, wordOf } from './tokens.ts'

type Test = (message: StoredMessage, sequence: number) => boolean

export async function search(session: Session, args: Token[], byUid: boolean): Promise<string> {
  const mailbox = session.mailbox as StoredMailbox
  const rest = [...args]
  let wanted: string[] | null = null
  if (isWord(rest[0], 'RETURN')) {
    rest.shift()
    wanted = itemsOf(rest.shift(), 'return options').map(item => wordOf(item, 'return option'))
    if (wanted.length === 0) wanted = ['ALL']
  }
  if (isWord(rest[0], 'CHARSET')) {
    const charset = textOf(rest[1], 'charset').toUpperCase()
    if (charset !== 'UTF-8' && charset !== 'US-ASCII') return 'NO [BADCHARSET (UTF-8 US-ASCII)] charset unknown'
    rest.splice(0, 2)
  }
  if (rest.length === 0) throw new SyntaxProblem('search key expected')

  const test = readAll(rest, mailbox)
  const found: number[] = []
  mailbox.messages.forEach((message, at) => {
    if (test(message, at + 1)) found.push(byUid ? message.uid : at + 1)
  })
  await session.send(wanted ? extended(wanted, found, byUid) : `* SEARCH${found.map(number => ` ${number}`).join('')}`)
  return 'OK done'
}

/** `* ESEARCH UID ALL 1:3,7`. The tag correlator is left out: RFC 4466 asks for it only where answers could be mixed up. */
function extended(wanted: string[], found: number[], byUid: boolean): string {
  const said = ['* ESEARCH']
  if (byUid) said.push('UID')
  for (const item of wanted) {
    if (item === 'COUNT') said.push(`COUNT ${found.length}`)
    else if (item === 'MIN' || item === 'MAX' || item === 'ALL') {
      // 4731: with no match these say nothing at all
      if (found.length > 0) said.push(`${item} ${item === 'ALL' ? formatSet(found) : item === 'MIN' ? found[0] : found.at(-1)}`)
    } else throw new SyntaxProblem('return option unknown')
  }
  return said.join(' ')
}

function readAll(tokens: Token[], mailbox: StoredMailbox): Test {
  const tests: Test[] = []
  const rest = [...tokens]
  while (rest.length > 0) tests.push(readKey(rest, mailbox))
  return (message, sequence) => tests.every(test => test(message, sequence))
}

/** Takes one key with its arguments from the front of `rest`. */
function readKey(rest: Token[], mailbox: StoredMailbox): Test {
  const token = rest.shift()
  if (token?.type === 'list') return readAll(token.items, mailbox)
  const key = wordOf(token, 'search key')
  const argument = () => textOf(rest.shift(), `argument of ${key}`)
  if (isSet(key)) {
    const set = parseSet(key, mailbox.messages.length)
    return (_message, sequence) => contains(set, sequence)
  }
  const flag = FLAG_KEYS[key]
  if (flag) return message => message.flags.includes(flag.flag) === flag.set
  switch (key) {
    case 'ALL':
    case 'OLD':
      return () => true
    case 'NEW':
    case 'RECENT':
      return () => false
    case 'UID': {
      const set = parseSet(argument(), mailbox.messages.at(-1)?.uid ?? 0)
      return message => contains(set, message.uid)
    }
    case 'KEYWORD':
    case 'UNKEYWORD': {
      const keyword = argument().toLowerCase()
      return message => message.flags.some(one => one.toLowerCase() === keyword) === (key === 'KEYWORD')
    }
    case 'LARGER':
    case 'SMALLER': {
      const size = Number(argument())
      return message => (key === 'LARGER' ? message.bytes.byteLength > size : message.bytes.byteLength < size)
    }
    case 'BEFORE':
    case 'ON':
    case 'SINCE': {
      const day = parseSearchDate(argument())
      if (day === null) throw new SyntaxProblem('date expected')
      return message => compareDay(key, dayOf(message), day)
    }
    case 'NOT': {
      const inner = readKey(rest, mailbox)
      return (message, sequence) => !inner(message, sequence)
    }
    case 'OR': {
      const left = readKey(rest, mailbox)
      const right = readKey(rest, mailbox)
      return (message, sequence) => left(message, sequence) || right(message, sequence)
    }
    default:
      throw new SyntaxProblem('search key not known here')
  }
}

const FLAG_KEYS: Record<string, { flag: string; set: boolean } | undefined> = Object.fromEntries(
  ['Answered', 'Deleted', 'Draft', 'Flagged', 'Seen'].flatMap(name => [
    [name.toUpperCase(), { flag: `\\${name}`, set: true }],
    [`UN${name.toUpperCase()}`, { flag: `\\${name}`, set: false }],
  ]),
)

/** The day of INTERNALDATE in its own zone: 9051 disregards time and zone. */
function dayOf(message: StoredMessage): number {
  const local = message.internalDate + message.zone * 60
  return local - (((local % 86_400) + 86_400) % 86_400)
}

function compareDay(key: 'BEFORE' | 'ON' | 'SINCE', day: number, asked: number): boolean {
  if (key === 'ON') return day === asked
  return key === 'BEFORE' ? day < asked : day >= asked
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.type === 'atom' && token.text.toUpperCase() === word
}
