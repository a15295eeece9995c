/** The SQLite driver, loaded only where it can run. */
import { createRequire } from 'node:module'
import type Database from 'better-sqlite3'
import { AppError } from '../../contract/errors.ts'

export const NODE_API_NEEDED = 10

let loaded: typeof Database | null = null

/** For people who look into a problem: the version of the SQLite inside the driver. */
export function sqliteVersion(): string {
  const db = new (loadSqlite())(':memory:')
  try {
    return db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? ''
  } finally {
    db.close()
  }
}

/** Throws runtime-too-old. Below Node-API 10 (Node 22.14, Electron 36) the driver does not fail to load: it segfaults, so we ask first. */
export function loadSqlite(nodeApi: string | undefined = process.versions.napi): typeof Database {
  if (!(Number(nodeApi) >= NODE_API_NEEDED))
    throw new AppError(
      'runtime-too-old',
      `the index needs Node-API ${NODE_API_NEEDED} (Node 22.14, Electron 36); this is ${nodeApi ?? 'without one'}`,
      {
        facts: { needed: NODE_API_NEEDED, found: Number(nodeApi) || 0, node: process.versions.node },
      },
    )
  loaded ??= createRequire(import.meta.url)('better-sqlite3') as typeof Database
  return loaded
}
