/** A job of the engine, followed to its end. */
import type { EngineClient } from '../contract/contract.ts'
import { AppError, fromPlainError } from '../contract/errors.ts'
import type { ArchiveSummary, Job } from '../contract/types.ts'
import type { CommandContext } from './command.ts'
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

/** What attachments say comes after everything else. However it ends: the mail is there, and the next time goes on. */
export async function readAttachments(engine: EngineClient, archive: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  try {
    await follow(engine, await engine.call('job.attachments', { archive }), signal)
  } catch {
    // The drive is gone, say: whoever asks for the archive next is told. What was captured is saved.
  }
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
