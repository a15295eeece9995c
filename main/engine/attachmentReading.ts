/** When the attachments of an archive are read for the index: in the app, and while an archive is watched, by itself, whenever there are new ones; else when it is asked for. */
import { toPlainError } from '../contract/errors.ts'
import type { Job } from '../contract/types.ts'
import type { Archives } from './archives.ts'
import type { Clock } from './base/clock.ts'
import type { Runner } from './jobs/runner.ts'

export interface AttachmentReading {
  /** The job that reads them, started where there is none. */
  start(archive: string): Job
  /** Without them being read meanwhile. */
  without<T>(archive: string, work: () => Promise<T>): Promise<T>
}

interface Deps {
  archives: Archives
  runner: Runner
  clock: Clock
  automatic: boolean
  log(line: string): void
}

/** Who has just stopped it does not want it back with the next message. */
const REST_MS = 10 * 60_000

export function createAttachmentReading({ archives, runner, clock, automatic, log }: Deps): AttachmentReading {
  const start = (archive: string): Job =>
    runner.start({
      kind: 'attachments',
      archive,
      patient: false,
      run: async job => (await archives.open(archive)).readAttachments(job),
    })

  const held = new Set<string>()
  const without: AttachmentReading['without'] = async (archive, work) => {
    const job = runner.list().find(one => one.kind === 'attachments' && one.archive === archive && one.endedAt === null)
    held.add(archive)
    try {
      if (job) runner.cancel(job.id)
      if (job) await runner.wait(job.id)
      return await work()
    } finally {
      held.delete(archive)
      if (automatic || job) start(archive)
    }
  }

  const startIfNeeded = async (archive: string) => {
    const last = runner.list().find(job => job.kind === 'attachments' && job.archive === archive)
    if (last && (last.endedAt === null || (last.state !== 'done' && clock.now() - last.endedAt < REST_MS))) return
    if ((await archives.ifOpen(archive))?.hasUnreadAttachments()) start(archive)
  }

  const looking = new Set<string>()
  const look = (archive: string) => {
    if (looking.has(archive) || held.has(archive)) return
    looking.add(archive)
    startIfNeeded(archive)
      .catch(error => log(`attachments of ${archive} not read: ${toPlainError(error).code}`))
      .finally(() => looking.delete(archive))
  }
  const isWatched = (archive: string) => runner.list().some(job => job.kind === 'watch' && job.archive === archive && job.endedAt === null)
  archives.onCommit(archive => {
    if (automatic || isWatched(archive)) look(archive)
  })
  if (automatic) {
    archives.onChange(async () => {
      for (const { id, state, writable } of await archives.list().catch(() => [])) if (state === 'open' && writable) look(id)
    })
  }
  return { start, without }
}
