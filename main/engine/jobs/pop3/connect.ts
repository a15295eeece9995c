/** A session, had with patience: the maildrop may still be locked, by another program or by the session that we have just lost. */
import { AppError } from '../../../contract/errors.ts'
import type { Pop3Session } from '../../mail/pop3/types.ts'
import type { Pop3CaptureDeps } from './capture.ts'
import { type Pop3Run, passing } from './run.ts'

const MOST_TRIES = 5
const FIRST_WAIT_MS = 500
/** A server notices a lost connection after seconds, and another program is done after some: 4 + 8 + 16 + 32 s, then it is told. */
const LOCKED_WAIT_MS = 4_000
/** A server that names a longer time is not waited for here: the job pauses until then, and says so. */
const LONGEST_WAIT_MS = 60_000

/** Throws what connecting throws, after trying again where that is of use. */
export async function connectPatiently({ clock, ctx }: Pop3Run, { connect, settings, password }: Pop3CaptureDeps): Promise<Pop3Session> {
  for (let tries = 1; ; tries++) {
    await ctx.checkpoint()
    try {
      return await connect({ settings, password, signal: ctx.signal, log: ctx.log })
    } catch (error) {
      ctx.signal.throwIfAborted()
      if (!(error instanceof AppError) || !passing.has(error.code) || tries >= MOST_TRIES) throw error
      const asked = Number(error.facts['retryAfterMs'] ?? 0)
      if (asked > LONGEST_WAIT_MS) throw error
      const first = error.facts['reason'] === 'in-use' ? LOCKED_WAIT_MS : FIRST_WAIT_MS
      ctx.log(`connection: ${error.code}, try ${tries} of ${MOST_TRIES}`)
      await clock.sleep(Math.max(asked, first * 2 ** (tries - 1) * (0.75 + Math.random() / 2)), ctx.signal)
    }
  }
}
