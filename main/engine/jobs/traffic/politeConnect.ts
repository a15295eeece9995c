/** IMAP connections that keep within what a capture may take of the line and of the day. Sizes are asked for before bodies where that matters. */
import type { Connect, ImapSession, RemoteMessage } from '../../mail/types.ts'
import { createMeter } from './meter.ts'
import type { Traffic } from './traffic.ts'

/** What a FETCH says of a message beside its bytes. */
export const ANSWER_BYTES = 400
const SMALLEST_PIECE = 64 * 1024

export function politeConnect(connect: Connect, traffic: Traffic): Connect {
  return async options => {
    traffic.check()
    return politeSession(await connect(options), traffic)
  }
}

function politeSession(session: ImapSession, traffic: Traffic): ImapSession {
  const { reads, forget } = politeReads(session, traffic)
  const own: Partial<ImapSession> = {
    ...reads,
    examine: (...args) => {
      forget()
      return session.examine(...args)
    },
  }
  return Object.setPrototypeOf(own, session) as ImapSession
}

type Reads = Pick<ImapSession, 'describe' | 'fetch' | 'fetchPieces' | 'close'>

/** What reads from a mailbox, within the traffic; `forget`: it is another mailbox now. */
export function politeReads(session: Reads & Pick<ImapSession, 'received'>, traffic: Traffic): { reads: Reads; forget(): void } {
  /** Of the opened mailbox, as the server states them. */
  let sizes = new Map<number, number>()
  const { came, countTalk } = createMeter(session, traffic)

  async function* describe(uids: readonly number[]): AsyncIterable<RemoteMessage> {
    traffic.check()
    for await (const message of session.describe(uids)) {
      sizes.set(message.uid, message.size)
      yield message
    }
    countTalk()
  }

  const learnSizes = async (uids: readonly number[]) => {
    const unknown = uids.filter(uid => !sizes.has(uid))
    if (unknown.length > 0) for await (const { uid, size } of session.describe(unknown)) sizes.set(uid, size)
    countTalk()
  }
  /** A question that costs nothing, so that a connection that waits its turn is not taken for dead. */
  const keepAlive = (uid: number) => async () => {
    for await (const _ of session.describe([uid]));
  }

  /** In the order asked for, so that the newest come first when the day is not long enough for all. */
  async function* fetch(uids: readonly number[]): ReturnType<ImapSession['fetch']> {
    traffic.check()
    if (traffic.free) return yield* session.fetch(uids)
    await learnSizes(uids)
    for (const { portion, bytes } of portions(uids, sizes, traffic.portion)) {
      await traffic.line(bytes, keepAlive(portion[0]!))
      const taken = await traffic.take(bytes)
      countTalk()
      try {
        yield* session.fetch(portion)
      } finally {
        taken.done(came())
      }
    }
  }

  async function* fetchPieces(uid: number, piece: number): AsyncIterable<Uint8Array> {
    traffic.check()
    if (traffic.free) return yield* session.fetchPieces(uid, piece)
    await learnSizes([uid])
    // The whole of it is taken at once: half a message is of no use tomorrow.
    const taken = await traffic.take((sizes.get(uid) ?? 0) + ANSWER_BYTES)
    countTalk()
    try {
      for await (const bytes of session.fetchPieces(uid, Math.min(piece, Math.max(SMALLEST_PIECE, traffic.portion())))) {
        yield bytes
        await traffic.line(bytes.length, keepAlive(uid))
      }
    } finally {
      taken.done(came())
    }
  }

  const close = () => {
    countTalk()
    return session.close()
  }
  return {
    reads: { describe, fetch, fetchPieces, close },
    forget: () => {
      sizes = new Map()
    },
  }
}

/** Together no more than `most` says at the time; what is larger than that, alone. */
export function* portions(
  numbers: readonly number[],
  sizes: ReadonlyMap<number, number>,
  most: () => number,
): Iterable<{ portion: number[]; bytes: number }> {
  for (let at = 0; at < numbers.length; ) {
    const limit = most()
    const portion: number[] = []
    let bytes = 0
    for (; at < numbers.length; at++) {
      const size = (sizes.get(numbers[at]!) ?? 0) + ANSWER_BYTES
      if (portion.length > 0 && bytes + size > limit) break
      portion.push(numbers[at]!)
      bytes += size
    }
    yield { portion, bytes }
  }
}
