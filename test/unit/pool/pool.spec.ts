/** The pool's promises, with real worker threads. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createPool, type PoolOptions } from '../../../main/engine/jobs/pool/pool.ts'
import type { Pool, Prepared } from '../../../main/engine/jobs/pool/types.ts'
import { recordId } from '../../../main/engine/keys/archiveKeys.ts'
import { messagePieces, parseView, readMessage } from '../../../main/engine/log/message.ts'
import { createLog } from '../../../main/engine/log/open.ts'
import type { LogWriter, Place, SealedRecord, Unsealed } from '../../../main/engine/log/types.ts'
import { ID, keys, manualClock, temporaryDir } from '../../help/logs.ts'
import { randomPieces, recordStore, testIdKey } from '../../help/preparedMail.ts'
import { randomOf } from '../../help/random.ts'
import { startedThreads } from '../../help/startedThreads.ts'
import { latin1, tortureMail } from '../../help/tortureMail.ts'

const pools: Pool[] = []
afterEach(() => Promise.all(pools.splice(0).map(pool => pool.close())))

function open(options: Partial<PoolOptions> = {}): Pool {
  const pool = createPool({ idKey: testIdKey, workers: 2, ...options })
  pools.push(pool)
  return pool
}

const bad: Partial<PoolOptions> = { entry: new URL('../../help/badWorker.ts', import.meta.url), timeoutMs: 1500, memoryMb: 64 }

const mail = (subject: string, header = ''): Buffer =>
  latin1(`Subject: ${subject}\r\n${header}From: a@example.com\r\n\r\nThe text of ${subject}.\r\n`)
const withAttachment = (subject: string, bytes: Buffer): Buffer =>
  latin1(
    `Subject: ${subject}\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`,
  )

async function bytesOf(prepared: Prepared, extra: readonly Unsealed[] = []): Promise<Buffer> {
  const store = recordStore()
  store.put([...extra, ...prepared.records])
  return Buffer.from(await readMessage(store.read, prepared.id))
}

describe('preparing messages', () => {
  test('answers come in the order of the input, with the bytes that went in and their keyed hash as id', async () => {
    const pool = open()
    const messages = Array.from({ length: 50 }, (_, seed) => tortureMail(randomOf(seed + 500)))
    const prepared = await pool.prepare(messages.map(bytes => Uint8Array.from(bytes)))
    expect(prepared.length).toBe(messages.length)
    for (const [i, message] of messages.entries()) {
      expect((await bytesOf(prepared[i]!)).equals(message)).toBe(true)
      expect(prepared[i]!.id).toBe(recordId(testIdKey, 'message', createHash('sha256').update(message).digest()))
      expect(prepared[i]!.size).toBe(message.length)
      expect(prepared[i]!.records.at(-1)).toMatchObject({ kind: 'message', id: prepared[i]!.id })
    }
  })

  test('whose text is read later have their headers, and the same records', async () => {
    const pool = open()
    const message = Uint8Array.from(mail('urgent', 'Message-ID: <u@example.com>\r\n'))
    const [now] = await pool.prepare([message])
    const [later] = await pool.prepare([message], { later: 'text' })
    expect(later!.records).toEqual(now!.records)
    expect(later!.parsed).toMatchObject({ subject: 'urgent', rfcMessageId: 'u@example.com', fts: null, failure: null })
    expect(now!.parsed.fts?.body).toContain('text of urgent')
  })

  test('that are read later are the same records, and nothing is said of them', async () => {
    const pool = open()
    const messages = [Uint8Array.from(mail('urgent')), Uint8Array.from(withAttachment('a', randomOf(1).bytes(20_000)))]
    const now = await pool.prepare(messages)
    const later = await pool.prepare(messages, { later: 'all' })
    expect(later.map(({ parsed }) => parsed)).toEqual([null, null])
    expect(later.map(({ records, id, refers, size }) => ({ records, id, refers, size }))).toEqual(
      now.map(({ records, id, refers, size }) => ({ records, id, refers, size })),
    )
  })

  test('many calls at once do not get mixed up, and no message at all is no message', async () => {
    const pool = open()
    expect(await pool.prepare([])).toEqual([])
    const calls = await Promise.all(Array.from({ length: 20 }, (_, i) => pool.prepare([mail(`a${i}`), mail(`b${i}`)])))
    expect(calls.map(([a, b]) => [a!.parsed.subject, b!.parsed.subject])).toEqual(Array.from({ length: 20 }, (_, i) => [`a${i}`, `b${i}`]))
  })

  test('a blob is given until it is said to be stored, and again after that was forgotten', async () => {
    const pool = open({ workers: 1 })
    const message = withAttachment('a', randomOf(1).bytes(20_000))
    const blobs = async () => {
      const [prepared] = await pool.prepare([Uint8Array.from(message)])
      return prepared!.records.filter(record => record.kind === 'blob').map(record => record.id)
    }
    const first = await blobs()
    expect(first.length).toBe(1)
    expect(await blobs()).toEqual(first)
    pool.stored(first)
    expect(await blobs()).toEqual([])
    const [prepared] = await pool.prepare([Uint8Array.from(message)])
    expect(prepared!.refers).toEqual(first)
    pool.forget()
    expect(await blobs()).toEqual(first)
  })

  test('text of stored messages is read the same from their parse view', async () => {
    const pool = open()
    const messages = Array.from({ length: 20 }, (_, seed) => tortureMail(randomOf(seed + 900)))
    const prepared = await pool.prepare(messages)
    const store = recordStore()
    for (const { records } of prepared) store.put(records)
    const views = await Promise.all(prepared.map(({ id }) => parseView(store.read, id, { inlineImages: false })))
    expect(await pool.parse(views)).toEqual(prepared.map(({ parsed }) => parsed))
  })

  test('and from their records as they stand in the log, one that kills its worker apart from the others', async () => {
    using home = temporaryDir()
    const clock = manualClock()
    const log = await createLog(join(home.path, 'archive'), { id: ID, keys, clock })
    try {
      const pool = open({ ...bad, idKey: keys.idKey })
      const messages = [...Array.from({ length: 20 }, (_, seed) => tortureMail(randomOf(seed + 900))), mail('last')]
      const prepared = await open({ idKey: keys.idKey }).prepare([...messages, mail('hostile', 'X-Exit: now\r\n')])
      const sealed: SealedRecord[] = []
      for (const { id, records } of prepared) sealed.push((await log.readSealed([{ id, place: (await putAll(log, records)).at(-1)! }]))[0]!)
      const parsed = await pool.parseSealed(sealed)
      // Null where a text lies in blobs of its own.
      for (const [i, { parsed: known, refers }] of prepared.slice(0, -1).entries())
        if (parsed[i] || refers.length === 0)
          expect(parsed[i] && createHash('sha256').update(JSON.stringify(parsed[i])).digest('hex')).toBe(
            createHash('sha256').update(JSON.stringify(known)).digest('hex'),
          )
      expect(parsed.filter(one => one !== null).length).toBeGreaterThan(10)
      expect(parsed.at(-1)).toMatchObject({ subject: 'hostile', failure: 'parse-failed' })
      expect(await pool.parseSealed([{ ...sealed[0]!, key: sealed[0]!.key, bytes: Buffer.from('no record') }, sealed[20]!])).toEqual([
        null,
        prepared[20]!.parsed,
      ])
    } finally {
      await log.close()
    }
  })
})

/** Committed, so that it can be read. */
async function putAll(log: LogWriter, records: Unsealed[]): Promise<Place[]> {
  const places = await log.put(records)
  await log.commit([])
  return places
}

describe('a message that cannot be read', () => {
  for (const [what, header, failure] of [
    ['hangs', 'X-Hang: for ever\r\n', 'parse-timeout'],
    ['kills the worker', 'X-Exit: now\r\n', 'parse-failed'],
    ['eats all memory', 'X-Swell: without end\r\n', 'parse-failed'],
  ] as const)
    test(`and ${what} is stored all the same, its headers known; its neighbours do not notice`, async () => {
      const pool = open(bad)
      const messages = [mail('before'), withAttachment('big', randomOf(2).bytes(50_000)), mail('hostile', header), mail('after')]
      const prepared = await pool.prepare(messages)
      expect(prepared.map(({ parsed }) => parsed.subject)).toEqual(['before', 'big', 'hostile', 'after'])
      expect(prepared.map(({ parsed }) => parsed.failure)).toEqual([null, null, failure, null])
      for (const [i, message] of messages.entries()) expect((await bytesOf(prepared[i]!)).equals(message)).toBe(true)
      // And the pool goes on.
      expect((await pool.prepare([mail('next')]))[0]!.parsed.subject).toBe('next')
    })

  test('whose headers hang too is stored without a look into it', async () => {
    const pool = open(bad)
    const message = mail('hostile', 'X-Hang: for ever\r\nX-Even: headers\r\n')
    const [prepared] = await pool.prepare([message])
    expect(prepared!.parsed).toMatchObject({ subject: '', failure: 'parse-timeout' })
    expect((await bytesOf(prepared!)).equals(message)).toBe(true)
  })

  test('fails alone in a re-parse and in the reader', async () => {
    const pool = open(bad)
    const parsed = await pool.parse([mail('a'), mail('b', 'X-Exit: now\r\n'), mail('c')])
    expect(parsed.map(({ subject, failure }) => [subject, failure])).toEqual([
      ['a', null],
      ['b', 'parse-failed'],
      ['c', null],
    ])
    expect(await pool.view(mail('d', 'X-Hang: for ever\r\n'))).toMatchObject({ failure: 'parse-timeout', text: '' })
    expect(await pool.view(mail('e'))).toMatchObject({ failure: null, text: 'The text of e.\n' })
  })

  test('a worker that cannot even start ends in an error, not in endless tries', async () => {
    const pool = open({ entry: new URL('./no-such-worker.ts', import.meta.url) })
    await expect(pool.prepare([mail('a')])).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('a large message that arrives in pieces', () => {
  async function stream(pool: Pool, pieces: AsyncIterable<Uint8Array>) {
    const records: Unsealed[] = []
    const prepared = await pool.prepareStream(pieces, async list => void records.push(...list))
    return { prepared, records }
  }

  test('has the same id, the same records and the same text as in one piece', async () => {
    const pool = open()
    const random = randomOf(11)
    const message = latin1(
      `Subject: large\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n--b\r\n${withAttachment('x', Buffer.alloc(7_000_000, random.bytes(5003))).toString('latin1')}--b--\r\n`,
    )
    const [whole] = await pool.prepare([Uint8Array.from(message)])
    async function* pieces() {
      yield* randomPieces(message, random, 900_000)
    }
    const { prepared, records } = await stream(pool, pieces())
    expect(prepared.id).toBe(whole!.id)
    expect(prepared.parsed).toEqual(whole!.parsed)
    expect([...records, ...prepared.records].map(record => record.id)).toEqual(whole!.records.map(record => record.id))
    expect((await bytesOf(prepared, records)).equals(message)).toBe(true)
  })

  test('waits while its records are being put away', async () => {
    const pool = open()
    let given = 0
    async function* pieces() {
      for (let i = 0; i < 40; i++) {
        given++
        yield Buffer.alloc(1_000_000, i)
      }
    }
    let most = 0
    let putBytes = 0
    await pool.prepareStream(pieces(), async list => {
      await new Promise(go => setTimeout(go, 20))
      for (const record of list) putBytes += record.plainLength
      most = Math.max(most, given * 1_000_000 - putBytes)
    })
    expect(most).toBeLessThan(10_000_000)
  })

  test('when its connection is lost, the error comes through and the pool goes on', async () => {
    const pool = open()
    async function* pieces() {
      yield Buffer.alloc(5_000_000, 'x')
      throw new Error('the line is dead')
    }
    await expect(stream(pool, pieces())).rejects.toThrow('the line is dead')
    const full = pool.prepareStream(
      (async function* () {
        yield Buffer.alloc(5_000_000, 'x')
      })(),
      async () => {
        throw new Error('the disk is full')
      },
    )
    await expect(full).rejects.toThrow('the disk is full')
    expect((await pool.prepare([mail('next')]))[0]!.parsed.subject).toBe('next')
  })

  test('whose text cannot be read is stored all the same', async () => {
    const pool = open(bad)
    const message = mail('hostile', 'X-Exit: now\r\n')
    const { prepared, records } = await stream(
      pool,
      (async function* () {
        yield message
      })(),
    )
    expect(prepared.parsed.failure).toBe('parse-failed')
    expect((await bytesOf(prepared, records)).equals(message)).toBe(true)
  })

  test('of 64 MB takes a few megabytes of memory, in both directions', { timeout: 60_000 }, async () => {
    const pool = open()
    const line = latin1(`${randomOf(3).bytes(57).toString('base64')}\r\n`)
    const piece = Buffer.concat(Array.from({ length: 10_000 }, () => line))
    async function* pieces() {
      yield latin1('Subject: large\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n')
      for (let i = 0; i < 82; i++) yield piece
    }
    // Once for the code and the memory that stays, once to see that a large message does not add to it.
    await stream(pool, pieces())
    const before = process.memoryUsage.rss()
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, 5)
    const { prepared, records } = await stream(pool, pieces())
    const store = recordStore()
    store.put([...records, ...prepared.records])
    let length = 0
    for await (const bytes of messagePieces(store.read, prepared.id)) length += bytes.length
    clearInterval(watch)
    expect(length).toBe(prepared.size)
    expect(prepared.parsed.attachments).toMatchObject([{ name: 'a.zip', size: 82 * 10_000 * 57 }])
    expect((most - before) / 1e6).toBeLessThan(64)
  })
})

test('a message that a person opens is shown before what waits', async () => {
  const pool = open({ workers: 1 })
  await pool.prepare([mail('warm')])
  const order: string[] = []
  const captured = pool
    .prepare(Array.from({ length: 60 }, (_, i) => withAttachment(`a${i}`, Buffer.alloc(500_000, i))))
    .then(() => order.push('captured'))
  const shown = pool.view(mail('b')).then(() => order.push('shown'))
  await Promise.all([captured, shown])
  expect(order).toEqual(['shown', 'captured'])
})

test('large messages that wait for their turn are told when the pool closes', async () => {
  const pool = open()
  const never = (): AsyncIterable<Uint8Array> => ({
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: async () => ({ done: true, value: undefined }) }),
  })
  const waiting = Array.from({ length: 4 }, () => pool.prepareStream(never(), async () => {}))
  // The first has a thread, and never ends.
  waiting[0]!.catch(() => {})
  const codes = Promise.allSettled(waiting.slice(1)).then(all => all.map(one => (one.status === 'rejected' ? one.reason.code : one.status)))
  await pool.close()
  expect(await codes).toEqual(['cancelled', 'cancelled', 'cancelled'])
})

test('a closed pool answers nothing more, and says why', async () => {
  const pool = open()
  const under = pool.prepare([mail('a')])
  const settled = under.then(
    () => 'done',
    error => error.code,
  )
  await pool.close()
  expect(['done', 'cancelled']).toContain(await settled)
  await expect(pool.prepare([mail('b')])).rejects.toMatchObject({ code: 'cancelled' })
})

test('told to rest, it ends every idle worker but the first, and starts them again for work', async () => {
  const started = startedThreads()
  const pool = open()
  const many = Array.from({ length: 200 }, (_, i) => mail(`number ${i}`))
  await pool.prepare(many)
  const ended = once(started[1]!, 'exit')
  await pool.rest()
  await ended
  expect(await pool.prepare(many)).toHaveLength(200)
  expect(started).toHaveLength(3)
})

test('workers start when it is said that messages will come, as many as those need, and are those that get them', async () => {
  const started = startedThreads()
  const pool = open({ workers: 2 })
  const turn = () => new Promise(resolve => setTimeout(resolve)) // threads are told of in the next
  pool.warm(0)
  await turn()
  expect(started).toHaveLength(0)
  pool.warm(1)
  await turn()
  expect(started).toHaveLength(1)
  pool.warm(200)
  pool.warm(200)
  await turn()
  expect(started).toHaveLength(2)
  expect(await pool.prepare(Array.from({ length: 200 }, (_, i) => mail(`number ${i}`)))).toHaveLength(200)
  expect(started).toHaveLength(2)
  const ended = once(started[1]!, 'exit')
  await pool.rest()
  await ended
  await pool.close()
  pool.warm(200)
  await turn()
  expect(started).toHaveLength(2)
})

test('a worker that was started for messages that do not come can be told to rest while it still starts', async () => {
  const pool = open({ workers: 2 })
  for (let turn = 0; turn < 5; turn++) {
    pool.warm(200)
    await new Promise(resolve => setTimeout(resolve, 10 * turn))
    await pool.rest()
  }
  expect(await pool.prepare([mail('one')])).toHaveLength(1)
})

test('a first worker that has done much is replaced by a new one when the pool is told to rest, and not for little', async () => {
  const started = startedThreads()
  const pool = open({ workers: 1, wornBytes: 100_000 })
  await pool.prepare([mail('a little')])
  await pool.rest()
  expect(started).toHaveLength(1)
  await pool.prepare([mail('x'.repeat(100_000))])
  const gone = once(started[0]!, 'exit')
  const there = once(process, 'worker') // before anybody needs it
  await pool.rest()
  await Promise.all([gone, there])
  expect(await pool.prepare([mail('once more')])).toHaveLength(1)
  expect(started).toHaveLength(2)
})
