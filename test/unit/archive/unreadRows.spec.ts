/** Messages that were stored without being read, in an archive as the engine has it open. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openIndexQueries } from '../../../main/engine/index/reader.ts'
import { saveInInbox } from '../../help/captures.ts'
import { indexFile, makeArchive, openAgain } from '../../help/history/capturing.ts'

const mail = (n: number) => Uint8Array.from(Buffer.from(`Subject: Number ${n}\r\n\r\nSome text.\r\n`))

test('are read by themselves a few seconds after nothing more came: a capture that was paused or ended leaves no rows without a subject', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-unread-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  await makeArchive(dir)
  const archive = await openAgain(dir)
  onTestFinished(() => archive.close())
  const store = await archive.store()
  const prepared = await store.pool.prepare(
    Array.from({ length: 120 }, (_, i) => mail(i)),
    { later: 'all' },
  )
  await saveInInbox(store, prepared)
  expect(store.index.pending(200)).toHaveLength(120)
  await expect.poll(() => store.index.pending(200).length, { timeout: 20_000, interval: 100 }).toBe(0)
  store.index.publish()
  const queries = openIndexQueries({ ...indexFile(dir), archive: 'a'.repeat(32) })
  onTestFinished(() => queries.close())
  const { rows } = queries.window({ mailbox: 1, from: null, direction: 'after', limit: 1 })
  expect(rows).toMatchObject([{ subject: 'Number 119', parse: 'ok' }])
})
