/** Messages that were stored faster than they could be read, exported before their turn came. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { realDisk } from '../../../main/engine/base/files.ts'
import { exportMessages } from '../../../main/engine/jobs/export/export.ts'
import type { ExportSource } from '../../../main/engine/jobs/export/items.ts'
import { createPool } from '../../../main/engine/jobs/pool/pool.ts'
import type { LongJobContext } from '../../../main/engine/jobs/types.ts'
import { preparedSource } from '../../help/exportSource.ts'
import { testIdKey } from '../../help/preparedMail.ts'

const mail = Array.from({ length: 250 }, (_, i) =>
  Buffer.from(
    `From: Anna ${i} <anna@a.example>\r\nSubject: number ${i}\r\nMessage-ID: <${i}@a.example>\r\nDate: Fri, 1 Mar 2024 10:00:0${i % 10} +0000\r\n\r\nText\r\n`,
  ),
)

function unread() {
  const pool = createPool({ idKey: testIdKey, workers: 1 })
  onTestFinished(() => pool.close())
  return preparedSource(mail, views => pool.parse(views))
}

async function exported(source: ExportSource, to: string) {
  const told = { failed: [] as string[], added: 0, unchanged: 0 }
  const context: LongJobContext = {
    signal: new AbortController().signal,
    clock: systemClock,
    progress: () => {},
    checkpoint: async () => {},
    failed: (_, error) => void told.failed.push(error.code),
    count: (outcome, by = 1) => {
      if (outcome !== 'failed') told[outcome] += by
    },
    result: () => {},
    log: () => {},
    show: () => {},
    waitOut: () => expect.unreachable('nothing is waited for'),
  }
  const order = { scope: { which: 'all' as const }, format: 'eml' as const, layout: 'mailbox' as const, dialect: 'mboxrd' as const, zip: false }
  await exportMessages({ source, order: { ...order, to, name: 'Work' }, disk: realDisk, patient: false }, context)
  const manifest = (await readFile(join(to, 'manifest.jsonl'), 'utf8')).trimEnd().split('\n')
  return { told, items: manifest.map(line => JSON.parse(line) as Record<string, unknown>), files: (await readdir(to, { recursive: true })).sort() }
}

async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'mailcoffer-export-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

test('files and lists say what the messages themselves say, and an export of the same messages when they were read writes nothing anew', async () => {
  const to = await folder()
  const before = await exported(unread(), to)
  expect(before.told).toEqual({ failed: [], added: mail.length, unchanged: 0 })
  expect(before.items.map(({ subject, from, messageId }) => [subject, from, messageId])).toEqual(
    mail.map((_, i) => [`number ${i}`, `Anna ${i} <anna@a.example>`, `${i}@a.example`]),
  )
  expect(before.items[3]).toMatchObject({ date: '2024-03-01T10:00:03.000Z' })
  const after = await exported(preparedSource(mail), to)
  expect(after.told).toEqual({ failed: [], added: 0, unchanged: mail.length })
  expect(after.files).toEqual(before.files)
})

test('one that is damaged is named, and the others say what they are', async () => {
  const { told, items } = await exported(unread().damaged(120, new AppError('record-damaged', 'does not open')), await folder())
  expect(told).toEqual({ failed: ['record-damaged'], added: mail.length - 1, unchanged: 0 })
  expect(items.map(({ subject }) => subject)).toEqual(mail.map((_, i) => `number ${i}`).filter(subject => subject !== 'number 120'))
})

test('a drive that is gone while they are read ends the export by its name', async () => {
  const source = unread().damaged(120, new AppError('destination-missing', 'not there'))
  await expect(exported(source, await folder())).rejects.toMatchObject({ code: 'destination-missing' })
})
