/** A writing connection that comes back, with its mailbox selected. What was asked over it may be asked twice, but for APPEND: see restoreAppend.ts. */
import { AppError } from '../../contract/errors.ts'
import type { AccountSettings } from '../../contract/types.ts'
import type { Clock } from '../base/clock.ts'
import type { ConnectWriter, ImapWriter, Selected } from '../mail/writeTypes.ts'

export interface WriterLine {
  writer(): Promise<ImapWriter>
  select(raw: string): Promise<Selected>
  /** Nothing is selected any more, also after a new connection. */
  leave(): Promise<void>
  /** Does what may be done twice; again after a loss. */
  run<T>(work: (writer: ImapWriter) => Promise<T>): Promise<T>
  /** After an error: throws it when trying again is of no use, else waits, connects and selects again. */
  recover(error: unknown): Promise<void>
  /** Something went well: whatever was lost before is forgiven. */
  progressed(): void
  close(): Promise<void>
}

const FIRST_WAIT_MS = 500
const MOST_TRIES = 5
const LONGEST_WAIT_MS = 30_000

export function createWriterLine(deps: {
  connect: ConnectWriter
  settings: AccountSettings
  password: string
  clock: Clock
  signal: AbortSignal
  log(line: string): void
}): WriterLine {
  const { connect, settings, password, clock, signal, log } = deps
  let writer: ImapWriter | null = null
  let opened: { raw: string; uidValidity: number } | null = null
  let losses = 0

  const connected = async (): Promise<ImapWriter> => {
    if (writer?.usable) return writer
    await writer?.close()
    writer = null
    const fresh = await connect({ settings, password, signal, log })
    try {
      if (opened) {
        const { uidValidity } = await fresh.select(opened.raw)
        if (uidValidity !== opened.uidValidity)
          throw new AppError('mailbox-unavailable', 'UIDVALIDITY changed meanwhile', { facts: { mailbox: opened.raw } })
      }
    } catch (error) {
      await fresh.close()
      throw error
    }
    writer = fresh
    return fresh
  }

  const recover = async (error: unknown) => {
    for (let reason = error; ; ) {
      signal.throwIfAborted()
      if (!passes(reason) || ++losses > MOST_TRIES) throw reason
      const asked = reason instanceof AppError ? Number(reason.facts['retryAfterMs'] ?? 0) : 0
      if (asked > LONGEST_WAIT_MS) throw reason
      log(`restore: ${reason instanceof AppError ? reason.code : 'error'}, try ${losses} of ${MOST_TRIES}`)
      await clock.sleep(Math.max(asked, FIRST_WAIT_MS * 2 ** (losses - 1) * (0.5 + Math.random())), signal)
      try {
        await connected()
        return
      } catch (next) {
        reason = next
      }
    }
  }

  const run = async <T>(work: (writer: ImapWriter) => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work(await connected())
      } catch (error) {
        await recover(error)
      }
    }
  }

  return {
    writer: connected,
    select: async raw => {
      opened = null
      const selected = await run(current => current.select(raw))
      opened = { raw, uidValidity: selected.uidValidity }
      return selected
    },
    leave: async () => {
      opened = null
      await run(current => current.leave())
    },
    run,
    recover,
    progressed: () => {
      losses = 0
    },
    close: async () => {
      await writer?.close()
      writer = null
    },
  }
}

const passing = new Set([
  'connection-lost',
  'connection-timeout',
  'connection-refused',
  'offline',
  'host-not-found',
  'server-unavailable',
  'server-throttled',
])
const passes = (error: unknown): boolean => error instanceof AppError && passing.has(error.code)
