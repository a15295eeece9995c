/** Starting, steering and watching jobs. */
import { join } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import type { ImportRequest } from '../../contract/import.ts'
import type { Cursor, Damage, Job, MessageSummary } from '../../contract/types.ts'
import { realDisk } from '../base/files.ts'
import type { EngineContext } from '../context.ts'
import { runDemo } from '../demo/runDemo.ts'
import type { KeptPlace } from '../index/kept.ts'
import { captureArchive } from '../jobs/capture/archive.ts'
import { noteProven } from '../jobs/capture/proven.ts'
import { countExport, exportMessages } from '../jobs/export/export.ts'
import type { ExportSource } from '../jobs/export/items.ts'
import { importMail } from '../jobs/import/import.ts'
import { isEnded } from '../jobs/runner.ts'
import type { JobContext } from '../jobs/types.ts'
import { verifyArchive } from '../jobs/verify.ts'
import type { RecordId } from '../log/types.ts'
import type { CallAnswers, WatchAnswers } from '../serve.ts'
import { type RestoreCalls, sourceOf } from './restore.ts'

type JobCalls = Exclude<Extract<keyof CallAnswers, `job.${string}`>, RestoreCalls | 'job.attachments'>

export function jobCalls(context: EngineContext): Pick<CallAnswers, JobCalls> {
  const { archives, runner, watches, attachmentReading, history } = context
  return {
    'job.capture': ({ archive, patient }) => startCapture(context, archive, patient ?? false),
    'job.watch': ({ archive, interval }) => watches.start(archive, interval === undefined ? undefined : interval * 1000),
    'job.export': ({ archive, scope, to, format, layout = 'mailbox', dialect = 'mboxrd', zip = false, dryRun = false, patient = false }) => {
      if (layout === 'thunderbird' && format !== 'mbox') throw new AppError('invalid-input', 'Thunderbird reads mbox files')
      return runner.start({
        kind: 'export',
        archive,
        patient: false,
        run: async job => {
          const { name } = await archives.summary(archive)
          const order = { scope, to, format, layout, dialect, zip, name }
          const source = await exportSource(context, archive)
          await (dryRun ? countExport({ source, order }, job) : exportMessages({ source, order, disk: realDisk, patient }, job))
        },
      })
    },
    'job.import': ({ archive, ...request }) =>
      runner.start({
        kind: 'import',
        archive,
        patient: false,
        run: job => watches.without(archive, () => importInto(context, archive, request, job)),
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
            await attachmentReading.without(archive, () => archives.rebuild(archive, job))
          }),
      }),
    'job.demo': () => runner.start({ kind: 'demo', archive: null, patient: false, run: job => runDemo(context, job) }),
    'job.history': async ({ archive }) => (await history.list()).filter(job => archive === undefined || job.archive === archive),
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
      const send = () => emit(() => structuredClone(runner.list()))
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
      if (await captureArchive(archives, archive, job, { byPerson: watches.takeWish(archive) })) await noteProven(archives, archive, at)
    },
  })
}

async function importInto(
  { archives, profiles }: EngineContext,
  archive: string,
  request: Omit<ImportRequest, 'archive'>,
  job: JobContext,
): Promise<void> {
  const { account } = await archives.summary(archive)
  const open = await archives.open(archive)
  const { dir } = await profiles.current()
  const hasAccount = account !== undefined
  await importMail(
    {
      store: await open.store(),
      request,
      prefix: levelsOf(request.prefix ?? (hasAccount ? 'Imported' : '')),
      hasAccount,
      placesOf: ids => open.ask('keptPlaces', [ids]),
      temporary: join(dir, 'unpacked'),
    },
    job,
  )
}

const levelsOf = (name: string): string[] => name.split('/').filter(level => level.trim() !== '')

async function exportSource(context: EngineContext, archive: string): Promise<ExportSource> {
  const open = await context.archives.open(archive)
  return {
    ...(await sourceOf(context, archive)),
    parse: views => open.pool.parse(views),
    withoutMailbox: async function* () {
      for (let from: Cursor | null = null, more = true; more; ) {
        const page: Awaited<ReturnType<typeof open.ask<'exportPage'>>> = await open.ask('exportPage', [{ mailbox: NOWHERE, from, limit: PAGE }])
        for (const { id } of page.rows) {
          const found = await open.ask('message', [id])
          if (found) yield withoutPlace(id, found)
        }
        from = page.rows.at(-1)?.cursor ?? null
        more = page.more && from !== null
      }
    },
  }
}

/** The number under which the index lists messages that are in no mailbox. */
const NOWHERE = 0
const PAGE = 200

function withoutPlace(id: RecordId, { size, flags, sortTime, rfcMessageId, subject, from, date, parse }: StoredMessage): KeptPlace {
  const isRead = parse === 'ok' || parse === 'failed'
  return {
    ...{ id, size, flags, sortTime, subject, from, date, messageId: isRead ? rfcMessageId : null },
    ...{ mailbox: NOWHERE, placement: NOWHERE, uidValidity: 0, uid: 0, internalDate: null, zone: null, live: false, gone: true, redundant: false },
  }
}

type StoredMessage = Pick<MessageSummary, 'size' | 'flags' | 'sortTime' | 'subject' | 'from' | 'date' | 'parse'> & { rfcMessageId: string }
