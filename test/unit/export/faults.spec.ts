/** What can go wrong while messages are written out: one is damaged, the drive is full, a name is hostile. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import type { ExportFormat } from '../../../main/contract/export.ts'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { type Disk, realDisk } from '../../../main/engine/base/files.ts'
import type { KeptMailbox } from '../../../main/engine/index/kept.ts'
import { exportMessages } from '../../../main/engine/jobs/export/export.ts'
import type { ExportSource } from '../../../main/engine/jobs/export/items.ts'
import { fromLine } from '../../../main/engine/jobs/export/mbox.ts'
import { foldersFor, roomBelow } from '../../../main/engine/jobs/export/names.ts'
import type { LongJobContext } from '../../../main/engine/jobs/types.ts'
import { type Prepared, preparedSource } from '../../help/exportSource.ts'
import { canMount, mountTmpfs } from '../../help/mounts.ts'

let dir: string
let mail: Prepared
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mailcoffer-export-'))
  mail = preparedSource(
    Array.from({ length: 6 }, (_, i) => Buffer.from(`Subject: number ${i}\r\n\r\n${randomBytes(30_000).toString('base64')} ${i}\r\n`)),
  )
})
afterEach(() => rm(dir, { recursive: true, force: true }))

interface Told {
  failed: string[]
  counts: Record<string, number>
}

interface Options {
  zip?: boolean
  disk?: Disk
  progress?: LongJobContext['progress']
  /** It waits for the place, and this happens meanwhile. */
  waitOut?(error: AppError): Promise<void>
}

async function run(source: ExportSource, format: ExportFormat, to: string, options: Options = {}): Promise<Told> {
  const { zip = false, disk = realDisk, progress = () => {}, waitOut } = options
  const told: Told = { failed: [], counts: { added: 0, unchanged: 0 } }
  const context: LongJobContext = {
    signal: new AbortController().signal,
    clock: systemClock,
    progress,
    checkpoint: async () => {},
    failed: (_, error) => void told.failed.push(error.code),
    count: (outcome, by = 1) => {
      told.counts[outcome] = (told.counts[outcome] ?? 0) + by
    },
    result: () => {},
    log: () => {},
    show: () => {},
    waitOut: error => waitOut!(error as AppError),
  }
  const order = { scope: { which: 'all' as const }, format, layout: 'mailbox' as const, dialect: 'mboxrd' as const, zip, to, name: 'Work' }
  await exportMessages({ source, order, disk, patient: waitOut !== undefined }, context)
  return told
}

test.each<[ExportFormat, boolean]>([
  ['eml', false],
  ['mbox', false],
  ['maildir', false],
  ['eml', true],
])('a damaged message is named, and all others come (%s, ZIP: %s)', async (format, zip) => {
  const source = mail.damaged(2, new AppError('record-damaged', 'does not open'))
  expect(await run(source, format, dir, { zip })).toEqual({ failed: ['record-damaged'], counts: { added: 5, unchanged: 0 } })
  expect((await readdir(dir, { recursive: true })).filter(name => /\.part|mailcoffer-/.test(name))).toEqual([])
})

test('many messages are written at once: the lists name them in their order, the damaged ones apart, and nothing half-done is left', async () => {
  const many = preparedSource(Array.from({ length: 60 }, (_, i) => Buffer.from(`Subject: ${i}\r\n\r\n${'x'.repeat(i % 7 === 0 ? 90_000 : 20)}\r\n`)))
  const source = many.damaged(33, new AppError('record-damaged', 'does not open'))
  for (const format of ['eml', 'maildir'] as const) {
    const to = join(dir, format)
    expect(await run(source, format, to)).toEqual({ failed: ['record-damaged'], counts: { added: 59, unchanged: 0 } })
    const listed = (await readFile(join(to, 'manifest.jsonl'), 'utf8')).trimEnd().split('\n')
    const subjects = listed.map(line => (JSON.parse(line) as { subject: string }).subject)
    expect(subjects).toEqual(Array.from({ length: 60 }, (_, i) => `number ${i}`).filter(one => one !== 'number 33'))
    const sums = (await readFile(join(to, 'SHA256SUMS'), 'utf8')).trimEnd().split('\n')
    expect(sums.filter(line => line.includes('mailcoffer,S=') || line.endsWith('.eml')).map(line => line.slice(66))).toEqual(
      listed.map(line => (JSON.parse(line) as { path: string }).path),
    )
    expect(await run(source, format, to)).toEqual({ failed: ['record-damaged'], counts: { added: 0, unchanged: 59 } })
    expect((await readdir(to, { recursive: true })).filter(name => /part|mailcoffer-/.test(name))).toEqual([])
  }
})

test.skipIf(!canMount)('a drive that fills up ends the export with its name, and leaves no file that is half there', async () => {
  using drive = mountTmpfs('150k')
  for (const [format, zip] of [
    ['eml', false],
    ['mbox', false],
    ['eml', true],
  ] as const) {
    await expect(run(mail, format, join(drive.at, format), { zip })).rejects.toMatchObject({ code: 'disk-full' })
    const names = (await readdir(drive.at, { recursive: true })).filter(name => /\.(eml|mbox|zip|part)$/.test(name))
    for (const name of names.filter(one => one.endsWith('.eml'))) expect((await readFile(join(drive.at, name))).length).toBeGreaterThan(40_000)
    expect(names.filter(name => !name.endsWith('.eml'))).toEqual([])
    await rm(join(drive.at, format), { recursive: true, force: true })
  }
  drive.resize('2m')
  expect(await run(mail, 'eml', join(drive.at, 'eml'))).toMatchObject({ failed: [], counts: { added: 6 } })
})

test('files that cannot be read back because the drive is gone are not called unreliable: they are read when it is back', async () => {
  const [to, away] = [join(dir, 'drive'), join(dir, 'away')]
  const codes: string[] = []
  let pulled = false
  const told = await run(mail, 'eml', to, {
    progress: ({ phase }) => {
      if (phase !== 'verifying' || pulled) return
      pulled = true
      renameSync(to, away)
    },
    waitOut: async ({ code }) => {
      codes.push(code)
      await rename(away, to)
    },
  })
  expect([told.failed, codes]).toEqual([[], ['destination-missing']])
  const failing = { ...realDisk, openPastCache: () => Promise.reject(Object.assign(new Error('read'), { code: 'EIO' })) }
  await expect(run(mail, 'eml', join(dir, 'failing'), { disk: failing })).rejects.toMatchObject({ code: 'destination-missing' })
})

test('another drive in the place of the one that was written to is called so, and gets nothing; the export goes on when its own is back', async () => {
  const [to, away, other] = [join(dir, 'drive'), join(dir, 'away'), join(dir, 'other')]
  const codes: string[] = []
  const told = await run(mail, 'eml', to, {
    progress: ({ done }) => {
      if (done !== 3 || codes.length > 0) return
      renameSync(to, away)
      mkdirSync(to)
    },
    waitOut: async ({ code }) => {
      codes.push(code)
      if (code !== 'destination-other') return
      await rename(to, other)
      await rename(away, to)
    },
  })
  expect(codes.at(-1)).toBe('destination-other')
  expect(await readdir(other)).toEqual([])
  expect(told.failed).toEqual([])
  expect((await readdir(join(to, 'INBOX'))).length).toBe(6)
})

test('names of mailboxes, however hostile, long or alike, become folders that differ everywhere and leave room for a file', () => {
  const paths = [
    ['con'],
    ['CON'],
    ['a/b'],
    ['..'],
    ['x'.repeat(300)],
    ['Ä'],
    ['A\u0308'],
    Array.from({ length: 40 }, (_, i) => `level ${i}`),
    ['\u202egpj.exe'],
    [' . '],
  ]
  const mailboxes = paths.map((path, i) => ({ mailbox: i + 1, path }) as unknown as KeptMailbox)
  const room = roomBelow('/media/a drive with a name')
  const folders = foldersFor(mailboxes, 'mailbox', room)
  const names = mailboxes.map(({ mailbox }) => folders.of({ mailbox, sortTime: 0 }).join('/'))
  expect(new Set(names.map(name => name.normalize('NFC').toLowerCase())).size).toBe(paths.length)
  for (const name of names) {
    expect(name.length).toBeLessThanOrEqual(room - 60)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what may not be there
    expect(name).not.toMatch(/[\u0000-\u001f<>:"\\|?*\u202e]|(^|\/)\.\.?(\/|$)|[. ](\/|$)/)
  }
})

test('a From_ line is one line, whatever the sender is called', () => {
  expect(fromLine('anna@example.com', 1_709_287_200_000).toString()).toBe('From anna@example.com Fri Mar  1 10:00:00 2024\n')
  expect(fromLine('a\nFrom b@example.com', 0).toString()).toBe('From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n')
})
