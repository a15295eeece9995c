/** The commands of the sample server, one line each; those with more to say have a file of their own. */

import { authenticate, login } from './authenticate.ts'
import { capabilitiesOf } from './capabilities.ts'
import { fetch } from './fetch.ts'
import { list, lsub, status } from './list.ts'
import { search } from './search.ts'
import { close, examine, select } from './select.ts'
import type { Session, SessionState } from './session.ts'
import type { Token } from './tokens.ts'
import { append, create, expunge, remove, store, subscribe } from './write.ts'

export interface Command {
  /** States it is permitted in; any when absent. */
  in?: readonly SessionState[]
  /** May also be said with UID before it. */
  uid?: boolean
  /** Sends its untagged answers and returns the tagged one without its tag: `OK …`, `NO …`, `BAD …`. */
  run(session: Session, args: Token[], byUid: boolean): Promise<string> | string
}

const before = ['not authenticated'] as const
const inside = ['authenticated', 'selected'] as const
const selected = ['selected'] as const

/** RFC 5530: a clear word for everything that would change a mailbox that must stay as it is. */
const REFUSED = 'NO [NOPERM] the sample mailbox is read-only'
const readOnly: Command = { in: inside, uid: true, run: () => REFUSED }
const ifWritable =
  (run: Command['run']): Command['run'] =>
  (session, args, byUid) =>
    session.store.writable ? run(session, args, byUid) : REFUSED

export const commands: Record<string, Command> = {
  CAPABILITY: { run: session => said(session, `* CAPABILITY ${capabilitiesOf(session.store)}`) },
  NOOP: { run: () => 'OK nothing new' },
  ID: { run: session => said(session, '* ID ("name" "Mailcoffer sample server")') },
  LOGOUT: { run: logout },
  LOGIN: { in: before, run: login },
  AUTHENTICATE: { in: before, run: authenticate },
  ENABLE: { in: inside, run: session => said(session, '* ENABLED') },
  NAMESPACE: { in: inside, run: session => said(session, `* NAMESPACE (("" "${session.store.delimiter}")) NIL NIL`) },
  LIST: { in: inside, run: list },
  LSUB: { in: inside, run: lsub },
  STATUS: { in: inside, run: status },
  EXAMINE: { in: inside, run: examine },
  SELECT: { in: inside, run: select },
  IDLE: { in: inside, run: idle },
  CHECK: { in: selected, run: () => 'OK checked' },
  CLOSE: { in: selected, run: close },
  UNSELECT: { in: selected, run: close },
  SEARCH: { in: selected, uid: true, run: search },
  FETCH: { in: selected, uid: true, run: fetch },
  APPEND: { in: inside, run: ifWritable(append) },
  COPY: readOnly,
  CREATE: { in: inside, run: ifWritable(create) },
  DELETE: { in: inside, run: ifWritable(remove) },
  EXPUNGE: { in: selected, uid: true, run: ifWritable(expunge) },
  MOVE: readOnly,
  RENAME: readOnly,
  STORE: { in: selected, uid: true, run: ifWritable(store) },
  SUBSCRIBE: { in: inside, run: ifWritable(subscribe(true)) },
  UNSUBSCRIBE: { in: inside, run: ifWritable(subscribe(false)) },
}

async function said(session: Session, untagged: string): Promise<string> {
  await session.send(untagged)
  return 'OK done'
}

async function logout(session: Session): Promise<string> {
  session.state = 'ended'
  await session.send('* BYE until next time')
  return 'OK done'
}

/** RFC 2177. Nothing ever changes in the sample, so there is nothing to tell until DONE. */
async function idle(session: Session): Promise<string> {
  await session.send('+ idling')
  const line = await session.reader.line()
  if (line === null) session.state = 'ended'
  return line?.toString('latin1').toUpperCase() === 'DONE' ? 'OK done' : 'BAD DONE expected'
}
