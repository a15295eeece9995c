/**
 * Messages taken along in open formats: EML files, mbox or Maildir, in a folder or a ZIP file, with lists that tell what is in them. All of
 * it is read back from where it was written before it counts.
 */
import { join } from 'node:path'
import { AppError } from '../../../contract/errors.ts'
import type { Disk } from '../../base/files.ts'
import { isAboutMessage, messageFacts, messagePieces, type ReadRecord } from '../../log/message.ts'
import { passes, worthTrying } from '../copy/wait.ts'
import { readInOrder } from '../readInOrder.ts'
import type { JobContext, LongJobContext } from '../types.ts'
import { writeBrowser } from './browse.ts'
import { folderTarget } from './folderTarget.ts'
import { chosenBy, type ExportSource } from './items.ts'
import { colonFor } from './maildir.ts'
import { CSV, freshFiles, type Lists, MANIFEST, openLists, SUMS } from './manifest.ts'
import { foldersFor, maildirFolder, roomBelow, WITHOUT_MAILBOX } from './names.ts'
import type { Target } from './target.ts'
import { emptyParents, itsFlags } from './thunderbird.ts'
import type { ExportItem, ExportOrder, ManifestItem } from './types.ts'
import { withHeaders } from './unread.ts'
import { openWorkroom, type Workroom } from './workroom.ts'
import { type Writing, writeEml, writeMaildir, writeMbox } from './write.ts'
import { zipTarget } from './zipTarget.ts'

export interface ExportDeps {
  source: ExportSource
  order: ExportOrder
  disk: Disk
}

/**
 * Result: files, messages, bytes, folder, writtenMs (until all of it was on the medium); a file that does not come back as it was written is a failure. Into a folder that holds an earlier export,
 * only what is missing or changed is written. `patient`: a drive that is pulled, a share that is lost, a disk without room are waited for.
 */
export async function exportMessages({ patient, ...deps }: ExportDeps & { patient: boolean }, context: LongJobContext): Promise<void> {
  const { order, disk } = deps
  const { clock } = context
  const room = await openWorkroom(order.to, { clock, disk })
  // One name, however often it is tried.
  const zip = order.zip ? zipPath(order, clock.now()) : null
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        return await exportOnce({ ...deps, zip }, room, context)
      } catch (error) {
        if (!patient || !passes(error)) throw error
        await waitFor(error, attempt, { room, to: order.to }, context)
        // What was written counts as there already, and what could not be done is found out anew.
        context.show({ outcomes: { added: 0, unchanged: 0, failed: 0 }, failures: [], error: null })
      }
    }
  } finally {
    await room.close()
  }
}

async function waitFor(error: AppError, attempt: number, { room, to }: { room: Workroom; to: string }, context: LongJobContext): Promise<void> {
  const ended = new AbortController()
  const signal = AbortSignal.any([context.signal, ended.signal])
  const back = worthTrying(error, { clock: context.clock, signal, find: async () => ((await room.isThere()) ? to : null) })
  back.catch(() => {}) // ended with the wait
  await context.waitOut(error, attempt, back).finally(() => ended.abort())
}

async function exportOnce({ source, order, disk, zip }: ExportDeps & { zip: string | null }, room: Workroom, context: JobContext): Promise<void> {
  await room.mustBeThere()
  const began = context.clock.now()
  const chosen = await chosenBy(source, order)
  checkScope(order, chosen.all)
  const deps = { disk, room, checkpoint: context.checkpoint }
  const target = zip === null ? folderTarget(order.to, deps) : await zipTarget(zip, deps)
  context.result({ folder: order.to })
  context.progress({ phase: 'writing', done: 0, total: chosen.expected })
  try {
    const lists = await openLists(target.lists, room.path)
    const tally = { files: 0, messages: 0, bytes: 0 }
    try {
      await writeAll({ workroom: room, source, order, target, lists, tally, chosen, context })
      await lists.finish()
    } catch (error) {
      await lists.discard()
      throw error
    }
    context.progress({ phase: 'finishing', current: '' })
    const browser = await writeBrowser(target.lists, order, tally.messages)
    await target.finish([MANIFEST, SUMS, CSV, ...browser])
    context.result({ writtenMs: context.clock.now() - began })
    await verify(target, room, context, tally.files)
    context.result({ ...tally, folder: target.path })
  } finally {
    await target.discard()
  }
}

/** Result: messages, bytes, mailboxes that an export would be made of. Nothing is written. */
export async function countExport({ source, order }: Pick<ExportDeps, 'source' | 'order'>, context: JobContext): Promise<void> {
  context.result({ dryRun: true })
  const chosen = await chosenBy(source, order)
  checkScope(order, chosen.all)
  const sums = { messages: 0, bytes: 0, mailboxes: 0 }
  for await (const { items } of chosen.groups()) {
    await context.checkpoint()
    sums.messages += items.length
    sums.mailboxes++
    sums.bytes += items.reduce((sum, { size }) => sum + size, 0)
    context.progress({ phase: 'listing', done: sums.messages, total: chosen.expected })
  }
  context.result(sums)
}

function checkScope({ scope }: ExportOrder, all: readonly { mailbox: number }[]): void {
  const unknown = scope.mailboxes?.find(asked => !all.some(({ mailbox }) => mailbox === asked))
  if (unknown !== undefined) throw new AppError('not-found', `no mailbox ${unknown}`, { facts: { what: `mailbox ${unknown}` } })
}

/** `Anna 2024-03-01.zip`: a second one on the same day gets the time, so that none is written over. */
function zipPath({ to, name }: ExportOrder, now: number): string {
  const at = new Date(now).toISOString()
  const safe =
    name
      .normalize('NFC')
      .replaceAll(/[^\p{L}\p{N} ._-]/gu, '_')
      .replace(/^[. ]+|[. ]+$/g, '')
      .slice(0, 60) || 'mail'
  return join(to, `${safe} ${at.slice(0, 10)} ${at.slice(11, 19).replaceAll(':', '')}.zip`)
}

interface All {
  workroom: Workroom
  source: ExportSource
  order: ExportOrder
  target: Target
  lists: Lists
  tally: { files: number; messages: number; bytes: number }
  chosen: Awaited<ReturnType<typeof chosenBy>>
  context: JobContext
}

async function writeAll({ workroom, source, order, target, lists, tally, chosen, context }: All): Promise<void> {
  const room = order.zip ? roomBelow('') : roomBelow(order.to)
  const folders = foldersFor(chosen.all, order.layout, room)
  const maildirs = new Map<string, string>()
  const colon = order.format === 'maildir' ? (order.zip ? ':' : await colonFor(workroom.path)) : ''
  /** Those that hold several messages. */
  const files = new Set<string>()
  let read: ReadRecord = source.read
  const writing: Writing = {
    target,
    room,
    folders: new Map(),
    pieces: id => messagePieces(read, id),
    sha256: ({ id }) => statedHash(read, id),
    wrote: async (item, { path, sha256, existed, offset, length }) => {
      await lists.item({ path, ...(offset !== undefined && { offset, length: length!, dialect: order.dialect }), ...describe(item), sha256 })
      if (offset === undefined) {
        tally.files++
        await lists.file(path, sha256, !existed)
      }
      tally.messages++
      tally.bytes += item.size
      context.count(existed ? 'unchanged' : 'added')
      context.progress({ done: tally.messages, bytesDone: tally.bytes })
    },
    wroteFile: async (path, put) => {
      files.add(path)
      tally.files++
      await lists.file(path, put.sha256, true)
    },
    damaged: (item, path, error) => {
      // A message that is damaged in the archive is named and the export goes on; a drive that is gone or full ends it.
      if (!isAboutMessage(error)) throw error
      context.failed(`${item.mailboxPath.join('/')}: ${path}`, error)
    },
  }
  for await (const { mailbox, items: found } of chosen.groups()) {
    const name = mailbox ? mailbox.path.join('/') : WITHOUT_MAILBOX
    context.progress({ current: name })
    const items = await withHeaders(source, found, context)
    for (const [folder, these] of byFolder(items, folders, order)) {
      read = readInOrder(source, these)
      if (order.format === 'maildir')
        await writeMaildir(
          writing,
          maildirFolder(order.layout === 'date' ? folder.split('/') : [...(mailbox?.path ?? [WITHOUT_MAILBOX])], maildirs),
          these,
          colon,
        )
      else if (order.format === 'mbox')
        await (order.layout === 'thunderbird'
          ? writeMbox(writing, folder, these, { dialect: order.dialect, before: ({ flags }) => itsFlags(flags) })
          : writeMbox(writing, `${folder}.mbox`, these, { dialect: order.dialect }))
      else await writeEml(writing, folder, these)
    }
  }
  if (order.layout === 'thunderbird') for (const path of emptyParents(files)) await writing.wroteFile(path, await target.put(path, nothing(), 0))
}

async function* nothing(): AsyncIterable<Uint8Array> {}

function byFolder(
  items: readonly ExportItem[],
  folders: ReturnType<typeof foldersFor>,
  { layout }: ExportOrder,
): Iterable<[string, readonly ExportItem[]]> {
  if (layout === 'date') return Map.groupBy(items, item => folders.of(item).join('/'))
  return items.length > 0 ? [[folders.of(items[0]!).join('/'), items]] : []
}

async function statedHash(read: ReadRecord, id: ExportItem['id']): Promise<string> {
  return Buffer.from((await messageFacts(read, id)).sha256).toString('hex')
}

function describe(item: ExportItem): Omit<ManifestItem, 'path' | 'sha256' | 'offset' | 'length' | 'dialect'> {
  const { id, size, mailboxPath, role, flags, internalDate, zone, subject, from, date, sortTime, messageId, gone } = item
  return {
    size,
    id,
    mailbox: [...mailboxPath],
    ...(role && { role }),
    flags,
    internalDate: internalDate === null ? null : withZone(internalDate, zone ?? 0),
    subject,
    from: from.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', '),
    date: new Date(date ?? sortTime).toISOString(),
    messageId: messageId ?? '',
    gone,
  }
}

/** `2024-03-01T10:00:00+01:00` */
function withZone(seconds: number, minutesEast: number): string {
  const sign = minutesEast < 0 ? '-' : '+'
  const [hours, minutes] = [Math.floor(Math.abs(minutesEast) / 60), Math.abs(minutesEast) % 60]
  const zone = `${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
  return `${new Date((seconds + minutesEast * 60) * 1000).toISOString().slice(0, 19)}${zone}`
}

/** Every file of this run as it stands there now, against what was meant to be written. What was there before was compared when it was met. */
async function verify(target: Target, room: Workroom, context: JobContext, files: number): Promise<void> {
  context.progress({ phase: 'verifying', done: 0, total: files, bytesDone: 0, current: '' })
  let done = 0
  let bytes = 0
  const expected: string[] = []
  const paths = async function* () {
    for await (const { path, sha256 } of freshFiles(room.path)) {
      expected.push(sha256)
      yield path
    }
  }
  const count = (length: number) => {
    bytes += length
  }
  for await (const { path, sha256 } of target.readBack(paths(), count)) {
    if (sha256 !== expected.shift()) {
      // Of a drive that is away, none is there.
      await room.mustBeThere()
      context.failed(path, new AppError('drive-unreliable', `${path} does not come back as it was written`, { facts: { path } }))
    }
    context.progress({ done: ++done, bytesDone: bytes })
  }
}
