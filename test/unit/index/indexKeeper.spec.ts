/** The index between captures: when what was gathered is written out, and when it is left alone. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { keepIndex } from '../../../main/engine/archive/indexKeeper.ts'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { openIndexQueries } from '../../../main/engine/index/reader.ts'
import type { IndexWriter } from '../../../main/engine/index/types.ts'
import { openIndexWriter } from '../../../main/engine/index/writer.ts'
import { wantedBy } from '../../help/wanted.ts'
import { messageId, parsedOf } from './history.ts'
import { parsedMap, testFile } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

test('texts that pour in are written out together, and soon after the last one all of them are found', async () => {
  const file = testFile()
  const writer = openIndexWriter(file, { messagesPerTransaction: 2000 })
  onTestFinished(() => writer.close())
  const numbers = [1, 2, 3, 4, 5, 6, 7]
  const headers = new Map(numbers.map(n => [messageId(n), { ...parsedOf(n), fts: null, snippet: '' }]))
  writer.apply(commitOf(1, [...inbox(), ...numbers.map(n => placed(n))]), [], headers)
  writer.flush()
  const told: number[] = []
  const keeper = keepIndex({
    index: () => writer,
    clock: systemClock,
    tell: messages => void told.push(messages),
    failed: error => expect(error).toBeNull(),
  })
  onTestFinished(() => keeper.end())
  keeper.applied(numbers.length)
  const reader = openIndexQueries({ ...file, archive: 'a'.repeat(32) })
  onTestFinished(() => reader.close())
  const found = () => numbers.filter(n => reader.count({ wanted: wantedBy(`n${n}`), mailbox: null, cap: 9 }).count > 0).length
  for (const n of numbers) {
    writer.setParsed(parsedMap([n]))
    await sleep(100)
    expect(found()).toBe(0)
  }
  await expect.poll(found, { timeout: 3000 }).toBe(numbers.length)
  await expect.poll(() => told.reduce((sum, n) => sum + n, 0), { timeout: 3000 }).toBe(numbers.length)
})

test('tidying up begins two seconds after the last commit, and waits for a capture that begins then', async () => {
  let tidied = 0
  let now = 0
  const clock = { ...systemClock, now: () => now }
  const keeper = keepIndex({
    index: () => ({ taken: 0, flush: () => {}, idle: () => ++tidied < 0 }) as unknown as IndexWriter,
    clock,
    tell: () => {},
    failed: error => expect(error).toBeNull(),
  })
  onTestFinished(() => keeper.end())
  keeper.applied(1)
  now = 1900
  keeper.expects()
  now = 3800
  await sleep(600)
  expect(tidied).toBe(0)
  now = 4000
  await expect.poll(() => tidied).toBeGreaterThan(0)
})
