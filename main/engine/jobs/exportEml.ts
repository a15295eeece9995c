/** Messages written out as EML files: exact bytes, short safe names, one folder per mailbox, and a list of hashes that `sha256sum -c` accepts. */
import { createHash } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, isErrorCode } from '../../contract/errors.ts'
import type { Cursor, Mailbox } from '../../contract/types.ts'
import { fileError } from '../base/fileError.ts'
import { writeFileAtomic } from '../base/files.ts'
import type { RecordId } from '../log/types.ts'
import { folderNames, safeName } from './exportNames.ts'
import type { JobContext } from './types.ts'

const PAGE = 200
/** The number under which the index lists messages that are in no mailbox, and the folder they go into. */
const NOWHERE = 0
const WITHOUT_MAILBOX = '_without mailbox'

export interface ExportSource {
  mailboxes(): Promise<Mailbox[]>
  page(
    mailbox: number,
    from: Cursor | null,
    limit: number,
  ): Promise<{ rows: { id: RecordId; cursor: Cursor; subject: string; sortTime: number }[]; more: boolean }>
  /** The message's exact bytes; throws when what comes out is not what was received. */
  pieces(id: RecordId): AsyncIterable<Uint8Array>
}

export interface ExportPlan {
  source: ExportSource
  to: string
  /** Null: every mailbox. */
  mailbox: number | null
}

/** Result: files, bytes. Files that are there already with the same name and size are checked and kept. */
export async function exportEml({ source, to, mailbox }: ExportPlan, context: JobContext): Promise<void> {
  const all = await source.mailboxes()
  const chosen: { id: number; name: string; messages: number }[] = all.filter(one => (mailbox === null ? one.messages > 0 : one.id === mailbox))
  if (mailbox !== null && chosen.length === 0) throw new AppError('not-found', `no mailbox ${mailbox}`, { facts: { what: `mailbox ${mailbox}` } })
  const folders = folderNames(all)
  if (mailbox === null) {
    // Messages whose place was lost to damage.
    chosen.push({ id: NOWHERE, name: WITHOUT_MAILBOX, messages: 0 })
    folders.set(NOWHERE, [WITHOUT_MAILBOX])
  }
  await mkdir(to, { recursive: true }).catch(fileError('destination-missing', to))
  context.progress({ phase: 'writing', done: 0, total: chosen.reduce((sum, one) => sum + one.messages, 0) })

  const sums: string[] = []
  let files = 0
  let bytes = 0
  for (const one of chosen) {
    const folder = folders.get(one.id)!
    context.progress({ current: one.name })
    const taken = new Set<string>()
    for (let from: Cursor | null = null, more = true; more; ) {
      const page = await source.page(one.id, from, PAGE)
      if (page.rows.length > 0) await mkdir(join(to, ...folder), { recursive: true }).catch(fileError('destination-missing', to))
      for (const row of page.rows) {
        await context.checkpoint()
        const name = freeName(safeName(row.sortTime, row.id, row.subject), taken)
        const path = join(to, ...folder, name)
        try {
          const written = await writeMessage(path, source.pieces(row.id))
          sums.push(`${written.sha256}  ${[...folder, name].join('/')}`)
          files++
          bytes += written.bytes
          context.count(written.existed ? 'unchanged' : 'added')
        } catch (error) {
          if (!concernsOneMessage(error)) throw error
          context.failed(`${one.name}: ${name}`, error)
        }
        context.progress({ done: files, bytesDone: bytes })
      }
      from = page.rows.at(-1)?.cursor ?? null
      more = page.more && from !== null
    }
  }
  context.progress({ phase: 'finishing', current: '' })
  await writeFileAtomic(
    join(to, 'SHA256SUMS'),
    `${sums.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join('\n')}${sums.length ? '\n' : ''}`,
  ).catch(fileError('destination-missing', to))
  context.result({ files, bytes, folder: to })
}

/** A message that is damaged in the archive is named and the export goes on; a drive that is gone or full ends it. */
function concernsOneMessage(error: unknown): error is AppError {
  return (
    error instanceof AppError &&
    isErrorCode(error.code) &&
    ['record-damaged', 'byte-check-failed', 'segment-missing', 'message-unknown'].includes(error.code)
  )
}

/** Temporary name, fsync, rename; reads back what is there already instead of writing it again. */
async function writeMessage(path: string, pieces: AsyncIterable<Uint8Array>): Promise<{ sha256: string; bytes: number; existed: boolean }> {
  const temporary = `${path}.part`
  const hash = createHash('sha256')
  let bytes = 0
  const fail = fileError('destination-missing', path)
  const file = await open(temporary, 'w', 0o600).catch(fail)
  try {
    for await (const piece of pieces) {
      hash.update(piece)
      bytes += piece.length
      await file.write(piece).catch(fail)
    }
    await file.sync().catch(fail)
  } catch (error) {
    await file.close().catch(() => {}) // the error that brought us here says more
    await rm(temporary, { force: true }).catch(() => {}) // a drive that is gone cannot be tidied
    throw error
  }
  await file.close().catch(fail)
  const sha256 = hash.digest('hex')
  const existed = await hasSame(path, bytes, sha256)
  if (existed) await rm(temporary, { force: true })
  else await rename(temporary, path).catch(fail)
  return { sha256, bytes, existed }
}

async function hasSame(path: string, bytes: number, sha256: string): Promise<boolean> {
  const there = await stat(path).catch(() => null) // not there is the usual answer
  if (there?.size !== bytes) return false
  const file = await open(path, 'r')
  try {
    const hash = createHash('sha256')
    for await (const piece of file.createReadStream({ autoClose: false })) hash.update(piece as Uint8Array)
    return hash.digest('hex') === sha256
  } finally {
    await file.close()
  }
}

/** The same name twice in a folder (one message placed twice) gets a number. Compared as Windows and macOS compare. */
function freeName(name: string, taken: Set<string>): string {
  const stem = name.slice(0, -'.eml'.length)
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${stem}-${n}.eml`
    const key = candidate.normalize('NFC').toLowerCase()
    if (taken.has(key)) continue
    taken.add(key)
    return candidate
  }
}
