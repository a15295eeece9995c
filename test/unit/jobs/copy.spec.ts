import { appendFileSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { realDisk } from '../../../main/engine/base/files.ts'
import { repairArchive } from '../../../main/engine/jobs/copy/repair.ts'
import { openWithProfile, readKeyring } from '../../../main/engine/keys/keyring.ts'
import { COPY, copyContext, PROFILE_KEY, runCopy, type SmallArchive, smallArchive, verified } from '../../help/copies.ts'
import { createFaultyDisk } from '../../help/faultyDisk.ts'
import { ID, keys, MASTER } from '../../help/logs.ts'

/** Kills and faults tried; `npm run soak -- copy` tries more. */
const MOMENTS = Number(process.env['MAILCOFFER_COPY_FAULTS'] ?? 16)

const segment = (dir: string, number: number) => join(dir, 'log', `${String(number).padStart(8, '0')}.seg`)
const segments = (dir: string) => readdirSync(join(dir, 'log')).filter(name => name.endsWith('.seg'))

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at]! ^= 1
  writeFileSync(path, bytes)
}

/** Every segment has the bytes of the archive's, as far as those count. */
function expectSame({ dir, to }: SmallArchive): void {
  expect(segments(to)).toEqual(segments(dir))
  for (const name of segments(to)) {
    const [one, other] = [readFileSync(join(dir, 'log', name)), readFileSync(join(to, 'log', name))]
    expect(other.equals(one.subarray(0, other.length)), name).toBe(true)
  }
}

describe('a copy', () => {
  it('is the archive again: same bytes, nothing damaged, opened by the same key', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 8; n++) await archive.add(3)
    const report = await runCopy(archive)
    expectSame(archive)
    expect(report).toMatchObject({ segments: segments(archive.dir).length, damaged: 0, archiveDamaged: 0, seq: 8, failures: [] })
    expect(await verified(archive.to)).toMatchObject({ damage: [], messages: 24, commits: 8 })
    const keyring = await readKeyring(archive.to, ID)
    expect(Buffer.from(await openWithProfile(keyring, PROFILE_KEY)).equals(MASTER)).toBe(true)
  })

  it('takes only what is new the next time, appended to what is there', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 8; n++) await archive.add(3)
    await runCopy(archive)
    const before = segments(archive.to).map(name => statSync(join(archive.to, 'log', name)).ino)
    await archive.add(1)
    await archive.add(6)
    const disk = createFaultyDisk()
    const report = await runCopy(archive, { disk })
    expect(report.written).toBeLessThan(8000)
    expect(
      segments(archive.to)
        .slice(0, before.length)
        .map(name => statSync(join(archive.to, 'log', name)).ino),
    ).toEqual(before)
    expectSame(archive)
    expect(await verified(archive.to)).toMatchObject({ damage: [], messages: 31 })
  })

  it('writes no mail where nothing is new', async () => {
    await using archive = await smallArchive()
    await archive.add(5)
    await runCopy(archive)
    expect(await runCopy(archive)).toMatchObject({ written: 0, proven: 0, damaged: 0 })
  })

  it('is a whole archive of an earlier moment wherever a run is killed', async () => {
    for (let at = 0; at < MOMENTS; at++) {
      await using archive = await smallArchive({ seed: at })
      for (let n = 0; n < 4; n++) await archive.add(3)
      if (at % 2) await runCopy(archive)
      for (let n = 0; n < 4; n++) await archive.add(3)
      const disk = createFaultyDisk()
      disk.dieAt(Math.floor((at * 85) / MOMENTS), length => Math.floor((length * (at % 7)) / 6))
      await runCopy(archive, { disk }).catch(() => {})
      if (existsSync(join(archive.to, 'log')) && segments(archive.to).length > 0)
        expect((await verified(archive.to)).damage.filter(({ what }) => what !== 'head')).toEqual([])
      rmSync(join(archive.to, 'lock'), { force: true }) // its holder is this very process, which lives on
      await runCopy(archive)
      expectSame(archive)
      expect(await verified(archive.to)).toMatchObject({ damage: [], messages: 24 })
    }
  })

  it('finishes after every fault: pulled, full, read-only or failing at any moment', async () => {
    for (let at = 0; at < MOMENTS; at++) {
      await using archive = await smallArchive({ seed: at })
      for (let n = 0; n < 3; n++) await archive.add(3)
      if (at % 2) await runCopy(archive)
      for (let n = 0; n < 4; n++) await archive.add(3)
      const before = await verified(archive.dir)
      const disk = createFaultyDisk()
      disk.failAt(Math.floor((at * 85) / MOMENTS), ['EIO', 'ENOSPC', 'EROFS', 'ENOENT', 'EACCES'][at % 5]!)
      await runCopy(archive, { disk }).catch(error =>
        expect(['destination-missing', 'disk-full', 'read-only', 'permission-denied']).toContain(error.code),
      )
      rmSync(join(archive.to, 'lock'), { force: true })
      await runCopy(archive)
      expectSame(archive)
      expect(await verified(archive.to)).toMatchObject({ damage: [], messages: 21 })
      expect(await verified(archive.dir)).toEqual(before)
    }
  })

  it('is begun when that is on the medium: a drive that is pulled before has nothing of it when it is back', async () => {
    await using archive = await smallArchive()
    await archive.add(5)
    const disk = createFaultyDisk()
    disk.failOnce('syncDir', 'EIO')
    let begun = 0
    const claimed = () => void begun++
    await expect(runCopy(archive, { disk, claimed })).rejects.toMatchObject({ code: 'destination-missing' })
    expect(begun).toBe(0)
    rmSync(archive.to, { recursive: true })
    await runCopy(archive, { disk, claimed })
    expect([begun, await verified(archive.to)]).toMatchObject([1, { damage: [], messages: 5 }])
  })

  it('does not write beside a drive that is away, though its mount point is there', async () => {
    await using archive = await smallArchive()
    await archive.add(5)
    await runCopy(archive)
    rmSync(archive.to, { recursive: true })
    await realDisk.makeDir(archive.to)
    await expect(runCopy(archive, { fresh: false })).rejects.toMatchObject({ code: 'destination-missing' })
    expect(readdirSync(archive.to)).toEqual([])
  })
})

describe('damage', () => {
  it('in the copy is found by a run that reads it again, and put right from the archive', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 8; n++) await archive.add(3)
    await runCopy(archive)
    for (let n = 0; n < MOMENTS; n++) {
      const path = segment(archive.to, 1 + (n % 4))
      flip(path, (n * 97) % statSync(path).size)
      const report = await runCopy(archive, { reprove: Number.MAX_SAFE_INTEGER })
      expect(report).toMatchObject({ repaired: 1, damaged: 0 })
      expectSame(archive)
    }
  })

  it('in the copy of another size, or missing, is noticed by any run', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 8; n++) await archive.add(3)
    await runCopy(archive)
    truncateSync(segment(archive.to, 2), 700)
    appendFileSync(segment(archive.to, 3), 'left over')
    rmSync(segment(archive.to, 4))
    await runCopy(archive)
    expectSame(archive)
    expect(await verified(archive.to)).toMatchObject({ damage: [], messages: 24 })
  })

  it('in copy.json costs a reading of everything, and nothing else', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 8; n++) await archive.add(3)
    await runCopy(archive)
    const path = join(archive.to, 'copy.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"finished":1', '"finished":2'))
    const report = await runCopy(archive)
    expect(report.written).toBe(0)
    expect(report.proven).toBe(report.bytes)
    expect(report.seq).toBe(8)
  })

  it('in the archive never goes into the copy, and is named', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 8; n++) await archive.add(3)
    await runCopy(archive)
    flip(segment(archive.dir, 2), 900)
    rmSync(segment(archive.dir, 3))
    const good = readFileSync(segment(archive.to, 2))
    flip(segment(archive.to, 2), 2000)
    const report = await runCopy(archive, { reprove: Number.MAX_SAFE_INTEGER })
    expect(report).toMatchObject({ repaired: 1, damaged: 0, archiveDamaged: 2 })
    expect(report.failures.map(({ what }) => what)).toEqual(['segment 2', 'segment 3'])
    expect(readFileSync(segment(archive.to, 2)).equals(good)).toBe(true)
    expect(await verified(archive.to)).toMatchObject({ damage: [], messages: 24 })
  })

  it('in the archive from before its first copy is copied as it is, named each time, and no record is lost over it', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 8; n++) await archive.add(3)
    flip(segment(archive.dir, 2), 900)
    expect(await runCopy(archive)).toMatchObject({ damaged: 1, archiveDamaged: 1 })
    expect(await runCopy(archive)).toMatchObject({ damaged: 1, archiveDamaged: 1 })
    expect((await verified(archive.to)).messages).toBe((await verified(archive.dir)).messages)
  })
})

describe('what is not the archive it was made of', () => {
  it('is not written over: a history that went on from the same place', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 4; n++) await archive.add(3)
    await runCopy(archive)
    const last = segments(archive.dir).at(-1)!
    // An old backup of the archive, put back and gone on with.
    await archive.log.close()
    rmSync(join(archive.dir, 'log', last))
    copyFileSync(join(archive.to, 'copy.json'), join(archive.dir, 'x.tmp'))
    rmSync(join(archive.dir, 'head.json'))
    await archive.reopen()
    for (let n = 0; n < 5; n++) await archive.add(3)
    const before = readFileSync(join(archive.to, 'log', last))
    await expect(runCopy(archive)).rejects.toMatchObject({ code: 'log-forked' })
    expect(readFileSync(join(archive.to, 'log', last)).equals(before)).toBe(true)
  })

  it('follows an archive whose last, not yet durable commits a power cut took back', async () => {
    await using archive = await smallArchive({ segmentBytes: 100_000 })
    await archive.add(3)
    const size = statSync(segment(archive.dir, 1)).size
    await archive.add(3)
    await runCopy(archive)
    await archive.log.close()
    truncateSync(segment(archive.dir, 1), size)
    rmSync(join(archive.dir, 'head.json'))
    await archive.reopen()
    for (let n = 0; n < 5; n++) await archive.add(3)
    await runCopy(archive)
    expectSame(archive)
    expect(await verified(archive.to)).toMatchObject({ damage: [], messages: 18 })
  })

  it('gets the id it was given, and keeps it', async () => {
    await using archive = await smallArchive()
    await archive.add(1)
    await runCopy(archive)
    expect(JSON.parse(readFileSync(join(archive.to, 'copy.json'), 'utf8'))).toMatchObject({ mailcoffer: 'copy', archive: ID, copy: COPY })
  })
})

describe('repair from a copy', () => {
  const repair = (archive: SmallArchive, context = copyContext()) =>
    repairArchive({ dir: archive.dir, copy: archive.to, keys, clock: systemClock }, context)

  it('puts back what is damaged, cut off or gone in the archive', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 10; n++) await archive.add(3)
    await runCopy(archive)
    await archive.add(2)
    await archive.log.close()
    const before = segments(archive.dir).map(name => readFileSync(join(archive.dir, 'log', name)))
    flip(segment(archive.dir, 1), 10)
    flip(segment(archive.dir, 2), 900)
    flip(segment(archive.dir, 2), 2500)
    rmSync(segment(archive.dir, 3))
    truncateSync(segment(archive.dir, 4), 1000)
    expect(await repair(archive)).toEqual({ repaired: 4, damaged: 0 })
    expect(segments(archive.dir).map(name => readFileSync(join(archive.dir, 'log', name)))).toEqual(before)
    expect(await verified(archive.dir)).toMatchObject({ damage: [], messages: 32 })
  })

  it('puts one whole segment together from two damaged ones', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 6; n++) await archive.add(3)
    await runCopy(archive)
    await archive.log.close()
    flip(segment(archive.dir, 2), 900)
    flip(segment(archive.to, 2), 2500)
    expect(await repair(archive)).toEqual({ repaired: 1, damaged: 0 })
    expect((await verified(archive.dir)).damage).toEqual([])
  })

  it('names what is damaged at the same place in both, and leaves it', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 6; n++) await archive.add(3)
    await runCopy(archive)
    await archive.log.close()
    flip(segment(archive.dir, 2), 900)
    flip(segment(archive.to, 2), 901)
    const context = copyContext()
    expect(await repair(archive, context)).toEqual({ repaired: 0, damaged: 1 })
    expect(context.failures).toHaveLength(1)
  })

  it('gives back the end that an archive had lost before it went on', async () => {
    await using archive = await smallArchive()
    for (let n = 0; n < 6; n++) await archive.add(3)
    await archive.reopen()
    await runCopy(archive)
    await archive.log.close()
    const names = segments(archive.dir)
    rmSync(join(archive.dir, 'log', names.at(-1)!))
    truncateSync(join(archive.dir, 'log', names.at(-2)!), 1500)
    await archive.reopen()
    await archive.add(2)
    await archive.log.close()
    expect((await verified(archive.dir)).damage).not.toEqual([])
    expect((await repair(archive)).damaged).toBe(0)
    expect(await verified(archive.dir)).toMatchObject({ damage: [], messages: 20 })
  })
})
