import { appendFile, mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type JournalEntry, type Journals, openJournals } from '../../../main/engine/jobs/restore/journal.ts'
import { placed } from '../../../main/engine/jobs/restore/verify.ts'

const key = new Uint8Array(32).fill(5)
const begun = {
  at: 1,
  archive: 'a'.repeat(32),
  settings: { protocol: 'imap' as const, host: 'mail.example.org', port: 993, security: 'tls' as const, user: 'zofia' },
  account: null,
  scope: { which: 'all' as const },
  prefix: '',
}
const sending = (batch: number): JournalEntry => ({
  k: 'sending',
  batch,
  raw: 'INBOX',
  uidValidity: 7,
  uidNext: 10,
  items: [['f'.repeat(64), 100, 1_700_000_000, 60, ['\\Seen']]],
})

let dir: string
let journals: Journals
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mailcoffer-journal-'))
  journals = openJournals(dir, key)
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const written = async (...entries: JournalEntry[]) => {
  const journal = await journals.create(begun)
  await journal.write(...entries)
  await journal.close()
  return journal.state.id
}
const fileOf = async () => join(dir, (await readdir(dir))[0]!)

test('what was written is read again, and is gone on with', async () => {
  const id = await written(sending(1), { k: 'sent', batch: 1, uids: [10] })
  const again = await journals.open(id)
  await again.write(sending(2))
  await again.close()
  const [state] = await journals.list()
  expect(state!.batches.map(({ batch, uids }) => [batch, uids])).toEqual([
    [1, [10]],
    [2, null],
  ])
  expect(placed({ state: state! })).toMatchObject([{ raw: 'INBOX', uidValidity: 7, uid: 10 }])
})

test('cut off at any byte it says what had been written whole, and takes more', async () => {
  const id = await written(sending(1), { k: 'sent', batch: 1, uids: [10] })
  const path = await fileOf()
  const whole = await readFile(path)
  for (let length = whole.length - 1; length >= whole.length - 60; length -= 7) {
    await truncate(path, length)
    const journal = await journals.open(id)
    expect(journal.state.batches).toMatchObject([{ batch: 1, uids: null }])
    await journal.write({ k: 'sent', batch: 1, uids: [0] })
    await journal.close()
    expect((await journals.list())[0]!.batches[0]!.uids).toEqual([0])
    await rm(path)
    await appendFile(path, whole)
  }
})

test('tells nothing to who has no key, and an entry that was changed or moved is not believed', async () => {
  await written(sending(1))
  const path = await fileOf()
  const bytes = await readFile(path)
  for (const word of ['mail.example.org', 'zofia', 'INBOX']) expect(bytes.includes(word)).toBe(false)
  expect(await openJournals(dir, new Uint8Array(32).fill(6)).list()).toEqual([])
  bytes[bytes.length - 1]! ^= 1
  await rm(path)
  await appendFile(path, bytes)
  expect((await journals.list())[0]!.batches).toEqual([])
})

test('what was put back can be taken back for a year; what is not at its end is never forgotten', async () => {
  const day = 24 * 60 * 60 * 1000
  const sent: JournalEntry[] = [sending(1), { k: 'sent', batch: 1, uids: [10] }]
  const ended: JournalEntry = { k: 'ended', at: 0, refused: 0 }
  const finished = await written(...sent, ended)
  const undone = await written(...sent, ended, { k: 'undone', raw: 'INBOX', uids: [10] }, { k: 'undo ended', at: 0, left: 0 })
  const cutOff = await written(...sent)
  const unknown = await written(...sent, sending(2), ended)
  const halfUndone = await written(...sent, ended, { k: 'undone', raw: 'INBOX', uids: [10] })
  const left = async () => (await journals.list()).map(({ id }) => id).sort()
  expect(await journals.prune(29 * day)).toBe(0)
  expect(await journals.prune(31 * day)).toBe(1)
  expect(await left()).not.toContain(undone)
  expect(await left()).toContain(finished)
  await journals.prune(100_000 * day)
  expect(await left()).toEqual([cutOff, unknown, halfUndone].sort())
})
