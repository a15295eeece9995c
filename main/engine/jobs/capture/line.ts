/** The reading connections of a capture: lines on which mailboxes are examined. */
import { AppError } from '../../../contract/errors.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import type { Clock } from '../../base/clock.ts'
import type { Secret } from '../../mail/secret.ts'
import type { Connect, Examined, ImapSession, Since } from '../../mail/types.ts'
import { type Line as AnyLine, createLine, isPassing } from '../line.ts'

export type Line = AnyLine<ImapSession>

export interface CaptureLineDeps {
  connect: Connect
  settings: AccountSettings
  password: Secret
  clock: Clock
  signal: AbortSignal
  log(line: string): void
  onReconnect(): void
}

export function createCaptureLine({ connect, settings, password, ...deps }: CaptureLineDeps): Line {
  const { signal, log } = deps
  return createLine({
    ...deps,
    connect: () => connect({ settings, password, signal, log }),
    reopen: (session, raw) => session.examine(raw),
    passes,
  })
}

/** Opens a mailbox, over a new connection if need be, and remembers it for when the connection has to be made again. */
export const examine = (line: Line, raw: string, since?: Since): Promise<Examined> => line.open(raw, session => session.examine(raw, since))

/**
 * Whatever took the connection with it passes as well. A refusal over a sound connection does not, and a server that has had enough of us is not asked again
 * from here: the job pauses, and says so.
 */
function passes(error: unknown, session: ImapSession | null): boolean {
  return isPassing(error) || (error instanceof AppError && error.code === 'server-lied' && session !== null && !session.usable)
}
