/** The messages of one mailbox as files, in one of three formats. Each answers what it wrote, and what it could not. */
import type { MboxDialect } from '../../../contract/export.ts'
import { atOnce } from '../atOnce.ts'
import { createKeywords, maildirName } from './maildir.ts'
import { bodyLength, fromLine, isCounted, mboxBody, mboxEnd } from './mbox.ts'
import { emlName, folded, freeName } from './names.ts'
import { HELD, soundPieces } from './sound.ts'
import type { Put, Target } from './target.ts'
import type { ExportItem, Pieces } from './types.ts'

export interface Writing {
  target: Target
  pieces: Pieces
  /** SHA-256 of the message as its record states it, without reading the message. */
  sha256(item: ExportItem): Promise<string>
  /** Folders that were written to so far. */
  folders: Map<string, Promise<Names>>
  room: number
  /** A message was written, or was there already. */
  wrote(item: ExportItem, file: Written): Promise<void>
  /** All messages of a file that holds several are in it. */
  wroteFile(path: string, put: Put): Promise<void>
  /** The message is damaged: it is named, and the others come. Rethrows what is not about the message. */
  damaged(item: ExportItem, path: string, error: unknown): void
}

/** Of the files in a folder, folded as Windows and macOS compare them. */
interface Names {
  /** Those that stood there when the export came to it. */
  before: ReadonlySet<string>
  /** Those that it has given. */
  taken: Set<string>
}

export interface Written {
  path: string
  sha256: string
  existed: boolean
  offset?: number
  length?: number
}

const timeOf = ({ internalDate, sortTime }: ExportItem): number => (internalDate === null ? sortTime : internalDate * 1000)

export async function writeEml(writing: Writing, folder: string, items: readonly ExportItem[]): Promise<void> {
  const { before, taken } = await namesIn(writing, folder)
  const named = async function* () {
    for (const item of items) {
      const name = freeName(emlName(item, writing.room - folder.length - 1), taken)
      yield { item, path: join(folder, name), mayExist: before.has(folded(name)) }
    }
  }
  await writeFiles(writing, named())
}

/** A message that is there under other flags gets its new name; nothing is written twice. */
export async function writeMaildir(writing: Writing, folder: string, items: readonly ExportItem[], colon: string): Promise<void> {
  const { target } = writing
  for (const sub of ['cur', 'new', 'tmp']) await target.folder(join(folder, sub))
  const cur = join(folder, 'cur')
  const there = new Map((await target.names(cur)).map(name => [stem(name), name]))
  const keywords = createKeywords()
  const named = async function* () {
    for (const item of items) {
      const name = maildirName(item, keywords, colon)
      const before = there.get(stem(name))
      if (before !== undefined && before !== name) await target.rename(join(cur, before), join(cur, name))
      yield { item, path: join(cur, name), mayExist: before !== undefined }
    }
  }
  await writeFiles(writing, named())
  const list = keywords.list()
  if (list !== '') await writing.wroteFile(join(folder, 'dovecot-keywords'), await target.put(join(folder, 'dovecot-keywords'), once(list), 0))
}

const stem = (name: string): string => name.replace(/[:;]2,[A-Za-z]*$/, '')

interface Named {
  item: ExportItem
  path: string
  /** A file of that name was there before. */
  mayExist: boolean
}

/** Several at once, and told in their order. */
async function writeFiles(writing: Writing, files: AsyncIterable<Named>): Promise<void> {
  const tasks = async function* () {
    for await (const file of files) yield { weight: file.item.size, work: () => writeOne(writing, file) }
  }
  for await (const { item, path, outcome } of atOnce(tasks(), { tasks: writing.target.atOnce, weight: HELD }))
    if ('error' in outcome) writing.damaged(item, path, outcome.error)
    else await writing.wrote(item, outcome)
}

async function writeOne(writing: Writing, { item, path, mayExist }: Named) {
  const { target, pieces } = writing
  try {
    const existed = mayExist && (await target.has(path, item.size, () => writing.sha256(item)))
    if (!existed) {
      // In a ZIP, a message that breaks off half-way would take the file with it.
      const sound = await soundPieces(pieces, item.id, item.size)
      await target.put(path, sound(), timeOf(item))
    }
    // What is sound has the hash that is stated.
    return { item, path, outcome: { path, sha256: await writing.sha256(item), existed } }
  } catch (error) {
    return { item, path, outcome: { error } }
  }
}

export interface MboxKind {
  dialect: MboxDialect
  /** Lines between the "From " line and the message, which are not the message's. */
  before?(item: ExportItem): Buffer
}

/** One file for the mailbox, written anew as a whole. */
export async function writeMbox(writing: Writing, path: string, items: readonly ExportItem[], kind: MboxKind): Promise<void> {
  const written: { item: ExportItem; file: Written }[] = []
  const put = await writing.target.put(
    path,
    mboxPieces(writing, path, items, kind, (item, file) => written.push({ item, file })),
    timeOf(items.at(-1)!),
  )
  for (const { item, file } of written) await writing.wrote(item, file)
  await writing.wroteFile(path, put)
}

async function* mboxPieces(
  writing: Writing,
  path: string,
  items: readonly ExportItem[],
  { dialect, before }: MboxKind,
  onItem: (item: ExportItem, file: Written) => void,
): AsyncIterable<Uint8Array> {
  let offset = 0
  for (const item of items) {
    let sound: () => AsyncIterable<Uint8Array>
    let sha256: string
    try {
      sound = await soundPieces(writing.pieces, item.id, item.size)
      // What is sound has the hash that is stated.
      sha256 = await writing.sha256(item)
    } catch (error) {
      writing.damaged(item, path, error)
      continue
    }
    const from = fromLine(item.from[0]?.address ?? '', timeOf(item))
    const begin = before ? Buffer.concat([from, before(item)]) : from
    yield begin
    offset += begin.length
    let length = 0
    let last: number | undefined
    for await (const piece of mboxBody(dialect, sound(), isCounted(dialect) ? await bodyLength(dialect, sound()) : 0)) {
      yield piece
      length += piece.length
      last = piece.at(-1) ?? last
    }
    const end = mboxEnd(last)
    yield end
    onItem(item, { path, sha256, existed: false, offset, length })
    offset += length + end.length
  }
}

function namesIn({ folders, target }: Writing, folder: string): Promise<Names> {
  const names = folders.get(folder) ?? target.names(folder).then(before => ({ before: new Set(before.map(folded)), taken: new Set<string>() }))
  folders.set(folder, names)
  return names
}

async function* once(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
}

const join = (...levels: string[]): string => levels.filter(level => level !== '').join('/')
