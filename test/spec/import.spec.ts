/** Mail of other programs, and our own exports, taken in: every message once, with its bytes, flags and dates, and each that cannot be read by name. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generatedStore } from '../help/generatedStore.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'

const python = spawnSync('python3', ['--version']).status === 0
let profile: SampleProfile
let out: string
let n = 0
/** Of the archive "Work", as it was captured. */
let captured: string[]

beforeAll(async () => {
  const store = generatedStore({ messages: 60, seed: 33 })
  const inbox = store.mailboxes[0]!
  const odd = [
    'From: a@x.example\r\nSubject: odd\r\n\r\nFrom here\r\n>From there\r\n\r\nFrom A Fri Mar  1 10:00:00 2024\r\nend',
    'Subject: lf\n\nonly\n',
  ]
  for (const text of odd)
    inbox.messages.push({ uid: inbox.uidNext++, flags: ['\\Answered'], internalDate: 1_650_000_000, zone: -90, bytes: Buffer.from(text) })
  profile = await sampleProfile(store, { kept: true })
  out = await mkdtemp(join(tmpdir(), 'mailcoffer-import-'))
  expect((await profile.run('sync', 'Work')).code).toBe(0)
  captured = await content('Work')
})
afterAll(async () => {
  await profile.close()
  await rm(out, { recursive: true, force: true })
})

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function exported(archive: string, ...args: string[]): Promise<string> {
  const to = join(out, `export ${++n}`)
  const run = await profile.run('--json', 'export', archive, '--to', to, ...args)
  expect(run, run.stdout + run.stderr).toMatchObject({ code: 0 })
  return (run.json() as { job: { result: { folder: string } } }).job.result.folder
}

/** Mailbox, hash, flags and date of everything in an archive, as its own export tells it. */
async function content(archive: string): Promise<string[]> {
  const dir = await exported(archive, '--format', 'eml')
  const lines = (await readFile(join(dir, 'manifest.jsonl'), 'utf8')).trim().split('\n').filter(Boolean)
  return lines
    .map(line => {
      const {
        mailbox,
        sha256: sum,
        flags,
        internalDate,
      } = JSON.parse(line) as { mailbox: string[]; sha256: string; flags: string[]; internalDate: string | null }
      return `${mailbox.join('/')} ${sum} ${flags.sort().join(' ')} ${internalDate}`
    })
    .sort()
}

interface Imported {
  job: {
    outcomes: { added: number; unchanged: number }
    failures: { what: string; error: { code: string } }[]
    result: { found: number; passed: number }
  }
}
async function imported(archive: string, ...args: string[]): Promise<Imported['job']> {
  return ((await profile.run('--json', 'import', archive, ...args)).json() as unknown as Imported).job
}
async function fresh(): Promise<string> {
  const name = `Fresh ${++n}`
  expect((await profile.run('archive', 'create', name)).code).toBe(0)
  return name
}

test.each([
  ['EML files', ['--format', 'eml']],
  ['mbox', ['--format', 'mbox']],
  ['mboxcl2', ['--format', 'mbox', '--dialect', 'mboxcl2']],
  ['Maildir', ['--format', 'maildir']],
  ['a ZIP file', ['--format', 'mbox', '--zip']],
])('what was exported as %s is the same in a new archive: mailboxes, bytes, flags, dates and zones', { timeout: 120_000 }, async (_, args) => {
  const dir = await exported('Work', ...args)
  const archive = await fresh()
  expect(await imported(archive, dir)).toMatchObject({ outcomes: { added: captured.length, unchanged: 0 }, failures: [] })
  expect(await content(archive)).toEqual(captured)
  // Again: nothing is there twice.
  expect(await imported(archive, dir)).toMatchObject({ outcomes: { added: 0, unchanged: captured.length }, failures: [] })
})

test('without the manifest, an mbox and a Maildir still give every message with its bytes', { timeout: 120_000 }, async () => {
  const hashes = (lines: string[]) => lines.map(line => /[0-9a-f]{64}/.exec(line)![0]).sort()
  // A bare LF, and a last line without an end, are what these formats cannot tell.
  const told = new Set(hashes(captured))
  for (const format of ['mbox', 'maildir']) {
    const dir = await exported('Work', '--format', format)
    await rm(join(dir, 'manifest.jsonl'))
    const archive = await fresh()
    const job = await imported(archive, dir)
    expect(job.failures).toEqual([])
    const found = hashes(await content(archive))
    expect(job.outcomes.added).toBe(found.length)
    expect(found.filter(hash => !told.has(hash)).length).toBeLessThanOrEqual(2)
    expect(new Set(found).size).toBe(told.size)
  }
})

test("beside an account it goes below Imported, and the account's next capture sees no change", { timeout: 120_000 }, async () => {
  const dir = await exported('Work', '--format', 'eml', '--mailbox', 'Sent')
  const first = await imported('Work', dir)
  expect(first.outcomes.added).toBeGreaterThan(0)
  const { mailboxes } = (await profile.run('--json', 'mailboxes', 'Work')).json() as { mailboxes: { name: string; messages: number }[] }
  expect(mailboxes.find(({ name }) => name === 'Imported/Sent')).toMatchObject({ messages: first.outcomes.added })
  expect(
    mailboxes.find(({ name }) => name === 'Imported'),
    'what stands above it',
  ).toMatchObject({ messages: 0, imported: true })
  const again = await profile.run('--json', 'sync', 'Work')
  expect(JSON.stringify(again.json())).toContain('"added":0')
  const status = (await profile.run('--json', 'archive', 'losses', 'Work')).json()
  expect(status).toMatchObject({ losses: [] })
})

test('what was imported was never on a server, and is not said to be gone from one', { timeout: 60_000 }, async () => {
  const dir = await exported('Work', '--format', 'mbox', '--mailbox', 'Sent')
  const archive = await fresh()
  await imported(archive, dir)
  const { mailboxes } = (await profile.run('--json', 'mailboxes', archive)).json() as { mailboxes: Record<string, unknown>[] }
  expect(mailboxes).toMatchObject([{ name: 'Sent', imported: true, present: false, gone: 0 }])
  expect((await profile.run('mailboxes', archive)).stdout).not.toContain('any more')
  const { messages } = (await profile.run('--json', 'list', archive)).json() as { messages: { gone: number | null }[] }
  expect(messages.length).toBeGreaterThan(5)
  expect(messages.filter(({ gone }) => gone !== null)).toEqual([])
  expect((await profile.run('--json', 'archive', 'status', archive)).json()).toMatchObject({
    mailboxes: [{ imported: true, gone: 0, missing: 0, onServer: null }],
  })
})

test("Gmail's Takeout, Thunderbird and Apple Mail: labels, folders and flags are understood", { timeout: 60_000 }, async () => {
  const dir = join(out, 'others')
  const takeout =
    'From 17@xxx Mon Jan 01 10:00:00 +0000 2024\nX-GM-THRID: 17\nX-Gmail-Labels: Inbox,Starred,"Work, new"\nSubject: labelled\n\nHello\n\n'
  const unread = 'From 18@xxx Mon Jan 01 11:00:00 +0000 2024\nX-Gmail-Labels: Sent,Unread\nSubject: plain\n\nHi\n'
  await mkdir(join(dir, 'Takeout', 'Mail'), { recursive: true })
  await writeFile(join(dir, 'Takeout', 'Mail', 'All mail Including Spam and Trash.mbox'), takeout + unread)
  await mkdir(join(dir, 'Mail', 'Archive.sbd'), { recursive: true })
  await writeFile(join(dir, 'Mail', 'Archive.msf'), '// <!-- <mdb:mork:z v="1.4"/> -->')
  await writeFile(
    join(dir, 'Mail', 'Archive.sbd', '2023'),
    'From - Tue Feb 02 10:00:00 2023\nX-Account-Key: account1\nX-UIDL: 7\nX-Mozilla-Status: 0005\nX-Mozilla-Status2: 00000000\nX-Mozilla-Keys: $label1      \nSubject: moz\n\nBird\n',
  )
  await writeFile(join(dir, 'Mail', 'Inbox'), 'From - Tue Feb 02 10:00:00 2023\nX-Mozilla-Status: 0000\nSubject: in\n\nIn\n')
  await mkdir(join(dir, 'Apple', 'Trips.mbox', 'Messages'), { recursive: true })
  const message = 'Subject: apple\n\nPie\n'
  await writeFile(
    join(dir, 'Apple', 'Trips.mbox', 'Messages', '7.emlx'),
    `${message.length}\n${message}<?xml version="1.0"?><plist><dict><key>flags</key><integer>17</integer><key>date-received</key><integer>1700000000</integer></dict></plist>`,
  )
  const archive = await fresh()
  expect(await imported(archive, join(dir, 'Takeout'), join(dir, 'Mail'), join(dir, 'Apple'))).toMatchObject({ outcomes: { added: 5 }, failures: [] })
  const hash = (text: string) => sha256(Buffer.from(text.replaceAll('\n', '\r\n')))
  const lines = await content(archive)
  expect(lines).toEqual(
    [
      `INBOX ${hash('Subject: labelled\n\nHello\n')} \\Flagged \\Seen 2024-01-01T10:00:00+00:00`,
      `Work, new ${hash('Subject: labelled\n\nHello\n')} \\Flagged \\Seen 2024-01-01T10:00:00+00:00`,
      `INBOX ${hash('Subject: in\n\nIn\n')}  2023-02-02T10:00:00+00:00`,
      `Sent ${hash('Subject: plain\n\nHi\n')}  2024-01-01T11:00:00+00:00`,
      `Archive/2023 ${hash('Subject: moz\n\nBird\n')} $label1 \\Flagged \\Seen 2023-02-02T10:00:00+00:00`,
      `Apple/Trips ${hash(message)} \\Flagged \\Seen 2023-11-14T22:13:20+00:00`,
    ].sort(),
  )
})

test('what cannot be read is named, what is no mail is counted, and the rest comes', { timeout: 60_000 }, async () => {
  const dir = join(out, 'bad')
  await mkdir(dir)
  await writeFile(join(dir, 'good.eml'), 'Subject: good\n\nFine\n')
  await writeFile(join(dir, 'bad.eml'), Buffer.from([0, 1, 2, 3, 255]))
  await writeFile(join(dir, 'cut.emlx'), '9999\nSubject: cut\n\n')
  await writeFile(join(dir, 'photo.jpg'), Buffer.from('ffd8ffe0', 'hex'))
  await writeFile(join(dir, 'broken.zip'), 'PK\u0003\u0004 and nothing that follows')
  await writeFile(join(dir, 'Outlook.pst'), Buffer.alloc(8192, 7))
  const archive = await fresh()
  const job = await imported(archive, join(out, 'not there'), dir)
  expect(job).toMatchObject({ outcomes: { added: 1 }, result: { found: 1, passed: 1 } })
  expect(job.failures.map(({ what, error }) => `${what}: ${error.code}`).sort()).toEqual([
    `${join(out, 'not there')}: import-unreadable`,
    'bad/Outlook.pst: import-unreadable',
    'bad/bad.eml: import-unreadable',
    'bad/broken.zip: import-unreadable',
    'bad/cut.emlx: import-unreadable',
  ])
  expect(await imported(archive, dir, '--dry-run')).toMatchObject({ outcomes: { added: 0, unchanged: 1 } })
})

test.skipIf(!python)(
  'a ZIP file whose names lead out of its folder, or that swells without end, writes nothing outside and fills nothing',
  { timeout: 60_000 },
  async () => {
    const dir = join(out, 'zips')
    await mkdir(dir)
    const script = `
import zipfile, sys
z = zipfile.ZipFile('up.zip', 'w'); z.writestr('../../evil.eml', 'Subject: evil\\n\\nx\\n'); z.close()
z = zipfile.ZipFile('bomb.zip', 'w', zipfile.ZIP_DEFLATED); z.writestr('big.eml', b'Subject: big\\n\\n' + b'x' * 200_000_000); z.close()`
    execFileSync('python3', ['-c', script], { cwd: dir })
    const archive = await fresh()
    const job = await imported(archive, join(dir, 'up.zip'), join(dir, 'bomb.zip'))
    expect(job.outcomes.added).toBe(0)
    expect(job.failures.map(({ error }) => error.code)).toEqual(['import-unreadable', 'import-unreadable'])
    expect((await readdir(out)).includes('evil.eml')).toBe(false)
    expect(await readdir(join(profile.dir, 'unpacked')).catch(() => [])).toEqual([])
  },
)
