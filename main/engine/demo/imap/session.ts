/** One connection to the sample server: reads commands, asks the table, answers with the tag. */
import type { Socket } from 'node:net'
import { capabilitiesOf } from './capabilities.ts'
import { commands } from './commands.ts'
import { type CommandReader, createReader, LARGEST_LITERAL, LARGEST_MESSAGE, TooLong } from './reader.ts'
import type { MailStore, StoredMailbox } from './store.ts'
import { SyntaxProblem, type Token, tokenise, wordOf } from './tokens.ts'

export interface Login {
  user: string
  password: string
}

/** RFC 9051 section 3. `ended`: BYE was said. */
export type SessionState = 'not authenticated' | 'authenticated' | 'selected' | 'ended'

export interface Session {
  readonly store: MailStore
  readonly login: Login
  readonly reader: CommandReader
  state: SessionState
  mailbox: StoredMailbox | null
  failedLogins: number
  /** Writes one line, or bytes as they are. Resolves at once while the client keeps up, else when it has caught up. */
  send(line: string | Uint8Array): Promise<void>
}

/** Serves one client until it leaves, the socket ends, or it sends what cannot be read. Never throws. */
export async function serveSession(socket: Socket, store: MailStore, login: Login): Promise<void> {
  const session: Session = {
    store,
    login,
    reader: createReader(socket, store.writable ? LARGEST_MESSAGE : LARGEST_LITERAL),
    state: 'not authenticated',
    mailbox: null,
    failedLogins: 0,
    send: line => write(socket, line),
  }
  try {
    await session.send(`* OK [CAPABILITY ${capabilitiesOf(store)}] Mailcoffer sample mailbox ready`)
    while (session.state !== 'ended') {
      const command = await session.reader.command(() => void session.send('+ go ahead'))
      if (command === null) return
      if (command.byteLength > 0) await answer(session, command)
    }
  } catch (problem) {
    // After a line or literal past its bound nobody knows where the next command begins.
    if (problem instanceof TooLong) await session.send('* BYE [TOOBIG] that was too long').catch(() => {})
    // Anything else is the socket: the client has gone, and there is nobody to tell.
  } finally {
    socket.end()
    // A client that does not close its side would hold the connection, and with it the server's close.
    setTimeout(() => socket.destroy(), 1000).unref()
  }
}

async function answer(session: Session, command: Buffer): Promise<void> {
  let tag = '*'
  try {
    const words = tokenise(command)
    tag = tagOf(words[0])
    const verb = wordOf(words[1], 'command')
    await session.send(`${tag} ${await run(session, verb, words.slice(2), false)}`)
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem
    await session.send(`${tag} BAD ${problem.message}`)
  }
}

async function run(session: Session, verb: string, args: Token[], byUid: boolean): Promise<string> {
  if (verb === 'UID' && !byUid) return run(session, wordOf(args[0], 'command'), args.slice(1), true)
  const command = Object.hasOwn(commands, verb) ? commands[verb] : undefined
  if (!command || (byUid && command.uid !== true)) throw new SyntaxProblem('command unknown')
  if (command.in && !command.in.includes(session.state)) return `BAD not while ${session.state}`
  return command.run(session, args, byUid)
}

function tagOf(token: Token | undefined): string {
  if (token?.type !== 'atom' || !TAG.test(token.text)) throw new SyntaxProblem('tag expected')
  return token.text
}

/** 1*<any ASTRING-CHAR except "+"> */
const TAG = /^[!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]{1,64}$/

async function write(socket: Socket, line: string | Uint8Array): Promise<void> {
  if (socket.destroyed) throw new Error('the client has gone')
  const kept = typeof line === 'string' ? socket.write(`${line}\r\n`, 'latin1') : socket.write(line)
  if (kept) return
  await new Promise<void>((resolve, reject) => {
    const done = (act: () => void) => () => {
      socket.off('drain', onDrain)
      socket.off('close', onClose)
      act()
    }
    const onDrain = done(resolve)
    const onClose = done(() => reject(new Error('the client has gone')))
    socket.once('drain', onDrain)
    socket.once('close', onClose)
  })
}
