/** Continuous capture as a person has it: the engine and the command line beside a real server. */
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ArchiveSummary, Job } from '../../main/contract/types.ts'
import type { Engine } from '../../main/engine/engine.ts'
import { cli, cliHere, PASSWORD } from '../help/cli.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'
import { testEngine } from '../help/engine.ts'

/** The median is well below 2 s (bench/latency.bench.ts); this bound only tells a notice from a poll on the busiest machine. */
const SOON = { timeout: 15_000, interval: 50 }

describe.skipIf(dovecotMissing)('beside a real server', { timeout: 60_000 }, () => {
  let dovecot: Dovecot
  let writer: ImapFlow
  let profile: string
  let engine: Engine
  let archive: string
  let number = 0

  beforeAll(async () => {
    dovecot = await startDovecot({ users: ['anna', 'bert'] })
    writer = await dovecot.writer()
    profile = await mkdtemp(join(tmpdir(), 'mailcoffer-watch-'))
  })
  afterAll(async () => {
    await dovecot.stop()
    await rm(profile, { recursive: true, force: true })
  })

  const settings = (user = dovecot.user) => ({
    protocol: 'imap' as const,
    host: dovecot.host,
    port: dovecot.imapPort,
    user,
    security: 'plain' as const,
  })
  const deliver = (mailbox: string) => writer.append(mailbox, Buffer.from(`Subject: letter ${++number}\r\n\r\nText\r\n`))
  const messages = async () => (await engine.client.call('archive.status', { archive })).messages
  const summary = async (): Promise<ArchiveSummary> => (await engine.client.call('archive.status', { archive })).archive
  /** The jobs as they are, kept up to date. */
  const follow = () => {
    let jobs: Job[] = []
    engine.client.watch('jobs', {}, value => {
      jobs = value
    })
    return { watch: () => jobs.find(job => job.kind === 'watch' && job.endedAt === null) }
  }

  beforeAll(async () => {
    engine = testEngine(profile, { watch: true })
    await engine.client.call('profile.create', { password: PASSWORD })
    archive = (await engine.client.call('archive.create', { name: 'Work' })).archive.id
    await engine.client.call('account.set', { archive, settings: settings(), password: dovecot.password })
  })
  afterAll(() => engine.close())

  test('an account is watched from the moment it is there, and what arrives or is sent is here soon after', async () => {
    const { watch } = follow()
    await expect.poll(() => watch()?.result['listening'], SOON).toBe(2)
    for (const mailbox of ['INBOX', 'Sent', 'INBOX']) {
      const before = await messages()
      await deliver(mailbox)
      await expect.poll(messages, SOON).toBe(before + 1)
    }
    expect(await summary()).toMatchObject({ watch: true, lastProven: expect.any(Number) })
  })

  test('a flag and a removal are noticed as soon', async () => {
    const window = async () =>
      (await engine.client.call('message.window', { archive, mailbox: null, from: null, direction: 'after', limit: 10 })).rows
    const before = await window()
    await writer.mailboxOpen('INBOX')
    await writer.messageFlagsAdd('1', ['\\Flagged'])
    await expect.poll(async () => (await window()).filter(({ flags }) => flags.includes('\\Flagged')).length, SOON).toBe(1)
    await writer.messageDelete('1')
    await expect.poll(async () => (await window()).filter(({ gone }) => gone !== null).length, SOON).toBe(1)
    expect(await window()).toHaveLength(before.length)
    await writer.mailboxClose()
  })

  test('asking for a capture asks the watch, which looks at once at what nobody listens to', async () => {
    const before = await messages()
    await deliver('Drafts')
    expect(await engine.client.call('job.capture', { archive })).toMatchObject({ kind: 'watch' })
    await expect.poll(messages, SOON).toBe(before + 1)
  })

  test('the index is built anew while the archive is being watched, and watching goes on', async () => {
    const { watch } = follow()
    const { id } = await engine.client.call('job.rebuild', { archive })
    expect(await engine.client.call('job.wait', { job: id })).toMatchObject({ state: 'done' })
    await expect.poll(() => watch()?.result['listening'], SOON).toBeGreaterThan(0)
    const before = await messages()
    await deliver('INBOX')
    await expect.poll(messages, SOON).toBe(before + 1)
  })

  test('it ends when a person says so, stays ended, and begins again when they say so', async () => {
    const { watch } = follow()
    expect(await engine.client.call('archive.watch', { archive, on: false })).toMatchObject({ watch: false })
    await expect.poll(watch, SOON).toBeUndefined()
    const before = await messages()
    await deliver('INBOX')
    await new Promise(resolve => setTimeout(resolve, 1500))
    expect(await messages()).toBe(before)
    expect(await engine.client.call('archive.watch', { archive, on: true })).toMatchObject({ watch: true })
    await expect.poll(messages, SOON).toBe(before + 1)
  })

  test('locking ends it, unlocking begins it again', async () => {
    const { watch } = follow()
    await engine.client.call('profile.lock', {})
    await expect.poll(watch, SOON).toBeUndefined()
    await deliver('INBOX')
    await engine.client.call('profile.unlock', { password: PASSWORD })
    await expect.poll(() => watch()?.result['news'], SOON).toBe('INBOX 1')
  })

  test('a password the server refuses stops it without asking again, and the right one starts it again', async () => {
    const { watch } = follow()
    await engine.client.call('account.set', { archive, settings: settings(), password: 'wrong' })
    await expect.poll(() => watch()?.pause, SOON).toEqual({ reason: 'account', until: null })
    expect(watch()!.error).toMatchObject({ code: 'auth-failed' })
    await deliver('INBOX')
    const before = await messages()
    await engine.client.call('account.set', { archive, settings: settings(), password: dovecot.password })
    await expect.poll(messages, SOON).toBe(before + 1)
  })

  test('a server that is restarted is found again', async () => {
    const { watch } = follow()
    await expect.poll(() => watch()?.result['listening'], SOON).toBeGreaterThan(0)
    await dovecot.restart()
    writer = await dovecot.writer()
    const before = await messages()
    await deliver('INBOX')
    await expect.poll(messages, { ...SOON, timeout: 30_000 }).toBe(before + 1)
  })
})

describe.skipIf(dovecotMissing)('on the command line', { timeout: 60_000 }, () => {
  let dovecot: Dovecot
  let profile: string
  let child: ChildProcess | null = null

  beforeAll(async () => {
    dovecot = await startDovecot()
    profile = await mkdtemp(join(tmpdir(), 'mailcoffer-watch-cli-'))
    const env = { MAILCOFFER_ACCOUNT_PASSWORD: dovecot.password }
    expect((await cliHere(['archive', 'create', 'Work'], { profile })).code).toBe(0)
    const account = ['--imap', `${dovecot.host}:${dovecot.imapPort}`, '--user', dovecot.user, '--security', 'plain']
    expect((await cliHere(['account', 'add', 'Work', ...account], { profile, env })).code).toBe(0)
  })
  afterEach(() => child?.kill('SIGKILL'))
  afterAll(async () => {
    await dovecot.stop()
    await rm(profile, { recursive: true, force: true })
  })

  test('a watch says what came, within seconds although it asks only once an hour, and ends cleanly when it is told to', async () => {
    let said = ''
    const running = cli(['sync', '--watch', '--interval', '3600'], {
      profile,
      onStart: started => {
        child = started
        started.stderr?.on('data', text => {
          said += text
        })
      },
    })
    await expect.poll(() => said, SOON).toContain('watching')
    const writer = await dovecot.writer()
    await new Promise(resolve => setTimeout(resolve, 1000)) // It begins to listen.
    await writer.append('INBOX', Buffer.from('Subject: one\r\n\r\nText\r\n'))
    await expect.poll(() => said, SOON).toContain('Work: 1 new message (INBOX 1)\n')
    await writer.append('Sent', Buffer.from('Subject: two\r\n\r\nText\r\n'))
    await expect.poll(() => said, SOON).toContain('Work: 1 new message (Sent 1)\n')
    child!.kill('SIGTERM')
    expect((await running).code).toBe(0)
    expect((await cliHere(['search', 'Work', 'one'], { profile })).stdout).toContain('one')
  })
})
