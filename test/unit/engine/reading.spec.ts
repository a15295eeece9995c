/** A message that is opened before its turn to be read has come. */
import { afterEach, expect, test } from 'vitest'
import { readingCalls } from '../../../main/engine/answers/reading.ts'
import type { EngineContext } from '../../../main/engine/context.ts'
import { openIndexQueries } from '../../../main/engine/index/reader.ts'
import type { RecordId } from '../../../main/engine/log/types.ts'
import { saveInInbox, type TestArchive, testArchive } from '../../help/captures.ts'

let archive: TestArchive
afterEach(() => archive.close())

const MAIL = Buffer.from(
  'From: Ada <ada@example.org>\r\nTo: bob@example.org\r\nSubject: The plan\r\nDate: Mon, 1 Jun 2026 10:00:00 +0200\r\n\r\nIt stands.\r\n',
)

test('has its headers at once, though its row in the list has none yet', async () => {
  archive = await testArchive()
  const { store, indexFile } = archive
  const prepared = await store.pool.prepare([Uint8Array.from(MAIL)], { later: 'all' })
  const { id } = prepared[0]!
  await saveInInbox(store, prepared)
  store.index.publish()
  const queries = openIndexQueries({ ...indexFile, archive: 'a'.repeat(32) })
  try {
    const { rows } = queries.window({ mailbox: 1, from: null, direction: 'after', limit: 9 })
    expect(rows).toMatchObject([{ id, subject: '', from: [], parse: 'blank', size: MAIL.length }])
    const open = {
      ask: async (method: keyof typeof queries, args: unknown[]) => (queries[method] as (...args: unknown[]) => unknown)(...args),
      read: async (record: RecordId) => (await store.log.read(store.index.place(record)!, record)).bytes,
      pool: store.pool,
    }
    const archives = { open: async () => open, onCommit: () => {}, ifOpen: () => undefined }
    const calls = readingCalls({ archives } as unknown as EngineContext)
    const { summary, text } = await calls['message.show']({ archive: 'a'.repeat(32), message: id }, { signal: new AbortController().signal } as never)
    expect(summary).toMatchObject({ subject: 'The plan', from: [{ name: 'Ada', address: 'ada@example.org' }], date: Date.UTC(2026, 5, 1, 8) })
    expect(text).toContain('It stands.')
  } finally {
    queries.close()
  }
})
