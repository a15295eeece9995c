/** Restore against a real server: everything back as it was, once, whatever breaks; and taken back again. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineClient, InputOf } from '../../main/contract/contract.ts'
import type { AccountSettings, Job } from '../../main/contract/types.ts'
import { createEngine, type Engine } from '../../main/engine/engine.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'

const PASSWORD = 'correct horse battery'

interface Stage {
  engine: Engine
  client: EngineClient
  archive: string
}

describe.skipIf(dovecotMissing)('against Dovecot', () => {
  let dovecot: Dovecot
  let profile: string
  let stage: Stage
  let anna: ImapFlow

  beforeAll(async () => {
    dovecot = await startDovecot({ users: ['anna', 'bert', 'cleo', 'dora'] })
    profile = await mkdtemp(join(tmpdir(), 'mailcoffer-restore-'))
    anna = await dovecot.writer('anna')
    await fill(anna)
    stage = await openStage(profile, settingsOf(dovecot, 'anna'), dovecot.password)
    await finish(stage.client, 'job.capture', { archive: stage.archive })
  }, 60_000)
  afterAll(async () => {
    await stage?.engine.close()
    await dovecot?.stop()
    if (profile) await rm(profile, { recursive: true, force: true })
  })

  test('what was deleted comes back with its bytes, flags and dates, into mailboxes that are made again', async () => {
    const before = await contentOf(anna)
    await wreck(anna)
    await finish(stage.client, 'job.capture', { archive: stage.archive })
    const request = { archive: stage.archive, scope: { which: 'gone' as const }, target: { kind: 'own' as const } }

    const planned = await plan(stage.client, request)
    expect(planned).toMatchObject({ add: 24, there: 0, tooBig: 0 })
    expect(planned.mailboxes.find(({ to }) => to === 'Zażółć/gęślą')).toMatchObject({ create: true, add: 6 })
    expect((await contentOf(anna)).length, 'a plan changes nothing').toBe(before.length - 24)

    const job = await finish(stage.client, 'job.restore', request)
    expect(job).toMatchObject({
      state: 'done',
      outcomes: { added: 24, failed: 0 },
      result: { verify: 'all', verified: 24, otherFlags: 0, otherDate: 0 },
    })
    expect(await contentOf(anna)).toEqual(before)

    const again = await finish(stage.client, 'job.restore', request)
    expect(again.outcomes).toMatchObject({ added: 0, failed: 0 })
    expect(await contentOf(anna)).toEqual(before)
  })
})

async function openStage(profile: string, settings: AccountSettings, password: string): Promise<Stage> {
  const engine = createEngine({ profileDir: profile, transport: 'in-process' })
  const { client } = engine
  await client.call('profile.create', { password: PASSWORD })
  const { archive } = await client.call('archive.create', { name: 'Work' })
  await client.call('account.set', { archive: archive.id, settings, password })
  return { engine, client, archive: archive.id }
}

const settingsOf = (dovecot: Dovecot, user: string): AccountSettings => ({
  protocol: 'imap',
  host: dovecot.host,
  port: dovecot.imapPort,
  security: 'plain',
  user,
})

type JobCall = 'job.capture' | 'job.restore' | 'job.undoRestore' | 'job.restorePlan'

async function finish<N extends JobCall>(client: EngineClient, name: N, input: InputOf<N>): Promise<Job> {
  const { id } = (await client.call(name, input)) as Job
  const job = await client.call('job.wait', { job: id })
  if (job.error) throw new Error(`${name}: ${job.error.code} ${job.error.message} ${JSON.stringify(job.failures)}`)
  return job
}

async function plan(client: EngineClient, request: InputOf<'job.restorePlan'>) {
  const job = await finish(client, 'job.restorePlan', request)
  return client.call('restore.planned', { job: job.id })
}

const message = (n: number, more = '') =>
  Buffer.from(
    `From: Anna <anna@example.org>\r\nTo: bert@example.org\r\nSubject: Message ${n}\r\nMessage-ID: <m${n}@example.org>\r\nDate: Mon, 01 Jan 2024 10:00:00 +0100\r\n\r\nBody ${n}\r\n${more}`,
  )

/** Flags of all kinds, dates of many years, equal messages, none of them with the same place. */
async function fill(client: ImapFlow): Promise<void> {
  for (const path of ['Zażółć/gęślą', 'Projects', 'Projects/A & B']) await client.mailboxCreate(path)
  let n = 0
  for (const path of ['INBOX', 'Sent', 'Projects', 'Projects/A & B', 'Zażółć/gęślą'])
    for (let i = 0; i < 6; i++) {
      const flags = [[], ['\\Seen'], ['\\Seen', '\\Answered'], ['\\Flagged', '$Forwarded'], ['\\Draft', 'Ważne-nie'], ['\\Seen', '$Label1']][
        i
      ]!.filter(f => /^[\x20-\x7e]+$/.test(f))
      await client.append(
        path,
        message(i === 5 ? 7000 : n, i === 3 ? 'łąka\r\n'.repeat(2000) : ''),
        flags,
        new Date(Date.UTC(2010 + n++, i, 3, 4, 5, 6)),
      )
    }
}

async function wreck(client: ImapFlow): Promise<void> {
  await client.mailboxOpen('INBOX')
  await client.messageDelete('1:*')
  await client.mailboxClose()
  await client.mailboxOpen('Sent')
  await client.messageDelete('1:*')
  await client.mailboxClose()
  for (const path of ['Zażółć/gęślą', 'Projects/A & B']) await client.mailboxDelete(path)
}

/** Mailbox, SHA-256, flags, INTERNALDATE of every message, sorted. */
async function contentOf(client: ImapFlow): Promise<string[]> {
  const lines: string[] = []
  for (const { path, flags } of await client.list()) {
    if (flags.has('\\Noselect') || flags.has('\\NonExistent')) continue
    const opened = await client.mailboxOpen(path)
    if (opened.exists > 0)
      for await (const one of client.fetch('1:*', { uid: true, flags: true, internalDate: true, source: true })) {
        const seen = [...(one.flags ?? [])].filter(flag => flag !== '\\Recent').sort()
        lines.push(`${path} ${createHash('sha256').update(one.source!).digest('hex')} ${seen} ${new Date(one.internalDate!).toISOString()}`)
      }
    await client.mailboxClose()
  }
  return lines.sort()
}
