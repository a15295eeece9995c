/** Puts back into an archive what is damaged or missing in it and whole in a copy: in segments that both have, place by place. */
import { join } from 'node:path'
import { AppError } from '../../../contract/errors.ts'
import type { Clock } from '../../base/clock.ts'
import { type Disk, realDisk } from '../../base/files.ts'
import type { ArchiveKeys } from '../../keys/archiveKeys.ts'
import { bringSegment } from '../../log/bringSegment.ts'
import { takeLock } from '../../log/lock.ts'
import { logExtent, type SegmentExtent } from '../../log/logExtent.ts'
import { type Proof, proveSegment } from '../../log/proveSegment.ts'
import { segmentPath } from '../../log/segment.ts'
import type { JobContext } from '../types.ts'

export interface RepairPlan {
  /** Folder of the archive. Nobody may be writing to it. */
  dir: string
  /** Folder of the copy. */
  copy: string
  keys: ArchiveKeys
  clock: Clock
  disk?: Disk
}

export interface RepairReport {
  /** Segments that are whole again. */
  repaired: number
  /** Places that open neither here nor there. */
  damaged: number
}

/** Reads every byte of the archive. Throws archive-in-use, destination-missing, disk-full, read-only, permission-denied. */
export async function repairArchive({ dir, copy, keys, clock, disk = realDisk }: RepairPlan, context: JobContext): Promise<RepairReport> {
  const lock = await takeLock(join(dir, 'lock'), { clock, disk, signal: context.signal })
  try {
    const here = byNumber((await logExtent(dir, keys, disk, null)).segments)
    const there = byNumber((await logExtent(copy, keys, disk, null)).segments)
    const report: RepairReport = { repaired: 0, damaged: 0 }
    const last = Math.max(0, ...here.keys(), ...there.keys())
    context.progress({ phase: 'verifying', bytesTotal: [...here.values()].reduce((sum, { whole }) => sum + whole, 0) })
    let bytesDone = 0
    for (let number = 1; number <= last; number++) {
      await context.checkpoint()
      await repairSegment(number, here.get(number), there.get(number))
    }
    return report

    async function repairSegment(number: number, mine: SegmentExtent | undefined, copied: SegmentExtent | undefined): Promise<void> {
      const proof = mine && mine.size > 0 ? await prove(mine) : null
      // The segment after it says how much of it counts; without one, whoever has more has what the other lost.
      const whole = mine?.stated ? mine.whole : Math.max(mine?.whole ?? 0, copied?.whole ?? 0)
      if (proof && proof.damage.length === 0 && proof.length >= whole) return
      if (!copied || copied.size === 0) return stays(number, proof)
      if (mine?.salt && copied.salt && !Buffer.from(mine.salt).equals(copied.salt)) {
        context.failed(`segment ${number}`, new AppError('log-forked', 'the copy has another segment of this number', { facts: { segment: number } }))
        return stays(number, proof)
      }
      const own = proof !== null && proof.length >= whole
      const brought = await bringSegment({
        from: own ? dir : copy,
        to: dir,
        number,
        whole: own ? whole : copied.whole,
        keys,
        source: disk,
        disk,
        salt: mine?.salt ?? copied.salt,
        patch: own ? segmentPath(copy, number) : proof && segmentPath(dir, number),
        onBytes: () => context.checkpoint(),
      })
      if (proof && !isBetter(brought.proof, proof)) {
        await brought.drop()
        return stays(number, proof)
      }
      await brought.keep()
      context.count('added')
      if (brought.proof.damage.length === 0) report.repaired++
      else stays(number, brought.proof)
    }

    async function prove({ number, whole, salt }: SegmentExtent): Promise<Proof> {
      const proof = await proveSegment({ path: segmentPath(dir, number), number, keys, disk, salt, to: whole })
      bytesDone += proof.length
      context.progress({ bytesDone, current: `${number}/${last}` })
      return proof
    }

    function stays(number: number, proof: Proof | null): void {
      const places = proof?.damage ?? [{ offset: 0 }]
      report.damaged += places.length
      for (const { offset } of places)
        context.failed(
          `segment ${number} at ${offset}`,
          new AppError('record-damaged', 'the copy does not have it either', { facts: { segment: number, offset } }),
        )
    }
  } finally {
    await lock.release()
  }
}

const byNumber = (segments: readonly SegmentExtent[]) => new Map(segments.map(segment => [segment.number, segment]))

const isBetter = (one: Proof, other: Proof): boolean => one.length - lost(one) > other.length - lost(other)
const lost = ({ damage }: Proof): number => damage.reduce((sum, { length }) => sum + length, 0)
