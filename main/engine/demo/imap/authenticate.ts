/** LOGIN and AUTHENTICATE PLAIN (RFC 9051 6.2, RFC 4616). */
import { createHash, timingSafeEqual } from 'node:crypto'
import { capabilitiesOf } from './capabilities.ts'
import type { Session } from './session.ts'
import { SyntaxProblem, type Token, textOf, wordOf } from './tokens.ts'

/** Wrong passwords that one connection may try. */
const MOST_FAILURES = 3

export function login(session: Session, args: Token[]): Promise<string> {
  if (args.length !== 2) throw new SyntaxProblem('user and password expected')
  return decide(session, textOf(args[0], 'user'), textOf(args[1], 'password'))
}

export async function authenticate(session: Session, args: Token[]): Promise<string> {
  if (wordOf(args[0], 'mechanism') !== 'PLAIN') return 'NO [CANNOT] only PLAIN'
  const given = args[1] ? textOf(args[1], 'response') : await ask(session)
  if (given === '*') return 'BAD cancelled'
  // RFC 4616: who to act for (empty or the same), NUL, user, NUL, password
  const parts = Buffer.from(given, 'base64').toString('latin1').split('\0')
  if (parts.length !== 3) return 'BAD not a PLAIN response'
  const [actsFor, user, password] = parts as [string, string, string]
  return decide(session, actsFor === '' || actsFor === user ? user : '', password)
}

async function ask(session: Session): Promise<string> {
  await session.send('+ ')
  return (await session.reader.line())?.toString('latin1') ?? '*'
}

async function decide(session: Session, user: string, password: string): Promise<string> {
  const right = same(user, session.login.user) && same(password, session.login.password)
  if (right) {
    session.state = 'authenticated'
    return `OK [CAPABILITY ${capabilitiesOf(session.store)}] welcome`
  }
  session.failedLogins++
  if (session.failedLogins >= MOST_FAILURES) {
    session.state = 'ended'
    await session.send('* BYE too many wrong passwords')
  }
  return 'NO [AUTHENTICATIONFAILED] wrong user or password'
}

/** Compared by hash, so that the time it takes tells neither length nor prefix. */
function same(left: string, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text, 'latin1').digest()
  return timingSafeEqual(hash(left), hash(right))
}
