/**
 * An archive that is captured into again and again, by this process or by another one that may be killed: `node capturing.ts DIR TRIAL` (JSON)
 * says `capturing` when it begins, and at the end what it heard, as JSON. The real log, index, pool and locks; only the keys need no password.
 */
import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toPlainError } from '../../../main/contract/errors.ts'
import type { AccountSettings } from '../../../main/contract/types.ts'
import { type OpenArchive, openArchive } from '../../../main/engine/archive/openArchive.ts'
import { type Clock, systemClock } from '../../../main/engine/base/clock.ts'
import { capture } from '../../../main/engine/jobs/capture/capture.ts'
import { capturePop3 } from '../../../main/engine/jobs/pop3/capture.ts'
import { headKeyOf } from '../../../main/engine/jobs/pop3/head.ts'
import type { JobContext } from '../../../main/engine/jobs/types.ts'
import { deriveArchiveKeys } from '../../../main/engine/keys/archiveKeys.ts'
import { createLog } from '../../../main/engine/log/open.ts'
import { connectImap } from '../../../main/engine/mail/imap/connect.ts'
import { connectPop3 } from '../../../main/engine/mail/pop3/connect.ts'

const ID = '0123456789abcdef'.repeat(2)
export const historyKeys = deriveArchiveKeys(new Uint8Array(32).fill(7), ID)
export const indexFile = (dir: string) => ({ path: join(dir, 'index.db'), key: historyKeys.indexKey })

export async function makeArchive(dir: string): Promise<void> {
  await mkdir(join(dir, 'archive'))
  await (await createLog(join(dir, 'archive'), { id: ID, keys: historyKeys, clock: systemClock })).close()
}

/** Open, and its index caught up: what a crash left is put right, as at every start. */
export async function openAgain(dir: string): Promise<OpenArchive> {
  const archive = await openArchive({
    dir: join(dir, 'archive'),
    keys: historyKeys,
    indexPath: indexFile(dir).path,
    clock: systemClock,
    onChange: () => {},
    log: () => {},
  })
  if (await archive.isBehind()) await archive.catchUp(quietContext())
  return archive
}

export interface CaptureHeard {
  /** What could not be had, with its error code. */
  failures: { what: string; code: string }[]
  /** The code of the error it ended with, and the error for whoever has to find out why. */
  ended?: string
  why?: string
}

export interface CaptureTrial {
  settings: AccountSettings
  password: string
  /** The clock is so far ahead, ms: what is to be tried again later can be tried now. */
  ahead: number
}

export async function captureInto(archive: OpenArchive, { settings, password, ahead }: CaptureTrial): Promise<CaptureHeard> {
  const heard: CaptureHeard = { failures: [] }
  // Waits are cut short: a history has many losses, and none of them needs time to pass.
  const hasty: Clock = { now: () => systemClock.now() + ahead, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 10), signal) }
  try {
    const store = await archive.store()
    const context = contextOf(heard, hasty)
    if (settings.protocol === 'imap') await capture({ store, connect: connectImap, settings, password }, context)
    else await capturePop3({ store, connect: connectPop3, settings, password, headKey: headKeyOf(archive.keys) }, context)
  } catch (error) {
    heard.ended = toPlainError(error).code
    heard.why = error instanceof Error ? `${error.stack}` : String(error)
  }
  return heard
}

export const quietContext = (): JobContext => contextOf({ failures: [] }, systemClock)

function contextOf(heard: CaptureHeard, clock: Clock): JobContext {
  return {
    signal: new AbortController().signal,
    clock,
    progress: () => {},
    checkpoint: async () => {},
    failed: (what, { code }) => heard.failures.push({ what, code }),
    count: () => {},
    result: () => {},
    log: () => {},
  }
}

/** SIGKILL so long after a capture began, in a process of its own, or when what is waited for has come; false when it was done before. */
export async function killedCapture(dir: string, trial: CaptureTrial, after: number | (() => Promise<unknown>)): Promise<boolean> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), dir, JSON.stringify(trial)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const due = typeof after === 'number' ? () => systemClock.sleep(after) : after
  child.stdout.once('data', () => void due().then(() => child.kill('SIGKILL')))
  const signal = await new Promise(resolve => child.once('exit', (_, by) => resolve(by)))
  return signal === 'SIGKILL'
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [dir, trial] = process.argv.slice(2) as [string, string]
  const archive = await openAgain(dir)
  console.log('capturing')
  const heard = await captureInto(archive, JSON.parse(trial) as CaptureTrial)
  await archive.close()
  console.log(JSON.stringify(heard))
}
