/**
 * Out and back: server, archive, export in each format, import into a new archive, restore to an empty account, capture again. At every station the
 * same messages are in the same mailboxes with the same bytes, flags and dates. MAILCOFFER_CORPUS=medium (`npm run soak -- roundtrip`) takes 20,000 messages through all formats to the end.
 */
import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cliHere } from '../help/cli.ts'
import { makeCorpus, presets } from '../help/corpus.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { randomOf } from '../help/random.ts'
import { linesOf } from '../help/serverContent.ts'
import { tortureMail } from '../help/tortureMail.ts'

const SIZE = process.env['MAILCOFFER_CORPUS']
const LIMIT = SIZE ? 1_800_000 : 120_000
const formats = ['mbox', 'eml', 'maildir'] as const

/** Names that one file system or another refuses, or takes for another of these. */
const HOSTILE = [
  'CON',
  'aux',
  'a:b?c',
  'ends in a blank ',
  'Case',
  'CASE',
  'Ła\u0301d',
  'Łád',
  'x'.repeat(120),
  `deep/${'y'.repeat(70)}/${'z'.repeat(70)}/${'ż'.repeat(20)}`,
]

let dir: string
let source: Dovecot
let targets: Dovecot
let before: string[]

beforeAll(async () => {
  if (dovecotMissing) return
  dir = await mkdtemp(join(tmpdir(), 'mailcoffer-round-'))
  await chmod(dir, 0o755)
  if (SIZE) {
    makeCorpus(join(dir, SIZE), presets[SIZE]!)
    // Dovecot refuses uid 0 for mail, and serves it as nobody.
    if (userInfo().uid === 0) execFileSync('chown', ['-R', 'nobody', join(dir, SIZE, 'Maildir')])
  }
  source = await startDovecot(SIZE ? { maildir: join(dir, SIZE, 'Maildir') } : {})
  targets = await startDovecot({ users: [...formats] })
  const writer = await source.writer()
  await torture(writer)
  before = await linesOf(writer)
  await writer.logout() // it would be closed while all else goes on
  expect(new Set(before.map(line => line.replace(/ [0-9a-f]{64} .*/, ''))).size).toBeGreaterThan(12)
  await captured('First', source, source.user)
  at('captured')
}, LIMIT)
afterAll(async () => {
  await source?.stop()
  await targets?.stop()
  if (dir) await rm(dir, { recursive: true, force: true })
})

async function torture(client: ImapFlow): Promise<void> {
  const random = randomOf(77)
  for (const { path, messages } of generatedStore({ messages: SIZE ? 10 : 40, seed: 77 }).mailboxes) {
    const name = path.join('/')
    if (name !== 'INBOX') await client.mailboxCreate(name).catch(() => {}) // the corpus may have it
    for (const { bytes, flags, internalDate } of messages) await client.append(name, Buffer.from(bytes), flags, new Date(internalDate * 1000))
  }
  for (const [n, name] of HOSTILE.entries()) {
    // Dovecot's Maildir refuses some of them itself.
    if (!(await client.mailboxCreate(name).catch(() => null))) continue
    await client.append(
      name,
      Buffer.from(`Subject: in ${n}\r\n\r\nFrom here\r\n\r\nFrom a@x.example Fri Mar  1 10:00:00 2024\r\n>From\r\n`),
      ['\\Seen'],
      new Date(1e12 + n * 1000),
    )
  }
  for (let n = 0; n < 30; n++) {
    // IMAP has no NUL in a literal (RFC 9051 4.3).
    const bytes = Buffer.from(tortureMail(random).map(byte => (byte === 0 ? 1 : byte)))
    const flags = random.pick([[], ['\\Seen', '\\Answered'], ['$Forwarded', 'Etykieta']])
    // Now and then the same bytes twice in one mailbox, with other flags and another date.
    await client.append('INBOX', bytes, flags, new Date(1.1e12 + n * 1000))
    if (n % 5 === 0) await client.append('INBOX', bytes, ['\\Flagged'], new Date(1.2e12 + n * 1000))
    if (n % 10 === 0) await client.append('INBOX', bytes, ['\\Flagged'], new Date(1.2e12 + n * 1000))
  }
}

const run = async (...args: string[]) => {
  const result = await cliHere(args, { profile: join(dir, 'profile'), env: { MAILCOFFER_ACCOUNT_PASSWORD: source.password } })
  expect(result.code, `${args.join(' ')}: ${result.stdout}${result.stderr}`).toBe(0)
  return result
}

async function captured(name: string, { host, imapPort }: Dovecot, user: string): Promise<void> {
  await run('archive', 'create', name)
  await run('account', 'add', name, '--imap', `${host}:${imapPort}`, '--user', user, '--security', 'plain')
  await run('sync', name)
}

async function exported(archive: string, format: string): Promise<string> {
  const to = join(dir, `${archive} as ${format}`)
  await run('export', archive, '--to', to, '--format', format)
  return to
}

/** As a server would tell it, by the manifest of an export. */
async function stations(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, 'manifest.jsonl'), 'utf8')
  return text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { mailbox: string[]; sha256: string; flags: string[]; internalDate: string })
    .map(({ mailbox, sha256, flags, internalDate }) => `${mailbox.join('/')} ${sha256} ${flags.sort().join(',')} ${Date.parse(internalDate) / 1000}`)
    .sort()
}

/** Where a long run is. */
const at = (station: string) => SIZE && console.log(`${new Date().toISOString().slice(11, 19)} ${station}: ${before.length} messages are the same`)

describe.skipIf(dovecotMissing)('the same messages, bytes, flags and dates are in the same mailboxes at every station', () => {
  test.each(formats)('by way of %s', { timeout: LIMIT }, async format => {
    const folder = await exported('First', format)
    expect(await stations(folder), `${format}: exported`).toEqual(before)
    at(`exported as ${format}`)
    const name = `From ${format}`
    await run('archive', 'create', name)
    const { job } = (await run('--json', 'import', name, folder)).json() as {
      job: { outcomes: Record<string, number>; result: Record<string, number> }
    }
    expect(job, `${format}: imported`).toMatchObject({
      outcomes: { added: before.length, unchanged: 0, failed: 0 },
      result: { found: before.length },
    })
    expect(await stations(await exported(name, 'eml')), `${format}: in the new archive`).toEqual(before)
    at('imported into a new archive')
    const again = (await run('--json', 'import', name, folder)).json()
    expect(again, `${format}: imported twice`).toMatchObject({ job: { outcomes: { added: 0, unchanged: before.length } } })
    // The small test goes to the end with one of them.
    if (!SIZE && format !== 'mbox') return
    await run('restore', name, '--imap', `${targets.host}:${targets.imapPort}`, '--user', format, '--security', 'plain')
    const target = await targets.writer(format)
    expect(await linesOf(target), `${format}: restored`).toEqual(before)
    await target.logout()
    at('restored to an empty account')
    await captured(`Again ${format}`, targets, format)
    expect(await stations(await exported(`Again ${format}`, 'eml')), `${format}: captured again`).toEqual(before)
    at('captured again')
    for (const folder of await readdir(dir)) if (/ as /.test(folder)) await rm(join(dir, folder), { recursive: true }) // room for the next
  })
})
