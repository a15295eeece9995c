/** POP3 sessions that keep within what a capture may take of the line and of the day. LIST has said the sizes before anything is retrieved. */
import type { ConnectPop3, Pop3Session, Retrieved } from '../../mail/pop3/types.ts'
import { createMeter } from './meter.ts'
import { portions } from './politeConnect.ts'
import type { Traffic } from './traffic.ts'

export function politePop3(connect: ConnectPop3, traffic: Traffic): ConnectPop3 {
  return async options => {
    traffic.check()
    const session = await connect(options)
    // Each is a new one, and what came with the login belongs to the day.
    traffic.used(session.received())
    return politeSession(session, traffic)
  }
}

function politeSession(session: Pop3Session, traffic: Traffic): Pop3Session {
  const sizes = new Map<number, number>()
  const { came, countTalk } = createMeter(session, traffic)

  async function* retrieve(...[numbers, how]: Parameters<Pop3Session['retrieve']>): AsyncIterable<Retrieved> {
    traffic.check()
    if (traffic.free) return yield* session.retrieve(numbers, how)
    for (const { portion, bytes } of portions(numbers, sizes, traffic.portion)) {
      // The next command waits and not the answer to this one: STAT and NOOP have no place in the middle of it.
      await traffic.line(bytes, async () => void (await session.stat()))
      const taken = await traffic.take(bytes)
      countTalk()
      try {
        yield* session.retrieve(portion, how)
      } finally {
        taken.done(came())
      }
    }
  }

  async function* counted<T>(answers: AsyncIterable<T>): AsyncIterable<T> {
    try {
      yield* answers
    } finally {
      countTalk()
    }
  }

  const own: Partial<Pop3Session> = {
    listing: async () => {
      const listing = await session.listing()
      for (const { number, octets } of listing.messages) if (octets !== null) sizes.set(number, octets)
      countTalk()
      return listing
    },
    retrieve,
    // Whether a message is known can be told by nothing less: they are counted, and not refused, or a large mailbox would never get past them.
    heads: numbers => counted(session.heads(numbers)),
    close: () => {
      countTalk()
      session.close()
    },
    quit: () => session.quit().finally(countTalk),
  }
  return Object.setPrototypeOf(own, session) as Pop3Session
}
