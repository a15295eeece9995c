/** One capture over POP3, from beginning to end, against whatever server a test has. */
import type { AppError } from '../../main/contract/errors.ts'
import type { AccountSettings } from '../../main/contract/types.ts'
import type { Clock } from '../../main/engine/base/clock.ts'
import { capturePop3 } from '../../main/engine/jobs/pop3/capture.ts'
import type { JobContext } from '../../main/engine/jobs/types.ts'
import { connectPop3 } from '../../main/engine/mail/pop3/connect.ts'
import type { ConnectPop3 } from '../../main/engine/mail/pop3/types.ts'
import { type Heard, impatientClock, type TestArchive } from './captures.ts'
import type { Popped } from './scriptedPop3.ts'

export interface Pop3Trial {
  archive: TestArchive
  settings: Partial<AccountSettings> & { host: string; port: number; user: string }
  password: string
  connect?: ConnectPop3
  room?: () => number
  bring?: (what: 'new' | 'rest') => void
  /** Larger messages are left out. */
  largest?: number
  clock?: Clock
  signal?: AbortSignal
  checkpoint?: () => Promise<void>
}

export const testHeadKey = new Uint8Array(32).fill(9)

/** Throws what it throws. */
export async function popOnce(trial: Pop3Trial): Promise<Heard> {
  const heard: Heard = { progress: {}, outcomes: { added: 0, unchanged: 0, failed: 0 }, failures: [], result: {} }
  const ctx: JobContext = {
    signal: trial.signal ?? new AbortController().signal,
    clock: trial.clock ?? impatientClock,
    progress: update => Object.assign(heard.progress, update),
    checkpoint: trial.checkpoint ?? (async () => {}),
    failed: (what: string, error: AppError) => {
      heard.outcomes.failed++
      heard.failures.push({ what, error })
    },
    count: (outcome, by = 1) => {
      heard.outcomes[outcome] += by
    },
    result: values => Object.assign(heard.result, values),
    log: () => {},
  }
  const settings: AccountSettings = { protocol: 'pop3', security: 'plain', ...trial.settings }
  await capturePop3(
    {
      store: trial.archive.store,
      connect: trial.connect ?? connectPop3,
      settings,
      password: trial.password,
      headKey: testHeadKey,
      ...(trial.room && { room: trial.room }),
      ...(trial.bring && { bring: trial.bring }),
      ...(trial.largest && { largest: trial.largest }),
    },
    ctx,
  )
  return heard
}

/** A small message of its own; `body` stands after the header. */
export function letter(n: number | string, body = `This is number ${n}.\r\n`, more: Partial<Popped> = {}): Popped {
  const head = `From: anna@example.com\r\nSubject: number ${n}\r\nMessage-ID: <${n}@example.com>\r\n\r\n`
  return { bytes: Buffer.from(head + body, 'latin1'), uidl: `uidl-${n}`, ...more }
}

export const letters = (count: number, more: Partial<Popped> = {}): Popped[] =>
  Array.from({ length: count }, (_, i) => letter(i + 1, undefined, more))

/** What POP3 transmits of these bytes: the last line has its end. */
export function transmitted(bytes: Buffer): Buffer {
  return bytes.length === 0 || bytes.subarray(-2).toString('latin1') === '\r\n' ? bytes : Buffer.concat([bytes, Buffer.from('\r\n')])
}
