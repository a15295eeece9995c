/** A connection that comes back. Losing it is no error until it could not be had again for some time; then the runner pauses the job. */
import { AppError } from '../../contract/errors.ts'
import type { AccountSettings } from '../../contract/types.ts'
import type { Clock } from '../base/clock.ts'
import type { Connect, Examined, ImapSession, Since } from '../mail/types.ts'

export interface LineDeps {
  connect: Connect
  settings: AccountSettings
  password: string
  clock: Clock
  signal: AbortSignal
  log(line: string): void
  onReconnect(): void
}

export interface Line {
  /** The connection, made again with the mailbox opened when there is none. */
  session(): Promise<ImapSession>
  /** The connection stands: an error that came over it is a refusal and not a loss. */
  readonly stands: boolean
  /** Opens a mailbox, over a new connection if need be, and remembers it for when the connection has to be made again. */
  examine(raw: string, since?: Since): Promise<Examined>
  /** Does something that may be done twice; again after a loss, with the same mailbox open. */
  run<T>(work: (session: ImapSession) => Promise<T>): Promise<T>
  /**
   * After an error: throws it when trying again is of no use, else waits (longer each time), connects and opens the mailbox again.
   * Gives up, with the error, after five times without `progressed` in between.
   */
  recover(error: unknown): Promise<void>
  /** Bytes came: whatever was lost before is forgiven. */
  progressed(): void
  close(): Promise<void>
}

const FIRST_WAIT_MS = 500
const MOST_TRIES = 5
/** A server that names a longer time is not waited for here: the job pauses until then, and says so. */
const LONGEST_WAIT_MS = 30_000

export function createLine(deps: LineDeps): Line {
  const { clock, signal, log } = deps
  let session: ImapSession | null = null
  let opened: { raw: string; uidValidity: number } | null = null
  let losses = 0

  const connected = async (): Promise<ImapSession> => {
    if (session?.usable) return session
    await session?.close()
    session = null
    const fresh = await deps.connect({ settings: deps.settings, password: deps.password, signal, log })
    try {
      await reopen(fresh)
    } catch (error) {
      await fresh.close()
      throw error
    }
    session = fresh
    return fresh
  }

  const reopen = async (fresh: ImapSession) => {
    if (!opened) return
    const { uidValidity } = await fresh.examine(opened.raw)
    if (uidValidity !== opened.uidValidity)
      throw new AppError('mailbox-unavailable', 'UIDVALIDITY changed while the mailbox was read', { facts: { mailbox: opened.raw } })
    deps.onReconnect()
  }

  const recover = async (error: unknown) => {
    for (let reason = error; ; ) {
      signal.throwIfAborted()
      if (!passes(reason, session) || ++losses > MOST_TRIES) throw reason
      const asked = reason instanceof AppError ? Number(reason.facts['retryAfterMs'] ?? 0) : 0
      if (asked > LONGEST_WAIT_MS) throw reason
      log(`connection: ${reason instanceof AppError ? reason.code : 'error'}, try ${losses} of ${MOST_TRIES}`)
      await clock.sleep(Math.max(asked, FIRST_WAIT_MS * 2 ** (losses - 1) * (0.5 + Math.random())), signal)
      try {
        await connected()
        return
      } catch (next) {
        reason = next
      }
    }
  }

  const run = async <T>(work: (session: ImapSession) => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work(await connected())
      } catch (error) {
        await recover(error)
      }
    }
  }

  return {
    session: connected,
    get stands() {
      return session?.usable === true
    },
    examine: async (raw, since) => {
      opened = null
      const examined = await run(current => current.examine(raw, since))
      opened = { raw, uidValidity: examined.uidValidity }
      return examined
    },
    run,
    recover,
    progressed: () => {
      losses = 0
    },
    close: async () => {
      await session?.close()
      session = null
    },
  }
}

const passing = new Set(['connection-lost', 'connection-timeout', 'connection-refused', 'offline', 'host-not-found', 'server-unavailable'])

/**
 * The network and a server that is away for a moment pass; so does whatever took the connection with it. A refusal over a sound connection does not, and a
 * server that has had enough of us is not asked again from here: the job pauses, and says so.
 */
function passes(error: unknown, session: ImapSession | null): boolean {
  if (!(error instanceof AppError) || error.code === 'cancelled') return false
  return passing.has(error.code) || (error.code === 'server-lied' && session !== null && !session.usable)
}
