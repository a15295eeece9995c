/** Capture: once, or again and again. Several archives run side by side, and what befalls one does not stop the others. */
import { AppError } from '../../contract/errors.ts'
import type { LossSummary } from '../../contract/losses.ts'
import type { ArchiveSummary, Job } from '../../contract/types.ts'
import { wholeNumber } from '../args.ts'
import { type Command, type CommandContext, type Outcome, UsageError } from '../command.ts'
import { bytes, count, duration, number, printable } from '../format.ts'
import { errorOf, failureLines, follow, readFewAttachments, showJobs, waitingAttachmentsLine } from '../job.ts'
import { noticeText } from '../notices.ts'
import { findArchive } from '../session.ts'
import { explain } from '../text.ts'
import { lossNote } from './losses.ts'
import { watchOne } from './syncWatch.ts'

const INTERVAL = { fallback: 0, least: 1, most: 86_400 }

export interface Synced {
  archive: ArchiveSummary
  /** The last capture that was begun; null when none could be. */
  job: Job | null
  error: AppError | null
  /** Messages whose attachments were left for later. */
  attachmentsWaiting?: number
  /** What disappeared from the server and was not answered. */
  losses?: readonly LossSummary[]
}

export const sync: Command = {
  words: ['sync'],
  usage: '[ARCHIVE…] [--watch] [--interval SECONDS]',
  summary: 'capture what is new, of the named archives or of all that have an account',
  details:
    'Reads from the server and changes nothing there. Ctrl-C ends it; what was captured is saved, and the next sync goes on from there.\n' +
    'With --watch the server tells of new mail where it can (IDLE); every mailbox is looked at once in the interval all the same.',
  options: ['watch', 'interval'],
  operands: [0, 1000],
  profile: 'needed',
  check: ({ interval, watch }) => {
    wholeNumber('interval', interval, INTERVAL)
    if (interval !== undefined && !watch) throw new UsageError('--interval goes with --watch.')
  },
  run: async context => {
    const { interval } = context.options
    const seconds = interval === undefined ? undefined : wholeNumber('interval', interval, INTERVAL)
    const wanted = wantedArchives(context)
    const end = showJobs(context, context.archives)
    const watching = context.options.watch === true
    const work = (archive: ArchiveSummary) => (watching ? watchOne(context, archive, seconds) : once(context, archive))
    const results = await Promise.all(wanted.map(work)).finally(end)
    return outcomeOf(await Promise.all(results.map(result => withLosses(context, result))), watching)
  },
}

function wantedArchives({ archives, operands }: CommandContext): ArchiveSummary[] {
  if (operands.length > 0) return [...new Set(operands.map(name => findArchive(archives, name)))]
  const wanted = archives.filter(({ account, demo }) => account || demo)
  if (wanted.length === 0) throw new AppError('account-missing', 'no archive has an account')
  return wanted
}

async function once({ engine, terminal }: CommandContext, archive: ArchiveSummary): Promise<Synced> {
  try {
    const started = await engine.call('job.capture', { archive: archive.id })
    const job = await follow(engine, started, terminal.signal)
    const attachmentsWaiting = job.state === 'done' ? await readFewAttachments(engine, archive.id, terminal.signal) : 0
    return { archive, job, error: errorOf(job), attachmentsWaiting }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { archive, job: null, error }
  }
}

/** A loss is said at the end of every sync until a person has said something of it. */
async function withLosses({ engine, terminal }: CommandContext, synced: Synced): Promise<Synced> {
  if (synced.job === null || terminal.signal.aborted) return synced
  try {
    const { losses } = await engine.call('archive.losses', { archive: synced.archive.id })
    return { ...synced, losses: losses.filter(({ answer }) => answer === null) }
  } catch {
    return synced // its folder went away, or Ctrl-C: what there is to say has been said
  }
}

function outcomeOf(results: readonly Synced[], watched: boolean): Outcome {
  // A pause that a person wished is no failure, and no scheduler shall write a letter about it.
  const failed = results.filter(({ error }) => error && error.code !== 'account-on-hold')
  const json = {
    archives: results.map(({ archive, job, error, attachmentsWaiting, losses }) => ({
      id: archive.id,
      name: archive.name,
      job,
      ...(attachmentsWaiting && { attachmentsWaiting }),
      ...(losses && losses.length > 0 && { losses }),
      ...(error && { error: { code: error.code, message: error.message, facts: error.facts } }),
    })),
  }
  // Of one archive, or where none could be had, the error is the command's; else the others are done, and these are its failed items.
  const first = failed[0]?.error
  const cancelled = failed.find(({ error }) => error?.code === 'cancelled')?.error
  const hopeless = cancelled ?? (failed.length === results.length ? first : undefined)
  const shown = results.filter(({ error }) => !(hopeless && results.length === 1 && error))
  const text = watched ? '' : shown.map(linesOf).join('')
  return {
    json,
    text,
    failed: failed.length > 0 || results.some(({ job, losses }) => (job?.outcomes.failed ?? 0) > 0 || (losses?.length ?? 0) > 0),
    ...(hopeless && { error: hopeless }),
  }
}

function linesOf(synced: Synced): string {
  const { archive, job, attachmentsWaiting = 0, losses = [] } = synced
  const ofJob = job ? noticeLines(job) + failureLines(job) : ''
  return `${line(synced)}\n${ofJob}${waitingAttachmentsLine(archive.name, attachmentsWaiting)}${lossNote(archive.name, losses)}`
}

/** What a capture noticed and a person should know, though nothing failed. */
function noticeLines({ result }: Job): string {
  const text = noticeText(result['notice'])
  return text === '' ? '' : `  ${text}\n`
}

function line({ archive, job, error }: Synced): string {
  const name = printable(archive.name)
  if (error || !job) return `${name}: ${error ? explain(error).happened : 'nothing was done'}`
  const { added, unchanged, failed } = job.outcomes
  const parts = [count(added, 'new message')]
  if (job.progress.bytesDone > 0) parts.push(bytes(job.progress.bytesDone))
  if (unchanged > 0) parts.push(`${number(unchanged)} already here`)
  if (failed > 0) parts.push(`${number(failed)} failed`)
  if (job.endedAt !== null) parts.push(duration((job.endedAt - job.startedAt) / 1000))
  return `${name}: ${parts.join(', ')}`
}
