/**
 * FETCH and UID FETCH (RFC 9051 6.4.5): flags, dates, sizes and bytes. ENVELOPE and BODYSTRUCTURE are refused, because
 * they need a MIME parser and an archiver never asks for them.
 */
import { formatInternalDate } from './format.ts'
import { contains, parseSet } from './sequence.ts'
import type { Session } from './session.ts'
import type { StoredMailbox, StoredMessage } from './store.ts'
import { SyntaxProblem, type Token, textOf, tokenise, wordOf } from './tokens.ts'

/** One data item: text, or a name with bytes that go out as a literal. */
type Item = (message: StoredMessage) => string | { name: string; bytes: Uint8Array }

export async function fetch(session: Session, args: Token[], byUid: boolean): Promise<string> {
  const mailbox = session.mailbox as StoredMailbox
  const highest = byUid ? (mailbox.messages.at(-1)?.uid ?? 0) : mailbox.messages.length
  const set = parseSet(textOf(args[0], 'set'), highest)
  const items = readItems(args[1], byUid)
  if (args.length > 2) throw new SyntaxProblem('FETCH modifiers are not known here')
  // Numbers that are not there: UIDs are passed over (6.4.9), sequence numbers are the client's mistake
  if (!byUid && set.some(range => range.from < 1 || range.to > mailbox.messages.length)) throw new SyntaxProblem('no such message')

  for (const [at, message] of mailbox.messages.entries()) {
    if (!contains(set, byUid ? message.uid : at + 1)) continue
    const pieces: (string | Uint8Array)[] = []
    for (const item of items) {
      const said = item(message)
      if (typeof said === 'string') pieces.push(said)
      else pieces.push(`${said.name} {${said.bytes.byteLength}}\r\n`, said.bytes)
    }
    await session.send(line(at + 1, pieces))
  }
  return 'OK done'
}

/** `* 3 FETCH (…)`, items separated by one space, a literal's bytes directly behind its CRLF. */
function line(sequence: number, pieces: (string | Uint8Array)[]): Uint8Array {
  const out: Uint8Array[] = [Buffer.from(`* ${sequence} FETCH (`)]
  pieces.forEach((piece, at) => {
    if (typeof piece !== 'string') out.push(piece)
    else out.push(Buffer.from(at === 0 ? piece : ` ${piece}`, 'latin1'))
  })
  out.push(Buffer.from(')\r\n'))
  return Buffer.concat(out)
}

function readItems(token: Token | undefined, byUid: boolean): Item[] {
  const words = token?.type === 'list' ? token.items.map(item => textOf(item, 'item')) : (MACROS[wordOf(token, 'items')] ?? [textOf(token, 'item')])
  const wanted = byUid && !words.some(word => word.toUpperCase() === 'UID') ? ['UID', ...words] : words
  return wanted.map(readItem)
}

const MACROS: Record<string, string[] | undefined> = { FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'] }

function readItem(word: string): Item {
  const simple = SIMPLE[word.toUpperCase()]
  if (simple) return simple
  const body = /^BODY(?:\.PEEK)?\[(.*)\](?:<(\d{1,10})\.(\d{1,10})>)?$/is.exec(word)
  if (!body) throw new SyntaxProblem('item not known here')
  const section = body[1] as string
  const cut = readSection(section)
  const from = body[2] === undefined ? null : Number(body[2])
  const length = Number(body[3])
  if (from !== null && length === 0) throw new SyntaxProblem('empty partial')
  // The answer names the section without PEEK and, for a partial, where it begins (7.5.2)
  const name = `BODY[${section.toUpperCase()}]${from === null ? '' : `<${from}>`}`
  return message => {
    const whole = cut(message.bytes)
    return { name, bytes: from === null ? whole : whole.subarray(from, from + length) }
  }
}

const SIMPLE: Record<string, Item | undefined> = {
  UID: message => `UID ${message.uid}`,
  FLAGS: message => `FLAGS (${message.flags.join(' ')})`,
  INTERNALDATE: message => `INTERNALDATE ${formatInternalDate(message.internalDate, message.zone)}`,
  'RFC822.SIZE': message => `RFC822.SIZE ${message.bytes.byteLength}`,
  RFC822: message => ({ name: 'RFC822', bytes: message.bytes }),
  'RFC822.HEADER': message => ({ name: 'RFC822.HEADER', bytes: header(message.bytes) }),
  'RFC822.TEXT': message => ({ name: 'RFC822.TEXT', bytes: text(message.bytes) }),
}

function readSection(section: string): (bytes: Uint8Array) => Uint8Array {
  const upper = section.toUpperCase()
  if (upper === '') return bytes => bytes
  if (upper === 'HEADER') return header
  if (upper === 'TEXT') return text
  const fields = /^HEADER\.FIELDS(\.NOT)? (\(.*\))$/s.exec(upper)
  if (!fields) throw new SyntaxProblem('section not known here')
  const list = tokenise(Buffer.from(fields[2] as string, 'latin1'))[0]
  const names = new Set(list?.type === 'list' ? list.items.map(item => textOf(item, 'field').toUpperCase()) : [])
  return bytes => headerFields(bytes, names, fields[1] === undefined)
}

/** Up to and with the empty line; the whole where there is none. Lines may end in CRLF or in a bare LF. */
function header(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, headerEnd(bytes))
}

function text(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(headerEnd(bytes))
}

function headerEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3
  }
  return bytes.byteLength
}

function headerFields(bytes: Uint8Array, names: ReadonlySet<string>, keep: boolean): Uint8Array {
  const lines = Buffer.from(header(bytes))
    .toString('latin1')
    .split(/(?<=\n)/)
  let kept = ''
  let keeping = false
  for (const one of lines) {
    if (/^\r?\n$/.test(one)) break
    // A line that begins with white space belongs to the field before it (RFC 5322 2.2.3)
    if (!/^[ \t]/.test(one)) keeping = names.has(one.slice(0, Math.max(0, one.indexOf(':'))).toUpperCase()) === keep
    if (keeping) kept += one
  }
  return Buffer.from(`${kept}\r\n`, 'latin1')
}
