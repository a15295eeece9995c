import { describe, expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import type { IndexWriter } from '../../../main/engine/index/types.ts'
import type { Pool, Prepared } from '../../../main/engine/jobs/pool/types.ts'
import { createStore } from '../../../main/engine/jobs/store.ts'
import type { Commit, LogWriter, RecordId } from '../../../main/engine/log/types.ts'

const id = (letter: string) => letter.repeat(64) as RecordId

/** A log, an index and a pool that note what is asked of them, in order. */
function setUp(faults: { put?: AppError; commit?: AppError; apply?: AppError } = {}) {
  const calls: string[] = []
  const known = new Set<RecordId>()
  let seq = 0
  const log = {
    put: async (records: { id: RecordId }[]) => {
      calls.push(`put ${records.map(record => record.id[0]).join('')}`)
      if (faults.put) throw faults.put
      return records.map(() => ({ segment: 1, offset: 0, length: 1 }))
    },
    commit: async (facts: Commit['facts']) => {
      calls.push('commit')
      if (faults.commit) throw faults.commit
      return { id: id('0'), seq: ++seq, time: 0, facts, place: { segment: 1, offset: 0, length: 1 } }
    },
  } as unknown as LogWriter
  const index = {
    has: (one: RecordId) => known.has(one),
    place: () => ({ segment: 1, offset: 0, length: 1 }),
    apply: (_commit: Commit, records: { id: RecordId }[]) => {
      calls.push(`apply ${records.map(record => record.id[0]).join('')}`)
      if (faults.apply) throw faults.apply
      for (const record of records) known.add(record.id)
    },
  } as unknown as IndexWriter
  const pool = { stored: (ids: Iterable<RecordId>) => calls.push(`stored ${[...ids].map(one => one[0]).join('')}`) } as unknown as Pool
  return { store: createStore({ log, index, pool }), calls, faults }
}

const prepared = (message: string, blobs: string, refers = blobs): Prepared => ({
  id: id(message),
  size: 1,
  records: [...blobs, message].map(letter => ({
    kind: letter === message ? 'message' : 'blob',
    id: id(letter),
    codec: 0,
    bytes: new Uint8Array(),
    plainLength: 0,
  })),
  refers: [...refers].map(id),
  parsed: {} as Prepared['parsed'],
})

describe('the store', () => {
  test('bytes first, then the commit, then the pool hears which blobs are stored, then the index', async () => {
    const { store, calls } = setUp()
    await store.save([prepared('m', 'ab')], [])
    expect(calls).toEqual(['put abm', 'commit', 'stored ab', 'apply abm'])
  })

  test('what is stored is not stored again, in one batch or a later one', async () => {
    const { store, calls } = setUp()
    await store.save([prepared('m', 'ab'), prepared('n', 'b')], [])
    await store.save([prepared('o', 'ab'), prepared('m', 'ab')], [])
    expect(calls.filter(call => call.startsWith('put'))).toEqual(['put abmn', 'put o'])
  })

  test('records of a large message count with the save that names it', async () => {
    const { store, calls } = setUp()
    await store.put([prepared('m', 'ab').records[0]!])
    await store.save([{ ...prepared('m', '', 'a') }], [])
    expect(calls).toEqual(['put a', 'put m', 'commit', 'stored a', 'apply am'])
  })

  test('a message that refers to bytes nobody has is never committed', async () => {
    const { store, calls } = setUp()
    await expect(store.save([prepared('m', 'a', 'ax')], [])).rejects.toMatchObject({ code: 'internal' })
    expect(calls).not.toContain('commit')
  })

  test.each(['put', 'commit'] as const)('after a failed %s nothing of the batch counts as stored, and the next save gives it again', async step => {
    const { store, calls, faults } = setUp({ [step]: new AppError('disk-full', 'full') })
    await expect(store.save([prepared('m', 'a')], [])).rejects.toMatchObject({ code: 'disk-full' })
    expect(calls.some(call => call.startsWith('apply') || call.startsWith('stored'))).toBe(false)
    delete faults[step]
    await store.save([prepared('m', 'a')], [])
    expect(calls.at(-1)).toBe('apply am')
  })

  test('saves keep their order even when they are asked for at once', async () => {
    const { store, calls } = setUp()
    await Promise.all(['m', 'n', 'o'].map(letter => store.save([prepared(letter, '')], [])))
    expect(calls.filter(call => call.startsWith('apply'))).toEqual(['apply m', 'apply n', 'apply o'])
  })

  test('an index that could not follow a durable commit stops further saves: opening again catches it up', async () => {
    const { store, faults } = setUp({ apply: new AppError('index-damaged', 'no') })
    await expect(store.save([prepared('m', '')], [])).rejects.toMatchObject({ code: 'index-damaged' })
    delete faults.apply
    await expect(store.save([prepared('n', '')], [])).rejects.toMatchObject({ code: 'index-damaged' })
  })
})
