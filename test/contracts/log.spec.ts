/** What a LogWriter and a LogReader promise (main/engine/log/types.ts), on a real disk and on one in memory. */

import { createSecretKey } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Disk, realDisk } from '../../main/engine/base/files.ts'
import { packHoled } from '../../main/engine/base/holed.ts'
import { deriveArchiveKeys } from '../../main/engine/keys/archiveKeys.ts'
import { parseView } from '../../main/engine/log/message.ts'
import { createLog, openLogReader, openLogWriter } from '../../main/engine/log/open.ts'
import { viewOfSealed } from '../../main/engine/log/sealedRecords.ts'
import type { LogPosition, LogReader, LogWriter, Place, RecordId, Scanned } from '../../main/engine/log/types.ts'
import { verifyLog } from '../../main/engine/log/verify.ts'
import { createFaultyDisk } from '../help/faultyDisk.ts'
import { blob, ID, keys, MASTER, mailboxFact, manualClock, message, placed, scanAll, temporaryDir } from '../help/logs.ts'
import { createMemoryDisk } from '../help/memoryDisk.ts'

const kinds: Record<string, () => Promise<{ disk: Disk; dir: string; end(): void }>> = {
  'a real disk': async () => {
    const home = temporaryDir()
    return { disk: realDisk, dir: join(home.path, 'archive'), end: () => home[Symbol.dispose]() }
  },
  'a disk in memory': async () => ({ disk: createMemoryDisk(), dir: '/archive', end: () => {} }),
}

describe.each(Object.entries(kinds))('on %s', (_name, make) => {
  let disk: Disk
  let dir: string
  let end: () => void
  let log: LogWriter
  const clock = manualClock()
  const options = { keys, clock, segmentBytes: 2000 }
  const reopen = () => openLogWriter(dir, { ...options, disk })
  const reader = () => openLogReader(dir, { keys, disk })
  beforeEach(async () => {
    ;({ disk, dir, end } = await make())
    log = await createLog(dir, { ...options, id: ID, disk })
  })
  afterEach(async () => {
    await log.close()
    // Whatever a test did, what it leaves is a log without damage.
    const last = await reader()
    expect((await verifyLog(last, { full: true })).damage).toEqual([])
    await last.close()
    end()
  })

  it('what was put comes back from its place, whatever its size', async () => {
    for (const length of [0, 1, 100, 5000, 70_000, 3_145_728]) {
      const one = blob(Buffer.alloc(length, 'x'))
      const [place] = await log.put([one])
      await log.commit([])
      expect(Buffer.compare((await log.read(place!, one.id)).bytes, Buffer.alloc(length, 'x'))).toBe(0)
    }
  })
  it('a commit says what it was given, follows the one before it, and is the head', async () => {
    expect(log.head).toBeNull()
    const first = await log.commit([mailboxFact(1, 'INBOX')])
    const second = await log.commit([{ k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 9 }])
    expect(first).toMatchObject({ seq: 1, time: clock.now(), facts: [mailboxFact(1, 'INBOX')] })
    expect(second).toMatchObject({ seq: 2, facts: [{ k: 'epoch' }] })
    expect(log.head).toEqual({ id: second.id, seq: 2, time: second.time })
    await log.close()
    log = await reopen()
    expect(log.head).toEqual({ id: second.id, seq: 2, time: second.time })
    expect((await log.commit([])).seq).toBe(3)
  })
  it('a scan gives records before the commit that covers them, in the order they were put, over many segments', async () => {
    const expected: RecordId[] = []
    for (let i = 0; i < 12; i++) {
      const records = [blob(`blob ${i}`), message(`From: ${i}\r\n\r\n${'x'.repeat(400)}\r\n`)]
      await log.put(records)
      const commit = await log.commit([placed(i + 1, records[1]!.id, 400)])
      expected.push(...records.map(({ id }) => id), commit.id)
    }
    const items = await scanAll(log)
    expect(items.map(item => (item.type === 'record' ? item.id : item.type === 'commit' ? item.commit.id : item.damage))).toEqual(expected)
    const segments = new Set(
      items.map(item => (item.type === 'record' ? item.place.segment : item.type === 'commit' ? item.commit.place.segment : 0)),
    )
    expect(segments.size).toBeGreaterThan(3)
    // A full scan gives the same, and what is in each record.
    for (const [i, item] of (await scanAll(log, { full: true })).entries()) {
      if (item.type !== 'record') expect(item).toEqual(items[i])
      else {
        const { plain, ...rest } = item
        expect(rest).toEqual(items[i])
        expect(await log.read(item.place, item.id)).toEqual({ kind: item.kind, bytes: plain })
      }
    }
  })
  it('a scan from the end of any commit gives what came after it, and nothing else', async () => {
    for (let i = 0; i < 8; i++) {
      await log.put([message(`From: ${i}\r\n\r\n${'x'.repeat(300)}\r\n`)])
      await log.commit([])
    }
    const items = await scanAll(log)
    for (const [i, item] of items.entries()) if (item.type === 'commit') expect(await scanAll(log, { from: endOf(item) })).toEqual(items.slice(i + 1))
  })
  it('puts and commits that are not awaited happen in the order they were asked for', async () => {
    const all: Promise<unknown>[] = []
    for (let i = 0; i < 20; i++) {
      all.push(log.put([blob(`b${i}`)]))
      if (i % 5 === 4) all.push(log.commit([]))
    }
    await Promise.all(all)
    expect((await scanAll(log)).map(item => item.type)).toEqual([...Array(4)].flatMap(() => [...Array(5).fill('record'), 'commit']))
  })
  it('many records at once come as they stand there, in the order asked, and give the message that reading them one by one gives', async () => {
    const messages = Array.from({ length: 30 }, (_, i) => message(`Subject: ${i}\r\n\r\n${'y'.repeat(i * 37)}\r\n`))
    // What lies between is passed over where it is long, and read along where it is short.
    const places = await log.put(messages.flatMap((one, i) => [blob(Buffer.alloc(i % 3 ? 200 : 50_000, i)), one]))
    await log.commit([])
    const stored = messages.map(({ id }, i) => ({ id, place: places[2 * i + 1]! })).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const lost = { id: messages[0]!.id, place: { segment: 77, offset: 300, length: 200 } }
    const beyond = { id: messages[0]!.id, place: { ...places[0]!, offset: 1e6 } }
    const found = await log.readSealed([...stored, lost, beyond])
    expect(found.map(record => record?.id)).toEqual([...stored.map(({ id }) => id), undefined, undefined])
    const views = await Promise.all(
      stored.map(({ id }) =>
        parseView(async wanted => (await log.read(stored.find(one => one.id === wanted)!.place, wanted)).bytes, id, { inlineImages: false }),
      ),
    )
    expect(found.slice(0, 30).map(record => packHoled(viewOfSealed(record!)!))).toEqual(views.map(view => new Uint8Array(view)))
    // Nothing that is not exactly this record is taken for it.
    const [one, two] = [found[0]!, found[1]!]
    expect(viewOfSealed({ ...one, id: two.id })).toBeNull()
    expect(viewOfSealed({ ...one, key: createSecretKey(new Uint8Array(32)) })).toBeNull()
    for (let at = 0; at < one.bytes.length; at += 7) {
      const bytes = Uint8Array.from(one.bytes)
      bytes[at]! ^= 1
      expect(viewOfSealed({ ...one, bytes })).toBeNull()
    }
  })
  it('records that no commit covers are gone when the log is opened again', async () => {
    await log.commit([])
    await log.put([blob('loose')])
    await log.close()
    log = await reopen()
    expect((await scanAll(log)).map(item => item.type)).toEqual(['commit'])
  })
  it('reading a place that holds another record, or none, is record-damaged; a segment that is not there is segment-missing', async () => {
    const [one, two] = [blob('one'), blob('two')]
    const [first] = await log.put([one, two])
    await log.commit([])
    await expect(log.read(first!, two.id)).rejects.toMatchObject({ code: 'record-damaged', facts: { segment: 1, offset: first!.offset } })
    for (const change of [{ offset: first!.offset + 1 }, { length: first!.length + 1 }, { length: 3 }, { offset: 1_000_000 }])
      await expect(log.read({ ...first!, ...change } as Place, one.id)).rejects.toMatchObject({ code: 'record-damaged' })
    await expect(log.read({ ...first!, segment: 77 }, one.id)).rejects.toMatchObject({ code: 'segment-missing' })
  })
  it('a fact or a record that does not fit is refused, and the log goes on as if it had not been asked', async () => {
    await log.put([blob('before')])
    await expect(log.commit([{ k: 'epoch', epoch: -1, mailbox: 1, uidValidity: 9 }])).rejects.toMatchObject({ code: 'internal' })
    await expect(log.put([{ ...blob('x'), plainLength: 20 * 1024 * 1024 }])).rejects.toMatchObject({ code: 'internal' })
    await log.commit([])
    expect((await scanAll(log)).map(item => item.type)).toEqual(['record', 'commit'])
  })
  it('a log that has one is not made again', async () => {
    await expect(createLog(dir, { ...options, id: ID, disk })).rejects.toMatchObject({ code: 'folder-not-empty' })
  })
  it('a second writer is refused while the first one writes, and let in afterwards', async () => {
    await expect(reopen()).rejects.toMatchObject({ code: 'archive-in-use', facts: { pid: process.pid } })
    await log.commit([])
    await log.close()
    log = await reopen()
    expect(log.head!.seq).toBe(1)
  })
  it('closing twice is no error; a closed log takes nothing', async () => {
    await log.close()
    await log.close()
    await expect(log.put([blob('x')])).rejects.toMatchObject({ code: 'internal' })
  })
  it('keys of another archive do not open it', async () => {
    await log.close()
    const other = deriveArchiveKeys(MASTER, 'ffeeddccbbaa99887766554433221100')
    await expect(openLogReader(dir, { keys: other, disk })).rejects.toMatchObject({ code: 'not-an-archive' })
    await expect(openLogWriter(dir, { ...options, keys: other, disk })).rejects.toMatchObject({ code: 'not-an-archive' })
    // The right id and the wrong master key: nothing is understood, and nothing is taken for mail.
    const wrong = await openLogReader(dir, { keys: deriveArchiveKeys(new Uint8Array(32), ID), disk })
    expect((await scanAll(wrong)).every(item => item.type === 'damage')).toBe(true)
    await wrong.close()
  })
  it('progress ends at the size of the log, and a scan can be cancelled', async () => {
    for (let i = 0; i < 5; i++) await log.put([blob(Buffer.alloc(900, String(i)))])
    await log.commit([])
    const told: [number, number][] = []
    await scanAll(log, { onProgress: (done, total) => told.push([done, total]) })
    expect(told.at(-1)).toEqual([await log.size(), await log.size()])
    expect(told.every(([done], i) => i === 0 || done >= told[i - 1]![0])).toBe(true)
    await expect(scanAll(log, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
  })

  describe('a reader beside a writer', () => {
    it('sees whole commits only, each as soon as it is durable, with every record it covers', async () => {
      const follower = await reader()
      let position: LogPosition | undefined
      let seq = 0
      for (let i = 0; i < 15; i++) {
        const one = message(`From: ${i}\r\n\r\n${'x'.repeat(350)}\r\n`)
        await log.put([blob(`b${i}`), one])
        expect(await commitsFrom(follower, position)).toEqual([])
        await log.commit([placed(i + 1, one.id, one.whole.length)])
        const [commit, ...more] = await commitsFrom(follower, position)
        expect(more).toEqual([])
        expect(commit).toMatchObject({ seq: ++seq, records: 2 })
        position = commit!.end
      }
      await follower.close()
    })
    it('is told nothing of a record that is half written', async () => {
      await log.commit([])
      const follower = await reader()
      const path = join(dir, 'log', '00000001.seg')
      const before = await scanAll(follower)
      const file = await disk.open(path, 'write')
      const size = await file.size()
      // What a slow share shows of a write that is under way.
      for (const part of ['MCR', `MCR\x1e\x01\x01${'\0'.repeat(90)}`]) {
        await file.write(Buffer.from(part, 'latin1'), size)
        expect(await scanAll(follower)).toEqual(before)
      }
      await file.close()
      await follower.close()
    })
    it('that finds the log shorter than it was says so', async () => {
      const follower = await reader()
      await log.commit([])
      const size = await log.size()
      expect((await scanAll(follower, { from: { segment: 1, offset: size + 1000 } })).map(item => item.type)).toEqual(['damage'])
      expect((await scanAll(follower, { from: { segment: 9, offset: 288 } })).at(-1)).toMatchObject({
        type: 'damage',
        damage: { what: 'segment-missing' },
      })
      await follower.close()
    })
  })
})

const endOf = (item: Scanned & { type: 'commit' }): LogPosition => ({
  segment: item.commit.place.segment,
  offset: item.commit.place.offset + item.commit.place.length,
})

async function commitsFrom(log: LogReader, from: LogPosition | undefined) {
  const commits: { seq: number; records: number; end: LogPosition }[] = []
  let records = 0
  for (const item of await scanAll(log, from ? { from, full: true } : { full: true })) {
    expect(item.type).not.toBe('damage')
    if (item.type === 'record') records++
    if (item.type !== 'commit') continue
    commits.push({ seq: item.commit.seq, records, end: endOf(item) })
    records = 0
  }
  return commits
}

describe('folders that are not as they should be', () => {
  it.each([
    ['nothing', null],
    ['no JSON', 'hello'],
    ['another JSON', '{"mailcoffer":"profile","format":1}'],
    ['no id', '{"mailcoffer":"archive","format":1}'],
    ['a huge file', `{"mailcoffer":"archive","format":1,"x":"${'x'.repeat(100_000)}"}`],
  ])('with %s in the place of archive.json it is not-an-archive', async (_name, text) => {
    using home = temporaryDir()
    if (text !== null) writeFileSync(join(home.path, 'archive.json'), text)
    await expect(openLogReader(home.path, { keys })).rejects.toMatchObject({ code: 'not-an-archive' })
    await expect(openLogWriter(home.path, { keys, clock: manualClock() })).rejects.toMatchObject({ code: 'not-an-archive' })
    expect(await realDisk.list(home.path)).toEqual(text === null ? [] : ['archive.json'])
  })
  it('an archive.json that was lost or damaged is no loss, and the next writer mends it', async () => {
    using home = temporaryDir()
    const log = await createLog(home.path, { id: ID, keys, clock: manualClock() })
    await log.commit([])
    await log.close()
    const path = join(home.path, 'archive.json')
    const text = readFileSync(path, 'utf8')
    for (const damaged of [
      null,
      '',
      text.slice(0, 40),
      text.replace('archive', 'arcxive'),
      text.replace(ID, ID.slice(1)),
      text.replace(ID, `f${ID.slice(1)}`),
    ]) {
      await rm(path)
      if (damaged !== null) writeFileSync(path, damaged)
      const reader = await openLogReader(home.path, { keys })
      expect(await scanAll(reader)).toHaveLength(1)
      await reader.close()
      await (await openLogWriter(home.path, { keys, clock: manualClock() })).close()
      expect(readFileSync(path, 'utf8')).toBe(text)
    }
  })
  it('a newer format is refused with its number, and left as it is', async () => {
    using home = temporaryDir()
    const text = '{"mailcoffer":"archive","format":2,"what":"ever"}'
    writeFileSync(join(home.path, 'archive.json'), text)
    for (const open of [() => openLogReader(home.path, { keys }), () => openLogWriter(home.path, { keys, clock: manualClock() })])
      await expect(open()).rejects.toMatchObject({ code: 'newer-format', facts: { format: 2, known: 1 } })
    expect(readFileSync(join(home.path, 'archive.json'), 'utf8')).toBe(text)
    expect(await realDisk.list(home.path)).toEqual(['archive.json'])
  })
  it('a read-only file system can be read, and writing to it is refused as read-only', async () => {
    using home = temporaryDir()
    const dir = join(home.path, 'archive')
    const log = await createLog(dir, { id: ID, keys, clock: manualClock() })
    await log.put([blob('x')])
    await log.commit([])
    await log.close()
    const disk = createFaultyDisk()
    for (const act of ['open', 'write', 'rename', 'remove', 'makeDir'] as const) disk.fail(act, 'EROFS')
    const reader = await openLogReader(dir, { keys, disk })
    expect((await verifyLog(reader, { full: true })).damage).toEqual([])
    await reader.close()
    await expect(openLogWriter(dir, { keys, clock: manualClock(), disk })).rejects.toMatchObject({ code: 'read-only' })
    expect((await realDisk.list(dir))!.sort()).toEqual(['archive.json', 'head.json', 'log'])
  })
  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('a folder one may not write to can be read', async () => {
    using home = temporaryDir()
    const dir = join(home.path, 'archive')
    const log = await createLog(dir, { id: ID, keys, clock: manualClock() })
    await log.commit([])
    await log.close()
    chmodSync(dir, 0o500)
    chmodSync(join(dir, 'log'), 0o500)
    await expect(openLogWriter(dir, { keys, clock: manualClock() })).rejects.toMatchObject({ code: 'permission-denied' })
    const reader = await openLogReader(dir, { keys })
    expect(await scanAll(reader)).toHaveLength(1)
    await reader.close()
    chmodSync(dir, 0o700)
    chmodSync(join(dir, 'log'), 0o700)
  })
  it('an archive behind a link, in a folder with strange letters, is an archive', async () => {
    using home = temporaryDir()
    const dir = join(home.path, 'Łódź 草 (1)')
    mkdirSync(dirname(dir), { recursive: true })
    const log = await createLog(dir, { id: ID, keys, clock: manualClock() })
    await log.commit([])
    await log.close()
    if (process.platform !== 'win32') symlinkSync(dir, join(home.path, 'link'))
    const reader = await openLogReader(process.platform === 'win32' ? dir : join(home.path, 'link'), { keys })
    expect(await scanAll(reader)).toHaveLength(1)
    await reader.close()
  })
  it('a log folder that was emptied is an archive that lost its end', async () => {
    using home = temporaryDir()
    const log = await createLog(home.path, { id: ID, keys, clock: manualClock() })
    await log.commit([])
    await log.close()
    await rm(join(home.path, 'log', '00000001.seg'))
    const reader = await openLogReader(home.path, { keys })
    expect((await scanAll(reader)).map(item => item.type === 'damage' && item.damage.what)).toEqual(['segment-missing', 'log-truncated'])
    await reader.close()
  })
})
