/** The process dies, the power goes, the disk fills up or fails: what was committed is there, and nothing is there twice. */
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import type { Disk } from '../../../main/engine/base/files.ts'
import type { Fact } from '../../../main/engine/log/facts.ts'
import { createLog, openLogWriter, type Recovered } from '../../../main/engine/log/open.ts'
import { createReader } from '../../../main/engine/log/reader.ts'
import type { LogWriter, RecordId } from '../../../main/engine/log/types.ts'
import { createFaultyDisk, Died } from '../../help/faultyDisk.ts'
import { blob, ID, keys, manualClock, message, placed, scanAll } from '../../help/logs.ts'
import { createMemoryDisk, type MemoryDisk } from '../../help/memoryDisk.ts'

const DIR = '/archive'
const clock = manualClock()
// Small enough that a handful of messages rolls over several segments, in the middle of a batch too.
const segmentBytes = 900
const lock = { isRunning: () => false }

const batches = Array.from({ length: 5 }, (_, batch) =>
  Array.from({ length: 3 }, (_, i) => message(`From: ${batch}.${i}\r\n\r\n${'text '.repeat(5 + 7 * i)}\r\n`)),
)
const uidOf = (batch: number, i: number) => batch * 10 + i + 1
const factsOf = (batch: number): Fact[] => batches[batch]!.map((one, i) => placed(uidOf(batch, i), one.id, one.whole.length))

/** Five batches, each confirmed when its commit is durable. */
async function work(log: LogWriter, confirmed: (batch: number) => void, from = 0): Promise<void> {
  for (let batch = from; batch < batches.length; batch++) {
    for (const one of batches[batch]!) await log.put([blob(`blob of ${one.id}`), one])
    await log.commit(factsOf(batch))
    confirmed(batch)
  }
}

async function freshArchive(): Promise<MemoryDisk> {
  const disk = createMemoryDisk()
  const log = await createLog(DIR, { id: ID, keys, clock, disk, segmentBytes })
  await log.close()
  return disk
}

interface Content {
  uids: number[]
  messages: Set<RecordId>
  damage: unknown[]
  recovered: (Fact & { k: 'recovered' })[]
}

async function contentOf(disk: Disk): Promise<Content> {
  const reader = createReader(DIR, keys, disk)
  const content: Content = { uids: [], messages: new Set(), damage: [], recovered: [] }
  const loose: RecordId[] = []
  for (const item of await scanAll(reader, { full: true })) {
    if (item.type === 'damage') content.damage.push(item.damage)
    if (item.type === 'record' && item.kind === 'message') loose.push(item.id)
    if (item.type !== 'commit') continue
    for (const id of loose.splice(0)) content.messages.add(id)
    for (const fact of item.commit.facts) {
      if (fact.k === 'recovered') content.recovered.push(fact)
      if (fact.k !== 'placed') continue
      content.uids.push(fact.uid)
      if (!content.messages.has(fact.id as RecordId)) content.damage.push(`commit ${item.commit.seq} names a message that is not there`)
    }
  }
  await reader.close()
  return content
}

const uidsUpTo = (batch: number) => batches.slice(0, batch + 1).flatMap((messages, b) => messages.map((_, i) => uidOf(b, i)))

/** Opens after a crash, finishes the work, and looks at everything. Says what the opening found. */
async function goOn(disk: MemoryDisk, confirmed: number): Promise<Recovered | null> {
  // Before anybody repairs anything, a reader sees whole commits and no damage.
  const seen = await contentOf(disk)
  expect(seen.damage).toEqual([])
  let recovered: Recovered | null = null
  const log = await openPatiently(disk, what => {
    recovered = what
  })
  const done = (log.head?.seq ?? 0) - 1
  expect(done).toBeGreaterThanOrEqual(confirmed)
  expect(done).toBeLessThanOrEqual(confirmed + 1)
  await work(log, () => {}, done + 1)
  await log.close()
  const content = await contentOf(disk)
  expect(content.damage).toEqual([])
  expect(content.uids).toEqual(uidsUpTo(batches.length - 1))
  return recovered
}

/** A lock that was being written when its holder died says nothing: it is watched for some seconds, which pass quickly here. */
async function openPatiently(disk: MemoryDisk, onRecovered: (what: Recovered) => void): Promise<LogWriter> {
  const clock = manualClock()
  let waiting = true
  const opening = openLogWriter(DIR, { keys, clock, disk, segmentBytes, lock, onRecovered }).finally(() => {
    waiting = false
  })
  while (waiting) {
    await new Promise(setImmediate)
    if (waiting) clock.advance(100)
  }
  return opening
}

async function run(disk: MemoryDisk, dieAt: number, torn: (length: number) => number): Promise<{ confirmed: number; survived: boolean }> {
  const faulty = createFaultyDisk(disk)
  let confirmed = -1
  faulty.dieAt(dieAt, torn)
  try {
    const log = await openLogWriter(DIR, { keys, clock, disk: faulty, segmentBytes, lock })
    await work(log, batch => (confirmed = batch))
    await log.close()
  } catch (error) {
    if (!faulty.dead) throw error
  }
  return { confirmed, survived: !faulty.dead }
}

describe('the process dies', () => {
  const tears: [string, (length: number) => number][] = [
    ['before the write', () => 0],
    ['after the first byte', () => 1],
    ['in the middle', length => length >> 1],
    ['before the last byte', length => length - 1],
    ['after the write, before anybody knows', length => length],
  ]
  it.each(tears)('at every single act on the disk, %s: what was confirmed is there, and the work goes on', async (_name, torn) => {
    const empty = await freshArchive()
    let points = 0
    let tornEnds = 0
    for (let act = 0; ; act++) {
      const disk = empty.copy()
      const { confirmed, survived } = await run(disk, act, torn)
      if (survived) break
      points++
      if (await goOn(disk, confirmed)) tornEnds++
    }
    expect(points).toBeGreaterThan(40)
    if (_name !== 'before the write') expect(tornEnds).toBeGreaterThan(3)
  })

  it('at every byte of the last write', async () => {
    const empty = await freshArchive()
    // The last batch's write: found by trying, since ids and nonces change its length by a byte or two.
    const trial = createFaultyDisk(empty.copy())
    const log = await openLogWriter(DIR, { keys, clock, disk: trial, segmentBytes: 1 << 20, lock })
    await work(log, () => {})
    const writes = trial.acts
      .map(({ act, path, length }, index) => ({ act, path, length, index }))
      .filter(one => one.act === 'write' && one.path.endsWith('.seg'))
    await log.close()
    const last = writes.at(-1)!
    for (let bytes = 0; bytes <= last.length; bytes += 7) {
      const disk = empty.copy()
      const faulty = createFaultyDisk(disk)
      faulty.dieAt(last.index, length => Math.min(bytes, length))
      let confirmed = -1
      const dying = await openLogWriter(DIR, { keys, clock, disk: faulty, segmentBytes: 1 << 20, lock })
      await expect(work(dying, batch => (confirmed = batch))).rejects.toThrow()
      expect(confirmed).toBe(3)
      await goOn(disk, confirmed)
    }
  })

  it('again and again, before it has written anything new: the torn end is told of once, by the first commit', async () => {
    const disk = await freshArchive()
    const faulty = createFaultyDisk(disk)
    faulty.failOnce('write', 'EIO', { path: /seg$/, torn: 100 })
    const dying = await openLogWriter(DIR, { keys, clock, disk: faulty, segmentBytes, lock })
    await expect(dying.commit([])).rejects.toThrow()
    const confirmed = -1
    for (let i = 0; i < 3; i++) {
      const faulty = createFaultyDisk(disk)
      const log = await openLogWriter(DIR, { keys, clock, disk: faulty, segmentBytes, lock })
      faulty.dieAt(0)
      await expect(log.commit([])).rejects.toThrow()
    }
    await goOn(disk, confirmed)
    expect((await contentOf(disk)).recovered).toHaveLength(1)
  })

  it('with a log that has no head.json any more: the end is found all the same', async () => {
    const empty = await freshArchive()
    for (let act = 5; ; act += 3) {
      const disk = empty.copy()
      const { confirmed, survived } = await run(disk, act, length => length >> 1)
      await disk.remove(`${DIR}/head.json`)
      const log = await openLogWriter(DIR, { keys, clock, disk, segmentBytes, lock })
      expect((log.head?.seq ?? 0) - 1).toBeGreaterThanOrEqual(confirmed)
      await work(log, () => {}, log.head?.seq ?? 0)
      await log.close()
      expect((await contentOf(disk)).uids).toEqual(uidsUpTo(batches.length - 1))
      if (survived) break
    }
  })
})

describe('the power goes', () => {
  // Which unsynced bytes reached the disk: none, all, a part of each, every other write, only the later ones.
  const kept: [string, (write: { length: number; index: number }) => number][] = [
    ['nothing that was not synced is on the disk', () => 0],
    ['half of each unsynced write is on the disk', ({ length }) => length >> 1],
    ['only later writes are on the disk', ({ length, index }) => (index === 0 ? 0 : length)],
  ]
  it.each(kept)('at every act, and %s: what was confirmed is there', async (_name, keep) => {
    const empty = await freshArchive()
    for (let act = 0; ; act++) {
      const disk = empty.copy()
      const { confirmed, survived } = await run(disk, act, length => length)
      if (survived) break
      disk.powerCut(keep)
      await goOn(disk, confirmed)
    }
  })

  it('and the disk kept the last commit, but not what it names: that commit does not count', async () => {
    const disk = await freshArchive()
    const log = await openLogWriter(DIR, { keys, clock, disk, segmentBytes: 1 << 20, lock })
    await work(log, () => {})
    const path = `${DIR}/log/00000001.seg`
    // As if the first page of the last batch had not been written before the power went.
    const bytes = disk.bytes(path)
    const batch = (await scanAll(log)).filter(item => item.type === 'record' && item.kind === 'blob').at(-3)!
    if (batch.type === 'record') bytes.fill(0, batch.place.offset, batch.place.offset + 60)
    disk.set(path, bytes)
    let recovered: Recovered | null = null
    const next = await openLogWriter(DIR, { keys, clock, disk, lock, onRecovered: what => (recovered = what) })
    expect(next.head!.seq).toBe(4)
    expect(recovered).toMatchObject({ segment: 1, length: bytes.length, damage: [] })
    await work(next, () => {}, 4)
    await next.close()
    expect(await contentOf(disk)).toMatchObject({ uids: uidsUpTo(4), damage: [] })
  })
})

describe('the disk is full', () => {
  it('at every byte: disk-full, everything committed stays, and the same batch goes in once there is room', async () => {
    const empty = await freshArchive()
    // One message a batch, and a new segment for each: every kind of write there is, in few bytes.
    const segmentBytes = 500
    for (let room = 0; ; room++) {
      const disk = empty.copy()
      const faulty = createFaultyDisk(disk)
      const log = await openLogWriter(DIR, { keys, clock, disk: faulty, segmentBytes, lock })
      faulty.room = room
      let confirmed = -1
      let failed = false
      for (let batch = 0; batch < 2; ) {
        try {
          await log.put(batches[batch]!.slice(0, 1))
          await log.commit(factsOf(batch).slice(0, 1))
          confirmed = batch++
        } catch (error) {
          expect((error as AppError).code).toBe('disk-full')
          failed = true
          expect(log.head?.seq ?? 0).toBe(confirmed + 1)
          faulty.room = Number.POSITIVE_INFINITY
        }
      }
      await log.close()
      // Nothing is left over for the next opening to wonder about.
      const again = await openLogWriter(DIR, { keys, clock, disk, segmentBytes, lock, onRecovered: what => expect.fail(JSON.stringify(what)) })
      expect(again.head!.seq).toBe(2)
      await again.close()
      expect(await contentOf(disk)).toMatchObject({ damage: [], uids: [uidOf(0, 0), uidOf(1, 0)] })
      if (!failed) break
    }
  }, 60_000)

  it('again and again: no file is left behind but the segments that have something to say', async () => {
    const disk = await freshArchive()
    const faulty = createFaultyDisk(disk)
    const log = await openLogWriter(DIR, { keys, clock, disk: faulty, lock })
    faulty.room = 0
    for (let i = 0; i < 20; i++) await expect(log.commit([])).rejects.toMatchObject({ code: 'disk-full' })
    expect(disk.paths().filter(path => path.endsWith('.seg'))).toHaveLength(1)
    faulty.room = Number.POSITIVE_INFINITY
    await log.commit([])
    await log.close()
    expect(disk.paths().filter(path => path.endsWith('.tmp'))).toEqual([])
    expect((await contentOf(disk)).damage).toEqual([])
  })
})

describe('the disk fails', () => {
  it.each([
    ['EIO', 'destination-missing'],
    ['ENOSPC', 'disk-full'],
    ['EROFS', 'read-only'],
    ['EACCES', 'permission-denied'],
  ])('%s at any act is told as %s, and the batch can be given again', async (system, code) => {
    const empty = await freshArchive()
    for (let skip = 0; ; skip++) {
      const disk = empty.copy()
      const faulty = createFaultyDisk(disk)
      const log = await openLogWriter(DIR, { keys, clock, disk: faulty, segmentBytes, lock })
      const before = faulty.acts.length
      // The n-th act, whichever it is.
      faulty.failAt(before + skip, system)
      let failures = 0
      for (let batch = 0; batch < batches.length; ) {
        try {
          await log.put(batches[batch]!)
          await log.commit(factsOf(batch))
          batch++
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          expect((error as AppError).code).toBe(code)
          failures++
        }
      }
      await log.close()
      expect(await contentOf(disk)).toMatchObject({ damage: [], uids: uidsUpTo(batches.length - 1) })
      if (faulty.acts.length <= before + skip) break
      // The last acts are those of closing, which loses nothing and says nothing.
      expect(failures).toBeLessThanOrEqual(1)
    }
  })

  it('a failed fsync is believed: nothing written before it counts, though it may be whole', async () => {
    const disk = await freshArchive()
    const faulty = createFaultyDisk(disk)
    const log = await openLogWriter(DIR, { keys, clock, disk: faulty, lock })
    await log.put(batches[0]!)
    faulty.failOnce('datasync', 'EIO')
    await expect(log.commit(factsOf(0))).rejects.toMatchObject({ code: 'destination-missing' })
    expect(log.head).toBeNull()
    await log.put(batches[0]!)
    const commit = await log.commit(factsOf(0))
    expect(commit).toMatchObject({ seq: 1, place: { segment: 2 } })
    expect(commit.facts[0]).toMatchObject({ k: 'recovered', segment: 1, whole: 288 })
    await log.close()
    const content = await contentOf(disk)
    expect(content).toMatchObject({ damage: [], uids: uidsUpTo(0) })
    expect(content.recovered).toHaveLength(1)
  })

  it('a drive pulled and plugged in again goes on, in a new segment', async () => {
    const disk = await freshArchive()
    const faulty = createFaultyDisk(disk)
    const log = await openLogWriter(DIR, { keys, clock, disk: faulty, lock })
    await log.put(batches[0]!)
    await log.commit(factsOf(0))
    faulty.pull()
    for (let i = 0; i < 2; i++)
      await expect(log.put(batches[1]!).then(() => log.commit(factsOf(1)))).rejects.toMatchObject({ code: 'destination-missing' })
    const [first] = await scanAll(createReader(DIR, keys, disk))
    if (first?.type === 'record') await expect(log.read(first.place, first.id)).rejects.toMatchObject({ code: 'destination-missing' })
    faulty.plug()
    if (first?.type === 'record') await log.read(first.place, first.id)
    await log.put(batches[1]!)
    expect((await log.commit(factsOf(1))).place.segment).toBe(2)
    await log.close()
    expect(await contentOf(disk)).toMatchObject({ damage: [], uids: uidsUpTo(1) })
  })
})

describe('the end of a log that had been closed is gone', () => {
  it('it is told, and the work goes on without taking the place of what was lost', async () => {
    const whole = await freshArchive()
    const log = await openLogWriter(DIR, { keys, clock, disk: whole, segmentBytes: 1 << 20, lock })
    await work(log, () => {})
    await log.close()
    const path = `${DIR}/log/00000001.seg`
    for (const cut of [0, 100, 288, 700, whole.bytes(path).length - 1]) {
      const disk = whole.copy()
      disk.set(path, disk.bytes(path).subarray(0, cut))
      let recovered: Recovered | null = null
      const next = await openLogWriter(DIR, { keys, clock, disk, lock, onRecovered: what => (recovered = what) })
      expect(recovered!).toMatchObject({ segment: 1, damage: [{ what: 'log-truncated', offset: cut }] })
      expect(next.head!.seq).toBe(5)
      expect(await next.commit([])).toMatchObject({ seq: 6, place: { segment: 2 } })
      await next.close()
      // The old end comes back from a copy: all is well again.
      disk.set(path, whole.bytes(path))
      expect(await contentOf(disk)).toMatchObject({ damage: [], uids: uidsUpTo(4) })
    }
  })
})

it('a dead process is told from a failing disk', () => expect(new Died()).not.toBeInstanceOf(AppError))
