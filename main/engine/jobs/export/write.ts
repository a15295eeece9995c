/** The messages of one mailbox as files, in one of three formats. Each answers what it wrote, and what it could not. */
import type { MboxDialect } from '../../../contract/export.ts'
import { createKeywords, maildirName } from './maildir.ts'
import { bodyLength, fromLine, isCounted, mboxBody, mboxEnd } from './mbox.ts'
import { emlName, freeName } from './names.ts'
import { soundPieces } from './sound.ts'
import type { Put, Target } from './target.ts'
import type { ExportItem, Pieces } from './types.ts'

export interface Writing {
  target: Target
  pieces: Pieces
  /** SHA-256 of the message as its record states it, without reading the message. */
  sha256(item: ExportItem): Promise<string>
  /** Names given in each folder so far. */
  taken: Map<string, Set<string>>
  room: number
  /** A message was written, or was there already. */
  wrote(item: ExportItem, file: Written): Promise<void>
  /** All messages of a file that holds several are in it. */
  wroteFile(path: string, put: Put): Promise<void>
  /** The message is damaged: it is named, and the others come. Rethrows what is not about the message. */
  damaged(item: ExportItem, path: string, error: unknown): void
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
  const taken = namesIn(writing, folder)
  for (const item of items) {
    const path = join(folder, freeName(emlName(item, writing.room - folder.length - 1), taken))
    await writeOne(writing, item, path)
  }
}

/** A message that is there under other flags gets its new name; nothing is written twice. */
export async function writeMaildir(writing: Writing, folder: string, items: readonly ExportItem[], colon: string): Promise<void> {
  const { target } = writing
  for (const sub of ['cur', 'new', 'tmp']) await target.folder(join(folder, sub))
  const cur = join(folder, 'cur')
  const there = new Map((await target.names(cur)).map(name => [stem(name), name]))
  const keywords = createKeywords()
  for (const item of items) {
    const name = maildirName(item, keywords, colon)
    const before = there.get(stem(name))
    if (before !== undefined && before !== name) await target.rename(join(cur, before), join(cur, name))
    await writeOne(writing, item, join(cur, name))
  }
  const list = keywords.list()
  if (list !== '') await writing.wroteFile(join(folder, 'dovecot-keywords'), await target.put(join(folder, 'dovecot-keywords'), once(list), 0))
}

const stem = (name: string): string => name.replace(/[:;]2,[A-Za-z]*$/, '')

async function writeOne(writing: Writing, item: ExportItem, path: string): Promise<void> {
  const { target } = writing
  let file: Written
  try {
    const stated = () => writing.sha256(item)
    const existed = await target.has(path, item.size, stated)
    const sha256 = existed ? await stated() : (await target.put(path, await piecesFor(writing, item), timeOf(item))).sha256
    file = { path, sha256, existed }
  } catch (error) {
    writing.damaged(item, path, error)
    return
  }
  await writing.wrote(item, file)
}

/** In a ZIP, a message that breaks off half-way would take the file with it. */
async function piecesFor({ pieces }: Writing, { id, size }: ExportItem): Promise<AsyncIterable<Uint8Array>> {
  return (await soundPieces(pieces, id, size))()
}

/** One file for the mailbox, written anew as a whole. */
export async function writeMbox(writing: Writing, path: string, items: readonly ExportItem[], dialect: MboxDialect): Promise<void> {
  const written: { item: ExportItem; file: Written }[] = []
  const put = await writing.target.put(
    path,
    mboxPieces(writing, path, items, dialect, (item, file) => written.push({ item, file })),
    timeOf(items.at(-1)!),
  )
  for (const { item, file } of written) await writing.wrote(item, file)
  await writing.wroteFile(path, put)
}

async function* mboxPieces(
  writing: Writing,
  path: string,
  items: readonly ExportItem[],
  dialect: MboxDialect,
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
    const begin = fromLine(item.from[0]?.address ?? '', timeOf(item))
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

function namesIn({ taken }: Writing, folder: string): Set<string> {
  const names = taken.get(folder) ?? new Set()
  taken.set(folder, names)
  return names
}

async function* once(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
}

const join = (...levels: string[]): string => levels.filter(level => level !== '').join('/')
