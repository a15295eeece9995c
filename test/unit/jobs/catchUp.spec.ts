/** Mail that came faster than it could be read: it is safe, and its text comes from the log. */
import { afterEach, expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { openIndexQueries } from '../../../main/engine/index/reader.ts'
import { indexPending } from '../../../main/engine/jobs/catchUp.ts'
import type { JobContext } from '../../../main/engine/jobs/types.ts'
import type { Place, RecordId, StoredAt } from '../../../main/engine/log/types.ts'
import { saveInInbox, type TestArchive, testArchive } from '../../help/captures.ts'
import { wantedBy } from '../../help/wanted.ts'

let archive: TestArchive
afterEach(() => archive.close())

const MESSAGES = 130

function context(more: Partial<JobContext> = {}): JobContext & { told: string[] } {
  const told: string[] = []
  return {
    told,
    signal: new AbortController().signal,
    clock: systemClock,
    progress: update => void (update.done && told.push(`done ${update.done}`)),
    checkpoint: async () => {},
    failed: (what, error) => void told.push(`${what}: ${error.code}`),
    count: () => {},
    result: () => {},
    log: () => {},
    ...more,
  }
}

const plain = () => Array.from({ length: MESSAGES }, (_, i) => Buffer.from(`Subject: number ${i}\r\n\r\nThe word of this one is w${i}.\r\n`))

async function store(messages = plain()): Promise<void> {
  archive = await testArchive()
  const { store } = archive
  const prepared = await store.pool.prepare(messages, { later: 'text' })
  await saveInInbox(store, prepared)
}

test('every text that was put off is read from the log, whatever batches they fall into', async () => {
  await store()
  const { store: open } = archive
  expect(open.index.pending(1000)).toHaveLength(MESSAGES)
  const ctx = context()
  await indexPending(open, ctx)
  expect(open.index.pending(1000)).toEqual([])
  expect(ctx.told.at(-1)).toBe(`done ${MESSAGES}`)
})

test('a reading that was stopped half-way goes on with what is left', async () => {
  await store()
  const { store: open } = archive
  let steps = 0
  const stop = async () => {
    if (++steps === 2) throw new AppError('cancelled', 'stopped')
  }
  await expect(indexPending(open, context({ checkpoint: stop }))).rejects.toMatchObject({ code: 'cancelled' })
  const left = open.index.pending(1000).length
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(MESSAGES)
  await indexPending(open, context())
  expect(open.index.pending(1000)).toEqual([])
})

test('what a pulled drive does not give goes on waiting, is not asked for a hundred times, and is read when the drive is back', async () => {
  await store()
  const { store: open } = archive
  let asked = 0
  const gone = async () => {
    asked++
    throw new AppError('destination-missing', 'EIO')
  }
  const pulled = { ...open, log: { ...open.log, read: gone, readSealed: async (wanted: readonly unknown[]) => wanted.map(() => null) } }
  const ctx = context()
  await indexPending(pulled, ctx)
  expect(asked).toBeLessThan(30)
  expect(new Set(ctx.told.map(line => line.split(': ')[1]))).toEqual(new Set(['destination-missing']))
  expect(open.index.pending(1000)).toHaveLength(MESSAGES)
  await indexPending(open, context())
  expect(open.index.pending(1000)).toEqual([])
})

test('one message that the drive does not give keeps none of the others waiting', async () => {
  await store()
  const { store: open } = archive
  const bad = open.index.pending(1000)[60]!
  const log = {
    ...open.log,
    read: async (place: Place, id: RecordId) => {
      if (id === bad) throw new AppError('destination-missing', 'EIO')
      return open.log.read(place, id)
    },
    readSealed: async (wanted: readonly StoredAt[]) =>
      (await open.log.readSealed(wanted)).map((record, i) => (wanted[i]!.id === bad ? null : record)),
  }
  await indexPending({ ...open, log }, context())
  expect(open.index.pending(1000)).toEqual([bad])
})

test('a text too long for its record is read with the blobs it lies in, and one that is damaged is named and keeps nobody waiting', async () => {
  const long = Buffer.from(`Subject: long\r\n\r\n${'A line of it.\r\n'.repeat(25_000)}The last word is hippopotamus.\r\n`)
  await store([...plain().slice(0, 5), long])
  const { store: open, indexFile } = archive
  const ids = open.index.pending(1000)
  const broken = ids[2]!
  // Another record stands where this one should.
  open.index.adopt([{ id: broken, place: open.index.place(ids[3]!)! }], [], 0)
  const ctx = context()
  await indexPending(open, ctx)
  expect(ctx.told.filter(line => line.startsWith('message'))).toEqual([`message ${broken.slice(0, 12)}: record-damaged`])
  expect(open.index.pending(1000)).toEqual([])
  const reader = openIndexQueries({ ...indexFile, archive: 'a'.repeat(32) })
  try {
    const count = (query: string) => reader.count({ wanted: wantedBy(query), mailbox: null, cap: 100 }).count
    expect([count('hippopotamus'), count('word')]).toEqual([1, 5])
    expect(reader.status()).toMatchObject({ unindexed: 0, unparsable: 1 })
  } finally {
    reader.close()
  }
})
