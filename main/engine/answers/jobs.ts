/** Starting, steering and watching jobs. */
import { AppError } from '../../contract/errors.ts'
import type { Damage, Job } from '../../contract/types.ts'
import type { OpenArchive } from '../archive/openArchive.ts'
import type { EngineContext } from '../context.ts'
import { runDemo } from '../demo/runDemo.ts'
import { captureArchive } from '../jobs/captureArchive.ts'
import { exportEml } from '../jobs/exportEml.ts'
import { noteProven } from '../jobs/proven.ts'
import { isEnded } from '../jobs/runner.ts'
import { verifyArchive } from '../jobs/verify.ts'
import { messagePieces } from '../log/message.ts'
import type { CallAnswers, WatchAnswers } from '../serve.ts'
import type { RestoreCalls } from './restore.ts'

type JobCalls = Exclude<Extract<keyof CallAnswers, `job.${string}`>, RestoreCalls>

export function jobCalls(context: EngineContext): Pick<CallAnswers, JobCalls> {
  const { archives, runner, watches } = context
  return {
    'job.capture': ({ archive, patient }) => startCapture(context, archive, patient ?? false),
    'job.watch': ({ archive, interval }) => watches.start(archive, interval === undefined ? undefined : interval * 1000),
    'job.export': ({ archive, to, mailbox }) =>
      runner.start({
        kind: 'export',
        archive,
        patient: false,
        run: async job => exportEml({ source: exportSource(await archives.open(archive)), to, mailbox }, job),
      }),
    'job.verify': ({ archive, full }) => {
      const damage: Damage[] = []
      return runner.start({
        kind: 'verify',
        archive,
        patient: false,
        details: damage,
        run: async job => verifyArchive(await archives.open(archive), { full, damage }, job),
      })
    },
    'job.rebuild': ({ archive }) =>
      runner.start({
        kind: 'rebuild',
        archive,
        patient: false,
        run: job =>
          watches.without(archive, async () => {
            if (runner.list().some(other => other.kind === 'capture' && other.archive === archive && !isEnded(other)))
              throw new AppError('archive-in-use', 'a capture is under way')
            await archives.rebuild(archive, job)
          }),
      }),
    'job.demo': () => runner.start({ kind: 'demo', archive: null, patient: false, run: job => runDemo(context, job) }),
    'job.pause': ({ job }) => runner.pause(job),
    'job.resume': ({ job }) => runner.resume(job),
    'job.cancel': ({ job }) => runner.cancel(job),
    'job.wait': ({ job }, { signal }) => runner.wait(job, signal),
    'job.damage': ({ job }) => {
      const details = runner.details(job)
      if (!Array.isArray(details)) throw new AppError('not-found', 'this job has no damage list', { facts: { what: `job ${job}` } })
      return details as Damage[]
    },
  }
}

export function jobWatches({ runner }: EngineContext): Pick<WatchAnswers, 'jobs'> {
  return {
    jobs: (_, emit) => {
      // Jobs change in place; who is told gets the state of that moment.
      const send = () => emit(structuredClone(runner.list()))
      send()
      return runner.subscribe(send)
    },
  }
}

/** Where the archive is being watched, or shall be, its watch does it: two captures never write to the same archive. */
export async function startCapture({ archives, runner, watches }: EngineContext, archive: string, patient: boolean): Promise<Job> {
  const watch = await watches.captureNow(archive)
  if (watch) return watch
  return runner.start({
    kind: 'capture',
    archive,
    patient,
    run: async job => {
      const at = job.clock.now()
      if (await captureArchive(archives, archive, job)) await noteProven(archives, archive, at)
    },
  })
}

function exportSource(open: OpenArchive) {
  return {
    mailboxes: () => open.ask('mailboxes', []),
    page: (mailbox: number, from: Parameters<typeof open.ask<'exportPage'>>[1][0]['from'], limit: number) =>
      open.ask('exportPage', [{ mailbox, from, limit }]),
    pieces: (id: Parameters<typeof messagePieces>[1]) => messagePieces(open.read, id),
  }
}
