/** The writing connection of a restore, with its mailbox selected. What was asked over it may be asked twice, but for APPEND: see restore/append.ts. */

import { AppError } from '../../../contract/errors.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import type { Clock } from '../../base/clock.ts'
import type { Secret } from '../../mail/secret.ts'
import type { ConnectWriter, ImapWriter, Selected } from '../../mail/writeTypes.ts'
import { createLine, isPassing, type Line } from '../line.ts'

export type WriterLine = Line<ImapWriter>

export function createWriterLine({
  connect,
  settings,
  password,
  ...deps
}: {
  connect: ConnectWriter
  settings: AccountSettings
  password: Secret
  clock: Clock
  signal: AbortSignal
  log(line: string): void
}): WriterLine {
  const { signal, log } = deps
  return createLine({
    ...deps,
    connect: () => connect({ settings, password, signal, log }),
    reopen: (writer, raw) => writer.select(raw),
    passes: error => isPassing(error) || (error instanceof AppError && error.code === 'server-throttled'),
  })
}

export const select = (line: WriterLine, raw: string): Promise<Selected> => line.open(raw, writer => writer.select(raw))

/** Nothing is selected any more, also after a new connection. */
export async function leave(line: WriterLine): Promise<void> {
  line.forget()
  await line.run(writer => writer.leave())
}
