/** The copies of the profile's archives: started by a person, or by themselves when their drive or share appears and when the archive went on. */
import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CopyLook, CopyState } from '../contract/copies.ts'
import { AppError, toPlainError } from '../contract/errors.ts'
import type { Job } from '../contract/types.ts'
import type { Archives } from './archives.ts'
import type { Clock } from './base/clock.ts'
import { createEmitter } from './base/emitter.ts'
import { diskError, realDisk } from './base/files.ts'
import { onSameDisk, pathWithinVolume, volumeOf } from './base/volumes.ts'
import { type CopyReport, copyArchive } from './jobs/copy/copy.ts'
import { type CopyPlace, findCopy, placeForCopy, whyAway } from './jobs/copy/place.ts'
import { repairArchive } from './jobs/copy/repair.ts'
import { passes, worthTrying } from './jobs/copy/wait.ts'
import { isEnded, type Runner } from './jobs/runner.ts'
import type { LongJobContext } from './jobs/types.ts'
import type { CopyEntry } from './keys/copyEntry.ts'
import { copyKeyring } from './keys/copyKeyring.ts'
import { readKeyring } from './keys/keyring.ts'
import { listSegments, segmentPath } from './log/segment.ts'
import type { Profiles } from './profiles.ts'
import type { Watches } from './watches.ts'

export interface Copies {
  list(archive: string): Promise<CopyState[]>
  /** Makes a copy there, or brings the one that is there up to date. */
  start(archive: string, to: string, options: CopyOptions): Promise<Job>
  /** What a copy there would be. Throws as `start` does, and writes nothing. */
  look(archive: string, to: string): Promise<CopyLook>
  /** Brings a known copy up to date, wherever it is now. Throws not-found. */
  startKnown(archive: string, copy: string, options: CopyOptions): Promise<Job>
  /** Puts back into the archive what is damaged there and whole in this copy; its index is made anew where anything was. Throws not-found. */
  repair(archive: string, copy: string): Promise<Job>
  /** Throws not-found. */
  setAuto(archive: string, copy: string, auto: boolean): Promise<void>
  /** Out of the profile; the folder stays as it is. */
  forget(archive: string, copy: string): Promise<void>
  onChange(listener: () => void): () => void
  close(): void
}

export interface CopyOptions {
  /** Reads all of the copy again, and not only what was not read for a month. */
  full: boolean
  /** Waits for the drive, the share, or room on it, in place of failing. */
  patient: boolean
  /** For a new copy; a known one keeps what was set. */
  auto?: boolean | undefined
}

interface Deps {
  archives: Archives
  runner: Runner
  profiles: Profiles
  watches: Watches
  clock: Clock
  /** In the app: known copies run by themselves. */
  automatic: boolean
  log(line: string): void
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
/** How often it is looked whether a drive has appeared. */
const LOOK_MS = 5 * SECOND
/** While mail comes in, the copy follows so often. */
const FOLLOW_MS = 15 * MINUTE
/** After a run that failed. */
const RETRY_MS = 60 * MINUTE
/** Flash that is never read loses its charge unnoticed: each byte is read again so often. */
const REPROVE_MS = 30 * DAY

export function createCopies({ archives, runner, profiles, watches, clock, automatic, log }: Deps): Copies {
  const changes = createEmitter<void>()
  const present = new Map<string, boolean>()
  const failedAt = new Map<string, number>()
  const ending = new AbortController()

  const known = async (archive: string, copy: string): Promise<CopyEntry> => {
    const entry = (await archives.copies(archive)).find(({ id }) => id === copy)
    if (!entry) throw new AppError('not-found', `no copy ${copy}`, { facts: { what: `copy ${copy}` } })
    return entry
  }
  const change = async (archive: string, copy: string, next: Partial<CopyEntry>) => {
    await archives.changeCopies(archive, all => all.map(one => (one.id === copy ? { ...one, ...next } : one)))
    changes.emit()
  }
  const running = (copy: string) => runner.list().find(job => job.kind === 'copy' && job.result['copy'] === copy && !isEnded(job))

  const run = (archive: string, place: CopyPlace, { full, patient }: CopyOptions): Job => {
    const job = runner.start({
      kind: 'copy',
      archive,
      key: place.copy,
      patient: false,
      run: async context => {
        context.result({ copy: place.copy, folder: place.dir })
        let fresh = place.fresh
        // Nothing is there yet to know a new copy's drive by, and the folder where it was mounted looks like a place to write to.
        const volume = fresh ? await volumeOf(place.dir) : null
        const freshAt = async () => (fresh && (await volumeOf(place.dir)) === volume ? place.dir : null)
        for (let attempt = 0; ; attempt++) {
          try {
            const claimed = () => {
              fresh = false
            }
            await runOnce(archive, place.copy, { freshAt: await freshAt(), claimed, full }, context)
            return
          } catch (error) {
            await noteError(archive, place.copy, error, context)
            if (!patient || !passes(error)) throw error
            await waitFor(error, attempt, archive, place.copy, freshAt, context)
            // What it waited for is over, and each segment is looked at anew.
            context.show({ outcomes: { added: 0, unchanged: 0, failed: 0 }, failures: [], error: null })
          }
        }
      },
    })
    changes.emit()
    return job
  }

  const runOnce = async (
    archive: string,
    copy: string,
    { freshAt, claimed, full }: { freshAt: string | null; claimed: () => void; full: boolean },
    context: LongJobContext,
  ) => {
    const entry = await known(archive, copy)
    const to = freshAt ?? (await findCopy(archive, entry))
    if (to === null) throw await whyAway(entry)
    const { keys, dir } = await archives.open(archive)
    const reprove = full ? clock.now() : clock.now() - REPROVE_MS
    const report = await copyArchive({ from: dir, to, copy, fresh: freshAt !== null, claimed, keys, clock, reprove }, context)
    failedAt.delete(copy)
    await noteSuccess(archive, copy, to, dir, report)
    const { written, proven, repaired, damaged, archiveDamaged, bytes, segments } = report
    context.result({ folder: to, written, proven, repaired, damaged, archiveDamaged, bytes, segments, sameDisk: await sameDiskOf(dir, to) })
  }

  const noteSuccess = async (archive: string, copy: string, to: string, from: string, report: CopyReport) => {
    const { finished, oldestProof, bytes, segment, length, damaged, archiveDamaged, keyring } = report
    const within = await pathWithinVolume(to).catch(error => {
      // Lost at the last moment: it is looked at once more when it is back.
      throw diskError(error, to)
    })
    await change(archive, copy, {
      dir: to,
      within,
      sameDisk: await sameDiskOf(from, to),
      last: { finished, oldestProof, bytes, segment, length, damaged, archiveDamaged, keyring },
      error: undefined,
    })
  }

  const noteError = async (archive: string, copy: string, error: unknown, context: LongJobContext) => {
    if (context.signal.aborted) return
    failedAt.set(copy, clock.now())
    await change(archive, copy, { error: toPlainError(error) })
  }

  const waitFor = async (
    error: AppError,
    attempt: number,
    archive: string,
    copy: string,
    freshAt: () => Promise<string | null>,
    context: LongJobContext,
  ) => {
    const ended = new AbortController()
    const find = async () => (await freshAt()) ?? findCopy(archive, await known(archive, copy))
    const back = worthTrying(error, { clock, find, signal: AbortSignal.any([context.signal, ended.signal]) })
    back.catch(() => {}) // ended with the wait
    await context.waitOut(error, attempt, back).finally(() => ended.abort())
  }

  const repair = async (archive: string, copy: string, context: LongJobContext) => {
    const entry = await known(archive, copy)
    const from = await findCopy(archive, entry)
    if (from === null) throw await whyAway(entry)
    const { dir } = await archives.summary(archive)
    await watches.without(archive, async () => {
      if (runner.list().some(job => job.kind === 'capture' && job.archive === archive && !isEnded(job)))
        throw new AppError('archive-in-use', 'a capture is under way')
      await readKeyring(dir, archive).catch(() => copyKeyring(from, dir, archive, realDisk))
      // Opened anew, nothing of it is open for writing.
      const { keys } = await archives.reopen(archive)
      const report = await repairArchive({ dir, copy: from, keys, clock }, context)
      context.result({ ...report, folder: from })
      if (report.repaired === 0) return
      await archives.reopen(archive)
      await archives.rebuild(archive, context)
    })
    if (entry.last) await change(archive, copy, { last: { ...entry.last, archiveDamaged: 0 } })
  }

  const stateOf = async (archive: string, dir: string, entry: CopyEntry): Promise<CopyState> => {
    const { id, auto, sameDisk, last, error } = entry
    const behindBytes = last ? await bytesBeyond(dir, last) : 0
    const face = error ? 'problem' : last === null ? 'never' : last.damaged > 0 ? 'damaged' : behindBytes > 0 ? 'behind' : 'safe'
    return {
      id,
      archive,
      dir: entry.dir,
      auto,
      present: present.get(id) ?? (await look(archive, entry)) !== null,
      state: face,
      safeAsOf: last?.finished ?? null,
      oldestProof: last?.oldestProof ?? null,
      bytes: last?.bytes ?? 0,
      behindBytes,
      damaged: last?.damaged ?? 0,
      archiveDamaged: last?.archiveDamaged ?? 0,
      sameDisk,
      ...(error && { error }),
    }
  }

  const looks = new Map<string, Promise<string | null>>()
  /** One look at a time: a share that hangs holds one thread of the system, and not all of them. */
  const look = (archive: string, entry: CopyEntry): Promise<string | null> => {
    const going = looks.get(entry.id)
    if (going) return going
    const looking = findCopy(archive, entry).finally(() => looks.delete(entry.id))
    looks.set(entry.id, looking)
    return looking
  }

  const start = async (archive: string, to: string, options: CopyOptions): Promise<Job> => {
    const { dir } = await archives.summary(archive)
    const place = await placeForCopy(to, { id: archive, dir })
    const before = (await archives.copies(archive)).find(({ id }) => id === place.copy)
    const entry: CopyEntry = {
      within: '',
      since: clock.now(),
      last: null,
      sameDisk: 'unknown',
      ...before,
      id: place.copy,
      dir: place.dir,
      auto: options.auto ?? before?.auto ?? true,
    }
    await archives.changeCopies(archive, all => [...all.filter(({ id }) => id !== place.copy), entry])
    changes.emit()
    return run(archive, place, options)
  }

  const lookThere = async (archive: string, to: string): Promise<CopyLook> => {
    const { dir } = await archives.summary(archive)
    const place = await placeForCopy(to, { id: archive, dir })
    // A folder that is made first is on the disk of the one above it.
    const there = await stat(place.dir).then(
      () => place.dir,
      () => dirname(place.dir),
    )
    const bytes = await bytesBeyond(dir, { segment: 0, length: 0 })
    const room = await statfs(there).catch(() => null)
    return {
      dir: place.dir,
      fresh: place.fresh,
      sameDisk: await sameDiskOf(dir, there),
      bytes,
      toWrite: await bytesMissing(dir, place.dir),
      free: room && room.bavail * room.bsize,
    }
  }

  const tick = async () => {
    const profile = await profiles.current()
    if (!profile.status().unlocked) return
    for (const { id: archive, state, dir } of await archives.list()) {
      if (state === 'missing' || state === 'problem') continue
      for (const entry of await archives.copies(archive)) void lookAfter(archive, dir, entry).catch(error => log(`copy: ${toPlainError(error).code}`))
    }
  }

  const lookAfter = async (archive: string, dir: string, entry: CopyEntry) => {
    const before = present.get(entry.id)
    const there = (await look(archive, entry)) !== null
    present.set(entry.id, there)
    if (before !== there) changes.emit()
    if (!entry.auto || !there || running(entry.id)) return
    const now = clock.now()
    // Also when the app was started with the drive in its place.
    const appeared = before !== true
    if (!appeared && now - (failedAt.get(entry.id) ?? 0) < RETRY_MS) return
    const behind = entry.last === null || (await bytesBeyond(dir, entry.last)) > 0
    const due = entry.last === null || appeared || now - entry.last.finished >= FOLLOW_MS
    const otherKeys = entry.last !== null && ((await keyringOf(archive, dir)) ?? entry.last.keyring) !== entry.last.keyring
    const old = entry.last !== null && now - entry.last.oldestProof >= REPROVE_MS
    if ((behind && due) || otherKeys || old || (appeared && entry.error))
      run(archive, { dir: entry.dir, copy: entry.id, fresh: false }, { full: false, patient: true })
  }

  const loop = async () => {
    for (;;) {
      await clock.sleep(LOOK_MS, ending.signal)
      await tick().catch(error => log(`copies: ${toPlainError(error).code}`))
    }
  }
  if (automatic) loop().catch(() => {}) // closed

  return {
    list: async archive => {
      const { dir } = await archives.summary(archive)
      return Promise.all((await archives.copies(archive)).map(entry => stateOf(archive, dir, entry)))
    },
    look: lookThere,
    start,
    startKnown: async (archive, copy, options) => {
      const { dir } = await known(archive, copy)
      return run(archive, { dir, copy, fresh: false }, options)
    },
    repair: async (archive, copy) => {
      await known(archive, copy)
      return runner.start({ kind: 'repair', archive, patient: false, run: context => repair(archive, copy, context) })
    },
    setAuto: async (archive, copy, auto) => {
      await known(archive, copy)
      await change(archive, copy, { auto })
    },
    forget: async (archive, copy) => {
      await known(archive, copy)
      const job = running(copy)
      if (job) {
        runner.cancel(job.id)
        await runner.wait(job.id)
      }
      await archives.changeCopies(archive, all => all.filter(({ id }) => id !== copy))
      changes.emit()
    },
    onChange: listener => changes.subscribe(listener),
    close: () => ending.abort(),
  }
}

/** Bytes of the log behind the place where a copy ends, without opening any of it; 0 where the archive is away. */
async function bytesBeyond(dir: string, { segment, length }: { segment: number; length: number }): Promise<number> {
  try {
    let sum = 0
    for (const number of await listSegments(dir, realDisk)) {
      if (number < segment) continue
      const { size } = await stat(segmentPath(dir, number))
      sum += Math.max(0, number === segment ? size - length : size)
    }
    return sum
  } catch {
    return 0 // what its state cannot tell, the archive's own state does
  }
}

/** Bytes of segments that are not there, or are of another size. */
async function bytesMissing(from: string, to: string): Promise<number> {
  let sum = 0
  for (const number of await listSegments(from, realDisk).catch(() => [])) {
    const { size } = await stat(segmentPath(from, number))
    const have = await stat(segmentPath(to, number)).catch(() => null)
    sum += Math.max(0, size - (have?.size ?? 0))
  }
  return sum
}

const sameDiskOf = (one: string, other: string) => onSameDisk(one, other).catch(() => 'unknown' as const)

const keyringOf = (archive: string, dir: string): Promise<number | null> =>
  readKeyring(dir, archive).then(
    ({ generation }) => generation,
    () => null,
  )
