/** What the index knows of a POP3 maildrop: which message each UID stands for. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { replay } from '../../../main/engine/jobs/catchUp.ts'
import type { Fact } from '../../../main/engine/log/facts.ts'
import { fact } from '../../../main/engine/log/facts.ts'
import { impatientClock, type TestArchive, testArchive } from '../../help/captures.ts'
import { openTestIndex } from './openTestIndex.ts'

let archive: TestArchive
beforeEach(async () => {
  archive = await testArchive()
})
afterEach(() => archive.close())

const mailbox: Fact = {
  k: 'mailbox',
  mailbox: 1,
  path: ['INBOX'],
  delimiter: '',
  raw: 'INBOX',
  role: 'inbox',
  selectable: true,
  subscribed: true,
  present: true,
}
const head = (digit: string) => digit.repeat(64)
const uidl = (epoch: number, uid: number, more: object = {}): Fact => ({
  k: 'uidl',
  epoch,
  uid,
  uidl: `u${uid}`,
  octets: 100 + uid,
  head: head('a'),
  ...more,
})

async function save(facts: Fact[], text?: string): Promise<string> {
  const prepared = text === undefined ? [] : await archive.store.pool.prepare([Buffer.from(text)])
  for (const each of facts) if (each.k === 'placed') Object.assign(each, { id: prepared[0]!.id, size: prepared[0]!.size })
  for (const each of facts) fact.parse(each)
  await archive.store.save(prepared, facts)
  return prepared[0]?.id ?? ''
}
const placed = (epoch: number, uid: number): Fact => ({ k: 'placed', epoch, uid, id: '', size: 0, internalDate: null, zone: null, flags: [] })

test('the last thing said of a UID holds, and its message and whether it is gone come with it', async () => {
  await save([mailbox, { k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 0 }, uidl(1, 1), uidl(1, 2, { uidl: null, octets: null, head: null })])
  expect(archive.store.index.pop3Ids(1)).toEqual([
    { epoch: 1, uid: 1, uidl: 'u1', octets: 101, head: head('a'), id: null, size: null, firstSeen: null, gone: false },
    { epoch: 1, uid: 2, uidl: null, octets: null, head: null, id: null, size: null, firstSeen: null, gone: false },
  ])
  const id = await save([uidl(1, 1, { uidl: 'moved', head: head('b') }), placed(1, 1)], 'Subject: one\r\n\r\n')
  expect(archive.store.index.pop3Ids(1)[0]).toMatchObject({
    uidl: 'moved',
    head: head('b'),
    id,
    size: 16,
    firstSeen: expect.any(Number),
    gone: false,
  })
  await save([{ k: 'gone', epoch: 1, uids: '1' }])
  expect(archive.store.index.pop3Ids(1)[0]).toMatchObject({ id, gone: true })
})

test('maildrops of earlier epochs are known, IMAP epochs between them are not in the way, other mailboxes are not asked', async () => {
  await save([
    mailbox,
    { ...mailbox, mailbox: 2, path: ['Other'], raw: 'Other', role: null },
    { k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 0 },
    uidl(1, 5),
    { k: 'epoch', epoch: 2, mailbox: 1, uidValidity: 77 },
    { k: 'epoch', epoch: 3, mailbox: 1, uidValidity: 0 },
    uidl(3, 1),
    { k: 'epoch', epoch: 4, mailbox: 2, uidValidity: 0 },
    uidl(4, 9),
  ])
  expect(archive.store.index.pop3Ids(1).map(({ epoch, uid }) => [epoch, uid])).toEqual([
    [1, 5],
    [3, 1],
  ])
  expect(archive.store.index.pop3Ids(2).map(({ epoch, uid }) => [epoch, uid])).toEqual([[4, 9]])
})

test('an index built from the log alone says the same', async () => {
  await save(
    [mailbox, { k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 0 }, uidl(1, 1), placed(1, 1), uidl(1, 2, { uidl: null })],
    'Subject: one\r\n\r\n',
  )
  await save([uidl(1, 1, { uidl: 'moved' }), { k: 'gone', epoch: 1, uids: '1' }])
  const rebuilt = openTestIndex()
  await replay({ log: archive.store.log, index: rebuilt.writer }, {
    progress: () => {},
    checkpoint: async () => {},
    failed: () => {},
    clock: impatientClock,
  } as never)
  expect(rebuilt.writer.pop3Ids(1)).toEqual(archive.store.index.pop3Ids(1))
  expect(rebuilt.writer.pop3Ids(1)).toHaveLength(2)
})
