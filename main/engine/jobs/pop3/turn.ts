/** Providers that want some time between two logins (RFC 2449 section 6.5 LOGIN-DELAY, or their help pages) get it. */
import { AppError } from '../../../contract/errors.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import type { Clock } from '../../base/clock.ts'
import { connectPop3 } from '../../mail/pop3/connect.ts'
import type { ConnectPop3 } from '../../mail/pop3/types.ts'

export interface Turn {
  /** Notes what the server asks for at each login. */
  connect: ConnectPop3
  /** When the next capture may begin, Unix ms; 0: at any time. Connections that follow within this one, after one was lost, are not held back. */
  readonly next: number
}

export function createTurn(clock: Clock, connect = connectPop3): Turn {
  let next = 0
  return {
    connect: async options => {
      const session = await connect(options)
      const seconds = session.offers.loginDelay ?? 0
      if (seconds > 0) next = clock.now() + seconds * 1000
      return session
    },
    get next() {
      return next
    },
  }
}

/** What a capture is told that begins before its turn. */
export const tooSoon = ({ host }: AccountSettings, waitMs: number): AppError =>
  new AppError('server-throttled', 'the provider wants some time between two logins', {
    facts: { host, reason: 'login-delay', retryAfterMs: waitMs },
  })
