/**
 * The two ways to open the index. A handle is branded, so that a function that reads cannot be given the writer, nor the other way round.
 * Settings are per connection and none of them is remembered by the file: `synchronous` silently becomes another one on the second open.
 */
import { closeSync, openSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { AppError } from '../../contract/errors.ts'
import { asIndexError } from './indexError.ts'
import { loadSqlite } from './sqlite.ts'

declare const brand: unique symbol
export type WriteDb = Database.Database & { readonly [brand]: 'write' }
export type ReadDb = Database.Database & { readonly [brand]: 'read' }
export type AnyDb = WriteDb | ReadDb

export interface IndexFile {
  path: string
  /** 32 bytes, ArchiveKeys.indexKey: used as it is, without a second derivation. */
  key: Uint8Array
}

// Measured on 20,000 messages: aegis 21 to 26 CPU s a 200,000, chacha20 34 to 40, sqlcipher 40. Both authenticate every page.
const CIPHER = 'aegis'
const PAGE = 4096
const WRITER_CACHE_KB = 12 * 1024 // what it lacks is in the system's cache
const READER_CACHE_KB = 24 * 1024 // lists and FTS leaves of what is on the screen; the system's cache has the rest
const CHECKPOINT_PAGES = 16_000 // 64 MB of WAL: only while writing never stops has a commit to wait for a checkpoint; else it comes with rest (maintenance.ts)
const WAL_KEPT = 16 * 1024 * 1024
const BUSY_MS = 5000

/** Creates the file where there is none (readable only by its owner). Throws index-damaged, disk-full, read-only, runtime-too-old. */
export function openWriteDb({ path, key }: IndexFile): WriteDb {
  return open(path, key, {}, db => {
    db.pragma(`page_size = ${PAGE}`)
    db.pragma('journal_mode = WAL')
    // A cache needs no fsync at each commit: after a power cut it is some commits old, and the log brings it up to date.
    // Not OFF: a checkpoint torn by a power cut could mix old pages with new ones, each authentic by itself.
    db.pragma('synchronous = NORMAL')
    db.pragma(`cache_size = -${WRITER_CACHE_KB}`)
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    db.pragma(`journal_size_limit = ${WAL_KEPT}`)
    db.pragma('foreign_keys = OFF')
  }) as WriteDb
}

/** Throws index-damaged where the file is missing, damaged, or the key is another one. */
export function openReadDb({ path, key }: IndexFile): ReadDb {
  return open(path, key, { readonly: true, fileMustExist: true }, db => {
    db.pragma('query_only = ON')
    db.pragma(`cache_size = -${READER_CACHE_KB}`)
  }) as ReadDb
}

function open(path: string, key: Uint8Array, options: Database.Options, settle: (db: Database.Database) => void): Database.Database {
  if (key.length !== 32) throw new AppError('internal', 'the index key has 32 bytes')
  const Sqlite = loadSqlite()
  let db: Database.Database | undefined
  try {
    if (!options.readonly) closeSync(openSync(path, 'a', 0o600))
    db = new Sqlite(path, { timeout: BUSY_MS, ...options })
    db.pragma(`cipher = '${CIPHER}'`)
    db.pragma(`key = "raw:${Buffer.from(key).toString('hex')}"`)
    db.pragma('temp_store = MEMORY') // else a sort spills plain text into a temporary file
    db.pragma('trusted_schema = OFF')
    db.prepare('SELECT count(*) FROM sqlite_schema').get() // the first read: a wrong key is noticed here
    settle(db)
    return db
  } catch (error) {
    db?.close()
    throw asIndexError(error, path)
  }
}
