/** Small archives and their copies: real files, segments of a few kilobytes. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AppError } from '../../main/contract/errors.ts'
import type { Damage } from '../../main/contract/types.ts'
import { type Clock, systemClock } from '../../main/engine/base/clock.ts'
import { realDisk } from '../../main/engine/base/files.ts'
import { type CopyPlan, type CopyReport, copyArchive } from '../../main/engine/jobs/copy/copy.ts'
import type { JobContext } from '../../main/engine/jobs/types.ts'
import { createKeyring } from '../../main/engine/keys/keyring.ts'
import { createLog, openLogReader, openLogWriter } from '../../main/engine/log/open.ts'
import type { LogWriter, RecordId } from '../../main/engine/log/types.ts'
import { verifyLog } from '../../main/engine/log/verify.ts'
import { ID, keys, MASTER, message, placed, temporaryDir } from './logs.ts'
import { randomOf } from './random.ts'

export const PROFILE_KEY = new Uint8Array(32).fill(3)
export const COPY = '0123456789abcdef'

export interface SmallArchive {
  dir: string
  /** Where its copy goes. */
  to: string
  log: LogWriter
  /** Messages of so many random bytes, in one commit. */
  add(messages: number, bytes?: number): Promise<RecordId[]>
  /** Ends as a killed process does: nothing is closed, and the next writer finds what is there. */
  reopen(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export async function smallArchive({
  segmentBytes = 4000,
  seed = 1,
  to,
}: {
  segmentBytes?: number
  seed?: number
  to?: string
} = {}): Promise<SmallArchive> {
  const home = temporaryDir()
  const dir = join(home.path, 'archive')
  const options = { keys, clock: systemClock, segmentBytes }
  mkdirSync(dir)
  await createKeyring(dir, ID, MASTER, [{ kind: 'profile', key: PROFILE_KEY }])
  let log = await createLog(dir, { ...options, id: ID })
  const random = randomOf(seed)
  let uid = 0
  return {
    dir,
    to: to ?? join(home.path, 'copy'),
    get log() {
      return log
    },
    add: async (messages, bytes = 500) => {
      const made = Array.from({ length: messages }, () => message(random.bytes(bytes)))
      await log.put(made)
      await log.commit(made.map(({ id, whole }) => placed(++uid, id, whole.length)))
      return made.map(({ id }) => id)
    },
    reopen: async () => {
      await log.close()
      log = await openLogWriter(dir, options)
    },
    [Symbol.asyncDispose]: async () => {
      await log.close()
      home[Symbol.dispose]()
    },
  }
}

export interface Heard {
  failures: { what: string; error: AppError }[]
}

export function copyContext(clock: Clock = systemClock, signal: AbortSignal = new AbortController().signal): JobContext & Heard {
  const failures: Heard['failures'] = []
  return {
    signal,
    clock,
    failures,
    progress: () => {},
    checkpoint: async () => signal.throwIfAborted(),
    failed: (what, error) => void failures.push({ what, error }),
    count: () => {},
    result: () => {},
    log: () => {},
  }
}

/** One run; `fresh` where there is no copy yet. */
export async function runCopy(
  archive: SmallArchive,
  {
    disk = realDisk,
    fresh,
    reprove = 0,
    source,
    claimed = () => {},
  }: Partial<Pick<CopyPlan, 'disk' | 'fresh' | 'reprove' | 'source' | 'claimed'>> = {},
): Promise<CopyReport & Heard> {
  const context = copyContext()
  const plan: CopyPlan = {
    from: archive.dir,
    to: archive.to,
    copy: COPY,
    fresh: fresh ?? (await realDisk.stat(join(archive.to, 'copy.json'))) === null,
    keys,
    clock: systemClock,
    reprove,
    disk,
    claimed,
    ...(source && { source }),
  }
  const report = await copyArchive(plan, context)
  return { ...report, failures: context.failures }
}

/** What a full verify finds in a folder, and how many messages it holds. */
export async function verified(dir: string): Promise<{ damage: Damage[]; messages: number; commits: number }> {
  const reader = await openLogReader(dir, { keys })
  try {
    return await verifyLog(reader, { full: true })
  } finally {
    await reader.close()
  }
}
