/** Restore against a real server: everything back as it was, once, whatever breaks; and taken back again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { presentValue } from '../../main/cli/session.ts'
import type { EngineClient, InputOf } from '../../main/contract/contract.ts'
import type { AccountSettings, Job } from '../../main/contract/types.ts'
import type { MailStore } from '../../main/engine/demo/imap/store.ts'
import { sampleStore } from '../../main/engine/demo/sample/mailbox.ts'
import { startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import type { Engine } from '../../main/engine/engine.ts'
import { impatientClock } from '../help/captures.ts'
import { archiveIdOf } from '../help/cli.ts'
import { cuttingProxy } from '../help/cuttingProxy.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'
import { testEngine } from '../help/engine.ts'
import { randomOf } from '../help/random.ts'
import { lineOf, linesOf, linesOfStore, uidsOf } from '../help/serverContent.ts'

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
    dovecot = await startDovecot({ users: ['anna', 'bert', 'cleo', 'dora', 'eve'] })
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
    const before = await linesOf(anna)
    await wreck(anna)
    await finish(stage.client, 'job.capture', { archive: stage.archive })
    const request = { archive: stage.archive, scope: { which: 'gone' as const }, target: { kind: 'own' as const } }

    const planned = await plan(stage.client, request)
    expect(planned).toMatchObject({ add: 24, there: 0, tooBig: 0 })
    expect(planned.mailboxes.find(({ to }) => to === 'Zażółć/gęślą')).toMatchObject({ create: true, add: 6 })
    expect((await linesOf(anna)).length, 'a plan changes nothing').toBe(before.length - 24)

    const job = await finish(stage.client, 'job.restore', request)
    expect(job).toMatchObject({
      state: 'done',
      outcomes: { added: 24, failed: 0 },
      result: { verify: 'all', verified: 24, otherFlags: 0, otherDate: 0 },
    })
    expect(await linesOf(anna)).toEqual(before)

    const again = await finish(stage.client, 'job.restore', request)
    expect(again.outcomes).toMatchObject({ added: 0, failed: 0 })
    expect(await linesOf(anna)).toEqual(before)
  })

  test('after it a capture meets the messages as places of what is stored: nothing is gone, nothing is stored twice', async () => {
    const { client, archive } = stage
    const before = await client.call('archive.status', { archive })
    const job = await finish(client, 'job.capture', { archive })
    expect(job.outcomes.failed).toBe(0)
    const after = await client.call('archive.status', { archive })
    expect(after.messages).toBe(before.messages)
    const gone = await plan(client, { archive, scope: { which: 'gone' }, target: { kind: 'own' } })
    expect(gone).toMatchObject({ add: 0, there: 0 })
    const all = await plan(client, { archive, scope: { which: 'all' }, target: { kind: 'own' } })
    expect(all).toMatchObject({ add: 0, there: 30 })
  })

  test('a plan that fails says that it would only have counted, so no problem waits for a person because of it', async () => {
    const target = { kind: 'server' as const, settings: settingsOf(dovecot, 'bert'), password: 'not his' }
    const job = await ended(stage.client, 'job.restorePlan', { archive: stage.archive, scope: { which: 'all' }, target })
    expect(job).toMatchObject({ state: 'failed', error: { code: 'auth-failed' }, result: { dryRun: true } })
  })

  test('to another account and below a folder; an undo, also after a restart, leaves its UIDs as they were', async () => {
    const bert = await dovecot.writer('bert')
    await bert.append('INBOX', message(900), ['\\Seen'], new Date(Date.UTC(2024, 1, 1)))
    const before = await uidsOf(bert)
    const target = { kind: 'server' as const, settings: settingsOf(dovecot, 'bert'), password: dovecot.password }
    const job = await finish(stage.client, 'job.restore', { archive: stage.archive, scope: { which: 'all' }, target, prefix: 'Old/Anna' })
    expect(job.outcomes).toMatchObject({ added: 30, failed: 0 })
    const inside = (await linesOf(bert)).filter(line => line.startsWith('Old/Anna/')).map(line => line.replace('Old/Anna/', ''))
    expect(inside).toEqual(await linesOf(anna))

    await stage.engine.close()
    stage = await reopenStage(profile)
    await bert.mailboxOpen('Old/Anna/Projects')
    await bert.messageFlagsAdd('1', ['\\Answered'])
    await bert.mailboxClose()
    const id = String(job.result['restore'])
    const undone = await finish(stage.client, 'job.undoRestore', { restore: id, password: dovecot.password })
    expect(undone.result, 'what was touched since stays').toMatchObject({ removed: 29, left: 1 })
    expect(undone.failures[0]).toMatchObject({ what: 'Old/Anna/Projects UID 1', error: { code: 'message-changed' } })

    await bert.mailboxOpen('Old/Anna/Projects')
    await bert.messageFlagsRemove('1', ['\\Answered'])
    await bert.mailboxClose()
    await finish(stage.client, 'job.undoRestore', { restore: id, password: dovecot.password })
    expect(await uidsOf(bert)).toEqual(before)
    expect(await stage.client.call('restores', { archive: stage.archive })).toMatchObject([
      { id, state: 'undone', undone: 30 },
      { state: 'done' },
      { state: 'done' },
    ])
  })

  test('a wire that breaks in the middle of messages, and after them before the answer is read, costs no message and doubles none', async () => {
    const cleo = await dovecot.writer('cleo')
    const proxy = await cuttingProxy(dovecot.imapPort)
    const random = randomOf(7)
    for (let i = 0; i < 8; i++) proxy.cuts.push({ after: 300 + random.below(9000), deaf: i % 2 === 1 })
    const settings = { ...settingsOf(dovecot, 'cleo'), port: proxy.port }
    const job = await finish(stage.client, 'job.restore', {
      archive: stage.archive,
      scope: { which: 'all' },
      target: { kind: 'server', settings, password: dovecot.password },
    })
    await proxy.close()
    expect(proxy.broken()).toBeGreaterThan(4)
    expect(job.outcomes.failed).toBe(0)
    expect(await linesOf(cleo)).toEqual(await linesOf(anna))
  })

  test('a move to another provider: everything is there, its account is the archive’s, and the history stays', async () => {
    const { client, archive } = stage
    const dora = await dovecot.writer('dora')
    const before = await client.call('message.window', { archive, mailbox: null, from: null, direction: 'after', limit: 500 })
    const target = { kind: 'server' as const, settings: settingsOf(dovecot, 'dora'), password: dovecot.password }
    const job = await finish(client, 'job.restore', { archive, scope: { which: 'all' }, target, adopt: true })
    expect(job).toMatchObject({ outcomes: { added: 30, failed: 0 }, result: { adopted: true } })
    expect(await linesOf(dora)).toEqual(await linesOf(anna))
    await finish(client, 'job.capture', { archive })
    const tested = await client.call('account.test', { archive })
    expect(tested).toMatchObject({ ok: true, messages: 30 })
    const after = await client.call('message.window', { archive, mailbox: null, from: null, direction: 'after', limit: 500 })
    expect(after.rows.map(({ id }) => id)).toEqual(before.rows.map(({ id }) => id))
    expect(after.rows.filter(({ gone }) => gone !== null)).toEqual([])
    await dora.append('INBOX', message(999), [], new Date(Date.UTC(2025, 0, 1)))
    const next = await finish(client, 'job.capture', { archive })
    expect(next.outcomes.added, 'new mail of the new account').toBe(1)
  })

  test('who takes a restore back is told of no loss; who loses the same mail otherwise is', async () => {
    const eve = await dovecot.writer('eve')
    await fill(eve)
    const dir = await mkdtemp(join(tmpdir(), 'mailcoffer-restore-'))
    const { engine, client, archive } = await openStage(dir, settingsOf(dovecot, 'eve'), dovecot.password)
    try {
      const capture = () => finish(client, 'job.capture', { archive })
      await capture()
      await wreck(eve)
      expect((await capture()).result['lost'], 'two mailboxes with what was nowhere else').toBe(10)
      const restored = await finish(client, 'job.restore', { archive, scope: { which: 'gone' }, target: { kind: 'own' } })
      expect((await capture()).result['lost']).toBeUndefined()
      await finish(client, 'job.undoRestore', { restore: String(restored.result['restore']) })
      const after = await capture()
      expect(after.result, 'and two mailboxes with the rest').toMatchObject({ gone: 12 })
      expect(after.result['lost']).toBeUndefined()
      expect(await plan(client, { archive, scope: { which: 'gone' }, target: { kind: 'own' } }), 'and all of it can be put back').toMatchObject({
        add: 24,
      })
    } finally {
      await engine.close()
      await rm(dir, { recursive: true, force: true })
    }
  })
})

describe.skipIf(dovecotMissing)('a server that is slow to put in what it was sent', () => {
  test('has no second copy in the end, though the message was sent again meanwhile', async () => {
    const sample = await startSampleServer(storeOf([...Array(60).keys()].map(n => message(n, 'late '.repeat(200)))))
    const dovecot = await startDovecot({ users: ['late'] })
    const profile = await mkdtemp(join(tmpdir(), 'mailcoffer-restore-'))
    const { host, port, user } = sample
    const { engine, client, archive } = await openStage(profile, { protocol: 'imap', security: 'plain', host, port, user }, sample.password)
    const proxy = await cuttingProxy(dovecot.imapPort)
    try {
      await finish(client, 'job.capture', { archive })
      // The login and the looking around are some 300 bytes; then come the messages.
      proxy.cuts.push({ after: 500, lateAt: 20_000 })
      const settings = { ...settingsOf(dovecot, 'late'), port: proxy.port }
      const job = await finish(client, 'job.restore', {
        archive,
        scope: { which: 'all' },
        target: { kind: 'server', settings, password: dovecot.password },
      })
      expect(job.outcomes).toMatchObject({ added: 60, failed: 0 })
      expect(proxy.broken()).toBe(1)
      const late = await dovecot.writer('late')
      expect(await linesOf(late)).toHaveLength(60)
      await late.mailboxOpen('INBOX', { readOnly: true })
      const { uidNext } = late.mailbox as { uidNext: number }
      expect(uidNext, 'it was put in twice').toBeGreaterThan(61)
    } finally {
      await engine.close()
      await proxy.close()
      await dovecot.stop()
      await sample.close()
      await rm(profile, { recursive: true, force: true })
    }
  }, 30_000)
})

describe.skipIf(dovecotMissing)('against a Dovecot with little room, that takes no large messages and has neither MULTIAPPEND nor UIDPLUS', () => {
  let dovecot: Dovecot
  let profile: string
  let stage: Stage
  const kept = [...Array(8).keys()].map(n => message(n))
  const fifteen = [...Array(4).keys()].map(n => message(100 + n, 'x'.repeat(15_000)))

  beforeAll(async () => {
    dovecot = await startDovecot({
      users: ['full'],
      configure: `plugin {
quota = maildir:User quota
quota_rule = *:storage=100K
quota_max_mail_size = 20k
}
mail_plugins = quota
protocol imap {
mail_plugins = quota imap_quota
imap_capability = IMAP4rev1 LITERAL- UNSELECT LIST-EXTENDED LIST-STATUS SPECIAL-USE NAMESPACE QUOTA APPENDLIMIT=25000
}
`,
    })
    const sample = await startSampleServer(storeOf([...kept, ...fifteen, message(200, 'y'.repeat(22_000)), message(201, 'z'.repeat(30_000))]))
    profile = await mkdtemp(join(tmpdir(), 'mailcoffer-restore-'))
    const { host, port, user } = sample
    stage = await openStage(profile, { protocol: 'imap', security: 'plain', host, port, user }, sample.password)
    await finish(stage.client, 'job.capture', { archive: stage.archive })
    await sample.close()
  }, 60_000)
  afterAll(async () => {
    await stage?.engine.close()
    await dovecot?.stop()
    if (profile) await rm(profile, { recursive: true, force: true })
  })

  test('what is too large is counted before, what is refused has the server’s reason, a full mailbox ends it, and with room it goes on', async () => {
    const full = await dovecot.writer('full')
    for (let n = 0; n < 4; n++) await full.append('Junk', message(300 + n, 'q'.repeat(15_000)))
    const request = {
      archive: stage.archive,
      scope: { which: 'all' as const },
      target: { kind: 'server' as const, settings: settingsOf(dovecot, 'full'), password: dovecot.password },
    }
    const planned = await plan(stage.client, request)
    expect(planned).toMatchObject({ add: 13, tooBig: 1, appendLimit: 25_000, uidPlus: false })
    expect(planned.quota!.limit - planned.quota!.used).toBeLessThan(planned.bytes)

    const job = await ended(stage.client, 'job.restore', request)
    expect(job).toMatchObject({ state: 'failed', error: { code: 'mailbox-full' } })
    expect(job.failures[0]).toMatchObject({ error: { code: 'message-too-big' } })
    expect(job.failures.find(({ error }) => error.code === 'mailbox-full')!.error.facts['serverSays']).toMatch(/quota/i)
    await full.mailboxOpen('Junk')
    await full.messageDelete('1:*')
    await full.mailboxClose()

    const again = await finish(stage.client, 'job.restore', request)
    expect(again.failures.map(({ error }) => error.code)).toEqual(['message-too-big', 'message-too-big'])
    expect(again.failures[1]!.error.facts['serverSays']).toMatch(/size|large|limit/i)
    expect(await linesOf(full)).toHaveLength(12)
    expect(again.result['restore'], 'it is the same restore').toBe(job.result['restore'])
  })

  test('an undo without UIDPLUS takes nothing else away: what somebody else marked as deleted holds it up', async () => {
    const full = await dovecot.writer('full')
    await full.append('INBOX', message(400), ['\\Deleted'])
    const [{ id } = { id: '' }] = await stage.client.call('restores', {})
    const held = await ended(stage.client, 'job.undoRestore', { restore: id, password: dovecot.password })
    expect(held).toMatchObject({ state: 'done', result: { removed: 0, left: 12 } })
    expect(held.failures[0]).toMatchObject({ what: 'INBOX', error: { code: 'server-refused' } })
    expect(await linesOf(full)).toHaveLength(13)

    await full.mailboxOpen('INBOX')
    await full.messageFlagsRemove({ all: true }, ['\\Deleted'])
    await full.mailboxClose()
    const done = await finish(stage.client, 'job.undoRestore', { restore: id, password: dovecot.password })
    expect(done.result).toMatchObject({ removed: 12, left: 0 })
    expect(await linesOf(full)).toHaveLength(1)
  })
})

test('a server that does not say where a message went is asked; the sample mailbox comes to another delimiter and is taken away again', async () => {
  const sample = await startSampleServer()
  const target: MailStore = { delimiter: '.', writable: true, uidPlus: false, mailboxes: storeOf([message(1), message(2)]).mailboxes }
  const before = linesOfStore(target)
  const empty = await startSampleServer(target)
  const profile = await mkdtemp(join(tmpdir(), 'mailcoffer-restore-'))
  const account = ({ host, port, user }: typeof sample): AccountSettings => ({ protocol: 'imap', security: 'plain', host, port, user })
  const { engine, client, archive } = await openStage(profile, account(sample), sample.password)
  try {
    await finish(client, 'job.capture', { archive })
    const to = { kind: 'server' as const, settings: account(empty), password: empty.password }
    // A part of it is enough: each message costs this server a search.
    const chosen = (path: readonly string[]) => ['Archive', 'Projekty'].includes(path[0]!)
    const mailboxes = (await presentValue(client, 'mailboxes', { archive }, AbortSignal.timeout(5000)))
      .filter(({ path }) => chosen(path))
      .map(({ id }) => id)
    const scope = { which: 'all' as const, mailboxes }
    const job = await finish(client, 'job.restore', { archive, scope, target: to, prefix: 'Sample' })
    const source = { mailboxes: sampleStore().mailboxes.filter(({ path }) => chosen(path)) }
    const refused = job.failures.filter(({ error }) => error.code === 'message-has-nul').length
    expect(refused, 'only what has NUL bytes').toBe(
      source.mailboxes.flatMap(({ messages }) => messages).filter(({ bytes }) => bytes.includes(0)).length,
    )
    const inside = linesOfStore(target).filter(line => line.startsWith('Sample.'))
    const wanted = source.mailboxes
      .flatMap(box => box.messages.map(one => ({ name: ['Sample', ...box.path].map(level => level.replaceAll('.', '-')).join('.'), one })))
      .filter(({ one }) => !one.bytes.includes(0))
    expect(inside).toEqual(wanted.map(({ name, one }) => lineOf(name, one.bytes, one.flags, one.internalDate)).sort())
    expect((await finish(client, 'job.restore', { archive, scope, target: to, prefix: 'Sample' })).outcomes.added).toBe(0)

    const undone = await finish(client, 'job.undoRestore', { restore: String(job.result['restore']), password: empty.password })
    expect(undone.result).toMatchObject({ removed: wanted.length, left: 0 })
    expect(linesOfStore(target)).toEqual(before)
    expect(target.mailboxes.map(({ path }) => path.join('.'))).toEqual(['INBOX'])
  } finally {
    await engine.close()
    await sample.close()
    await empty.close()
    await rm(profile, { recursive: true, force: true })
  }
}, 40_000)

const storeOf = (messages: Buffer[]): MailStore => ({
  delimiter: '/',
  mailboxes: [
    {
      path: ['INBOX'],
      use: null,
      selectable: true,
      subscribed: true,
      uidValidity: 1,
      uidNext: messages.length + 1,
      messages: messages.map((bytes, i) => ({ uid: i + 1, flags: ['\\Seen'], internalDate: 1_600_000_000 + i * 1000, zone: 0, bytes })),
    },
  ],
})

/** Waits are not waited for. */
const start = (profile: string): Engine => testEngine(profile, { clock: impatientClock })

async function reopenStage(profile: string): Promise<Stage> {
  const engine = start(profile)
  await engine.client.call('profile.unlock', { password: PASSWORD })
  return { engine, client: engine.client, archive: await archiveIdOf(engine.client) }
}

async function openStage(profile: string, settings: AccountSettings, password: string): Promise<Stage> {
  const engine = start(profile)
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

async function ended<N extends JobCall>(client: EngineClient, name: N, input: InputOf<N>): Promise<Job> {
  const { id } = (await client.call(name, input)) as Job
  return client.call('job.wait', { job: id })
}

async function finish<N extends JobCall>(client: EngineClient, name: N, input: InputOf<N>): Promise<Job> {
  const job = await ended(client, name, input)
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
