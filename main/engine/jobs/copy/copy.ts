/**
 * Brings a copy up to its archive, segment by segment in their order, so that it is a whole archive of an earlier moment at all times. What is in the
 * copy is changed only where it is proven damaged, or where the archive went on.
 */
import { join } from 'node:path'
import { AppError } from '../../../contract/errors.ts'
import type { Clock } from '../../base/clock.ts'
import { type Disk, diskError, realDisk } from '../../base/files.ts'
import type { RecordId } from '../../base/ids.ts'
import type { ArchiveKeys } from '../../keys/archiveKeys.ts'
import { copyKeyring } from '../../keys/copyKeyring.ts'
import { readArchiveFile, writeArchiveFile } from '../../log/archiveFile.ts'
import { bringSegment } from '../../log/bringSegment.ts'
import { type CopiedSegment, type CopyFile, readCopyClaim, readCopyFile, writeCopyFile } from '../../log/copyFile.ts'
import { growSegment } from '../../log/growSegment.ts'
import { NO_COMMIT, writeHeadFile } from '../../log/headFile.ts'
import { takeLock } from '../../log/lock.ts'
import { logExtent, type SegmentExtent } from '../../log/logExtent.ts'
import { type Proof, proveSegment } from '../../log/proveSegment.ts'
import { listSegments, logDir, segmentPath } from '../../log/segment.ts'
import { readSegmentHeader } from '../../log/segmentFiles.ts'
import type { JobContext } from '../types.ts'

export interface CopyPlan {
  /** Folder of the archive. */
  from: string
  /** Folder of the copy: one that is a copy already, or a new, empty one. */
  to: string
  /** The copy's own id. The folder must hold it, unless `fresh`. */
  copy: string
  /** There is no copy yet: it is made. */
  fresh: boolean
  keys: ArchiveKeys
  clock: Clock
  /** Whatever was last read before this time (Unix ms) is read again. */
  reprove: number
  /** From now on the folder says durably that it is this copy. */
  claimed?(): void
  /** Of the copy; faults, in tests. */
  disk?: Disk
  source?: Disk
}

export interface CopyReport {
  /** What the archive had committed by then (Unix ms) is in the copy, and was read back. */
  finished: number
  seq: number
  /** Bytes of the copy's log, and of its segments how many. */
  bytes: number
  segments: number
  /** Bytes written, and bytes read again, by this run. */
  written: number
  proven: number
  /** Segments of the copy that were damaged, and are whole again. */
  repaired: number
  /** Places that open neither in the archive nor in the copy. */
  damaged: number
  /** Segments of the archive that are damaged while the copy has them whole. */
  archiveDamaged: number
  /** When the segment was read that was not read for the longest time. */
  oldestProof: number
  /** Where the archive's last segment ended, to see whether it went on. */
  segment: number
  length: number
  /** Generation of its keyring. */
  keyring: number
}

type WithDisks = CopyPlan & Required<Pick<CopyPlan, 'disk' | 'source'>>

interface State {
  segments: Map<number, CopiedSegment>
  file: Omit<CopyFile, 'segments'>
}

/** Throws destination-missing, disk-full, read-only, permission-denied, archive-in-use, log-forked, drive-unreliable. */
export async function copyArchive(plan: CopyPlan, context: JobContext): Promise<CopyReport> {
  const { from, to, keys, clock, disk = realDisk, source = realDisk } = plan
  const archive = await readArchiveFile(from, source)
  await prepareFolder(plan, disk)
  plan.claimed?.()
  const lock = await takeLock(join(to, 'lock'), { clock, disk, signal: context.signal })
  try {
    await removeLeftOvers(to, disk)
    const keyring = await copyKeyring(from, to, keys.archiveId, disk)
    return { ...(await bringUp({ ...plan, disk, source }, archive, context)), keyring }
  } finally {
    await lock.release()
  }
}

async function bringUp(plan: WithDisks, archive: { id: string; created: string }, context: JobContext): Promise<Omit<CopyReport, 'keyring'>> {
  const { from, to, keys, clock, disk, source, reprove } = plan
  const state = await readState(plan)
  const at = clock.now()
  const known = [...state.segments.values()].at(-1)
  const extent = await logExtent(from, keys, source, known ? { segment: known.number, offset: known.length } : null)
  const report = { written: 0, proven: 0, repaired: 0, damaged: 0, archiveDamaged: 0 }
  let bytesDone = 0
  let archiveFileWritten = false
  const sizes = await sizesOf(to, disk)
  const bytesTotal = extent.segments.reduce((sum, one) => sum + workOf(one, state.segments.get(one.number), sizes.get(one.number), reprove), 0)
  const move = async (bytes: number) => {
    bytesDone += bytes
    context.progress({ bytesDone: Math.min(bytesDone, bytesTotal), bytesTotal })
    await context.checkpoint()
  }
  if (extent.lostEnd) noteLostEnd()
  await checkSameLog(extent.segments, sizes)
  for (const segment of extent.segments) {
    await context.checkpoint()
    context.progress({ current: `${segment.number}/${extent.segments.length}` })
    await bringSegmentUp(segment)
  }
  checkNotAhead(extent.segments, sizes)
  state.file.finished = at
  await save()
  await writeArchiveFileOnce()
  const all = [...state.segments.values()]
  const end = all.at(-1)
  return {
    ...report,
    finished: at,
    seq: state.file.seq,
    bytes: all.reduce((sum, { length }) => sum + length, 0),
    segments: all.length,
    oldestProof: Math.min(at, ...all.map(({ proven }) => proven)),
    segment: end?.number ?? 0,
    // What a crash left behind the last commit is not waited for.
    length: Math.max(end?.length ?? 0, extent.segments.find(({ number }) => number === end?.number)?.size ?? 0),
  }

  async function bringSegmentUp(segment: SegmentExtent): Promise<void> {
    const { number, whole, size } = segment
    const entry = state.segments.get(number)
    const there = sizes.get(number)
    if (size < whole) shorterInArchive(segment)
    if (there === undefined) return bringNew(segment)
    const asProven = entry !== undefined && entry.length === there && entry.damaged === 0
    if (asProven && entry.length === whole && entry.proven >= reprove) return void context.count('unchanged')
    if (asProven && entry.length < whole && size >= whole && (await grow(segment, entry))) return
    if (there > whole && (await hasCommits(segment))) return keepLonger(segment)
    if (there !== whole) return bringNew(segment)
    await proveAgain(segment)
  }

  async function proveAgain(segment: SegmentExtent): Promise<void> {
    const { number, whole, salt } = segment
    context.progress({ phase: 'verifying' })
    const proof = await proveSegment({ path: segmentPath(to, number), number, keys, disk, salt, to: whole })
    report.proven += proof.length
    await move(proof.length)
    if (proof.damage.length === 0) return settle(segment, proof, 'unchanged')
    await bringNew(segment, proof)
  }

  /** `have`: what stands there now, where it was looked at. */
  async function bringNew(segment: SegmentExtent, have?: Proof): Promise<void> {
    const { number, whole, size, salt } = segment
    if (size === 0) return missingInArchive(segment, have)
    context.progress({ phase: 'writing' })
    const patch = sizes.has(number)
    const other = patch ? segmentPath(to, number) : null
    const brought = await bringSegment({ from, to, number, whole, keys, source, disk, salt, patch: other, onBytes: move })
    report.written += whole
    report.proven += whole
    const { proof } = brought
    if (brought.source.damage.length > 0 && size >= whole) noteArchiveDamage(segment, brought.source, proof.damage.length === 0)
    // Never worse than it was.
    const before = have ?? (patch && proof.damage.length > 0 ? await proveSegment({ path: segmentPath(to, number), number, keys, disk, salt }) : null)
    if (before && before.length >= whole && lostBytes(before) <= lostBytes(proof)) {
      await brought.drop()
      report.damaged += before.damage.length
      return settle(segment, before, 'failed')
    }
    await brought.keep()
    if (have) report.repaired++
    report.damaged += proof.damage.length
    await settle(segment, proof, 'added')
  }

  async function grow(segment: SegmentExtent, entry: CopiedSegment): Promise<boolean> {
    context.progress({ phase: 'writing' })
    const grown = await growSegment({ from, to, keys, source, disk, entry, segment, onBytes: move })
    // Its beginning is not what it was: a crash took back what was not durable yet. Then all of it is brought anew.
    if (!grown) return false
    report.written += segment.whole - entry.length
    report.proven += segment.whole - entry.length
    await settle(segment, { ...grown, length: segment.whole }, 'added', entry.proven)
    return true
  }

  /** More than the archive has, at its end: what the archive has lost, or what a cut-off write left behind. Elsewhere the next segment says what counts. */
  async function hasCommits({ number, whole, salt }: SegmentExtent): Promise<boolean> {
    if (number !== extent.segments.length) return false
    return (await proveSegment({ path: segmentPath(to, number), number, keys, disk, salt, from: whole })).lastCommit !== null
  }

  async function keepLonger(segment: SegmentExtent): Promise<void> {
    const proof = await proveSegment({ path: segmentPath(to, segment.number), number: segment.number, keys, disk, salt: segment.salt })
    report.archiveDamaged++
    failed(segment, 'log-truncated', 'the copy has more of this segment than the archive')
    await settle(segment, proof, 'unchanged')
  }

  /** Nothing to bring it from: what the copy has of it stays. */
  async function missingInArchive(segment: SegmentExtent, have?: Proof): Promise<void> {
    const { number, salt } = segment
    if (have) report.damaged += have.damage.length
    if (have) await settle(segment, have, 'failed')
    else if (sizes.has(number)) await settle(segment, await proveSegment({ path: segmentPath(to, number), number, keys, disk, salt }), 'failed')
  }

  function shorterInArchive(segment: SegmentExtent): void {
    report.archiveDamaged++
    if (segment.size === 0) failed(segment, 'segment-missing', 'this segment of the archive is not there')
    else failed(segment, 'log-truncated', `${segment.whole - segment.size} bytes at the end of this segment of the archive are missing`)
  }

  function noteArchiveDamage(segment: SegmentExtent, proof: Proof, copyIsWhole: boolean): void {
    report.archiveDamaged++
    const where = proof.damage.map(({ offset }) => offset).slice(0, 20)
    failed(segment, 'record-damaged', `damaged in the archive at ${where.join(', ')}${copyIsWhole ? '; the copy has it whole' : ''}`)
  }

  function noteLostEnd(): void {
    report.archiveDamaged++
    context.failed('archive', new AppError('log-truncated', 'the archive has lost its end', { facts: { path: from } }))
  }

  function failed({ number }: SegmentExtent, code: 'log-truncated' | 'segment-missing' | 'record-damaged', message: string): void {
    context.failed(`segment ${number}`, new AppError(code, message, { facts: { segment: number, path: segmentPath(from, number) } }))
  }

  /** What was found out about a segment becomes what the copy says of itself; then the next one is looked at. */
  async function settle(segment: SegmentExtent, proof: Proof, outcome: 'added' | 'unchanged' | 'failed', proven = clock.now()): Promise<void> {
    const { number } = segment
    const { length, sha256, damage, lastCommit } = proof
    state.segments.set(number, { number, length, sha256, proven, damaged: damage.length })
    sizes.set(number, length)
    const salt = proof.salt ?? segment.salt
    if (lastCommit && lastCommit.seq > state.file.seq)
      Object.assign(state.file, { seq: lastCommit.seq, commit: lastCommit.id, time: lastCommit.time })
    await save()
    if (salt && number === Math.max(...state.segments.keys())) {
      const { seq, commit, time } = state.file
      await writeHeadFile(to, keys, disk, { segment: number, length, salt: Buffer.from(salt).toString('hex'), seq, commit, time })
      // From now on it opens as an archive.
      await writeArchiveFileOnce()
    }
    if (outcome !== 'failed') context.count(outcome)
  }

  async function writeArchiveFileOnce(): Promise<void> {
    if (archiveFileWritten) return
    await writeIfOther(to, archive, disk)
    archiveFileWritten = true
  }

  async function save(): Promise<void> {
    const segments = [...state.segments.values()].sort((a, b) => a.number - b.number)
    await writeCopyFile(to, keys, disk, { ...state.file, segments })
  }

  /** Two histories under one id, as after a restore of an old backup that then went on: neither is written over the other. */
  async function checkSameLog(segments: readonly SegmentExtent[], there: ReadonlyMap<number, number>): Promise<void> {
    for (const { number, salt } of segments) {
      // Each header names the salt of the segment before it: the last one that was proven speaks for those before.
      const proven = number !== known?.number && state.segments.get(number)?.length === there.get(number)
      if (!there.has(number) || salt === null || proven) continue
      const header = await readSegmentHeader(to, number, keys, disk).catch(error => {
        throw diskError(error, to)
      })
      if (header && !Buffer.from(header.salt).equals(salt))
        throw new AppError('log-forked', `segment ${number} of the copy is not the archive's`, { facts: { path: to, segment: number } })
    }
  }

  function checkNotAhead(segments: readonly SegmentExtent[], there: ReadonlyMap<number, number>): void {
    const beyond = [...there.keys()].filter(number => number > (segments.at(-1)?.number ?? 0))
    if (beyond.length === 0) return
    report.archiveDamaged += beyond.length
    context.failed('archive', new AppError('log-truncated', 'the copy goes on where the archive ends', { facts: { path: from } }))
  }
}

function workOf({ whole }: SegmentExtent, entry: CopiedSegment | undefined, size: number | undefined, reprove: number): number {
  if (!entry || size !== entry.length || entry.damaged > 0) return whole
  if (entry.length !== whole) return Math.max(0, whole - entry.length)
  return entry.proven >= reprove ? 0 : whole
}

const lostBytes = ({ damage }: Proof): number => damage.reduce((sum, { length }) => sum + length, 0)

/** An empty folder under the mount point of a drive that is away looks like a place to write to: a copy that was there must be there. */
async function prepareFolder({ to, copy, fresh, keys, clock }: CopyPlan, disk: Disk): Promise<void> {
  const claim = await readCopyClaim(to, disk)
  if (claim?.archive === keys.archiveId && claim.copy === copy) return
  if (claim || !fresh) throw new AppError('destination-missing', `the copy is not at ${to}`, { facts: { path: to } })
  try {
    await disk.makeDir(logDir(to))
  } catch (error) {
    throw diskError(error, to)
  }
  const file = { archive: keys.archiveId, copy, created: clock.now(), seq: 0, commit: NO_COMMIT as RecordId, time: 0, finished: 0, segments: [] }
  await writeCopyFile(to, keys, disk, file)
}

async function readState({ to, copy, keys, clock, disk }: WithDisks): Promise<State> {
  const read = await readCopyFile(to, keys, disk)
  if (typeof read === 'object') {
    const { segments, ...file } = read
    return { file, segments: new Map(segments.map(one => [one.number, one])) }
  }
  // What it said of its segments is lost: each of them is proven anew.
  return {
    file: { archive: keys.archiveId, copy, created: clock.now(), seq: 0, commit: NO_COMMIT as RecordId, time: 0, finished: 0 },
    segments: new Map(),
  }
}

async function sizesOf(dir: string, disk: Disk): Promise<Map<number, number>> {
  const sizes = new Map<number, number>()
  try {
    for (const number of await listSegments(dir, disk)) sizes.set(number, (await disk.stat(segmentPath(dir, number)))?.size ?? 0)
  } catch (error) {
    throw diskError(error, dir)
  }
  return sizes
}

async function removeLeftOvers(dir: string, disk: Disk): Promise<void> {
  try {
    for (const folder of [dir, logDir(dir)])
      for (const name of (await disk.list(folder)) ?? []) if (name.endsWith('.tmp')) await disk.remove(join(folder, name))
  } catch (error) {
    throw diskError(error, dir)
  }
}

async function writeIfOther(to: string, archive: { id: string; created: string }, disk: Disk): Promise<void> {
  const there = await readArchiveFile(to, disk).catch(error => {
    if (error instanceof AppError && error.code === 'not-an-archive') return null
    throw error
  })
  if (there === null || there.salvaged || there.id !== archive.id) await writeArchiveFile(to, archive, disk)
}
