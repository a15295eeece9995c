/** Proves that what the archive says it has is there: the log by itself, then the index against the log. */
import { AppError } from '../../contract/errors.ts'
import type { Damage } from '../../contract/types.ts'
import type { LogReader, RecordId } from '../log/types.ts'
import { verifyLog } from '../log/verify.ts'
import type { JobContext } from './types.ts'

export interface VerifySource {
  readonly log: LogReader
  read(id: RecordId): Promise<Uint8Array>
}

/** Result: messages, records, commits, bytes, damaged. Each damage is an item that failed, and goes to `damage` with its place. */
export async function verifyArchive(
  archive: VerifySource,
  { full, damage }: { full: boolean; damage: Damage[] },
  context: JobContext,
): Promise<void> {
  context.progress({ phase: 'verifying' })
  const report = await verifyLog(archive.log, {
    full,
    signal: context.signal,
    onProgress: (bytesDone, bytesTotal) => context.progress({ bytesDone, bytesTotal }),
  })
  for (const one of report.damage) {
    damage.push(one)
    context.failed(
      `segment ${one.segment} at ${one.offset}`,
      new AppError('record-damaged', `${one.what}: ${one.detail}`, { facts: { segment: one.segment, offset: one.offset, what: one.what } }),
    )
  }
  const { records, commits, messages, bytes } = report
  context.progress({ phase: 'finishing', done: messages, total: messages })
  context.result({ records, commits, messages, bytes, damaged: report.damage.length, full })
}
