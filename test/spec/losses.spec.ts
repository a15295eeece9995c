/** What disappears from a real server, and what a person sees of it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ArchiveLosses } from '../../main/contract/losses.ts'
import type { ArchiveStatus } from '../../main/contract/types.ts'
import type { Engine } from '../../main/engine/engine.ts'
import { cliHere, PASSWORD } from '../help/cli.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'
import { testEngine } from '../help/engine.ts'

const USERS = ['anna', 'boris', 'celina', 'dora', 'emil', 'fred', 'gina']

describe.skipIf(dovecotMissing)('a loss on the server', () => {
  let dovecot: Dovecot
  let writer: ImapFlow
  let profile: string
  let engine: Engine
  let archive: string
  let users = 0

  beforeAll(async () => {
    dovecot = await startDovecot({ users: USERS })
  })
  afterAll(() => dovecot?.stop())
  beforeEach(async () => {
    const user = USERS[users++]!
    writer = await dovecot.writer(user)
    profile = await mkdtemp(join(tmpdir(), 'mailcoffer-losses-'))
    engine = testEngine(profile)
    await engine.client.call('profile.create', { password: PASSWORD })
    archive = (await engine.client.call('archive.create', { name: 'Anna' })).archive.id
    const settings = { protocol: 'imap' as const, host: dovecot.host, port: dovecot.imapPort, user, security: 'plain' as const }
    await engine.client.call('account.set', { archive, settings, password: dovecot.password })
  })
  afterEach(async () => {
    await engine?.close()
    await rm(profile, { recursive: true, force: true })
  })

  const fill = async (mailbox: string, from: number, to: number) => {
    for (let n = from; n <= to; n++)
      await writer.append(mailbox, Buffer.from(`From: a@example.com\r\nSubject: ${mailbox} ${n}\r\n\r\n${n}\r\n`), [], new Date(2020, 1, n))
  }
  const capture = async () => {
    const { id } = await engine.client.call('job.capture', { archive })
    const job = await engine.client.call('job.wait', { job: id })
    expect([job.state, job.error]).toEqual(['done', undefined])
    return job
  }
  const losses = async (): Promise<ArchiveLosses> => engine.client.call('archive.losses', { archive })
  const status = (): Promise<ArchiveStatus> => engine.client.call('archive.status', { archive })
  const rows = async (loss: number) =>
    (await engine.client.call('message.window', { archive, mailbox: null, loss, from: null, direction: 'after', limit: 500 })).rows
  const remove = async (mailbox: string, uids: string) => {
    await writer.mailboxOpen(mailbox)
    await writer.messageDelete(uids, { uid: true })
    await writer.mailboxClose()
  }

  test('60 of 70 messages are deleted: exactly those are listed, the archive is frozen until a person says that it was meant so', async () => {
    await fill('INBOX', 1, 70)
    await capture()
    expect(await losses()).toEqual({ losses: [], frozen: false })
    await remove('INBOX', '1:60')
    expect((await capture()).result).toMatchObject({ loss: 1, lost: 60 })
    const { losses: found, frozen } = await losses()
    expect([frozen, found]).toMatchObject([
      true,
      [{ cause: 'many', before: 70, messages: 60, returned: 0, mailboxes: [{ name: 'INBOX', messages: 60, before: 70 }] }],
    ])
    expect((await rows(1)).map(({ subject }) => subject).sort()).toEqual(Array.from({ length: 60 }, (_, n) => `INBOX ${n + 1}`).sort())
    expect((await capture()).result['loss']).toBeUndefined()
    // Nothing changed since, and it was looked: complete as of that look.
    const { archive: summary, mailboxes } = await status()
    expect(mailboxes.find(({ name }) => name === 'INBOX')).toMatchObject({
      onServer: 10,
      stored: 70,
      gone: 60,
      missing: 0,
      gapCount: 0,
      completeAsOf: summary.lastProven,
    })
    expect(await engine.client.call('archive.answerLoss', { archive, loss: 1, answer: 'seen' })).toMatchObject({
      frozen: true,
      losses: [{ answer: 'seen' }],
    })
    expect(await engine.client.call('archive.answerLoss', { archive, loss: 1, answer: 'intended' })).toMatchObject({ frozen: false })
    const job = await engine.client.call('job.rebuild', { archive })
    await engine.client.call('job.wait', { job: job.id })
    expect(await losses()).toMatchObject({ frozen: false, losses: [{ loss: 1, messages: 60, answer: 'intended' }] })
  })

  test('messages that are moved to another mailbox are no loss, however many, nor is a mailbox that is deleted after they were moved', async () => {
    await writer.mailboxCreate('Old')
    await fill('Old', 1, 60)
    await fill('INBOX', 1, 3)
    await capture()
    await writer.mailboxOpen('Old')
    await writer.messageMove('1:*', 'Sent')
    await writer.mailboxClose()
    await writer.mailboxDelete('Old')
    await capture()
    expect(await losses()).toEqual({ losses: [], frozen: false })
  })

  test('a mailbox that vanishes with its mail is told at once, and is over when it is on the server again', async () => {
    await writer.mailboxCreate('Projects')
    await fill('Projects', 1, 12)
    await fill('INBOX', 1, 30)
    await capture()
    await writer.mailboxDelete('Projects')
    await capture()
    expect(await losses()).toMatchObject({
      frozen: true,
      losses: [{ cause: 'vanished', messages: 12, mailboxes: [{ name: 'Projects', present: false }] }],
    })
    expect((await status()).mailboxes.find(({ name }) => name === 'Projects')).toMatchObject({ present: false, onServer: 0, stored: 12, gone: 12 })
    await fill('INBOX', 1, 0)
    await writer.mailboxCreate('Projects')
    await fill('Projects', 1, 12)
    await capture()
    await capture()
    expect(await losses()).toMatchObject({ frozen: false, losses: [{ messages: 12, returned: 12, answer: 'returned' }] })
  })

  test('an account that is suddenly empty, and what the command line says of it', async () => {
    await fill('INBOX', 1, 15)
    await capture()
    await remove('INBOX', '1:*')
    await engine.close()
    const synced = await cliHere(['sync', 'Anna'], { profile })
    expect([synced.code, synced.stdout]).toEqual([1, expect.stringContaining('the account shows no message any more; there were 15')])
    const answered = await cliHere(['archive', 'losses', 'Anna', '--intended', '1', '--json'], { profile })
    expect(answered.json()).toMatchObject({ frozen: false, losses: [{ loss: 1, cause: 'emptied', messages: 15, answer: 'intended' }] })
    engine = testEngine(profile)
  })
})
