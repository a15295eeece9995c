/** Attachments become searchable after their messages: newest first, once, whatever happens in between. */
import { afterEach, expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { openIndexQueries } from '../../../main/engine/index/reader.ts'
import { type AttachmentDeps, attachmentTexts, readAttachments } from '../../../main/engine/jobs/attachments/texts.ts'
import { createOpening, type Opening } from '../../../main/engine/jobs/opening/opening.ts'
import type { JobContext } from '../../../main/engine/jobs/types.ts'
import type { RecordId } from '../../../main/engine/log/types.ts'
import { plan } from '../../../main/engine/search/plan.ts'
import { readQuery } from '../../../main/engine/search/query.ts'
import { type TestArchive, testArchive } from '../../help/captures.ts'
import { docx, lockedPdf, pdf } from '../../help/documents.ts'

let archive: TestArchive
let thread: Opening
afterEach(async () => {
  await thread.close()
  await archive.close()
})

const mail = (subject: string, name: string, type: string, bytes: Buffer) =>
  Buffer.from(
    `Subject: ${subject}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nthe letter itself\r\n--b\r\nContent-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n')}\r\n--b--\r\n`,
  )

async function store(messages: Buffer[], limits = {}): Promise<AttachmentDeps & { ids: RecordId[] }> {
  archive = await testArchive()
  thread = createOpening(limits)
  const { store } = archive
  const prepared = await store.pool.prepare(messages)
  await store.save(prepared, [
    { k: 'mailbox', mailbox: 1, path: ['INBOX'], delimiter: '/', raw: 'INBOX', role: 'inbox', selectable: true, subscribed: true, present: true },
    { k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 1 },
    ...prepared.map(({ id, size }, i) => ({
      k: 'placed' as const,
      epoch: 1,
      uid: i + 1,
      id,
      size,
      internalDate: 1_700_000_000 + i,
      zone: 0,
      flags: [],
    })),
  ])
  store.index.flush()
  const read = async (id: RecordId) => (await store.log.read(store.index.place(id)!, id)).bytes
  return { read, index: () => store.index, pool: store.pool, thread, isBusy: () => false, ids: prepared.map(({ id }) => id) }
}

const context = (more: Partial<JobContext> = {}): JobContext => ({
  signal: new AbortController().signal,
  clock: systemClock,
  progress: () => {},
  checkpoint: async () => {},
  failed: () => {},
  count: () => {},
  result: () => {},
  log: () => {},
  ...more,
})

function found(query: string): string[] {
  const queries = openIndexQueries(archive.indexFile)
  try {
    const wanted = plan(readQuery(query, { now: 0, locale: 'en-GB' })!, { name: '', user: '', mailboxes: [] })
    return queries.search({ wanted, mailbox: null, from: null, limit: 10 }).rows.map(({ subject }) => subject)
  } finally {
    queries.close()
  }
}
const listed = () => {
  const queries = openIndexQueries(archive.indexFile)
  try {
    return { rows: queries.unreadAttachments({ why: null, after: null, limit: 10 }), status: queries.status() }
  } finally {
    queries.close()
  }
}

test('words of an attachment find its message, together with those of the letter; body: and attachment: tell them apart', async () => {
  const deps = await store([
    mail('one', 'a.pdf', 'application/pdf', pdf(['Hydroplan'])),
    mail('two', 'b.docx', 'application/octet-stream', await docx('turbina wodna')),
  ])
  expect(listed().status.attachmentsWaiting).toBe(2)
  expect(found('hydroplan')).toEqual([])
  await readAttachments(deps, context())
  expect(found('hydroplan')).toEqual(['one'])
  expect(found('letter turbina')).toEqual(['two'])
  expect(found('attachment:hydroplan')).toEqual(['one'])
  expect(found('body:hydroplan')).toEqual([])
  expect(found('"itself" filename:docx')).toEqual(['two'])
  expect(listed().status).toMatchObject({ attachmentsWaiting: 0, attachmentsUnread: [], unindexed: 0 })
  expect((await attachmentTexts(deps, deps.ids[0]!)).map(({ name, text }) => [name, text.trim()])).toEqual([['a.pdf', 'Hydroplan']])
})

test('what cannot be read is listed with its reason, and is:unindexed finds it', async () => {
  const deps = await store([
    mail('locked', 'a.pdf', 'application/pdf', lockedPdf()),
    mail('scan', 'b.pdf', 'application/pdf', pdf([])),
    mail('picture', 'c.png', 'image/png', Buffer.from('x')),
  ])
  expect(listed().status.attachmentsWaiting).toBe(2)
  await readAttachments(deps, context())
  expect(listed().rows.map(({ name, why, subject }) => [name, why, subject])).toEqual([
    ['b.pdf', 'image-only', 'scan'],
    ['a.pdf', 'encrypted', 'locked'],
  ])
  expect(found('is:unindexed')).toEqual(['scan', 'locked'])
  expect(listed().status.attachmentsUnread).toHaveLength(2)
})

test('a reading that is stopped keeps what it read, and goes on with the rest', async () => {
  const messages = Array.from({ length: 6 }, (_, i) => mail(`number ${i}`, 'a.pdf', 'application/pdf', pdf([`word${i}`])))
  const deps = await store(messages)
  let steps = 0
  const stop = async () => {
    if (++steps === 5) throw new AppError('cancelled', 'stopped')
  }
  await expect(readAttachments(deps, context({ checkpoint: stop }))).rejects.toMatchObject({ code: 'cancelled' })
  archive.store.index.flush()
  // The newest were first.
  expect(found('word5')).toEqual(['number 5'])
  expect(found('word0')).toEqual([])
  await readAttachments(deps, context())
  for (let i = 0; i < 6; i++) expect(found(`word${i}`)).toEqual([`number ${i}`])
})

test('a file that takes too long ends its thread, is named, and the others are read', async () => {
  // An RTF file of many small groups, against a limit that no file would keep.
  const slow = Buffer.from(`{\\rtf1 ${'{\\b x}'.repeat(1_500_000)}}`)
  const deps = await store([mail('slow', 'a.rtf', 'text/rtf', slow), mail('quick', 'b.pdf', 'application/pdf', pdf(['quickly']))], { timeoutMs: 120 })
  const threads = slowOnly(thread)
  await readAttachments({ ...deps, thread: threads }, context()).finally(threads.close)
  expect(listed().rows.map(({ name, why }) => [name, why])).toEqual([['a.rtf', 'gave-up']])
  expect(found('quickly')).toEqual(['quick'])
})

test('a file that still waits behind another when the reading is stopped keeps its bytes: the thread is given it later, and forgets the answer', async () => {
  const deps = await store([mail('large', 'a.txt', 'text/plain', Buffer.alloc(200_000, 'word '))])
  const stop = new AbortController()
  let given: Uint8Array | null = null
  const waits: AttachmentDeps['thread'] = {
    ask: thread.ask,
    hand: (_, ...args) => {
      given = args[0] as Uint8Array
      stop.abort()
      return new Promise(() => {})
    },
  }
  await expect(readAttachments({ ...deps, thread: waits }, context({ signal: stop.signal }))).rejects.toMatchObject({ code: 'cancelled' })
  expect(given!.byteLength).toBe(200_000)
})

/** Loading pdf.js takes longer than the limit of this test: only the slow file is put to it. */
function slowOnly(limited: Opening): Opening {
  const usual = createOpening()
  return {
    ask: usual.ask,
    hand: (name, ...args) => (name === 'words' && (args[1] as { name: string }).name === 'a.rtf' ? limited : usual).hand(name, ...args),
    close: () => usual.close(),
  }
}
