/**
 * The lists of an export: `manifest.jsonl` (one line a message), `SHA256SUMS` (`sha256sum -c` takes it), `messages.csv`. Written while the
 * export runs, under temporary names, so that two million messages need no memory.
 */
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from '../../base/fileError.ts'
import type { ManifestItem } from './types.ts'

export const MANIFEST = 'manifest.jsonl'
export const SUMS = 'SHA256SUMS'
export const CSV = 'messages.csv'
/** Files of this run, in the workroom. */
const FRESH = 'written'

export interface Lists {
  item(item: ManifestItem): Promise<void>
  /** A file of the export, once for an mbox with many messages; `fresh` ones are read back in the end. */
  file(path: string, sha256: string, fresh: boolean): Promise<void>
  /** All lists stand under their names. */
  finish(): Promise<void>
  /** Nothing of them stays. */
  discard(): Promise<void>
}

const FLUSH = 64 * 1024
const columns = ['path', 'date', 'from', 'subject', 'mailbox', 'size', 'flags', 'gone', 'messageId', 'sha256'] as const

export async function openLists(dir: string, room: string): Promise<Lists> {
  const files = await Promise.all([
    ...[MANIFEST, SUMS, CSV].map(name => openText(join(room, `${name}.part`), join(dir, name))),
    openText(join(room, `${FRESH}.part`), join(room, FRESH)),
  ])
  const [manifest, sums, csv, written] = files as [Text, Text, Text, Text]
  // A byte order mark: without it, Excel takes UTF-8 for something else.
  await csv.write(`\ufeff${columns.join(',')}\r\n`)
  return {
    item: async item => {
      await manifest.write(`${JSON.stringify(item)}\n`)
      await csv.write(`${columns.map(column => cell(item[column])).join(',')}\r\n`)
    },
    file: async (path, sha256, fresh) => {
      await sums.write(sumLine(path, sha256))
      if (fresh) await written.write(`${sha256} ${path}\n`)
    },
    finish: async () => {
      for (const file of files) await file.finish()
    },
    discard: async () => {
      for (const file of files) await file.discard()
    },
  }
}

/** GNU's way with a backslash or a line end in a name; ours have none, an old export's might. */
const sumLine = (path: string, sha256: string): string =>
  /[\\\n\r]/.test(path) ? `\\${sha256}  ${path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}\n` : `${sha256}  ${path}\n`

/** RFC 4180. What a spreadsheet would take for a formula gets an apostrophe: subjects are written by strangers. */
function cell(value: ManifestItem[(typeof columns)[number]]): string {
  const text = Array.isArray(value) ? value.join(' / ') : String(value ?? '')
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

interface Text {
  write(text: string): Promise<void>
  finish(): Promise<void>
  discard(): Promise<void>
}

async function openText(temporary: string, path: string): Promise<Text> {
  const fail = fileError('destination-missing', path)
  const file: FileHandle = await open(temporary, 'w', 0o600).catch(fail)
  let waiting = ''
  const flush = async () => {
    const text = waiting
    waiting = ''
    await file.appendFile(text).catch(fail)
  }
  return {
    write: async text => {
      waiting += text
      if (waiting.length >= FLUSH) await flush()
    },
    finish: async () => {
      await flush()
      await file.sync().catch(fail)
      await file.close()
      await rename(temporary, path).catch(fail)
    },
    discard: async () => {
      await file.close().catch(() => {}) // it may be gone with its drive
      await rm(temporary, { force: true }).catch(() => {})
    },
  }
}

/** Files that were written in this run, in that order. */
export async function* freshFiles(room: string): AsyncIterable<{ path: string; sha256: string }> {
  for await (const line of linesOf(join(room, FRESH))) yield { sha256: line.slice(0, 64), path: line.slice(65) }
}

/** What an export into this folder says of itself; empty where there is none. A line that is no such item is passed over. */
export async function* readManifest(dir: string): AsyncIterable<ManifestItem> {
  const path = join(dir, MANIFEST)
  const isThere = await stat(path).then(
    () => true,
    () => false,
  )
  if (!isThere) return
  for await (const line of linesOf(path)) {
    const item = itemOf(line)
    if (item) yield item
  }
}

async function* linesOf(path: string): AsyncIterable<string> {
  const fail = fileError('destination-missing', path)
  const file = await open(path).catch(fail)
  try {
    yield* file.readLines()
  } catch (error) {
    fail(error)
  } finally {
    await file.close()
  }
}

function itemOf(line: string): ManifestItem | null {
  try {
    const item = JSON.parse(line) as Partial<ManifestItem>
    return typeof item.path === 'string' && typeof item.sha256 === 'string' && typeof item.id === 'string' && Array.isArray(item.mailbox)
      ? (item as ManifestItem)
      : null
  } catch {
    return null
  }
}
