/**
 * An IMAP server on 127.0.0.1 that plays what a test tells it: by itself a small well-behaved one, and every answer can be put aside for
 * a NO, a BYE, silence, other bytes, or half of the bytes. It keeps every line the client sent.
 */
import net from 'node:net'
import tls from 'node:tls'
import { rangesOf } from '../../main/engine/mail/imap/uidSet.ts'
import { tokenIn } from './scriptedAuthorization.ts'
import { type Fetchable, fetchLines, readSet } from './scriptedFetch.ts'

export interface ScriptedMailbox {
  /** As on the wire: modified UTF-7. */
  name: string
  /** The account is subscribed to all others. */
  unsubscribed?: true | undefined
  /** LIST attributes, `\\HasNoChildren` by default. */
  attributes?: string[]
  /** null is NIL. */
  delimiter?: string | null
  uidValidity?: number
  /** One more than the last UID by default. */
  uidNext?: number
  /** HIGHESTMODSEQ; without it the mailbox has none. */
  modseq?: number
  /** MAILBOXID, said where the capabilities have OBJECTID. */
  mailboxId?: string
  /** What STATUS says in its place. */
  statusId?: string
  /** What went and at which MODSEQ: said by VANISHED (EARLIER) where the capabilities have QRESYNC. */
  expunged?: { uid: number; modseq: number }[]
  messages: Fetchable[]
}

export interface Request {
  /** Counted from 1. */
  connection: number
  tag: string
  /** In upper case, two words where the first is UID: `UID FETCH`. `GREETING` for what the server says first. */
  verb: string
  args: string
  /** The mailbox that is examined. */
  mailbox: ScriptedMailbox | null
  /** How often this verb has come before on any connection. */
  before: number
}

export type Answer =
  | { no: string }
  | { bad: string }
  /** An untagged BYE; then the connection ends, or stays open in silence. */
  | { bye: string; stay?: true }
  | { silence: true }
  | { drop: true }
  /** These bytes as they are; `$TAG` in strings is the tag. Then the tagged OK, unless `end`. */
  | { send: (string | Uint8Array)[]; end?: 'nothing' | 'drop' }
  /** The usual answer, cut after so many bytes; then the connection drops. */
  | { cutAfter: number }
  /** The usual answer with other bytes. */
  | { edit: (usual: string) => string }
  /** The usual answer, but not before this has happened. */
  | { after: Promise<unknown> }

export interface ScriptedImap {
  host: '127.0.0.1'
  port: number
  user: string
  password: string
  mailboxes: ScriptedMailbox[]
  /** `1 EXAMINE "INBOX"`: the connection, and what it sent without its tag; secrets are not kept. */
  wire: string[]
  connections: number
  open: number
  /** The mailboxes that are being listened to (IDLE), by connection. */
  idling: ReadonlyMap<number, string>
  /** Untagged lines, without CRLF, to every connection that listens to this mailbox. */
  tell(mailbox: string, ...lines: string[]): void
  /** Ends every connection, as a server does that is restarted. */
  drop(): void
  close(): Promise<void>
}

export interface ScriptOptions {
  mailboxes?: ScriptedMailbox[]
  capabilities?: string[]
  greeting?: string
  /** Undefined: the usual answer. */
  script?: (request: Request) => Answer | undefined
  /** Certificate and key (PEM): for STARTTLS, or from the first byte with `implicit`. */
  tls?: { cert: string; key: string; implicit?: true }
  /** AUTHENTICATE XOAUTH2 and OAUTHBEARER, with whatever tokens are good at the time. */
  takes?: (token: string) => boolean
}

export const CRLF = '\r\n'

export async function startScriptedImap(options: ScriptOptions = {}): Promise<ScriptedImap> {
  const sockets = new Set<net.Socket>()
  const idling = new Map<number, string>()
  const writers = new Map<number, (text: string) => void>()
  const counts = new Map<string, number>()
  const server: ScriptedImap = {
    host: '127.0.0.1',
    port: 0,
    user: 'anna',
    password: 'correct horse battery',
    mailboxes: options.mailboxes ?? [{ name: 'INBOX', messages: [] }],
    wire: [],
    connections: 0,
    open: 0,
    idling,
    tell: (mailbox, ...lines) => {
      for (const [connection, name] of idling) if (name === mailbox) writers.get(connection)?.(lines.map(line => line + CRLF).join(''))
    },
    drop: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        listener.close(() => resolve())
      }),
  }
  const serve = (socket: net.Socket) => {
    sockets.add(socket)
    server.open++
    socket.on('close', () => {
      sockets.delete(socket)
      server.open--
    })
    socket.on('error', () => {})
    const connection = ++server.connections
    socket.on('close', () => idling.delete(connection))
    serveConnection(socket, connection, server, options, counts, { idling, writers })
  }
  const listener = options.tls?.implicit ? tls.createServer(options.tls, serve) : net.createServer(serve)
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  server.port = (listener.address() as net.AddressInfo).port
  return server
}

const usualCapabilities = ['IMAP4rev1', 'ID', 'NAMESPACE', 'AUTH=PLAIN', 'SPECIAL-USE', 'LIST-EXTENDED']

interface State {
  mailbox: ScriptedMailbox | null
  /** What STATUS says of the mailbox that is open: as with Dovecot, how it was when the client last asked for news. */
  open: { count: number; uidNext: number; modseq: number | undefined }
  capabilities: string
}

interface Ears {
  idling: Map<number, string>
  writers: Map<number, (text: string) => void>
}

function serveConnection(
  socket: net.Socket,
  connection: number,
  server: ScriptedImap,
  options: ScriptOptions,
  counts: Map<string, number>,
  ears: Ears,
): void {
  const state: State = {
    mailbox: null,
    open: { count: 0, uidNext: 0, modseq: undefined },
    capabilities: (options.capabilities ?? usualCapabilities).join(' '),
  }
  let plain: net.Socket = socket
  let input = ''
  let onLine: ((line: string) => void) | null = null
  ears.writers.set(connection, text => plain.write(text))

  /** Whether it was the usual answer, all of it. */
  const answer = (tag: string, verb: string, args: string): boolean => {
    const request: Request = { connection, tag, verb, args, mailbox: state.mailbox, before: counts.get(verb) ?? 0 }
    counts.set(verb, request.before + 1)
    const scripted = options.script?.(request)
    if (scripted && !('edit' in scripted) && !('cutAfter' in scripted) && !('after' in scripted)) {
      play(plain, tag, scripted)
      return false
    }
    const usual = Buffer.concat([...usualAnswer(request, state, server)].map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
    if (!scripted) plain.write(usual)
    else if ('edit' in scripted) plain.write(Buffer.from(scripted.edit(usual.toString('latin1')), 'latin1'))
    else if ('after' in scripted) void scripted.after.then(() => plain.write(usual))
    else plain.write(usual.subarray(0, scripted.cutAfter), () => plain.destroy())
    if (verb === 'LOGOUT') plain.end()
    return !scripted
  }

  const receive = (line: string) => {
    const [, tag = '*', first = '', rest = ''] = /^(\S+) (\S+) ?(.*)$/s.exec(line) ?? []
    const two = first.toUpperCase() === 'UID' || first.toUpperCase() === 'AUTHENTICATE'
    const verb = two ? `${first} ${rest.split(' ')[0]}`.toUpperCase() : first.toUpperCase()
    const args = two ? rest.slice(rest.split(' ')[0]!.length + 1) : rest
    const secret = verb === 'LOGIN' || verb.startsWith('AUTHENTICATE ')
    server.wire.push(`${connection} ${verb}${args === '' || secret ? '' : ` ${args}`}`)
    if (verb === 'IDLE') {
      if (!answer(tag, verb, args)) return
      ears.idling.set(connection, state.mailbox?.name ?? '')
      onLine = () => {
        server.wire.push(`${connection} DONE`)
        ears.idling.delete(connection)
        answer(tag, 'DONE', '')
      }
    } else if (verb === 'AUTHENTICATE PLAIN') {
      onLine = () => answer(tag, verb, '')
      plain.write(`+ ${CRLF}`)
    } else if (/^AUTHENTICATE (XOAUTH2|OAUTHBEARER)$/.test(verb) && options.takes) {
      const token = tokenIn(args)
      if (options.takes(token)) return void plain.write(`${tag} OK logged in${CRLF}`)
      onLine = () => plain.write(`${tag} NO [AUTHENTICATIONFAILED] token refused${CRLF}`)
      plain.write(`+ ${Buffer.from('{"status":"400"}').toString('base64')}${CRLF}`)
    } else if (verb === 'STARTTLS' && options.tls) {
      plain.write(`${tag} OK go on${CRLF}`)
      plain.removeAllListeners('data')
      plain = new tls.TLSSocket(plain, { isServer: true, ...options.tls })
      plain.on('error', () => {})
      plain.on('data', read)
    } else answer(tag, verb, args)
  }

  const read = (data: Buffer) => {
    input += data.toString('latin1')
    for (let end = input.indexOf('\n'); end >= 0; end = input.indexOf('\n')) {
      const line = input.slice(0, end).replace(/\r$/, '')
      input = input.slice(end + 1)
      const handle = onLine ?? receive
      onLine = null
      handle(line)
    }
  }
  plain.on('data', read)
  answer('*', 'GREETING', options.greeting ?? '* OK ready')
}

function play(socket: net.Socket, tag: string, answer: Exclude<Answer, { edit: unknown } | { cutAfter: unknown }>): void {
  if ('no' in answer) socket.write(`${tag} NO ${answer.no}${CRLF}`)
  else if ('bad' in answer) socket.write(`${tag} BAD ${answer.bad}${CRLF}`)
  else if ('bye' in answer) {
    socket.write(`* BYE ${answer.bye}${CRLF}`)
    if (!answer.stay) socket.end()
  } else if ('drop' in answer) socket.destroy()
  else if ('send' in answer) {
    for (const part of answer.send) socket.write(typeof part === 'string' ? Buffer.from(part.replaceAll('$TAG', tag), 'latin1') : part)
    if (answer.end === 'drop') socket.end()
    else if (answer.end !== 'nothing') socket.write(`${tag} OK done${CRLF}`)
  }
}

function* usualAnswer({ tag, verb, args }: Request, state: State, server: ScriptedImap): Iterable<string | Uint8Array> {
  const { mailbox } = state
  switch (verb) {
    case 'GREETING':
      return yield `${args}${CRLF}`
    case 'CAPABILITY':
      yield `* CAPABILITY ${state.capabilities}${CRLF}`
      break
    case 'ID':
      yield `* ID ("name" "scripted")${CRLF}`
      break
    case 'NAMESPACE':
      yield `* NAMESPACE (("" "/")) NIL NIL${CRLF}`
      break
    case 'LIST':
      yield* listLines(args, server.mailboxes, state)
      break
    case 'LSUB':
      for (const { name, unsubscribed } of server.mailboxes) if (!unsubscribed) yield `* LSUB () "/" "${name}"${CRLF}`
      break
    case 'EXAMINE':
      state.mailbox = server.mailboxes.find(({ name }) => name === unquote(args)) ?? null
      if (!state.mailbox) return yield `${tag} NO [NONEXISTENT] no such mailbox${CRLF}`
      state.open = stateOf(state.mailbox)
      yield* examineLines(state.mailbox, state.capabilities)
      yield* changeLines(args, state.mailbox)
      return yield `${tag} OK [READ-ONLY] examined${CRLF}`
    case 'ENABLE':
      yield `* ENABLED ${args
        .split(' ')
        .filter(word => state.capabilities.split(' ').includes(word))
        .join(' ')}${CRLF}`
      break
    case 'UNSELECT':
      state.mailbox = null
      break
    case 'UID SEARCH':
      yield searchLine(args, mailbox!)
      break
    case 'UID FETCH':
      yield* fetchLines(args, mailbox!.messages)
      break
    case 'LOGOUT':
      yield `* BYE bye${CRLF}`
      break
    case 'IDLE':
      return yield `+ idling${CRLF}`
    case 'DONE':
    case 'NOOP':
      if (state.mailbox) state.open = stateOf(state.mailbox)
      break
    case 'LOGIN':
    case 'AUTHENTICATE PLAIN':
      break
    default:
      return yield `${tag} BAD unknown command${CRLF}`
  }
  yield `${tag} OK done${CRLF}`
}

/** The first argument of a command, without its quotes. */
function unquote(args: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(args)
  return quoted ? quoted[1]!.replace(/\\(.)/g, '$1') : args.split(' ')[0]!
}

const nextUid = ({ uidNext, messages }: ScriptedMailbox) => uidNext ?? (messages.at(-1)?.uid ?? 0) + 1

const stateOf = (mailbox: ScriptedMailbox) => ({ count: mailbox.messages.length, uidNext: nextUid(mailbox), modseq: mailbox.modseq })

function* listLines(args: string, mailboxes: ScriptedMailbox[], { mailbox: opened, open }: State): Iterable<string> {
  const [, pattern = '*'] = /^"" "((?:[^"\\]|\\.)*)"/.exec(args) ?? []
  for (const mailbox of mailboxes) {
    if (pattern !== '*' && pattern !== mailbox.name) continue
    const delimiter = mailbox.delimiter === undefined ? '/' : mailbox.delimiter
    const name = mailbox.name.replace(/["\\]/g, '\\$&')
    const subscribed = args.includes('SUBSCRIBED') && !mailbox.unsubscribed ? ['\\Subscribed'] : []
    yield `* LIST (${[...(mailbox.attributes ?? ['\\HasNoChildren']), ...subscribed].join(' ')}) ${delimiter === null ? 'NIL' : `"${delimiter}"`} "${name}"${CRLF}`
    if (!args.includes('STATUS') || mailbox.attributes?.includes('\\Noselect')) continue
    const { count, uidNext, modseq } = mailbox === opened ? open : stateOf(mailbox)
    const highest = `${modseq === undefined ? '' : ` HIGHESTMODSEQ ${modseq}`}${mailbox.mailboxId && args.includes('MAILBOXID') ? ` MAILBOXID (${mailbox.statusId ?? mailbox.mailboxId})` : ''}`
    yield `* STATUS "${name}" (MESSAGES ${count} UIDNEXT ${uidNext} UIDVALIDITY ${mailbox.uidValidity ?? 1}${highest})${CRLF}`
  }
}

function* examineLines(mailbox: ScriptedMailbox, capabilities: string): Iterable<string> {
  yield `* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)${CRLF}`
  yield `* ${mailbox.messages.length} EXISTS${CRLF}`
  yield `* 0 RECENT${CRLF}`
  yield `* OK [UIDVALIDITY ${mailbox.uidValidity ?? 1}] valid${CRLF}`
  yield `* OK [UIDNEXT ${nextUid(mailbox)}] next${CRLF}`
  if (mailbox.modseq !== undefined) yield `* OK [HIGHESTMODSEQ ${mailbox.modseq}] highest${CRLF}`
  if (mailbox.mailboxId && capabilities.includes('OBJECTID')) yield `* OK [MAILBOXID (${mailbox.mailboxId})] id${CRLF}`
}

/** QRESYNC (RFC 7162 3.2.5): what went and what changed since, of the UIDs that EXAMINE asked for. */
function* changeLines(args: string, mailbox: ScriptedMailbox): Iterable<string | Uint8Array> {
  const [, uidValidity, since, known] = /\(QRESYNC \((\d+) (\d+)(?: ([\d:,]+))?\)\)/.exec(args) ?? []
  if (since === undefined || Number(uidValidity) !== (mailbox.uidValidity ?? 1) || mailbox.modseq === undefined) return
  const asked = rangesOf(known ?? '1:4294967295')!
  const isAsked = (uid: number) => asked.some(([from, to]) => uid >= from && uid <= to)
  const gone = (mailbox.expunged ?? []).filter(({ modseq, uid }) => modseq > Number(since) && isAsked(uid)).map(({ uid }) => uid)
  if (gone.length > 0) yield `* VANISHED (EARLIER) ${gone.join(',')}${CRLF}`
  yield* fetchLines(`${known ?? '1:*'} (UID FLAGS) (CHANGEDSINCE ${since})`, mailbox.messages)
}

function searchLine(args: string, { messages }: ScriptedMailbox): string {
  const larger = /LARGER (\d+)/.exec(args)
  const set = /UID ([\d:,*]+)/.exec(args)
  const slice = /^(\d+):(\d+)$/.exec(args)
  const among = set ? readSet(set[1]!, messages) : slice ? messages.slice(Number(slice[1]) - 1, Number(slice[2])) : messages
  const uids = among.filter(message => !larger || (message.size ?? message.bytes.length) > Number(larger[1])).map(({ uid }) => uid)
  return `* SEARCH${uids.map(uid => ` ${uid}`).join('')}${CRLF}`
}
