/** Every bit and every length of a small segment, one after the other: damage is noticed and named, and everything else comes out. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Damage } from '../../../main/contract/types.ts'
import { encodeCommit } from '../../../main/engine/log/commit.ts'
import { NO_COMMIT } from '../../../main/engine/log/headFile.ts'
import { createLog } from '../../../main/engine/log/open.ts'
import { createReader } from '../../../main/engine/log/reader.ts'
import { recordLength, sealRecord } from '../../../main/engine/log/record.ts'
import { parseSegmentHeaders, RECORDS_FROM, segmentKey } from '../../../main/engine/log/segment.ts'
import type { Place, Scanned } from '../../../main/engine/log/types.ts'
import { verifyLog } from '../../../main/engine/log/verify.ts'
import { blob, ID, keys, mailboxFact, manualClock, message, placed, scanAll } from '../../help/logs.ts'
import { createMemoryDisk, type MemoryDisk } from '../../help/memoryDisk.ts'

const DIR = '/archive'
const FIRST = `${DIR}/log/00000001.seg`
const SECOND = `${DIR}/log/00000002.seg`

interface Sample {
  disk: MemoryDisk
  /** Every record and commit of the first segment, in order. */
  places: Place[]
  bytes: Buffer
}

/** Three commits, some messages and blobs; closed in order; `again` adds a second segment. */
async function sample(again: boolean): Promise<Sample> {
  const disk = createMemoryDisk()
  const clock = manualClock()
  const log = await createLog(DIR, { id: ID, keys, clock, disk, segmentBytes: again ? 1200 : 1 << 20 })
  await log.commit([mailboxFact(1, 'INBOX'), { k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 7 }])
  const one = message('From: a\r\n\r\nfirst, with magic inside: MCR\x1e MCR\x1e.\r\n')
  const two = message('From: b\r\n\r\nsecond.\r\n')
  await log.put([blob('a blob'), one, two])
  await log.commit([placed(1, one.id, one.whole.length), placed(2, two.id, two.whole.length)])
  const three = message('From: c\r\n\r\nthird.\r\n')
  await log.put([three])
  await log.commit([placed(3, three.id, three.whole.length)])
  if (again) {
    const four = message('From: d\r\n\r\nfourth.\r\n')
    await log.put([four])
    await log.commit([placed(4, four.id, four.whole.length)])
  }
  await log.close()
  const items = await scan(disk, true)
  const places = items.map(placeOf).filter(place => place.segment === 1)
  return { disk, places, bytes: disk.bytes(FIRST) }
}

async function scan(disk: MemoryDisk, full: boolean): Promise<Scanned[]> {
  const reader = createReader(DIR, keys, disk)
  const items = await scanAll(reader, { full })
  await reader.close()
  return items
}

function placeOf(item: Scanned): Place {
  if (item.type === 'record') return item.place
  return item.type === 'commit' ? item.commit.place : item.damage
}

const damageOf = (items: Scanned[]): Damage[] => items.filter(item => item.type === 'damage').map(item => item.damage)
const soundIn = (items: Scanned[], segment: number) =>
  items.filter(item => item.type !== 'damage' && placeOf(item).segment === segment).map(item => placeOf(item).offset)
const covers = (damage: Damage, segment: number, at: number) =>
  damage.segment === segment && damage.offset <= at && at < damage.offset + damage.length

describe.each([
  ['the only segment', false],
  ['a segment that another follows', true],
])('%s', (_name, again) => {
  let one: Sample
  beforeAll(async () => {
    one = await sample(again)
    expect(damageOf(await scan(one.disk, true))).toEqual([])
    // Else this would try hours of bits, or no records at all.
    expect(one.bytes.length).toBeLessThan(2500)
    expect(one.places.length).toBeGreaterThanOrEqual(again ? 5 : 7)
    expect(one.disk.paths().includes(SECOND)).toBe(again)
  })

  it('any flipped bit is noticed and named, and every other record comes out', async () => {
    for (let at = 0; at < one.bytes.length; at++)
      // Where another segment follows, the same code runs with another end: one bit of each byte will do.
      for (let bit = again ? at % 8 : 0; bit < 8; bit += again ? 8 : 1) {
        const flipped = Buffer.from(one.bytes)
        flipped[at]! ^= 1 << bit
        one.disk.set(FIRST, flipped)
        const items = await scan(one.disk, true)
        const damage = damageOf(items)
        if (!damage.some(one => covers(one, 1, at))) throw new Error(`bit ${bit} of byte ${at} went unnoticed: ${JSON.stringify(damage)}`)
        const others = one.places.filter(place => at < place.offset || at >= place.offset + place.length).map(place => place.offset)
        if (soundIn(items, 1).join() !== others.join()) throw new Error(`bit ${bit} of byte ${at} hid a sound record`)
      }
    one.disk.set(FIRST, one.bytes)
  }, 60_000)

  it('a flipped bit in any header is noticed without opening anything, and leads no reader astray', async () => {
    const headers = [[0, RECORDS_FROM] as const, ...one.places.map(({ offset }) => [offset, offset + 64] as const)]
    for (const [from, to] of headers)
      for (let at = from; at < to; at++) {
        // The nonce belongs to the seal, and the seal is not opened here; its bytes are under the checksum all the same.
        const flipped = Buffer.from(one.bytes)
        flipped[at]! ^= 1 << (at % 8)
        one.disk.set(FIRST, flipped)
        const items = await scan(one.disk, false)
        if (!damageOf(items).some(one => covers(one, 1, at))) throw new Error(`byte ${at} went unnoticed`)
        const others = one.places.filter(place => at < place.offset || at >= place.offset + place.length).map(place => place.offset)
        if (soundIn(items, 1).join() !== others.join()) throw new Error(`byte ${at} led astray`)
      }
    one.disk.set(FIRST, one.bytes)
  })

  it('any missing end is noticed and named, and every record before it comes out', async () => {
    for (let length = 0; length < one.bytes.length; length++) {
      one.disk.set(FIRST, one.bytes.subarray(0, length))
      const items = await scan(one.disk, true)
      const what = again ? 'segment-truncated' : 'log-truncated'
      if (!damageOf(items).some(damage => damage.what === what && damage.offset === length && damage.length === one.bytes.length - length))
        throw new Error(`cut at ${length}, not named: ${JSON.stringify(damageOf(items))}`)
      const before = one.places.filter(place => place.offset + place.length <= length).map(place => place.offset)
      if (soundIn(items, 1).join() !== before.join()) throw new Error(`cut at ${length}, lost a whole record`)
      if (again && soundIn(items, 2).length === 0) throw new Error(`cut at ${length}, lost the next segment`)
    }
    one.disk.set(FIRST, one.bytes)
  })

  it('verify names each message that a damaged record takes with it, and no other', async () => {
    for (const place of one.places) {
      const flipped = Buffer.from(one.bytes)
      flipped[place.offset + 70]! ^= 1
      one.disk.set(FIRST, flipped)
      const reader = createReader(DIR, keys, one.disk)
      const report = await verifyLog(reader, { full: true })
      await reader.close()
      const missing = report.damage.filter(damage => damage.what === 'blob-missing').length
      const record = report.damage.find(damage => damage.what === 'record')!
      expect(record).toMatchObject({ segment: 1, offset: place.offset, length: place.length })
      expect(missing).toBe(record.detail.startsWith('message') ? 1 : 0)
      expect(report.messages + (record.detail.startsWith('message') ? 1 : 0)).toBe(again ? 4 : 3)
    }
    one.disk.set(FIRST, one.bytes)
  })
})

describe('what is lost as a whole', () => {
  let one: Sample
  beforeAll(async () => {
    one = await sample(true)
  })
  const changed = async (change: (disk: MemoryDisk) => void | Promise<void>) => {
    const disk = one.disk.copy()
    await change(disk)
    return scan(disk, true)
  }

  it('a missing segment is named, and the one after it comes out', async () => {
    const items = await changed(disk => disk.remove(FIRST))
    expect(damageOf(items).map(damage => damage.what)).toEqual(['segment-missing', 'commit-chain'])
    expect(soundIn(items, 2).length).toBeGreaterThan(0)
  })
  it('a missing last segment is named, with the commits that went with it', async () => {
    const items = await changed(disk => disk.remove(SECOND))
    expect(damageOf(items).map(damage => damage.what)).toEqual(['segment-missing', 'log-truncated'])
    expect(soundIn(items, 1)).toEqual(one.places.map(place => place.offset))
  })
  it('both copies of a header gone: everything in the segment still comes out', async () => {
    for (const path of [FIRST, SECOND]) {
      const items = await changed(disk => disk.set(path, Buffer.concat([Buffer.alloc(RECORDS_FROM), disk.bytes(path).subarray(RECORDS_FROM)])))
      expect(damageOf(items).map(damage => damage.what)).toEqual(['segment-header', 'segment-header'])
      expect(items.filter(item => item.type === 'commit')).toHaveLength(4)
    }
  })
  it('4 KB of zeros in the place of the first records cost these records only', async () => {
    const items = await changed(disk => {
      const bytes = disk.bytes(FIRST)
      bytes.fill(0, 0, one.places[2]!.offset + 10)
      disk.set(FIRST, bytes)
    })
    expect(soundIn(items, 1)).toEqual(one.places.slice(3).map(place => place.offset))
  })
  it('bytes missing from the middle cost the records they were in', async () => {
    const hole = one.places[2]!.offset + 70
    const items = await changed(disk => disk.set(FIRST, Buffer.concat([one.bytes.subarray(0, hole), one.bytes.subarray(hole + 5)])))
    expect(soundIn(items, 1)).toEqual([...one.places.slice(0, 2).map(place => place.offset), ...one.places.slice(3).map(place => place.offset - 5)])
    expect(damageOf(items).map(damage => damage.what)).toContain('segment-truncated')
  })
  it('segments that changed places are not taken for each other', async () => {
    const items = await changed(disk => {
      const [first, second] = [disk.bytes(FIRST), disk.bytes(SECOND)]
      disk.set(FIRST, second)
      disk.set(SECOND, first)
    })
    expect(damageOf(items).length).toBeGreaterThan(0)
  })
  it('a damaged head.json is named, and nothing else is', async () => {
    const path = `${DIR}/head.json`
    const text = one.disk.bytes(path)
    for (let at = 0; at < text.length; at++) {
      const items = await changed(disk => {
        const bytes = Buffer.from(text)
        bytes[at]! ^= 1 << (at % 7)
        disk.set(path, bytes)
      })
      expect(damageOf(items).map(damage => damage.what)).toEqual(['head'])
    }
    expect(damageOf(await changed(disk => disk.remove(path))).map(damage => damage.what)).toEqual(['head'])
  })
  it('bytes behind the end of a finished segment are not read', async () => {
    const items = await changed(disk => disk.set(FIRST, Buffer.concat([one.bytes, one.bytes.subarray(one.places[0]!.offset)])))
    expect(damageOf(items)).toEqual([])
    expect(soundIn(items, 1)).toEqual(one.places.map(place => place.offset))
  })
  it('a log that was continued twice is named', async () => {
    const items = await changed(async disk => {
      const start = parseSegmentHeaders(keys, 2, disk.bytes(SECOND)).header!
      const other = encodeCommit(keys, { seq: 4, time: 5, prev: NO_COMMIT, facts: [] })
      const record = Buffer.alloc(recordLength(other.bytes))
      sealRecord(segmentKey(keys, start.salt), other, record, 0)
      disk.set(SECOND, Buffer.concat([disk.bytes(SECOND), record]))
    })
    expect(damageOf(items).map(damage => damage.what)).toEqual(['log-forked'])
    expect(items.filter(item => item.type === 'commit')).toHaveLength(5)
  })
})
