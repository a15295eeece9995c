/** UID FETCH, always with PEEK, never ENVELOPE or BODYSTRUCTURE: some servers take minutes or die over them. */
import { giveBack } from '../../base/giveBack.ts'
import type { BodylessMessage, FetchedMessage, MessageHead, RemoteMessage } from '../types.ts'
import { createBackpressure } from './backpressure.ts'
import { atom, type Node, sequence, type Token } from './client.ts'
import { type Connection, command } from './command.ts'
import { type FetchRead, readFetch } from './fetchResponse.ts'
import { saying } from './serverError.ts'
import { setsOf } from './uidSet.ts'

/** Bytes read ahead of the loop that takes them. */
const READ_AHEAD = 1024 * 1024
const DESCRIPTION_WEIGHT = 512

/** Everything but bytes. UIDs that are no longer there are simply absent. */
export async function* describeMessages(connection: Connection, uids: readonly number[]): AsyncIterable<RemoteMessage> {
  for (const set of setsOf(uids)) {
    for await (const read of fetchSet(connection, set, described(connection), [])) if (read.hasFlags && read.hasSize) yield remoteMessage(read)
  }
}

/** RFC 7162 3.1.4.1: only those whose MODSEQ is greater. */
export async function* fetchFlagsSince(connection: Connection, modseq: string, lastUid: number): AsyncIterable<{ uid: number; flags: string[] }> {
  const since: Token[] = [[atom('CHANGEDSINCE'), atom(modseq)]]
  for await (const { uid, flags, hasFlags } of fetchSet(connection, `1:${lastUid}`, [atom('UID'), atom('FLAGS')], since))
    if (hasFlags && uid <= lastUid) yield { uid, flags }
}

/** Headers, and the first bytes of what is behind them. */
export async function* fetchHeads(connection: Connection, uids: readonly number[], textBytes: number): AsyncIterable<MessageHead> {
  const wanted: Token[] = [
    atom('UID'),
    { ...wholeBody(), section: [atom('HEADER')] },
    { ...wholeBody(), section: [atom('TEXT')], partial: [0, textBytes] },
  ]
  for (const set of setsOf(uids)) {
    for await (const { uid, header, text } of fetchSet(connection, set, wanted, [])) if (header && text) yield { uid, header, text }
  }
}

/** The same with BODY.PEEK[]. */
export async function* fetchMessages(connection: Connection, uids: readonly number[]): AsyncIterable<FetchedMessage | BodylessMessage> {
  for (const set of setsOf(uids)) {
    const told = new Map<number, FetchRead>()
    for await (const read of fetchSet(connection, set, [...items(connection), wholeBody()], [])) {
      // Without BODY[] it is not the answer, but news about flags, or a part of it: RFC 9051 7.5.2 promises nobody that all items come at once.
      if (read.body === undefined) {
        told.set(read.uid, together(read, told.get(read.uid)))
        continue
      }
      const whole = together(read, told.get(read.uid))
      told.delete(read.uid)
      const bodyless = read.body === null || (read.body.length === 0 && whole.size > 0)
      yield { ...remoteMessage(whole), bytes: bodyless ? null : read.body } as FetchedMessage | BodylessMessage
    }
  }
}

/** The later of two answers about a message, with what only the one before it said. */
function together(read: FetchRead, before: FetchRead | undefined): FetchRead {
  if (!before) return read
  return {
    ...read,
    ...(!read.hasFlags && { flags: before.flags, hasFlags: before.hasFlags }),
    ...(!read.hasSize && { size: before.size, hasSize: before.hasSize }),
    ...(read.internalDate === null && { internalDate: before.internalDate, zone: before.zone }),
    emailId: read.emailId ?? before.emailId,
  }
}

/**
 * One message in pieces. It ends when the server has nothing more at the next offset, not when RFC822.SIZE is reached, because that lies;
 * a piece shorter than asked for ends it only when the promised size has come. The next piece is asked for while the last is being used,
 * which is empty afterwards.
 */
export async function* fetchPieces(connection: Connection, uid: number, piece: number): AsyncIterable<Uint8Array> {
  let offset = 0
  let size = 0
  let next = fetchPiece(connection, uid, 0, piece)
  for (;;) {
    const read = await next
    if (!read) throw saying('message-unavailable', 'the server did not answer for this message', connection.where, { uid, offset })
    if (read.hasSize) size = read.size
    const bytes = read.body ?? null
    if (bytes === null || bytes.length === 0) {
      if (offset === 0 && (bytes === null || size > 0))
        throw saying('message-unavailable', 'the server gives no bytes for this message', connection.where, { uid })
      return
    }
    offset += bytes.length
    const last = bytes.length !== piece && offset >= size
    if (!last) {
      next = fetchPiece(connection, uid, offset, piece)
      next.catch(() => {}) // awaited in the next turn, if there is one
    }
    yield bytes
    giveBack(bytes)
    if (last) return
  }
}

async function fetchPiece(connection: Connection, uid: number, offset: number, length: number): Promise<FetchRead | null> {
  const wanted: Token[] = [atom('UID'), atom('RFC822.SIZE'), { ...wholeBody(), partial: [offset, length] }]
  let found: FetchRead | null = null
  for await (const read of fetchSet(connection, String(uid), wanted, [])) if (read.uid === uid && read.body !== undefined) found = read
  return found
}

async function* fetchSet(connection: Connection, set: string, wanted: Token[], modifiers: Token[]): AsyncIterable<FetchRead> {
  const queue = createBackpressure<FetchRead>(READ_AHEAD)
  void command(connection, 'UID FETCH', [sequence(set), wanted, ...modifiers], {
    partial: true,
    where: { ...connection.where, refusal: 'message-unavailable' },
    untagged: {
      FETCH: response => {
        const read = readFetch(response)
        if (read) return queue.push(read, DESCRIPTION_WEIGHT + (read.body?.length ?? 0) + (read.header?.length ?? 0))
      },
    },
  }).then(
    () => queue.end(),
    error => queue.end(error),
  )
  yield* queue
}

function items({ offers }: Connection): Token[] {
  const asked = [atom('UID'), atom('FLAGS'), atom('INTERNALDATE'), atom('RFC822.SIZE')]
  if (offers.has('OBJECTID')) asked.push(atom('EMAILID'))
  else if (offers.has('X-GM-EXT-1')) asked.push(atom('X-GM-MSGID'))
  return asked
}

const described = (connection: Connection): Token[] =>
  connection.offers.has('X-GM-EXT-1') ? [...items(connection), atom('X-GM-LABELS')] : items(connection)

const wholeBody = (): Node => ({ type: 'ATOM', value: 'BODY.PEEK', section: [] })

function remoteMessage({ uid, flags, internalDate, zone, size, emailId, labels }: FetchRead): RemoteMessage {
  return { uid, flags, internalDate, zone, size, emailId, ...(labels && { labels }) }
}
