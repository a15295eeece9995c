/** Which archives are being watched for new mail: started at unlock in the app, on request by the command line; at most one watch an archive. */
import { stat } from 'node:fs/promises'
import { usualRules } from '../contract/captureRules.ts'
import { AppError, toPlainError } from '../contract/errors.ts'
import type { Job } from '../contract/types.ts'
import type { Archives } from './archives.ts'
import { createEmitter } from './base/emitter.ts'
import type { Care } from './care.ts'
import type { MailboxState } from './index/types.ts'
import { captureArchive } from './jobs/capture/archive.ts'
import { noteProven } from './jobs/capture/proven.ts'
import { leavesOut } from './jobs/capture/selection.ts'
import { isEnded, type Runner } from './jobs/runner.ts'
import { type WatchDeps, watchArchive } from './jobs/watch/watch.ts'
import { connectImap } from './mail/imap/connect.ts'
import { connectionsFor, recognise } from './mail/provider.ts'
import type { Profiles } from './profiles.ts'

export interface Watches {
  /** The watch of this archive, started where there is none. */
  start(archive: string, intervalMs?: number): Promise<Job>
  /** A round now, by the watch that runs or that is wanted; null where there is none. What waited for a person waits no longer. */
  captureNow(archive: string): Promise<Job | null>
  /** Whether a person has asked for the capture that now begins; once. */
  takeWish(archive: string): boolean
  /** Ends the watch, if there is one, and waits for its end. */
  stop(archive: string): Promise<void>
  /** Starts every watch that a person wants and that is not running. Does nothing unless watching is automatic. */
  startWanted(): Promise<void>
  /** After the account changed: a watch of the old one ends, and one of the new one begins where it is wanted. */
  restart(archive: string): Promise<void>
  /** Without the archive being written to by a watch meanwhile. */
  without<T>(archive: string, work: () => Promise<T>): Promise<T>
}

interface Deps {
  archives: Archives
  runner: Runner
  profiles: Profiles
  /** In the app: whatever is wanted is watched without being asked. */
  automatic: boolean
  log(line: string): void
}

/** One LIST with the state of every mailbox, over a connection that stands: less than a mail reader costs a server. */
const INTERVAL_MS = 60_000
/** A login each time, and many small hosts mind those. */
const POP3_INTERVAL_MS = 5 * 60_000

export function createWatches({ archives, runner, profiles, automatic, log }: Deps): Watches {
  const asks = createEmitter<string>()
  /** A person wants the next round of these, whatever speaks against it. */
  const wishes = new Set<string>()

  const takeWish = (archive: string) => wishes.delete(archive)

  const running = (archive: string) => runner.list().find(job => job.kind === 'watch' && job.archive === archive && !isEnded(job))

  const start = async (archive: string, intervalMs?: number): Promise<Job> => {
    const { account } = await archives.summary(archive)
    const pop3 = account?.protocol === 'pop3'
    return runner.start({
      kind: 'watch',
      archive,
      patient: false,
      run: async job => {
        // A capture that was started before writes the same archive: one at a time.
        for (const other of runner.list())
          if (other.kind === 'capture' && other.archive === archive && !isEnded(other)) await runner.wait(other.id, job.signal)
        await watchArchive(
          {
            capture: captureFrom(archive),
            mailboxes: async () => captured(await archives.care(archive), (await (await archives.open(archive)).store()).index.mailboxes()),
            connect: pop3 ? null : connectImap,
            connections: await connectionsOf(archive),
            intervalMs: intervalMs ?? (pop3 ? POP3_INTERVAL_MS : INTERVAL_MS),
            onAsk: ask =>
              asks.subscribe(asked => {
                if (asked === archive) ask()
              }),
            onConditions: listener => archives.conditions.onChange(listener),
            onProven: at => noteProven(archives, archive, at),
          },
          job,
        )
      },
    })
  }

  const connectionsOf = async (archive: string): Promise<number> => {
    const { account } = await archives.summary(archive)
    const { rules, borrowed } = await archives.care(archive)
    return Math.max(1, (rules.connections ?? connectionsFor(account ? recognise(account) : null)) - borrowed)
  }

  /** A drive that was pulled and put back is there again, while what is held open of it is not: then the archive is opened anew. */
  const captureFrom = (archive: string): WatchDeps['capture'] => {
    let stale = false
    return async (via, context) => {
      if (stale) await archives.reopen(archive)
      stale = false
      try {
        return await captureArchive(archives, archive, context, { ...via, byPerson: takeWish(archive) })
      } catch (error) {
        if (error instanceof AppError && error.code === 'destination-missing') stale = await isThere((await archives.summary(archive)).dir)
        throw error
      }
    }
  }

  const stop = async (archive: string) => {
    const job = running(archive)
    if (!job) return
    runner.cancel(job.id)
    await runner.wait(job.id)
  }

  const startIfWanted = async (archive: string): Promise<Job | null> => {
    if (!automatic || profiles.temporary) return null
    const { watch, demo } = await archives.summary(archive)
    return watch && !demo ? start(archive) : null
  }

  const startWanted = async () => {
    if (!automatic) return
    for (const { id } of await archives.list()) await startIfWanted(id)
  }

  profiles.onChange(() => void startWanted().catch(error => log(`watches not started: ${toPlainError(error).code}`)))

  return {
    start,
    captureNow: async archive => {
      const job = running(archive)
      // Who runs the command line may be a scheduler.
      if (job || automatic) wishes.add(archive)
      if (!job) return startIfWanted(archive)
      runner.resume(job.id)
      asks.emit(archive)
      return job
    },
    takeWish,
    stop,
    startWanted,
    restart: async archive => {
      const ran = running(archive) !== undefined
      await stop(archive)
      if (ran && !automatic) await start(archive)
      else await startIfWanted(archive)
    },
    without: async (archive, work) => {
      const ran = running(archive) !== undefined
      await stop(archive)
      try {
        return await work()
      } finally {
        if (ran) await start(archive)
      }
    },
  }
}

/** There is nothing to listen for in a mailbox that is left out. */
function captured({ rules }: Care, mailboxes: readonly MailboxState[]): MailboxState[] {
  const out = leavesOut({ ...usualRules, ...rules })
  return mailboxes.filter(({ path, delimiter, role, subscribed }) => !out({ name: path.join(delimiter || '/'), role, subscribed }))
}

const isThere = (dir: string): Promise<boolean> =>
  stat(dir).then(
    () => true,
    () => false,
  )
