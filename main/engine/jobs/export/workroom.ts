/**
 * A folder beside the files of an export, for what is half-written: it goes when the export has ended. What a killed export left is taken away by
 * the next one. And while it is there, the place is still the one that was written to, and not the empty folder where a drive was mounted.
 */
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { uptime } from 'node:os'
import { basename, join } from 'node:path'
import type { Clock } from '../../base/clock.ts'
import { fileError } from '../../base/fileError.ts'
import { type Disk, writeFileAtomic } from '../../base/files.ts'
import { makeFolders } from '../../base/folders.ts'
import { randomSuffix } from '../../base/ids.ts'
import { processRuns, thisHost } from '../../log/lock.ts'
import { awayFrom } from '../copy/wait.ts'

export interface Workroom {
  readonly path: string
  /** Throws destination-missing or destination-other where the place is away, or another. Asks at most once a second. */
  check(): Promise<void>
  /** Whether the place can be reached now. */
  isThere(): Promise<boolean>
  /** Throws at once where it cannot, as `check` does. */
  mustBeThere(): Promise<void>
  /** Nothing of it stays; where the place is away, the next export takes it away. */
  close(): Promise<void>
}

const NAME = /^\.mailcoffer-[0-9a-f]{12}$/
const OWNER = 'owner'
const MAX_OWNER = 1000
const CHECK_EVERY_MS = 1000
/** Of another computer nobody can ask whether it still runs; an export that has not ended after so long is none. */
const FOREIGN_MS = 7 * 24 * 60 * 60 * 1000

interface Owner {
  host: string
  pid: number
  nonce: string
  /** Unix ms. */
  at: number
}

/** Those of this process that are in use. */
const inUse = new Set<string>()

/** Makes `dir` where it is missing. Throws destination-missing, disk-full, read-only, permission-denied. */
export async function openWorkroom(dir: string, { clock, disk }: { clock: Clock; disk: Disk }): Promise<Workroom> {
  const fail = fileError('destination-missing', dir)
  await makeFolders(dir).catch(fail)
  await tidy(dir, clock.now())
  const path = join(dir, `.mailcoffer-${randomSuffix()}`)
  const nonce = randomBytes(16).toString('hex')
  await fs.mkdir(path, { mode: 0o700 }).catch(fail)
  inUse.add(nonce)
  const close = async () => {
    inUse.delete(nonce)
    await fs.rm(path, { recursive: true, force: true }).catch(() => {}) // a drive that is gone cannot be tidied
  }
  try {
    // Durable, for a drive that is pulled has to be known again.
    await writeFileAtomic(join(path, OWNER), JSON.stringify({ host: thisHost(), pid: process.pid, nonce, at: clock.now() }), disk)
    await disk.syncDir(dir).catch(fail)
  } catch (error) {
    await close()
    throw error
  }
  const isThere = async () => (await ownerOf(path))?.nonce === nonce
  const mustBeThere = async () => {
    if (!(await isThere())) throw await awayFrom(dir, basename(path))
  }
  let checked = clock.now()
  return {
    path,
    isThere,
    mustBeThere,
    check: async () => {
      if (Math.abs(clock.now() - checked) < CHECK_EVERY_MS) return
      await mustBeThere()
      checked = clock.now()
    },
    close,
  }
}

async function tidy(dir: string, now: number): Promise<void> {
  for (const name of (await fs.readdir(dir).catch(() => [])).filter(one => NAME.test(one)))
    if (await isAbandoned(join(dir, name), now)) await fs.rm(join(dir, name), { recursive: true, force: true }).catch(() => {}) // it is only in the way
}

async function isAbandoned(path: string, now: number): Promise<boolean> {
  const owner = await ownerOf(path)
  if (owner?.host === thisHost()) {
    if (owner.pid === process.pid) return !inUse.has(owner.nonce)
    // After a restart of the computer another process may have its number.
    return !processRuns(owner.pid) || owner.at < now - uptime() * 1000
  }
  const touched = await fs.stat(path).catch(() => null)
  return touched !== null && now - touched.mtimeMs > FOREIGN_MS
}

async function ownerOf(path: string): Promise<Owner | null> {
  try {
    const { host, pid, nonce, at } = JSON.parse((await fs.readFile(join(path, OWNER), 'utf8')).slice(0, MAX_OWNER)) as Partial<Owner>
    const isWhole = typeof host === 'string' && Number.isSafeInteger(pid) && typeof nonce === 'string' && Number.isSafeInteger(at)
    return isWhole ? ({ host, pid, nonce, at } as Owner) : null
  } catch {
    return null // away, or killed before it was written
  }
}
