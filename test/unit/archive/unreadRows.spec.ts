/** Messages that were stored without being read, in an archive as the engine has it open. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { checkIndex } from '../../../main/engine/index/check.ts'
import { dumpIndex } from '../../../main/engine/index/dump.ts'
import { openIndexQueries } from '../../../main/engine/index/reader.ts'
import type { JobContext } from '../../../main/engine/jobs/types.ts'
import { saveInInbox } from '../../help/captures.ts'
import { indexFile, makeArchive, openAgain } from '../../help/history/capturing.ts'

/** An archive with so many messages of which nothing was read. */
async function unread(count: number) {
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-unread-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  await makeArchive(dir)
  const archive = await openAgain(dir)
  onTestFinished(() => archive.close())
  const store = await archive.store()
  const mail = (n: number) => Uint8Array.from(Buffer.from(`Subject: Number ${n}\r\n\r\nSome text that says ${n}.\r\n`))
  const prepared = await store.pool.prepare(
    Array.from({ length: count }, (_, n) => mail(n)),
    { later: 'all' },
  )
  await saveInInbox(store, prepared)
  const waiting = () => store.index.pending(count + 1).length
  expect(waiting()).toBe(count)
  return { archive, store, waiting, index: indexFile(dir) }
}

const context: JobContext = {
  signal: new AbortController().signal,
  clock: systemClock,
  progress: () => {},
  checkpoint: async () => {},
  failed: (what, error) => expect.unreachable(`${what}: ${error.message}`),
  count: () => {},
  result: () => {},
  log: () => {},
}

test('are read by themselves a few seconds after nothing more came: a capture that was paused or ended leaves no rows without a subject', async () => {
  const { store, waiting, index } = await unread(120)
  await expect.poll(waiting, { timeout: 20_000, interval: 100 }).toBe(0)
  store.index.publish()
  const queries = openIndexQueries({ ...index, archive: 'a'.repeat(32) })
  onTestFinished(() => queries.close())
  const { rows } = queries.window({ mailbox: 1, from: null, direction: 'after', limit: 1 })
  expect(rows).toMatchObject([{ subject: 'Number 119', parse: 'ok' }])
})

test('whoever else reads them at the same time, the index says of each what the log says, once', async () => {
  const { archive, store, waiting, index } = await unread(4000)
  // They are being read by themselves.
  await expect.poll(waiting, { timeout: 20_000, interval: 5 }).toBeLessThan(4000)
  expect(waiting()).toBeGreaterThan(0)
  await Promise.all([store.readTexts(context), store.readTexts(context), archive.catchUp(context)])
  expect(waiting()).toBe(0)
  store.index.flush()
  const lines = () => [...dumpIndex(index, { oneWordIn: 20 })]
  const live = lines()
  expect(checkIndex(index)).toEqual([])
  await archive.rebuild(context)
  expect(live).toEqual(lines())
})

test('an index that is built again while they are read by themselves has all of them', async () => {
  const { archive, waiting, index } = await unread(3000)
  await expect.poll(waiting, { timeout: 20_000, interval: 5 }).toBeLessThan(3000)
  expect(waiting()).toBeGreaterThan(0)
  await archive.rebuild(context)
  expect(await archive.isBehind()).toBe(false)
  expect(checkIndex(index)).toEqual([])
  const queries = openIndexQueries({ ...index, archive: 'a'.repeat(32) })
  onTestFinished(() => queries.close())
  expect(queries.status()).toMatchObject({ messages: 3000, unindexed: 0 })
})
