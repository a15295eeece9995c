/** Providers that want some time between two logins (RFC 2449 section 6.5 LOGIN-DELAY, or their help pages) get it, as far as this process remembers. */
import { AppError } from '../../../contract/errors.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import type { Clock } from '../../base/clock.ts'
import { connectPop3 } from '../../mail/pop3/connect.ts'
import { loginName } from '../../mail/pop3/provider.ts'
import type { ConnectPop3 } from '../../mail/pop3/types.ts'

/** When the next capture of an account may begin, Unix ms. */
const next = new Map<string, number>()

/**
 * Runs one capture, with a connect that notes what the server asks for. Throws server-throttled, with retryAfterMs, when it is too soon. Connections that
 * follow within the capture, after one was lost, are not held back.
 */
export async function inItsTurn(
  settings: AccountSettings,
  clock: Clock,
  capture: (connect: ConnectPop3) => Promise<void>,
  connect = connectPop3,
): Promise<void> {
  const key = JSON.stringify([settings.host.toLowerCase(), settings.port, loginName(settings)])
  const wait = (next.get(key) ?? 0) - clock.now()
  if (wait > 0)
    throw new AppError('server-throttled', 'the provider wants some time between two logins', {
      facts: { host: settings.host, reason: 'login-delay', retryAfterMs: wait },
    })
  await capture(async options => {
    const session = await connect(options)
    const seconds = session.offers.loginDelay ?? 0
    if (seconds > 0) next.set(key, clock.now() + seconds * 1000)
    return session
  })
}
