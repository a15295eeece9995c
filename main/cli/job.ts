/** A job of the engine, followed to its end. */
import type { EngineClient } from '../contract/contract.ts'
import { AppError, fromPlainError } from '../contract/errors.ts'
import type { ArchiveSummary, Job } from '../contract/types.ts'
import type { CommandContext } from './command.ts'
import { count, printable } from './format.ts'
import { explain } from './text.ts'

/**
 * Waits for the end of a job. Ctrl-C cancels it, and its end is waited for: what it has saved by then is whole.
 * Resolves however it ended.
 */
export async function follow(engine: EngineClient, started: Job, signal: AbortSignal): Promise<Job> {
  const cancel = () => {
    engine.call('job.cancel', { job: started.id }).catch(() => {}) // It has ended already.
  }
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await engine.call('job.wait', { job: started.id })
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** For commands that are one job: throws what it failed by, or cancelled. */
export async function toEnd(engine: EngineClient, started: Job, signal: AbortSignal): Promise<Job> {
  const job = await follow(engine, started, signal)
  const error = errorOf(job)
  if (error) throw error
  return job
}

/** Messages: of so many the attachments are read in a second or a few. */
const FEW_ATTACHMENTS = 50

/**
 * What attachments say comes after everything else: at once where few wait, as after any usual day. The first capture of an account leaves many, and takes no
 * minutes longer for them. Resolves with the number of messages that wait on. However it ends: the mail is there, and the next time goes on.
 */
export async function readFewAttachments(engine: EngineClient, archive: string, signal: AbortSignal): Promise<number> {
  const waiting = async () => (await engine.call('archive.status', { archive })).attachmentsWaiting
  if (signal.aborted) return 0
  try {
    const before = await waiting()
    if (before === 0 || before > FEW_ATTACHMENTS) return before
    await follow(engine, await engine.call('job.attachments', { archive }), signal)
    return await waiting()
  } catch {
    return 0 // The drive is gone, say: whoever asks for the archive next is told. What was captured is saved.
  }
}

/** '' where none waits. */
export function waitingAttachmentsLine(name: string, waiting: number): string {
  if (waiting === 0) return ''
  const shown = /[\s"']/.test(name) ? `"${printable(name)}"` : printable(name)
  return `  Attachments of ${count(waiting, 'message')} cannot be searched yet: mailcoffer attachments read ${shown}\n`
}

export function errorOf(job: Job): AppError | null {
  if (job.state === 'cancelled') return new AppError('cancelled', 'the job was cancelled')
  if (job.state === 'failed') return job.error ? fromPlainError(job.error) : new AppError('internal', 'the job failed without a reason')
  return null
}

/** Shows on stderr whatever runs in the engine until the returned function is called. */
export function showJobs({ engine, progress }: Pick<CommandContext, 'engine' | 'progress'>, archives: readonly ArchiveSummary[]): () => void {
  const names = new Map(archives.map(({ id, name }) => [id, name]))
  const end = engine.watch('jobs', {}, jobs => progress.show(jobs, names))
  return () => {
    end()
    progress.clear()
  }
}

const MOST_LISTED = 100

/** Each item that failed, with what happened; '' where none did. */
export function failureLines(job: Job): string {
  const { failed } = job.outcomes
  if (failed === 0 && job.failures.length === 0) return ''
  const lines = job.failures.slice(0, MOST_LISTED).map(({ what, error }) => `  ${what}: ${explain(fromPlainError(error)).happened}`)
  const more = Math.max(failed, job.failures.length) - lines.length
  if (more > 0) lines.push(`  and ${more} more; --json lists up to 1,000 of them`)
  return `${lines.join('\n')}\n`
}
