/**
 * Who writes: a lease in a file (docs/FORMAT.md section 7). Advisory, and made of nothing but create-if-absent and rename, because
 * that is what local disks, USB drives and network shares have in common.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import { dirname } from 'node:path'
import { z } from 'zod'
import { AppError, type ErrorFacts } from '../../contract/errors.ts'
import type { Clock } from '../base/clock.ts'
import { type Disk, diskError, readSmallFile, realDisk, systemCode, whileBusy } from '../base/files.ts'

export interface Lock {
  /** Throws archive-in-use when another writer took the lock over. Asks the disk at most once a second. */
  check(): Promise<void>
  /** Gives it up. May be called twice. */
  release(): Promise<void>
}

export interface LockOptions {
  clock: Clock
  disk?: Disk
  /** Ends the wait for a lock that looks abandoned. */
  signal?: AbortSignal
  /** In tests: another machine, another process. */
  self?: { host: string; pid: number }
  isRunning?: (pid: number) => boolean
  /** Unix ms. */
  bootedAt?: number
}

export const BEAT = 5_000
/** Twelve beats missed: not even a share that comes and goes explains it. */
export const ABANDONED = 60_000
/** A living holder would have written its line anew twice in this time. */
export const UNREADABLE = 12_000
// A commit a second may ask the disk who holds the lock; a hundred commits a second need not.
const CHECK_EVERY = 1_000
const MAX_BYTES = 4096

const shape = z.object({ host: z.string(), pid: z.number().int(), nonce: z.string(), beat: z.number().int() })
type Lease = z.infer<typeof shape>

/** Nonces of the locks that this process holds. What else bears its number is left from a drive that was pulled while it was written, and is back. */
const held = new Set<string>()

/**
 * Takes the lock at `path`. Throws archive-in-use with the facts `pid` and `here` (a process of this computer); read-only,
 * permission-denied, disk-full, destination-missing. Where the holder looks abandoned it waits up to a minute to make sure.
 */
export async function takeLock(path: string, options: LockOptions): Promise<Lock> {
  const { clock, disk = realDisk, self = { host: thisHost(), pid: process.pid } } = options
  const lease: Lease = { ...self, nonce: randomBytes(16).toString('hex'), beat: clock.now() }
  held.add(lease.nonce)
  try {
    // Each round gets the lock, or finds somebody who has it; three in a row that do neither have met a very busy door.
    for (let round = 0; round < 3; round++) {
      if (await create(path, lease, disk)) return hold(path, lease, clock, disk)
      const holder = await readLease(path, disk)
      if (holder === null) continue // given up in the meantime
      if (!(await isAbandoned(path, holder, self, options, disk))) throw inUse(path, holder, self)
      await removeAbandoned(path, holder, lease.nonce, disk)
    }
    throw inUse(path, null, self)
  } catch (error) {
    held.delete(lease.nonce)
    throw diskError(error, path)
  }
}

async function create(path: string, lease: Lease, disk: Disk): Promise<boolean> {
  try {
    const file = await disk.open(path, 'create')
    try {
      await file.write(Buffer.from(encode(lease)), 0)
      // After a power cut an empty lock would tell nobody that its holder is gone.
      await file.datasync()
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    // Created, but with no room for a line in it: nobody could tell whose it is.
    if (systemCode(error) === 'ENOSPC') await disk.remove(path).catch(() => {})
    throw error
  }
}

/** `unreadable`: it is there, and says nothing yet, or any more. */
async function readLease(path: string, disk: Disk): Promise<Lease | 'unreadable' | null> {
  const bytes = await readSmallFile(path, MAX_BYTES, disk).catch(error => {
    if (error instanceof AppError) return new Uint8Array()
    if (systemCode(error) === 'ENOENT') return null
    throw error
  })
  if (!bytes) return null
  try {
    return shape.parse(JSON.parse(Buffer.from(bytes).toString()))
  } catch {
    return 'unreadable' // a line half written reads like this; whoever wrote it beats again within seconds
  }
}

async function isAbandoned(path: string, holder: Lease | 'unreadable', self: { host: string }, options: LockOptions, disk: Disk): Promise<boolean> {
  const { clock, isRunning = processRuns, bootedAt = clock.now() - uptime() * 1000 } = options
  if (holder === 'unreadable') return unchangedFor(UNREADABLE, path, holder, options, disk)
  if (holder.host === thisHost() && holder.pid === process.pid && !held.has(holder.nonce)) return true
  // After a reboot another process may have its number.
  if (holder.host === self.host && (!isRunning(holder.pid) || holder.beat < bootedAt)) return true
  // Clocks of two machines differ, but one file server stamps both files: a lock that was touched lately is not worth a minute's wait.
  return (await looksOld(path, disk)) && unchangedFor(ABANDONED, path, holder, options, disk)
}

async function looksOld(path: string, disk: Disk): Promise<boolean> {
  const probe = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    const file = await disk.open(probe, 'create')
    await file.write(Buffer.from('0'), 0)
    await file.close()
    const [now, then] = [await disk.stat(probe), await disk.stat(path)]
    // A stamp from the future says nothing about age either: watch it.
    return now !== null && then !== null && Math.abs(now.mtimeMs - then.mtimeMs) >= ABANDONED
  } finally {
    await disk.remove(probe)
  }
}

async function unchangedFor(ms: number, path: string, holder: Lease | 'unreadable', { clock, signal }: LockOptions, disk: Disk): Promise<boolean> {
  const before = JSON.stringify(holder)
  const until = clock.now() + ms
  while (clock.now() < until) {
    await clock.sleep(Math.min(BEAT, until - clock.now()), signal)
    if (JSON.stringify(await readLease(path, disk)) !== before) return false
  }
  return true
}

/** Moves the abandoned lease away; of two who try, one finds that it moved something else, and puts it back. */
async function removeAbandoned(path: string, holder: Lease | 'unreadable', nonce: string, disk: Disk): Promise<void> {
  const aside = `${path}.${nonce}.tmp`
  try {
    await disk.rename(path, aside)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return
    throw error
  }
  const moved = await readLease(aside, disk)
  if (JSON.stringify(moved) !== JSON.stringify(holder) && (await disk.stat(path)) === null) await disk.rename(aside, path)
  else await disk.remove(aside)
}

function hold(path: string, lease: Lease, clock: Clock, disk: Disk): Lock {
  const end = new AbortController()
  let lost = false
  let checked = clock.now()
  const beating = beat()

  return { check, release }

  async function beat(): Promise<void> {
    while (!end.signal.aborted && !lost) {
      await clock.sleep(BEAT, end.signal).catch(() => {}) // woken by release: the loop ends
      if (end.signal.aborted) return
      // The drive may be away for a while. Whether the lock is lost is known when it is back.
      await touch().catch(() => {})
    }
  }

  /** Reads, and writes only into the very file it has read: a lease that another writer put in its place is never overwritten. */
  async function touch(): Promise<void> {
    let file: Awaited<ReturnType<Disk['open']>>
    try {
      file = await disk.open(path, 'write')
    } catch (error) {
      // Gone, while its folder is still there: somebody removed it, and may be writing.
      if (systemCode(error) === 'ENOENT' && (await disk.list(dirname(path))) !== null) lost = true
      throw error
    }
    try {
      const bytes = Buffer.alloc(MAX_BYTES)
      const text = bytes.toString('utf8', 0, await file.read(bytes, 0))
      if (!text.includes(lease.nonce)) {
        lost = true
        return
      }
      checked = clock.now()
      await file.write(Buffer.from(encode({ ...lease, beat: checked })), 0)
    } finally {
      await file.close()
    }
  }

  async function check(): Promise<void> {
    if (!lost && Math.abs(clock.now() - checked) >= CHECK_EVERY)
      await touch().catch(error => {
        if (!lost) throw diskError(error, path)
      })
    if (lost) throw new AppError('archive-in-use', 'another writer has taken over', { facts: { path, takenOver: true } })
  }

  async function release(): Promise<void> {
    if (end.signal.aborted) return
    end.abort()
    await beating
    held.delete(lease.nonce)
    const holder = await readLease(path, disk).catch(() => null)
    // A drive that is away keeps the file; whoever opens it next finds that our process is gone.
    if (holder !== null && holder !== 'unreadable' && holder.nonce === lease.nonce) await whileBusy(() => disk.remove(path)).catch(() => {})
  }
}

/** Always of the same length for the same holder, so that a beat overwrites it as a whole. */
const encode = (lease: Lease): string => `${JSON.stringify(lease)}\n`

function inUse(path: string, holder: Lease | 'unreadable' | null, self: { host: string }): AppError {
  const known = holder !== null && holder !== 'unreadable'
  const facts: ErrorFacts = known ? { path, host: holder.host, pid: holder.pid, here: holder.host === self.host } : { path }
  return new AppError('archive-in-use', 'another writer holds the lock', { facts })
}

/** Tells machines apart without saying which it is: an archive's folder names nobody. */
export function thisHost(): string {
  return createHash('sha256').update(`mailcoffer/1/host|${hostname()}|${machineId()}`).digest('hex').slice(0, 32)
}

/** Two machines with one name (containers, "localhost") differ in this; '' where the system has no such file. */
function machineId(): string {
  for (const path of ['/etc/machine-id', '/var/lib/dbus/machine-id'])
    try {
      return readFileSync(path, 'utf8').trim()
    } catch {
      // not on this system
    }
  return ''
}

export function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) !== 'ESRCH'
  }
}
