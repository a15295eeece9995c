/** What verify proves: that each message can be put together again from what is there, bit for bit. */
import { describe, expect, it } from 'vitest'
import { createLog, openLogReader } from '../../../main/engine/log/open.ts'
import type { Place, RecordId, Unsealed } from '../../../main/engine/log/types.ts'
import { verifyLog } from '../../../main/engine/log/verify.ts'
import { blob, ID, keys, manualClock, placed } from '../../help/logs.ts'
import { createMemoryDisk, type MemoryDisk } from '../../help/memoryDisk.ts'
import { assembleMail } from '../../help/preparedMail.ts'
import { randomOf } from '../../help/random.ts'

const DIR = '/archive'
const random = randomOf(3)
const attachment = random
  .bytes(60_000)
  .toString('base64')
  .match(/.{1,76}/g)!
  .join('\r\n')
const mail = (n: number, body = attachment) =>
  Buffer.from(
    `From: ${n}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nNumber ${n}\r\n` +
      `--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n--b--\r\n`,
  )

interface Made {
  disk: MemoryDisk
  ids: RecordId[]
  places: Map<RecordId, Place>
  bytes: number
  blobOf(message: number): RecordId
}

/** Messages that share one attachment, one commit each; `order` may rearrange or drop records before they are put. */
async function archiveOf(messages: Buffer[], order: (records: Unsealed[], n: number) => Unsealed[] = records => records): Promise<Made> {
  const disk = createMemoryDisk()
  const log = await createLog(DIR, { id: ID, keys, clock: manualClock(), disk, segmentBytes: 50_000 })
  const places = new Map<RecordId, Place>()
  const ids: RecordId[] = []
  const blobs: RecordId[] = []
  for (const [n, bytes] of messages.entries()) {
    const made = assembleMail([bytes], { idKey: keys.idKey, isStored: id => places.has(id) })
    const records = order(made.records, n)
    const put = await log.put(records)
    records.forEach(({ id }, i) => {
      places.set(id, put[i]!)
    })
    await log.commit([placed(n + 1, made.id, bytes.length)])
    ids.push(made.id)
    blobs.push(made.refers[0]!)
  }
  await log.close()
  return { disk, ids, places, bytes: messages.reduce((sum, one) => sum + one.length, 0), blobOf: n => blobs[n]! }
}

async function verified(disk: MemoryDisk, full = true) {
  const log = await openLogReader(DIR, { keys, disk })
  const report = await verifyLog(log, { full })
  await log.close()
  return report
}

const five = () => [0, 1, 2, 3, 4].map(n => mail(n))

describe('verify', () => {
  it('counts messages, records, commits, and in full the very bytes that were received', async () => {
    const { disk, bytes } = await archiveOf(five())
    // The attachment they share is one record.
    expect(await verified(disk)).toEqual({ damage: [], messages: 5, commits: 5, records: 5 + 5 + 1, bytes })
    expect(await verified(disk, false)).toMatchObject({ damage: [], messages: 5, commits: 5, records: 11 })
  })
  it('names every message that a damaged blob takes with it', async () => {
    const { disk, places, blobOf, ids } = await archiveOf([...five(), mail(5, 'aGVsbG8=')])
    const { segment, offset } = places.get(blobOf(0))!
    const path = `${DIR}/log/0000000${segment}.seg`
    const bytes = disk.bytes(path)
    bytes[offset + 1000]! ^= 8
    disk.set(path, bytes)
    const { damage, messages } = await verified(disk)
    expect(messages).toBe(6)
    expect(damage.map(({ what }) => what).sort()).toEqual([...Array(5).fill('blob-missing'), 'record'])
    for (const id of ids.slice(0, 5))
      expect(damage.filter(({ what, detail }) => what === 'blob-missing' && detail.includes(id.slice(0, 12)))).toHaveLength(1)
    // Opening nothing cannot find this.
    expect((await verified(disk, false)).damage).toEqual([])
  })
  it('names messages whose blob was never stored', async () => {
    const { disk } = await archiveOf(five(), (records, n) => (n === 0 ? records.slice(-1) : records.filter(({ kind }) => kind === 'message')))
    expect((await verified(disk)).damage.map(({ what }) => what)).toEqual(Array(5).fill('blob-missing'))
  })
  it('is content with a blob that stands behind its message', async () => {
    const { disk, bytes } = await archiveOf(five(), records => records.toReversed())
    expect(await verified(disk)).toMatchObject({ damage: [], messages: 5, bytes })
  })
  it('names a message whose bytes are not those its record states', async () => {
    const wrong = assembleMail([mail(1)], { idKey: keys.idKey })
    const { disk } = await archiveOf(five(), (records, n) =>
      records.map(record => {
        if (n !== 1 || record.kind !== 'message') return record
        // A writer that erred: another letter in the literals, sealed all the same.
        const plain = Buffer.from(wrong.payload)
        plain[plain.length - 3]! ^= 1
        return { ...record, codec: 0, bytes: plain, plainLength: plain.length }
      }),
    )
    expect((await verified(disk)).damage).toMatchObject([{ what: 'message-bytes' }])
  })
  it('names a placement of a message that is nowhere in the log', async () => {
    const disk = createMemoryDisk()
    const log = await createLog(DIR, { id: ID, keys, clock: manualClock(), disk })
    await log.commit([placed(1, keys.recordId('message', new Uint8Array(32)), 5)])
    await log.close()
    for (const full of [true, false]) expect((await verified(disk, full)).damage).toMatchObject([{ what: 'blob-missing', segment: 1 }])
  })
  it('does not count what a crash left behind the last commit', async () => {
    const disk = createMemoryDisk()
    const log = await createLog(DIR, { id: ID, keys, clock: manualClock(), disk, segmentBytes: 1000 })
    await log.put([blob('x'.repeat(2000)), ...assembleMail([Buffer.from('From: a\r\n\r\n')], { idKey: keys.idKey }).records, blob('y')])
    await log.close()
    expect(await verified(disk)).toMatchObject({ damage: [], messages: 0, bytes: 0 })
  })
})
