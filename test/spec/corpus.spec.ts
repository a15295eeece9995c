/**
 * A whole corpus from Dovecot: every message comes out of the archive with the SHA-256 of what the server holds, with its flags and INTERNALDATE.
 * MAILCOFFER_CORPUS=medium (`npm run soak -- corpus`) takes 20,000 messages instead of 2,000.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { archiveIdOf, cliHere, PASSWORD } from '../help/cli.ts'
import { makeCorpus, presets } from '../help/corpus.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'
import { testEngine } from '../help/engine.ts'

const SIZE = process.env['MAILCOFFER_CORPUS'] ?? 'small'
const LIMIT = SIZE === 'small' ? 300_000 : 1_800_000

let dir: string
let dovecot: Dovecot

beforeAll(async () => {
  if (dovecotMissing) return
  dir = await mkdtemp(join(tmpdir(), 'mailcoffer-corpus-'))
  await chmod(dir, 0o755)
  makeCorpus(join(dir, SIZE), presets[SIZE]!)
  // Dovecot refuses uid 0 for mail, and serves it as nobody.
  if (userInfo().uid === 0) execFileSync('chown', ['-R', 'nobody', join(dir, SIZE, 'Maildir')])
  dovecot = await startDovecot({ maildir: join(dir, SIZE, 'Maildir') })
}, LIMIT)
afterAll(async () => {
  await dovecot?.stop()
  if (dir) await rm(dir, { recursive: true, force: true })
})

test.skipIf(dovecotMissing)(
  `${presets[SIZE]!.messages} messages: bytes, mailboxes, UIDs, flags and dates are those of the server`,
  { timeout: LIMIT },
  async () => {
    const profile = join(dir, 'profile')
    const run = (...args: string[]) => cliHere(args, { profile, env: { MAILCOFFER_ACCOUNT_PASSWORD: dovecot.password } })
    expect(await run('archive', 'create', 'Work')).toMatchObject({ code: 0 })
    const server = `${dovecot.host}:${dovecot.imapPort}`
    expect(await run('account', 'add', 'Work', '--imap', server, '--user', dovecot.user, '--security', 'plain')).toMatchObject({ code: 0 })
    const synced = await run('--json', 'sync', 'Work')
    expect(synced, synced.stdout).toMatchObject({ code: 0 })

    const held = await onServer().catch(error => {
      throw new Error(`the server did not tell what it holds\n${dovecot.log().slice(-4000)}`, { cause: error })
    })
    expect(held.length).toBe(presets[SIZE]!.messages)
    expect(await inArchive(profile)).toEqual(held)
  },
)

/** Asked with a client of its own, which shares nothing with capture but the library. */
async function onServer(): Promise<string[]> {
  const client = await dovecot.writer()
  const lines: string[] = []
  for (const mailbox of await client.list()) {
    if (mailbox.flags.has('\\Noselect') || mailbox.flags.has('\\NonExistent')) continue
    const { exists } = await client.mailboxOpen(mailbox.path, { readOnly: true })
    if (exists === 0) continue
    for await (const message of client.fetch('1:*', { uid: true, flags: true, internalDate: true, source: true }))
      lines.push(
        line(
          mailbox.path,
          message.uid,
          [...message.flags!],
          new Date(message.internalDate!).getTime(),
          createHash('sha256').update(message.source!).digest('hex'),
        ),
      )
  }
  return lines.sort()
}

async function inArchive(profile: string): Promise<string[]> {
  const engine = testEngine(profile)
  try {
    await engine.client.call('profile.unlock', { password: PASSWORD })
    const archive = await archiveIdOf(engine.client)
    const lines: string[] = []
    for (let from = null as { row: number; placement: number } | null, more = true; more; ) {
      const window = await engine.client.call('message.window', { archive, mailbox: null, from, direction: 'after', limit: 500 })
      for (const { id } of window.rows) {
        const { placements, sha256 } = await engine.client.call('message.show', { archive, message: id })
        for (const { mailboxName, uid, flags, internalDate } of placements)
          lines.push(line(mailboxName, uid, flags, internalDate ?? 0, await rawHash(engine, archive, id, sha256)))
      }
      from = window.rows.at(-1)?.cursor ?? null
      more = window.after && from !== null
    }
    return lines.sort()
  } finally {
    await engine.close()
  }
}

/** Of the bytes that really come out, not of what the archive says they have. */
async function rawHash({ client }: ReturnType<typeof testEngine>, archive: string, message: string, stated: string): Promise<string> {
  const hash = createHash('sha256')
  for (let offset = 0; ; ) {
    const { bytes, total } = await client.call('message.raw', { archive, message, offset })
    hash.update(bytes)
    offset += bytes.length
    if (offset >= total || bytes.length === 0) break
  }
  const found = hash.digest('hex')
  expect(found).toBe(stated)
  return found
}

const line = (mailbox: string, uid: number, flags: readonly string[], internalDate: number, sha256: string) =>
  `${mailbox} ${uid} ${flags
    .filter(flag => flag !== '\\Recent')
    .sort()
    .join(',')} ${internalDate} ${sha256}`
