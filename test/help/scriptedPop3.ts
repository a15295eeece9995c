/** A POP3 server on 127.0.0.1 that answers as RFC 1939 says, except where a test scripts something else. Deletes nothing: whoever asks for it is found out by `wire`. */
import { createHash } from 'node:crypto'
import net from 'node:net'
import tls from 'node:tls'
import { tokenIn } from './scriptedAuthorization.ts'

export interface Popped {
  /** As stored: the line end that a last line lacks is added on the way, and dots are stuffed. */
  bytes: Buffer
  /** Undefined: this server gives this message none. */
  uidl?: string
  /** What LIST states, where that is not the truth. */
  octets?: number
}

export interface Pop3Request {
  /** Counted from 1. */
  connection: number
  /** In upper case. */
  verb: string
  args: string
  /** How often this verb has come before on any connection. */
  before: number
}

export type Pop3Answer =
  /** `-ERR` and this. */
  | { err: string }
  | { silence: true }
  | { drop: true }
  /** These bytes as they are, CRLF and all. */
  | { send: string | Buffer; end?: 'drop' }
  /** The usual answer, cut after so many bytes; then the connection drops. */
  | { cutAfter: number }
  /** The usual answer with other bytes. */
  | { edit: (usual: string) => string }

export interface ScriptedPop3 {
  host: '127.0.0.1'
  port: number
  user: string
  password: string
  /** Changes take effect at the next login, or at once with `unlocked`. */
  messages: Popped[]
  /** `1 RETR 3`: the connection, and what it sent; secrets are not kept. */
  wire: string[]
  connections: number
  open: number
  /** Messages given whole, by the bytes' identity: what a test of "downloaded once" counts. */
  given: number
  /** Their bytes. */
  givenBytes: number
  close(): Promise<void>
}

export interface Pop3Script {
  messages?: Popped[]
  /** What CAPA lists; null: the server does not know CAPA. */
  capabilities?: string[] | null
  greeting?: string
  /** Undefined: the usual answer. */
  script?: (request: Pop3Request) => Pop3Answer | undefined
  /** Certificate and key (PEM): for STLS, or from the first byte with `implicit`. */
  tls?: { cert: string; key: string; implicit?: true }
  /** A server that does not lock the maildrop: sessions see it change. */
  unlocked?: true
  /** No TOP, no UIDL: -ERR. */
  without?: readonly string[]
  /** APOP only. */
  secret?: string
  /** AUTH XOAUTH2 and OAUTHBEARER, with whatever tokens are good at the time. */
  takes?: (token: string) => boolean
}

export const usualCapabilities = ['TOP', 'UIDL', 'USER', 'RESP-CODES', 'PIPELINING', 'SASL PLAIN']
const CRLF = '\r\n'

export async function startScriptedPop3(options: Pop3Script = {}): Promise<ScriptedPop3> {
  const sockets = new Set<net.Socket>()
  const counts = new Map<string, number>()
  const server: ScriptedPop3 = {
    host: '127.0.0.1',
    port: 0,
    user: 'anna',
    password: 'correct horse battery',
    messages: options.messages ?? [],
    wire: [],
    connections: 0,
    open: 0,
    given: 0,
    givenBytes: 0,
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        listener.close(() => resolve())
      }),
  }
  const serve = (socket: net.Socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    server.open++
    socket.on('close', () => {
      sockets.delete(socket)
      server.open--
    })
    socket.on('error', () => {})
    serveConnection(socket, ++server.connections, server, options, counts)
  }
  const listener = options.tls?.implicit ? tls.createServer(options.tls, serve) : net.createServer(serve)
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  server.port = (listener.address() as net.AddressInfo).port
  return server
}

interface State {
  maildrop: Popped[] | null
  user: string
}

function serveConnection(first: net.Socket, connection: number, server: ScriptedPop3, options: Pop3Script, counts: Map<string, number>): void {
  const state: State = { maildrop: null, user: '' }
  let socket = first
  let input = ''
  let onLine: ((line: string) => void) | null = null

  const answer = (verb: string, args: string) => {
    const request: Pop3Request = { connection, verb, args, before: counts.get(verb) ?? 0 }
    counts.set(verb, request.before + 1)
    const scripted = options.script?.(request)
    if (scripted && 'err' in scripted) socket.write(`-ERR ${scripted.err}${CRLF}`)
    else if (scripted && 'drop' in scripted) socket.destroy()
    else if (scripted && 'silence' in scripted) return
    else if (scripted && 'send' in scripted) socket.write(scripted.send, () => scripted.end === 'drop' && socket.destroy())
    else {
      const usual = usualAnswer(request, state, server, options)
      if (scripted && 'edit' in scripted) socket.write(Buffer.from(scripted.edit(usual.toString('latin1')), 'latin1'))
      else if (scripted && 'cutAfter' in scripted) socket.write(usual.subarray(0, scripted.cutAfter), () => socket.destroy())
      else socket.write(usual)
    }
    if (verb === 'QUIT') socket.end()
  }

  const receive = (line: string) => {
    const [, verb = '', args = ''] = /^(\S+) ?(.*)$/s.exec(line) ?? []
    const name = verb.toUpperCase()
    const secret = ['PASS', 'APOP'].includes(name) || (name === 'AUTH' && args.includes(' '))
    server.wire.push(`${connection} ${name}${args === '' || secret ? '' : ` ${args}`}`)
    if (name === 'AUTH' && args.toUpperCase() === 'PLAIN') {
      onLine = secretLine => answer('AUTH', `PLAIN ${secretLine}`)
      socket.write(`+ ${CRLF}`)
    } else if (name === 'AUTH' && options.takes) {
      onLine = answer => {
        const token = tokenIn(answer)
        if (options.takes!(token)) {
          state.maildrop = [...server.messages]
          return void socket.write(`+OK logged in${CRLF}`)
        }
        onLine = () => socket.write(`-ERR [AUTH] token refused${CRLF}`)
        socket.write(`+ ${Buffer.from('{"status":"invalid_token"}').toString('base64')}${CRLF}`)
      }
      socket.write(`+ ${CRLF}`)
    } else if (name === 'STLS' && options.tls && !options.script?.({ connection, verb: name, args, before: 0 })) {
      socket.write(`+OK begin${CRLF}`)
      socket.removeAllListeners('data')
      socket = new tls.TLSSocket(socket, { isServer: true, ...options.tls })
      socket.on('error', () => {})
      socket.on('data', read)
    } else answer(name, args)
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
  socket.on('data', read)
  socket.write((options.greeting ?? '+OK POP3 ready') + CRLF)
}

function usualAnswer({ verb, args }: Pop3Request, state: State, server: ScriptedPop3, options: Pop3Script): Buffer {
  const text = (line: string) => Buffer.from(line + CRLF, 'latin1')
  const lines = (first: string, all: string[]) => text([first, ...all, '.'].join(CRLF))
  if (options.without?.includes(verb)) return text('-ERR unknown command')
  const login = (good: boolean) => {
    if (!good) return text('-ERR [AUTH] invalid login')
    state.maildrop = options.unlocked ? server.messages : [...server.messages]
    return text('+OK logged in')
  }
  switch (verb) {
    case 'CAPA':
      return options.capabilities === null ? text('-ERR unknown command') : lines('+OK', options.capabilities ?? usualCapabilities)
    case 'USER':
      state.user = args
      return text('+OK')
    case 'PASS':
      return login(state.user === server.user && args === server.password)
    case 'AUTH':
      return login(Buffer.from(args.split(' ')[1] ?? '', 'base64').toString() === `\0${server.user}\0${server.password}`)
    case 'APOP': {
      const stamp = /<.*>/.exec(options.greeting ?? '')?.[0] ?? ''
      const digest = createHash('md5')
        .update(stamp + (options.secret ?? server.password))
        .digest('hex')
      return login(args === `${server.user} ${digest}`)
    }
    case 'QUIT':
      return text('+OK bye')
    case 'NOOP':
      return text('+OK')
  }
  const drop = state.maildrop
  if (!drop) return text('-ERR log in first')
  const octetsOf = ({ octets, bytes }: Popped) => octets ?? bytes.length
  const [number = Number.NaN, more = 0] = args.split(' ').map(Number)
  const message = drop[number - 1]
  switch (verb) {
    case 'STAT':
      return text(`+OK ${drop.length} ${drop.reduce((sum, each) => sum + octetsOf(each), 0)}`)
    case 'LIST':
      if (args === '')
        return lines(
          '+OK',
          drop.map((each, i) => `${i + 1} ${octetsOf(each)}`),
        )
      return text(message ? `+OK ${number} ${octetsOf(message)}` : '-ERR no such message')
    case 'UIDL':
      if (args === '')
        return lines(
          '+OK',
          drop.flatMap((each, i) => (each.uidl === undefined ? [] : [`${i + 1} ${each.uidl}`])),
        )
      return text(message?.uidl === undefined ? '-ERR no such message' : `+OK ${number} ${message.uidl}`)
    case 'RETR':
      if (!message) return text('-ERR no such message')
      server.given++
      server.givenBytes += message.bytes.length
      return Buffer.concat([text('+OK message follows'), stuffed(message.bytes)])
    case 'TOP':
      if (!message) return text('-ERR no such message')
      if (more > 0) {
        server.given++
        server.givenBytes += message.bytes.length
      }
      return Buffer.concat([text('+OK'), stuffed(top(message.bytes, more))])
    default:
      return text('-ERR unknown command')
  }
}

/** RFC 1939 section 3, the sender's side. */
function stuffed(bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').replace(/(^|\r\n)\./g, '$1..')
  const closed = lines === '' || lines.endsWith(CRLF) ? lines : lines + CRLF
  return Buffer.from(`${closed}.${CRLF}`, 'latin1')
}

function top(bytes: Buffer, lines: number): Buffer {
  const text = bytes.toString('latin1')
  const end = text.startsWith(CRLF) ? 2 : text.indexOf('\r\n\r\n') + 4
  if (end === 3) return bytes
  let at = end
  for (let left = lines; left > 0 && at < text.length; left--) {
    const next = text.indexOf(CRLF, at)
    at = next < 0 ? text.length : next + 2
  }
  return bytes.subarray(0, at)
}
