/**
 * What a restore has done, written down before and after each step: a file in the profile that only grows, sealed like everything else, each
 * entry on the disk before the step it announces. After a kill it tells what may have reached the server, and an undo what to take back.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../contract/errors.ts'
import { restoreScope } from '../../../contract/restore.ts'
import { accountSettings } from '../../../contract/types.ts'
import { type Disk, type DiskFile, diskError, realDisk } from '../../base/files.ts'
import { newJobId } from '../../base/ids.ts'
import { NONCE_BYTES, NotOpened, open as openSealed, seal } from '../../keys/aead.ts'
import { hkdf } from '../../keys/archiveKeys.ts'

const n = z.number().int()
/** Message id, size, INTERNALDATE and its zone, flags as they were sent. */
const item = z.tuple([z.string(), n, n.nullable(), n.nullable(), z.array(z.string())])

const entrySchema = z.discriminatedUnion('k', [
  z.object({
    k: z.literal('begun'),
    at: n,
    archive: z.string(),
    /** Without a password. */
    settings: accountSettings,
    /** The archive whose account it is; null for a server that was given. */
    account: z.string().nullable(),
    scope: restoreScope,
    prefix: z.string(),
  }),
  /** This mailbox is about to be made. */
  z.object({ k: z.literal('mailbox'), raw: z.string() }),
  /** These are about to be sent. UIDNEXT then: what is put in gets no smaller UID. */
  z.object({ k: z.literal('sending'), batch: n, raw: z.string(), uidValidity: n, uidNext: n, items: z.array(item) }),
  /** Where they are, in order; 0: not there. */
  z.object({ k: z.literal('sent'), batch: n, uids: z.array(n) }),
  /** The server shows other flags than were sent. */
  z.object({ k: z.literal('flags'), raw: z.string(), uid: n, flags: z.array(z.string()) }),
  z.object({ k: z.literal('ended'), at: n, refused: n }),
  z.object({ k: z.literal('undone'), raw: z.string(), uids: z.array(n) }),
  z.object({ k: z.literal('unmade'), raw: z.string() }),
  z.object({ k: z.literal('undo ended'), at: n, left: n }),
])
export type JournalEntry = z.infer<typeof entrySchema>
type Entry<K extends JournalEntry['k']> = Extract<JournalEntry, { k: K }>

export interface Batch {
  batch: number
  raw: string
  uidValidity: number
  uidNext: number
  items: Entry<'sending'>['items']
  /** Null: what became of it is not known. */
  uids: number[] | null
}

/** All that a journal says. */
export interface JournalState {
  id: string
  begun: Entry<'begun'>
  made: Set<string>
  batches: Batch[]
  /** By mailbox and UID. */
  flags: Map<string, string[]>
  undone: Set<string>
  ended: { at: number; refused: number } | null
  undo: { at: number; left: number } | null
}

export interface Journal {
  readonly state: JournalState
  /** Durable when it returns. */
  write(...entries: JournalEntry[]): Promise<void>
  close(): Promise<void>
}

export interface Journals {
  /** Whole ones, the newest first; what cannot be read is left out. */
  list(): Promise<JournalState[]>
  create(begun: Omit<Entry<'begun'>, 'k'>): Promise<Journal>
  /** Forgets restores whose undo makes no sense any more; how many. One that is not at its end is never forgotten. */
  prune(now: number): Promise<number>
  /** Goes on with it. Throws not-found. */
  open(id: string): Promise<Journal>
}

export const placeKey = (raw: string, uid: number): string => `${uid} ${raw}`

const MAGIC = Buffer.from('MCOFRST1')
const SALT = 16
const HEAD = MAGIC.length + SALT
const LENGTH = 4
const LARGEST = 64 * 1024 * 1024
const ENDING = '.restore'

const DAY_MS = 24 * 60 * 60 * 1000
/** Mail that was put back and lived with for a year has become mail like any other. */
const UNDO_FOR_MS = 365 * DAY_MS
/** Taken back whole: kept for as long as somebody may ask what it was. */
const UNDONE_FOR_MS = 30 * DAY_MS

function isForgettable({ batches, ended, undo, undone }: JournalState, now: number): boolean {
  if (batches.some(({ uids }) => uids === null)) return false
  if (undo?.left === 0) return now - undo.at > UNDONE_FOR_MS
  const halfUndone = undo === null && undone.size > 0
  return ended !== null && !halfUndone && now - Math.max(ended.at, undo?.at ?? 0) > UNDO_FOR_MS
}

/** Of all restores that were made from this profile. */
export const journalsOf = (profile: { dir: string; key(): Uint8Array }): Journals => openJournals(join(profile.dir, 'restores'), profile.key())

export function openJournals(dir: string, profileKey: Uint8Array, disk: Disk = realDisk): Journals {
  const pathOf = (id: string) => join(dir, id + ENDING)
  const load = (id: string) => readJournal(pathOf(id), id, profileKey, disk)
  /** Whole ones that were read, by length. A restore asks several times, and long ones take a while to read. */
  const read = new Map<string, Tail & { state: JournalState }>()
  const loadOnce = async (id: string) => {
    const before = read.get(id)
    if (before && before.length === (await disk.stat(pathOf(id)))?.size) return before
    const loaded = await load(id)
    if (loaded) read.set(id, loaded)
    return loaded
  }
  const list = async () => {
    const ids = ((await disk.list(dir)) ?? []).filter(name => name.endsWith(ENDING)).map(name => name.slice(0, -ENDING.length))
    const loaded = await Promise.all(ids.map(loadOnce))
    return loaded.flatMap(one => (one ? [one.state] : [])).sort((a, b) => b.begun.at - a.begun.at)
  }
  return {
    list,
    prune: async now => {
      const old = (await list()).filter(state => isForgettable(state, now))
      for (const { id } of old) await disk.remove(pathOf(id))
      return old.length
    },
    create: async begun => {
      await disk.makeDir(dir)
      const id = newJobId()
      const salt = new Uint8Array(randomBytes(SALT))
      const file = await disk.open(pathOf(id), 'create').catch(error => {
        throw diskError(error, dir)
      })
      await file.write(Buffer.concat([MAGIC, salt]), 0)
      const entry: Entry<'begun'> = { k: 'begun', ...begun }
      const journal = journalOn(file, emptyState(id, entry), { key: keyOf(profileKey, salt), length: HEAD, count: 0, path: pathOf(id) })
      await journal.write(entry)
      await disk.syncDir(dir)
      return journal
    },
    open: async id => {
      const loaded = /^[0-9a-f]{16}$/.test(id) ? await load(id) : null
      if (!loaded) throw new AppError('not-found', `no restore ${id}`, { facts: { what: `restore ${id}` } })
      const file = await disk.open(pathOf(id), 'write')
      // A half-written entry at the end was never acted upon.
      await file.truncate(loaded.length)
      return journalOn(file, loaded.state, { ...loaded, path: pathOf(id) })
    },
  }
}

interface Tail {
  key: Uint8Array
  length: number
  /** Entries before: each is sealed with its number, so that none can be left out or moved. */
  count: number
}

function journalOn(file: DiskFile, state: JournalState, tail: Tail & { path: string }): Journal {
  let { length, count } = tail
  let turn: Promise<unknown> = Promise.resolve()
  const write = async (entries: JournalEntry[]) => {
    const parts: Uint8Array[] = []
    for (const entry of entries) {
      const { nonce, sealed } = seal(tail.key, Buffer.from(JSON.stringify(entrySchema.parse(entry))), contextOf(state.id, count++))
      const head = Buffer.alloc(LENGTH)
      head.writeUInt32LE(nonce.length + sealed.length)
      parts.push(head, nonce, sealed)
    }
    const bytes = Buffer.concat(parts)
    try {
      await file.write(bytes, length)
      await file.datasync()
    } catch (error) {
      throw diskError(error, tail.path)
    }
    length += bytes.length
    for (const entry of entries) take(state, entry)
  }
  return {
    state,
    write: (...entries) => {
      const next = turn.then(() => write(entries))
      turn = next.catch(() => {})
      return next
    },
    close: async () => {
      await turn
      await file.close()
    },
  }
}

async function readJournal(path: string, id: string, profileKey: Uint8Array, disk: Disk): Promise<(Tail & { state: JournalState }) | null> {
  const bytes = await readAll(path, disk)
  if (!bytes?.subarray(0, MAGIC.length).equals(MAGIC) || bytes.length < HEAD) return null
  const key = keyOf(profileKey, bytes.subarray(MAGIC.length, HEAD))
  let state: JournalState | null = null
  let at = HEAD
  let count = 0
  while (at + LENGTH <= bytes.length) {
    const end = at + LENGTH + bytes.readUInt32LE(at)
    if (end > bytes.length || end - at > LARGEST) break
    const entry = readEntry(key, id, count, bytes.subarray(at + LENGTH, end))
    if (!entry) break
    if (entry.k === 'begun') state = emptyState(id, entry)
    else if (state) take(state, entry)
    count++
    at = end
  }
  return state && { state, key, length: at, count }
}

function readEntry(key: Uint8Array, id: string, count: number, bytes: Buffer): JournalEntry | null {
  try {
    const plain = openSealed(key, bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES), contextOf(id, count))
    return entrySchema.parse(JSON.parse(Buffer.from(plain).toString()))
  } catch (error) {
    if (error instanceof NotOpened || error instanceof z.ZodError || error instanceof SyntaxError) return null
    throw error
  }
}

async function readAll(path: string, disk: Disk): Promise<Buffer | null> {
  const file = await disk.open(path, 'read').catch(() => null) // gone meanwhile
  if (!file) return null
  try {
    const bytes = Buffer.alloc(await file.size())
    return bytes.subarray(0, await file.read(bytes, 0))
  } finally {
    await file.close()
  }
}

const emptyState = (id: string, begun: Entry<'begun'>): JournalState => ({
  id,
  begun,
  made: new Set(),
  batches: [],
  flags: new Map(),
  undone: new Set(),
  ended: null,
  undo: null,
})

function take(state: JournalState, entry: JournalEntry): void {
  switch (entry.k) {
    case 'begun':
      return
    case 'mailbox':
      state.made.add(entry.raw)
      return
    case 'sending':
      state.batches.push({ ...entry, uids: null })
      state.ended = null
      return
    case 'sent': {
      const batch = state.batches.findLast(({ batch }) => batch === entry.batch)
      if (batch) batch.uids = entry.uids
      return
    }
    case 'flags':
      state.flags.set(placeKey(entry.raw, entry.uid), entry.flags)
      return
    case 'ended':
      state.ended = entry
      return
    case 'undone':
      for (const uid of entry.uids) state.undone.add(placeKey(entry.raw, uid))
      return
    case 'unmade':
      state.made.delete(entry.raw)
      return
    case 'undo ended':
      state.undo = entry
  }
}

const keyOf = (profileKey: Uint8Array, salt: Uint8Array) => hkdf(profileKey, salt, 'mailcoffer/1/restore')
const contextOf = (id: string, count: number): Uint8Array => Buffer.from(`mailcoffer/1/restore|${id}|${count}`)
