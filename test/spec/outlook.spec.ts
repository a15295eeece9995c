/** Outlook's own files: what they know becomes a message that every mail program reads, always the same one, and what harms ends with the thread that reads it. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { outlookFile } from '../../main/engine/jobs/import/outlook/outlookFile.ts'
import type { Found, FoundMessage } from '../../main/engine/jobs/import/types.ts'
import { cliHere } from '../help/cli.ts'
import { type MsgObject, msgFile } from '../help/msgFile.ts'
import { randomOf } from '../help/random.ts'

/** Files of Outlook's that the reader's package brings for its own tests: nothing of ours writes such a file. */
const samples = join(dirname(createRequire(import.meta.url).resolve('pst-extractor')), '../example/testdata')
const pst = join(samples, 'enron.pst')
const ost = join(samples, 'pstextractortest@outlook.com.ost')
const pstMissing = !existsSync(pst)
if (pstMissing) console.log('SKIPPED: PST and OST files: pst-extractor came without its sample files')

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mailcoffer-outlook-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const sent = new Date('2024-03-01T10:00:00Z')
const inner: MsgObject = {
  properties: { 26: 'IPM.Note', 55: 'Załączony', 66: 'Ola', 101: 'ola@latarnia.example', 4096: 'W środku', 57: sent },
}
const message: MsgObject = {
  properties: {
    26: 'IPM.Note',
    55: '\u0001\u0005Re: Umowa — żółć 合同',
    66: 'Zażółć "Anna"',
    101: '/O=LATARNIA/CN=ANNA',
    23810: 'anna@latarnia.example',
    57: sent,
    3590: new Date('2024-03-01T10:00:05Z'),
    3591: 1,
    4225: 102,
    4240: 2,
    4096: 'Dzień dobry\r\n\r\nFrom here on',
    4115: Buffer.from('<p>Dzie\u0144 dobry <img src="cid:obraz@x"></p>'),
    16350: 65001,
    4149: '<umowa@latarnia.example>\r\nX-Evil: yes',
  },
  recipients: [
    { properties: { 3093: 1, 12289: 'Jan', 12291: 'jan@latarnia.example' } },
    { properties: { 3093: 2, 12289: '李', 14846: 'li@latarnia.example', 12291: '/O=X/CN=LI' } },
    { properties: { 3093: 3, 12289: 'secret@latarnia.example', 12291: 'secret@latarnia.example' } },
  ],
  attachments: [
    { properties: { 14085: 1, 14087: 'umowa łódź.pdf', 14094: 'application/pdf', 14081: Buffer.from('%PDF'.repeat(3000)) } },
    { properties: { 14085: 1, 14084: 'o.png', 14094: 'image/png', 14098: '<obraz@x>', 14100: 4, 14081: Buffer.from([1, 2, 3]) } },
    { properties: { 14085: 5, 12289: 'Załączony' }, inner },
    { properties: { 14085: 4, 14087: 'only a link.docx' } },
  ],
}

async function found(path: string, kind: 'pst' | 'msg', limits?: Parameters<typeof outlookFile>[4]): Promise<Found[]> {
  const all: Found[] = []
  for await (const one of outlookFile(path, kind, [], 'file', limits)) all.push(one)
  return all
}
const messagesIn = (all: Found[]) => all.filter((one): one is FoundMessage => one.kind === 'message')
const bytesOf = ({ bytes }: FoundMessage) => Buffer.from(bytes as Uint8Array)

async function written(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(dir, name), bytes)
  return join(dir, name)
}

test('a .msg becomes a message with its people, texts, attachments and the message in it; flags and dates come along', async () => {
  const [one] = messagesIn(await found(await written('a.msg', msgFile(message)), 'msg'))
  expect(one).toMatchObject({ flags: ['\\Seen', '\\Answered', '\\Flagged'], internalDate: Date.parse('2024-03-01T10:00:05Z') / 1000 })
  const bytes = bytesOf(one!)
  const mail = await PostalMime.parse(bytes, { rfc822Attachments: true })
  expect(mail).toMatchObject({
    subject: 'Re: Umowa — żółć 合同',
    from: { name: 'Zażółć "Anna"', address: 'anna@latarnia.example' },
    to: [{ name: 'Jan', address: 'jan@latarnia.example' }],
    cc: [{ name: '李', address: 'li@latarnia.example' }],
    bcc: [{ address: 'secret@latarnia.example' }],
    date: '2024-03-01T10:00:00.000Z',
  })
  expect(mail.text).toContain('Dzień dobry')
  expect(mail.html).toContain('Dzień dobry <img src="cid:obraz@x">')
  expect(mail.attachments.map(({ filename, mimeType, disposition }) => `${filename} ${mimeType} ${disposition}`)).toEqual([
    'o.png image/png inline',
    'umowa łódź.pdf application/pdf attachment',
    expect.stringContaining('message/rfc822'),
  ])
  expect(Buffer.from(mail.attachments[1]!.content as ArrayBuffer).toString()).toBe('%PDF'.repeat(3000))
  const within = await PostalMime.parse(mail.attachments[2]!.content)
  expect(within).toMatchObject({ subject: 'Załączony', from: { address: 'ola@latarnia.example' } })
  expect(within.text).toContain('W środku')
  // What could not be had is said; nothing that a property says begins a header of its own.
  expect(mail.headers.filter(({ key }) => key.startsWith('x-'))).toEqual([
    expect.objectContaining({ key: 'x-mailcoffer-lost-attachments', value: '1' }),
  ])
  expect(bytes.toString('latin1')).not.toMatch(/[^\r]\n/)
})

test('headers that were kept stand as they were, apart from those of a body that is written anew', async () => {
  const headers = [
    'Microsoft Mail Internet Headers Version 2.0',
    'Received: from mx.example by x;\r\n\tFri, 1 Mar 2024 10:00:00 +0000',
    'From: "Stored" <stored@latarnia.example>',
    'Subject: =?utf-8?B?xYHDs2TFug==?=',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative;\r\n boundary="gone"',
    'X-Last: one\r\n\r\nnot a header',
  ]
  const path = await written('b.msg', msgFile({ ...message, properties: { ...message.properties, 125: headers.join('\r\n') } }))
  const text = bytesOf(messagesIn(await found(path, 'msg'))[0]!).toString()
  const head = text.slice(0, text.indexOf('\r\n\r\n'))
  expect(head).toContain(
    'Received: from mx.example by x;\r\n\tFri, 1 Mar 2024 10:00:00 +0000\r\nFrom: "Stored" <stored@latarnia.example>\r\nSubject: =?utf-8?B',
  )
  expect(head).toContain('X-Last: one')
  expect(head.match(/^(From|Subject|Content-Type|MIME-Version|Bcc):/gim)).toEqual(['From:', 'Subject:', 'MIME-Version:', 'Content-Type:'])
  expect(head).not.toContain('gone')
})

test('of what was signed, the body is exactly what was signed', async () => {
  const signed =
    'Content-Type: multipart/signed; boundary="s"\r\n\r\n--s\r\n\r\nHello\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--s--\r\n'
  const properties = { 26: 'IPM.Note.SMIME.MultipartSigned', 55: 'Signed', 66: 'Anna', 101: 'anna@latarnia.example', 57: sent }
  const attachments = [{ properties: { 14085: 1, 14087: 'smime.p7m', 14094: 'multipart/signed', 14081: Buffer.from(signed) } }]
  const path = await written('signed.msg', msgFile({ properties, attachments }))
  expect(
    bytesOf(messagesIn(await found(path, 'msg'))[0]!)
      .toString()
      .endsWith(`\r\n${signed}`),
  ).toBe(true)
})

test('a second import of the same .msg adds nothing; a contact is no mail; a damaged file is named and the rest comes', {
  timeout: 60_000,
}, async () => {
  const profile = join(dir, 'profile')
  const run = (...args: string[]) => cliHere(args, { profile })
  const from = join(dir, 'from')
  await mkdir(from)
  await writeFile(join(from, 'one.msg'), msgFile(message))
  await writeFile(join(from, 'contact.msg'), msgFile({ properties: { 26: 'IPM.Contact', 55: 'Jan' } }))
  await writeFile(join(from, 'cut.msg'), msgFile(message).subarray(0, 1500))
  await writeFile(join(from, 'plain.eml'), 'Subject: plain\r\n\r\nHello\r\n')
  expect((await run('archive', 'create', 'Old mail')).code).toBe(0)
  const first = (await run('--json', 'import', 'Old mail', from)).json()
  expect(first).toMatchObject({ job: { outcomes: { added: 2 }, result: { found: 2, passed: 1 }, failures: [{ what: 'from/cut.msg' }] } })
  const again = (await run('--json', 'import', 'Old mail', from)).json()
  expect(again).toMatchObject({ job: { outcomes: { added: 0, unchanged: 2 } } })
})

test.skipIf(pstMissing)('a PST gives every message of every folder, and an OST its mail without its calendar', { timeout: 60_000 }, async () => {
  const all = await found(pst, 'pst')
  const perFolder = Map.groupBy(messagesIn(all), one => one.mailboxes[0]!.join('/'))
  expect(all.filter(({ kind }) => kind !== 'message')).toEqual([])
  // As many as each folder's own table says.
  expect([...perFolder].map(([name, { length }]) => `${name}: ${length}`)).toEqual([
    'lokay-m/MLOKAY (Non-Privileged): 1',
    'lokay-m/MLOKAY (Non-Privileged)/TW-Commercial Group: 14',
    'lokay-m/MLOKAY (Non-Privileged)/Systems: 7',
    'lokay-m/MLOKAY (Non-Privileged)/Sent Items: 2',
    'lokay-m/MLOKAY (Non-Privileged)/Personal: 47',
  ])
  const mail = await found(ost, 'pst')
  const folders = messagesIn(mail).map(({ mailboxes, role }) => `${mailboxes[0]!.join('/')} ${role ?? ''}`)
  expect(folders.filter(name => name === 'Inbox inbox')).toHaveLength(10)
  expect(new Set(folders)).toEqual(new Set(['Inbox inbox', 'Deleted Items ', 'Sent Items ', 'Sync Issues ']))
  expect(mail.filter(({ kind }) => kind === 'passed').length).toBeGreaterThan(100)
})

test.skipIf(pstMissing)(
  'a PST with damage all over it, or cut short, comes to an end: what can be read comes, the rest is named',
  { timeout: 60_000 },
  async () => {
    const random = randomOf(5)
    const bytes = readFileSync(pst)
    for (let n = 0; n < 3000; n++) bytes[1024 + random.below(bytes.length - 1024)]! = random.below(256)
    const damaged = await found(await written('damaged.pst', bytes), 'pst', { timeoutMs: 5000, memoryMb: 256 })
    expect(damaged.length).toBeGreaterThan(0)
    for (const one of damaged) if (one.kind === 'unreadable') expect(one.error.code).toBe('import-unreadable')
    const cut = await found(await written('cut.pst', bytes.subarray(0, 200_000)), 'pst', { timeoutMs: 5000, memoryMb: 256 })
    expect(cut.map(({ kind }) => kind)).toEqual(['unreadable'])
  },
)

test.skipIf(pstMissing)('reading that takes too long is ended and named', { timeout: 60_000 }, async () => {
  const slow = await found(pst, 'pst', { timeoutMs: 1, memoryMb: 256 })
  expect(slow).toMatchObject([{ kind: 'unreadable', error: { code: 'import-unreadable' } }])
})
