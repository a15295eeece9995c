/** What is exported is read by other programs than ours: Python's mailbox module, sha256sum, unzip's relatives, and Dovecot. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MailStore } from '../../main/engine/demo/imap/store.ts'
import { dovecotMissing, startDovecot } from '../help/dovecot.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'
import { linesOf, linesOfStore } from '../help/serverContent.ts'

const python = spawnSync('python3', ['--version']).status === 0
if (!python) console.log('SKIPPED: exports read by Python: python3 is not installed')

const oddities = [
  'From: a@x.example\r\nSubject: odd\r\n\r\nFrom the beginning\r\n>From here\r\n>>From there\r\nFrom',
  'From: b@x.example\nSubject: =?utf-8?q?=3D=2BSUM=28A1=29?=\n\nFrom \nno end',
  'Subject: only headers\r\n',
  'From: "=cmd|x" <c@x.example>\r\nSubject: =HYPERLINK("x") </script><script>alert(1)</script>\r\n\r\n.\r\n..\r\n\r\n\r\n',
]

let store: MailStore
let profile: SampleProfile
let out: string

beforeAll(async () => {
  store = generatedStore({ messages: 80, seed: 21 })
  const inbox = store.mailboxes[0]!
  for (const text of oddities)
    inbox.messages.push({ uid: inbox.uidNext++, flags: ['\\Answered', '\\Seen'], internalDate: 1_650_000_000, zone: 60, bytes: Buffer.from(text) })
  profile = await sampleProfile(store, { kept: true })
  out = await mkdtemp(join(tmpdir(), 'mailcoffer-export-'))
  expect((await profile.run('sync', 'Work')).code).toBe(0)
})
afterAll(async () => {
  await profile.close()
  await rm(out, { recursive: true, force: true })
})

interface Item {
  path: string
  offset?: number
  length?: number
  sha256: string
  mailbox: string[]
  flags: string[]
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const served = () =>
  store.mailboxes
    .flatMap(({ path, messages }) => messages.map(({ bytes, flags }) => `${path.join('/')} ${sha256(bytes)} ${flags.sort().join(' ')}`))
    .sort()
const manifest = async (dir: string): Promise<Item[]> =>
  (await readFile(join(dir, 'manifest.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Item)
const hasBareEnds = (bytes: Uint8Array) => /(^|[^\r])\n|\r(?!\n)|[^\n]$/.test(Buffer.from(bytes).toString('latin1'))
const told = (items: Item[]) => items.map(({ mailbox, sha256, flags }) => `${mailbox.join('/')} ${sha256} ${flags.sort().join(' ')}`).sort()

const exported = (name: string, ...args: string[]): Promise<string> => exportedFrom('Work', name, ...args)

async function exportedFrom(archive: string, name: string, ...args: string[]): Promise<string> {
  const run = await profile.run('--json', 'export', archive, '--to', join(out, name), ...args)
  expect(run, run.stdout + run.stderr).toMatchObject({ code: 0 })
  return (run.json() as { job: { result: { folder: string } } }).job.result.folder
}

test('as EML files: every message in its mailbox with its exact bytes and flags; sha256sum agrees; a page, a table and a manifest tell of all', async () => {
  const dir = await exported('eml', '--format', 'eml')
  const items = await manifest(dir)
  expect(told(items)).toEqual(served())
  for (const { path, sha256: sum } of items) expect(sha256(await readFile(join(dir, path)))).toBe(sum)
  execFileSync('sha256sum', ['-c', '--quiet', '--strict', 'SHA256SUMS'], { cwd: dir })
  const csv = await readFile(join(dir, 'messages.csv'), 'utf8')
  expect(csv.split('\r\n')).toHaveLength(items.length + 2)
  // What a spreadsheet would run is text.
  expect(csv).toContain(`'=HYPERLINK`)
  expect(csv).toContain(`'=+SUM`)
  const page = await readFile(join(dir, 'index.html'), 'utf8')
  const rows = await readFile(join(dir, 'index-files', '0001.js'), 'utf8')
  expect(page).toContain("default-src 'none'")
  expect(rows).not.toContain('</script>')
  expect(rows).toContain('\\u003c/script>')
})

test('again into the same folder, nothing is written twice; a file that was changed or lost comes back', async () => {
  const dir = await exported('again', '--format', 'eml')
  const items = await manifest(dir)
  const [changed, lost, kept] = [items[3]!.path, items[5]!.path, items[7]!.path]
  const before = (await stat(join(dir, kept))).ino
  const bytes = await readFile(join(dir, changed))
  bytes[10]! ^= 1
  await writeFile(join(dir, changed), bytes)
  await rm(join(dir, lost))
  const run = await profile.run('--json', 'export', 'Work', '--to', dir, '--format', 'eml')
  expect(run.json()).toMatchObject({ job: { outcomes: { added: 2, unchanged: items.length - 2, failed: 0 } } })
  expect((await stat(join(dir, kept))).ino).toBe(before)
  execFileSync('sha256sum', ['-c', '--quiet', '--strict', 'SHA256SUMS'], { cwd: dir })
})

test.skipIf(!python)('as mbox: Python finds the same messages, and each has its bytes when the quoting is taken away', async () => {
  const dir = await exported('mbox', '--format', 'mbox')
  const items = await manifest(dir)
  expect(told(items)).toEqual(served())
  const script = `
import mailbox, hashlib, re, sys, json
found = []
for path in sys.argv[1:]:
    box = mailbox.mbox(path, create=False)
    for key in box.keys():
        data = re.sub(rb'(?m)^>(>*From )', rb'\\1', box.get_bytes(key))
        found.append([path, hashlib.sha256(data).hexdigest(), hashlib.sha256(data[:-1]).hexdigest()])
print(json.dumps(found))`
  const paths = [...new Set(items.map(({ path }) => path))]
  const found = JSON.parse(execFileSync('python3', ['-c', script, ...paths], { cwd: dir, encoding: 'utf8' })) as [string, string, string][]
  expect(found).toHaveLength(items.length)
  // A message whose last line does not end gets a line end in an mbox: Python cannot know.
  const left = items.filter(({ path, sha256: sum }) => !found.some(([file, whole, shorter]) => file === path && (whole === sum || shorter === sum)))
  expect(left).toEqual([])
  // By the manifest every byte is found again.
  for (const { path, offset, length, sha256: sum } of items) {
    const body = (await readFile(join(dir, path))).subarray(offset, offset! + length!)
    expect(sha256(Buffer.from(body.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1'))).toBe(sum)
  }
})

test('as Thunderbird has them: a file for each folder, what is below it in NAME.sbd; read from there, every folder has its messages', async () => {
  const dir = await exported('thunderbird', '--format', 'mbox', '--layout', 'thunderbird')
  const files = (await readdir(join(dir, 'Thunderbird'), { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())
  const paths = files.map(({ parentPath, name }) => relative(join(dir, 'Thunderbird'), join(parentPath, name)))
  const its = (mailbox: string) => mailbox.replace(/^INBOX/, 'Inbox')
  for (const { path } of store.mailboxes.filter(({ messages }) => messages.length > 0))
    expect(paths).toContain(its([...path.slice(0, -1).map(level => `${level}.sbd`), path.at(-1)].join('/')))
  // It looks for NAME.sbd only where there is a file NAME.
  for (const path of paths.filter(one => one.includes('/'))) expect(paths).toContain(dirname(path).replace(/\.sbd$/, ''))

  const mailboxes = async (name: string) =>
    ((await profile.run('--json', 'mailboxes', name)).json() as { mailboxes: { name: string; messages: number }[] }).mailboxes
      .filter(({ messages }) => messages > 0)
      .map(({ name: mailbox, messages }) => `${mailbox} ${messages}`)
      .sort()
  expect((await profile.run('archive', 'create', 'From Thunderbird')).code).toBe(0)
  expect((await profile.run('import', 'From Thunderbird', join(dir, 'Thunderbird'))).code).toBe(0)
  expect(await mailboxes('From Thunderbird')).toEqual((await mailboxes('Work')).map(mailbox => `Thunderbird/${its(mailbox)}`))

  // Its own lines in front of each message say which flags that has; the message is what was received.
  const bare = new Set(
    store.mailboxes.flatMap(({ messages }) => messages.filter(({ bytes }) => hasBareEnds(bytes)).map(({ bytes }) => sha256(bytes))),
  )
  const back = await exportedFrom('From Thunderbird', 'back', '--format', 'eml')
  // Of other line ends than CRLF, and of none at the end, an mbox says nothing.
  const same = served().filter(line => ![...bare].some(hash => line.includes(hash)))
  const kept = (line: string) =>
    line
      .replaceAll(/ \\(Draft|Deleted)/g, '')
      .toLowerCase()
      .trimEnd()
  expect(same.length).toBeGreaterThan(80)
  expect(told(await manifest(back)).map(kept)).toEqual(expect.arrayContaining(same.map(line => kept(`Thunderbird/${line}`))))
})

test('mboxcl2 states the length of each body, and leaves its lines alone', async () => {
  const dir = await exported('cl2', '--format', 'mbox', '--dialect', 'mboxcl2', '--mailbox', 'INBOX')
  for (const { path, offset, length, sha256: sum } of await manifest(dir)) {
    const bytes = (await readFile(join(dir, path))).subarray(offset, offset! + length!)
    const line = bytes.indexOf('\n') + 1
    const stated = Number(/^Content-Length: (\d+)$/.exec(bytes.toString('latin1', 0, line - 1))![1])
    const message = bytes.subarray(line)
    expect(sha256(message)).toBe(sum)
    const body = /\r?\n\r?\n/.exec(message.toString('latin1'))
    expect(stated).toBe(body ? message.length - body.index - body[0].length : 0)
  }
})

test.skipIf(dovecotMissing)('as Maildir: Dovecot serves the same mailboxes, bytes, flags, keywords and dates', async () => {
  const dir = await exported('maildir', '--format', 'maildir')
  execFileSync('chmod', ['-R', 'a+rwX', dir, out])
  const server = await startDovecot({ users: ['anna'], maildir: dir })
  try {
    // IMAP has only CRLF, and the help keeps Dovecot's own files apart, so that it does not see what letter stands for which keyword.
    const bare = new Set(oddities.filter(text => !text.includes('\r')).map(text => sha256(Buffer.from(text))))
    const seen = (lines: string[]) =>
      lines
        .filter(line => ![...bare].some(one => line.includes(one)))
        .map(line => line.replace(/\$Label1,|,unknown-0/, ''))
        .sort()
    const served = seen(await linesOf(await server.writer()))
    expect(
      served.filter(
        line =>
          !linesOfStore(store)
            .map(one => one.replace('$Label1,', ''))
            .includes(line),
      ),
    ).toHaveLength(bare.size)
    expect(served).toEqual(expect.arrayContaining(seen(linesOfStore(store))))
    expect(await readFile(join(dir, 'dovecot-keywords'), 'utf8')).toBe('0 $Label1\n')
  } finally {
    await server.stop()
  }
})

test.skipIf(!python)('as one ZIP file: everything is in it, and it is sound', async () => {
  const zip = await exported('zip', '--format', 'eml', '--zip', '--layout', 'date')
  const script = `
import zipfile, hashlib, sys, json
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
sums = dict(reversed(line.split('  ', 1)) for line in z.read('SHA256SUMS').decode().splitlines())
for path, sum in sums.items(): assert hashlib.sha256(z.read(path)).hexdigest() == sum, path
print(json.dumps([len(sums), [json.loads(line)['sha256'] for line in z.read('manifest.jsonl').decode().splitlines()]]))`
  const [files, sums] = JSON.parse(execFileSync('python3', ['-c', script, zip], { encoding: 'utf8' })) as [number, string[]]
  const distinct = [...new Set(store.mailboxes.flatMap(({ messages }) => messages.map(({ bytes }) => sha256(bytes))))].sort()
  expect(sums.sort()).toEqual(distinct)
  expect(files).toBe(distinct.length)
  expect(await readdir(join(out, 'zip'))).toHaveLength(1)
})

test('of a search, or a time, or a mailbox only, and nothing else', async () => {
  const dir = await exported('part', '--format', 'eml', '--mailbox', 'Sent', '--query', 'Angebot', '--since', '2020-01-01', '--until', '2030-01-01')
  const items = await manifest(dir)
  const sent = store.mailboxes.find(({ path }) => path[0] === 'Sent')!.messages
  const wanted = sent.filter(({ bytes }) => Buffer.from(bytes).includes('Subject: Angebot'))
  expect(wanted.length).toBeGreaterThan(0)
  expect(items.map(({ sha256: sum }) => sum).sort()).toEqual(wanted.map(({ bytes }) => sha256(bytes)).sort())
  expect(items.every(({ mailbox }) => mailbox[0] === 'Sent')).toBe(true)
  expect(await manifest(await exported('none', '--format', 'eml', '--until', '2001-01-01'))).toEqual([])
  const wrong = await profile.run('export', 'Work', '--to', join(out, 'no'), '--format', 'pst')
  expect(wrong.code).toBe(2)
})

test('what was exported is remembered: what, when, where to and how it ended', async () => {
  const to = await exported('remembered', '--format', 'eml', '--mailbox', 'INBOX')
  const count = (await manifest(to)).length
  const { jobs } = (await profile.run('--json', 'jobs', 'Work')).json() as { jobs: { kind: string }[] }
  expect(jobs[0]).toMatchObject({ kind: 'export', state: 'done', outcomes: { added: count, failed: 0 }, result: { folder: to } })
  const { stdout } = await profile.run('jobs')
  expect(stdout.split('\n')[0]).toMatch(new RegExp(`Work, export → .*remembered: ${count} messages written, done$`))
})
