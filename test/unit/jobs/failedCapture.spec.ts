/** A capture that fails after mail came faster than it could be read. */
import { afterEach, expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import type { Archives } from '../../../main/engine/archives.ts'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { captureArchive } from '../../../main/engine/jobs/capture/archive.ts'
import type { JobContext } from '../../../main/engine/jobs/types.ts'
import { deriveArchiveKeys } from '../../../main/engine/keys/archiveKeys.ts'
import { saveInInbox, type TestArchive, testArchive } from '../../help/captures.ts'

const ID = '0123456789abcdef'.repeat(2)

let archive: TestArchive
afterEach(() => archive.close())

/** Of an archive with one message that was not read, from a server that cannot be reached. */
async function failedCapture(signal: AbortSignal): Promise<number> {
  archive = await testArchive()
  const { store } = archive
  const prepared = await store.pool.prepare([Uint8Array.from(Buffer.from('Subject: The plan\r\n\r\nIt stands.\r\n'))], { later: 'all' })
  await saveInInbox(store, prepared)
  const refused = async () => {
    throw new AppError('connection-refused', 'nobody listens')
  }
  const open = { id: ID, keys: deriveArchiveKeys(new Uint8Array(32).fill(7), ID), store: async () => store }
  const archives = { open: async () => open, summary: async () => ({ demo: false }), account: refused } as unknown as Archives
  const silent = () => {}
  const job: JobContext = {
    signal,
    clock: systemClock,
    progress: silent,
    checkpoint: async () => signal.throwIfAborted(),
    failed: silent,
    count: silent,
    result: silent,
    log: silent,
  }
  await expect(captureArchive(archives, ID, job)).rejects.toMatchObject({ code: 'connection-refused' })
  return store.index.pending(9).length
}

test('reads what it has before it says why it failed', async () => {
  expect(await failedCapture(new AbortController().signal)).toBe(0)
})

test('does not keep a person waiting who ended it', async () => {
  expect(await failedCapture(AbortSignal.abort())).toBe(1)
})
