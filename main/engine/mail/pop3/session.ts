/** The verbs as one session. There is none that marks or removes anything. */
import type { Conversation } from './conversation.ts'
import { listing } from './listing.ts'
import { quit } from './quit.ts'
import { retrieve } from './retr.ts'
import { stat } from './stat.ts'
import { heads } from './top.ts'
import type { Pop3Session } from './types.ts'
import { uidlOf } from './uidl.ts'

export function createSession(talk: Conversation): Pop3Session {
  const { wire, offers } = talk
  let retrieved = false
  return {
    offers,
    get usable() {
      return wire.usable
    },
    stat: () => stat(talk),
    listing: () => listing(talk),
    uidlOf: number => uidlOf(talk, number),
    heads: numbers => heads(talk, numbers),
    retrieve: (numbers, how) => {
      retrieved ||= how === 'RETR'
      return retrieve(talk, numbers, how)
    },
    received: () => wire.received(),
    quit: async () => {
      // RFC 2449 section 6.7: with EXPIRE 0, QUIT deletes what RETR has retrieved.
      if (offers.expire === 0 && retrieved) wire.close()
      else await quit(talk)
    },
    close: () => wire.close(),
  }
}
