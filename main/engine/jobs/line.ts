/** A connection that comes back, with its mailbox open. Losing it is no error until it could not be had again for some time; then the runner pauses the job. */
import { AppError } from '../../contract/errors.ts'
import type { Clock } from '../base/clock.ts'

/** What a connection of any kind is to its line. */
interface Session {
  readonly usable: boolean
  close(): Promise<void>
}

interface Opened {
  uidValidity: number
}

export interface LineDeps<S extends Session> {
  connect(): Promise<S>
  /** Opens the mailbox again over a new connection. */
  reopen(session: S, raw: string): Promise<Opened>
  /** Whether it is worth another try over a new connection. `session` is the last one that stood. */
  passes(error: unknown, session: S | null): boolean
  onReconnect?(): void
  clock: Clock
  signal: AbortSignal
  log(line: string): void
}

export interface Line<S extends Session> {
  /** The connection, made again with the mailbox opened when there is none. */
  session(): Promise<S>
  /** The connection stands: an error that came over it is a refusal and not a loss. */
  readonly stands: boolean
  /** Opens a mailbox by `work`, over a new connection if need be, and remembers it for when the connection has to be made again. */
  open<T extends Opened>(raw: string, work: (session: S) => Promise<T>): Promise<T>
  /** No mailbox is opened again. */
  forget(): void
  /** Does something that may be done twice; again after a loss, with the same mailbox open. */
  run<T>(work: (session: S) => Promise<T>): Promise<T>
  /**
   * After an error: throws it when trying again is of no use, else waits (longer each time), connects and opens the mailbox again.
   * Gives up, with the error, after five times without `progressed` in between.
   */
  recover(error: unknown): Promise<void>
  /** Something went well: whatever was lost before is forgiven. */
  progressed(): void
  close(): Promise<void>
}

const FIRST_WAIT_MS = 500
const MOST_TRIES = 5
/** A server that names a longer time is not waited for here: the job pauses until then, and says so. */
const LONGEST_WAIT_MS = 30_000

export function createLine<S extends Session>({ connect, reopen, passes, onReconnect, clock, signal, log }: LineDeps<S>): Line<S> {
  let session: S | null = null
  let opened: { raw: string; uidValidity: number } | null = null
  let losses = 0

  const connected = async (): Promise<S> => {
    if (session?.usable) return session
    await session?.close()
    session = null
    const fresh = await connect()
    try {
      if (opened) await openAgain(fresh, opened)
    } catch (error) {
      await fresh.close()
      throw error
    }
    session = fresh
    return fresh
  }

  const openAgain = async (fresh: S, { raw, uidValidity }: { raw: string; uidValidity: number }) => {
    if ((await reopen(fresh, raw)).uidValidity !== uidValidity)
      throw new AppError('mailbox-unavailable', 'UIDVALIDITY changed meanwhile', { facts: { mailbox: raw } })
    onReconnect?.()
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

  const run = async <T>(work: (session: S) => Promise<T>): Promise<T> => {
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
    open: async (raw, work) => {
      opened = null
      const found = await run(work)
      opened = { raw, uidValidity: found.uidValidity }
      return found
    },
    forget: () => {
      opened = null
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

/** The network and a server that is away for a moment pass. */
export const isPassing = (error: unknown): boolean => error instanceof AppError && passing.has(error.code)
