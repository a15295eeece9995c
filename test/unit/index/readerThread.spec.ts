import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createReaderThread, type ReaderThreadOptions } from '../../../main/engine/index/readerThread.ts'
import { openIndexWriter } from '../../../main/engine/index/writer.ts'
import { startedThreads } from '../../help/startedThreads.ts'
import { wantedBy } from '../../help/wanted.ts'
import { messageId, parsedOf } from './history.ts'
import { testFile, testKey } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

const MESSAGES = 30
// A phrase of many words among texts that repeat one word: seconds in native code, in one statement.
const slowPhrase = (words: number) => wantedBy(`"${'a '.repeat(words)}"`)
const SECONDS = 90
const LESS = 30

let file: { path: string; key: Uint8Array }

beforeAll(() => {
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-thread-'))
  file = { path: join(dir, 'index.db'), key: testKey }
  const writer = openIndexWriter(file)
  const numbers = Array.from({ length: MESSAGES }, (_, i) => i + 1)
  const body = 'a '.repeat(100_000)
  writer.apply(commitOf(1, [...inbox(), ...numbers.map(n => placed(n))]), [], new Map())
  writer.setParsed(
    new Map(
      numbers.map(n => [
        messageId(n),
        { ...parsedOf(n), date: null, fts: { subject: '', sender: '', addressee: '', copied: '', body: `${body}n${n} b`, names: '', marks: '' } },
      ]),
    ),
  )
  writer.close()
  return () => rmSync(dir, { recursive: true, force: true })
})

const open = (options: Partial<ReaderThreadOptions> = {}) => {
  const thread = createReaderThread({ ...file, archive: 'f'.repeat(32), ...options })
  onTestFinished(() => thread.close())
  return thread
}

const slow = (thread: ReturnType<typeof open>, signal?: AbortSignal, words = LESS) =>
  thread.ask('count', [{ wanted: slowPhrase(words), mailbox: null, cap: 1000 }], signal)
const quick = (thread: ReturnType<typeof open>) => thread.ask('window', [{ mailbox: 1, from: null, direction: 'after', limit: 5 }])

test('questions asked at once are answered in their order, each with its own answer', async () => {
  const thread = open()
  const order: number[] = []
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const { rows } = await thread.ask('window', [{ mailbox: null, from: null, direction: 'after', limit: i + 1 }])
      order.push(i)
      return rows.length
    }),
  )
  expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  expect(order).toEqual([...order].sort((a, b) => a - b))
  expect((await quick(thread)).rows[0]!.archive).toBe('f'.repeat(32))
})

test('a search that was given up does not keep the others waiting: its thread is ended, theirs goes on', async () => {
  const thread = open()
  await quick(thread)
  const alone = performance.now()
  await slow(thread, undefined, SECONDS)
  const whole = performance.now() - alone

  const giveUp = new AbortController()
  const from = performance.now()
  const abandoned = slow(thread, giveUp.signal, SECONDS)
  const others = [quick(thread), quick(thread)]
  giveUp.abort()
  await expect(abandoned).rejects.toMatchObject({ code: 'cancelled' })
  for (const answer of await Promise.all(others)) expect(answer.rows).toHaveLength(5)
  const took = performance.now() - from
  expect(whole).toBeGreaterThan(150) // else this test shows nothing
  expect(took).toBeLessThan(whole)
})

test('a question that takes too long is ended by itself, and the next one is answered', async () => {
  const thread = open({ timeoutMs: 200 })
  await expect(slow(thread, undefined, SECONDS)).rejects.toMatchObject({ code: 'internal' })
  await answeredSoon(() => quick(thread))
})

/** On a busy computer even a quick question may take longer than the tiny limit of this test. */
async function answeredSoon(ask: () => Promise<{ rows: unknown[] }>) {
  for (let i = 0; i < 20; i++) {
    const answer = await ask().catch(() => null)
    if (answer) return expect(answer.rows).toHaveLength(5)
  }
  throw new Error('never answered')
}

test('a question given up before its turn is never asked', async () => {
  const thread = open()
  const giveUp = new AbortController()
  const running = quick(thread)
  const waiting = slow(thread, giveUp.signal)
  giveUp.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
  await running
  await expect(slow(thread, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  expect((await quick(thread)).rows).toHaveLength(5)
})

test('an index that is not there is an answer with a code; once it is there, the next question is answered', async () => {
  const missing = testFile()
  const thread = createReaderThread(missing)
  onTestFinished(() => thread.close())
  await expect(thread.ask('status', [])).rejects.toMatchObject({ code: 'index-damaged' })
  openIndexWriter(missing).close()
  expect((await thread.ask('status', [])).messages).toBe(0)
})

test('an index that was built anew is read after reopening, and the questions in between get their answers', async () => {
  const rebuilt = testFile()
  openIndexWriter(rebuilt).close()
  const thread = createReaderThread(rebuilt)
  onTestFinished(() => thread.close())
  expect((await thread.ask('status', [])).messages).toBe(0)
  const during = thread.ask('status', [])
  await thread.reopen()
  for (const suffix of ['', '-wal', '-shm']) rmSync(rebuilt.path + suffix, { force: true })
  const writer = openIndexWriter(rebuilt)
  writer.apply(commitOf(1, [...inbox(), placed(1)]), [], new Map())
  await during.catch(() => {}) // asked while the file was away
  await thread.reopen()
  expect((await thread.ask('status', [])).messages).toBe(1)
  writer.close()
})

test('a wrong question is its own error, not the end of the thread', async () => {
  const thread = open()
  await expect(
    thread.ask('search', [{ wanted: { kind: 'words', tokens: ['a'], columns: ['nowhere' as never] }, mailbox: null, from: null, limit: 5 }]),
  ).rejects.toThrow()
  expect((await quick(thread)).rows).toHaveLength(5)
})

test('closing answers everything that waits, and says so to whoever comes later', async () => {
  const thread = open()
  const all = [slow(thread), quick(thread), quick(thread)]
  const closed = thread.close()
  for (const answer of await Promise.allSettled(all)) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } })
  await closed
  await expect(quick(thread)).rejects.toMatchObject({ code: 'cancelled' })
  await thread.close()
})

test('threads ended in the middle of a query, many times over, do no harm', async () => {
  const thread = open({ graceMs: 0 })
  for (let i = 0; i < 15; i++) {
    const giveUp = new AbortController()
    const given = slow(thread, giveUp.signal).catch(error => error.code)
    if (i % 3) await new Promise(resolve => setTimeout(resolve, i * 7))
    giveUp.abort()
    expect(await given).toBe('cancelled')
  }
  expect((await quick(thread)).rows).toHaveLength(5)
})

test('a thread that nobody asks anything ends, and the next question starts another', async () => {
  const started = startedThreads()
  const thread = open({ restMs: 20 })
  expect((await quick(thread)).rows).toHaveLength(5)
  await once(started[0]!, 'exit')
  expect((await quick(thread)).rows).toHaveLength(5)
  expect(started).toHaveLength(2)
})
