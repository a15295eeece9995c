/** A person's rules for an account, and a server's wishes, are kept: by captures that are asked for and by those that go on by themselves. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CaptureRules } from '../../main/contract/captureRules.ts'
import type { Job } from '../../main/contract/types.ts'
import { systemClock } from '../../main/engine/base/clock.ts'
import type { Engine } from '../../main/engine/engine.ts'
import { PASSWORD } from '../help/cli.ts'
import { testEngine } from '../help/engine.ts'
import { type Answer, type Request, type ScriptedImap, type ScriptOptions, startScriptedImap } from '../help/scriptedImap.ts'
import { startScriptedPop3 } from '../help/scriptedPop3.ts'

const mail = (uid: number, bytes = 200, about = '') => ({ uid, bytes: Buffer.from(`Subject: number ${uid}${about}\r\n\r\n${'x'.repeat(bytes)}\r\n`) })
const mails = (count: number, about = '') => Array.from({ length: count }, (_, i) => mail(i + 1, 200, about))
const SOON = { timeout: 8_000, interval: 20 }

let profile: string
let engine: Engine
let server: ScriptedImap
let archive: string
let jobs: Job[] = []
let named = 0

const call: Engine['client']['call'] = (...args) => engine.client.call(...args)
const settings = () => ({ protocol: 'imap' as const, host: server.host, port: server.port, user: server.user, security: 'plain' as const })
const rules = (change: Partial<CaptureRules>) => call('account.setRules', { archive, change })
const status = () => call('archive.status', { archive })
const examined = () => new Set(server.wire.flatMap(line => /EXAMINE "([^"]*)"/.exec(line)?.[1] ?? []))

/** One capture that does not wait, to its end. */
async function capture(): Promise<Job> {
  const { id } = await call('job.capture', { archive })
  return call('job.wait', { job: id })
}

async function open(watch: boolean, later = 0): Promise<void> {
  engine = testEngine(profile, { watch, clock: { ...systemClock, now: () => systemClock.now() + later } })
  engine.client.watch('jobs', {}, value => {
    jobs = value
  })
}

async function account(options: ScriptOptions, password?: string): Promise<void> {
  server = await startScriptedImap(options)
  archive = (await call('archive.create', { name: `Archive ${++named}` })).archive.id
  await call('account.set', { archive, settings: settings(), password: password ?? server.password })
}

beforeAll(async () => {
  profile = await mkdtemp(join(tmpdir(), 'mailcoffer-polite-'))
  await open(false)
  await call('profile.create', { password: PASSWORD })
})
afterAll(async () => {
  await engine.close()
  await rm(profile, { recursive: true, force: true })
})
afterEach(async () => {
  await call('archive.close', { archive })
  await server.close()
})

describe('a mailbox that is left out', () => {
  const mailboxes = () => [
    { name: 'INBOX', messages: mails(2) },
    { name: 'Spam', attributes: ['\\Junk'], messages: mails(3, ' spam') },
    { name: 'News/Daily', messages: mails(4, ' daily') },
    { name: 'News', messages: mails(1, ' news') },
  ]
  test('by its kind or by a name is not opened, is named as left out, and is captured once it is taken in again', async () => {
    await account({ mailboxes: mailboxes() })
    const state = await rules({ leaveOutRoles: ['junk'], leaveOutNames: ['News/*'] })
    expect(state.rules).toMatchObject({ leaveOutRoles: ['junk'], leaveOutNames: ['News/*'], bytesPerDay: 'provider' })
    expect((await capture()).outcomes).toMatchObject({ added: 3, failed: 0 })
    expect(examined()).toEqual(new Set(['INBOX', 'News']))
    const { mailboxes: listed } = await call('account.rules', { archive })
    expect(listed.filter(({ leftOut }) => leftOut).map(({ name }) => name)).toEqual(expect.arrayContaining(['Spam', 'News/Daily']))
    await rules({ leaveOutRoles: [], leaveOutNames: [] })
    expect((await capture()).outcomes).toMatchObject({ added: 7 })
  })

  test.each([
    ['that tells it with the listing', undefined],
    ['that has to be asked for it', ['IMAP4rev1', 'AUTH=PLAIN', 'UNSELECT']],
  ])('by a server %s, because the account is not subscribed to it; INBOX is captured all the same', async (_, capabilities) => {
    const subscribed = mailboxes().map(mailbox => (mailbox.name === 'News' ? mailbox : { ...mailbox, unsubscribed: true as const }))
    await account({ mailboxes: subscribed, ...(capabilities && { capabilities }) })
    await rules({ onlySubscribed: true })
    expect((await capture()).outcomes).toMatchObject({ added: 3, failed: 0 })
    expect(examined()).toEqual(new Set(['INBOX', 'News']))
    const { mailboxes: listed } = await call('account.rules', { archive })
    expect(listed.filter(({ leftOut }) => leftOut).map(({ name }) => name)).toEqual(['Spam', 'News/Daily'])
    const ledger = (await status()).mailboxes
    expect(ledger.filter(({ leftOut }) => leftOut).map(({ name }) => name)).toEqual(['Spam', 'News/Daily'])
    server.mailboxes.find(({ name }) => name === 'Spam')!.unsubscribed = undefined
    expect((await capture()).outcomes).toMatchObject({ added: 3 })
    await rules({ onlySubscribed: false })
    expect((await capture()).outcomes).toMatchObject({ added: 4 })
  })

  test('where a server knows of no subscriptions, all are captured', async () => {
    const all = mailboxes().map(mailbox => ({ ...mailbox, unsubscribed: true as const }))
    const script = ({ verb }: Request): Answer | undefined => (verb === 'LSUB' ? { bad: 'no such command' } : undefined)
    await account({ mailboxes: all, capabilities: ['IMAP4rev1', 'AUTH=PLAIN', 'UNSELECT'], script })
    await rules({ onlySubscribed: true })
    expect((await capture()).outcomes).toMatchObject({ added: 10, failed: 0 })
  })

  test('keeps what was captured of it before, and nothing of it counts as gone', async () => {
    await account({ mailboxes: mailboxes() })
    await capture()
    await rules({ leaveOutNames: ['News/Daily'] })
    server.mailboxes[2]!.messages.length = 0
    await capture()
    const row = (await status()).mailboxes.find(({ name }) => name === 'News/Daily')
    expect(row).toMatchObject({ stored: 4, gone: 0, leftOut: true })
    // Nothing was looked at, so nothing newer than the last look is claimed.
    const inbox = (await status()).mailboxes.find(({ name }) => name === 'INBOX')
    expect(row!.completeAsOf!).toBeLessThan(inbox!.completeAsOf!)
  })
})

describe('a message larger than wished', () => {
  test('is a gap with that reason and no failure; with a higher limit it comes', async () => {
    await account({ mailboxes: [{ name: 'INBOX', messages: [mail(1), mail(2, 50_000), mail(3), mail(4, 9_000)] }] })
    await rules({ largestMessage: 5_000 })
    const first = await capture()
    expect(first.outcomes).toMatchObject({ added: 2, failed: 0 })
    const gapsOf = async () => (await status()).mailboxes[0]!.gaps.map(({ uid, reason }) => `${uid} ${reason}`).sort()
    expect(await gapsOf()).toEqual(['2 over-size-limit', '4 over-size-limit'])
    expect((await status()).mailboxes[0]!.completeAsOf).not.toBeNull()
    expect((await capture()).outcomes).toMatchObject({ added: 0, failed: 0 })
    await rules({ largestMessage: 20_000 })
    expect((await capture()).outcomes).toMatchObject({ added: 1 })
    expect(await gapsOf()).toEqual(['2 over-size-limit'])
    await rules({ largestMessage: null })
    expect((await capture()).outcomes).toMatchObject({ added: 1 })
    expect(await gapsOf()).toEqual([])
  })
})

describe('a paused account', () => {
  test('is not asked for anything, says why and until when, and goes on when it is resumed', async () => {
    await account({ mailboxes: [{ name: 'INBOX', messages: mails(1) }] })
    const until = Date.now() + 3_600_000
    await rules({ hold: { reason: 'on holiday', since: Date.now(), until } })
    const held = await capture()
    expect(held).toMatchObject({ state: 'failed', error: { code: 'account-on-hold', facts: { why: 'on holiday', until } } })
    expect(server.connections).toBe(0)
    await rules({ hold: null })
    expect((await capture()).outcomes.added).toBe(1)
  })

  test('goes on by itself when the time is over', async () => {
    await account({ mailboxes: [{ name: 'INBOX', messages: mails(1) }] })
    await rules({ hold: { reason: '', since: 0, until: Date.now() - 1 } })
    expect((await capture()).state).toBe('done')
  })
})

describe('a server that refused the password', () => {
  const refuse = ({ verb }: Request): Answer | undefined =>
    verb === 'LOGIN' || verb === 'AUTHENTICATE PLAIN' ? { no: '[AUTHENTICATIONFAILED] Invalid credentials' } : undefined

  test('is asked once and not again, through any number of captures and a restart, until the account was changed', async () => {
    let right = false
    await account({ mailboxes: [{ name: 'INBOX', messages: mails(1) }], script: request => (right ? undefined : refuse(request)) })
    expect((await capture()).error?.code).toBe('auth-failed')
    const { connections } = server
    for (let n = 0; n < 3; n++) expect((await capture()).error).toMatchObject({ code: 'auth-failed', facts: { since: expect.any(Number) } })
    await engine.close()
    await open(false)
    await call('profile.unlock', { password: PASSWORD })
    expect((await capture()).error?.code).toBe('auth-failed')
    expect(server.connections).toBe(connections)
    expect((await call('account.rules', { archive })).refused).toMatchObject({ code: 'auth-failed' })
    right = true
    await call('account.set', { archive, settings: settings(), password: 'another' })
    expect((await call('account.rules', { archive })).refused).toBeNull()
    expect((await capture()).outcomes.added).toBe(1)
  })

  test('is asked again after a test of the account that it passed', async () => {
    let right = false
    await account({ mailboxes: [{ name: 'INBOX', messages: mails(1) }], script: request => (right ? undefined : refuse(request)) })
    await capture()
    expect((await call('account.test', { archive })).ok).toBe(false)
    expect((await capture()).error?.code).toBe('auth-failed')
    right = true
    expect((await call('account.test', { archive })).ok).toBe(true)
    expect((await capture()).state).toBe('done')
  })
})

/** The engine starts anew, so many minutes later than now. */
async function restart(minutes: number): Promise<void> {
  await engine.close()
  await open(false, minutes * 60_000)
  await call('profile.unlock', { password: PASSWORD })
}

describe('a server that has had enough for a while', () => {
  const answers: [says: string, answer: Answer, code: string, ms: number | null][] = [
    ['NO [LIMIT]', { no: '[LIMIT] Too many commands' }, 'server-throttled', null],
    ['NO [THROTTLED]', { no: '[THROTTLED] Slow down' }, 'server-throttled', null],
    ['NO [OVERQUOTA]', { no: '[OVERQUOTA] Bandwidth used up' }, 'server-throttled', null],
    ['BAD with a time', { bad: 'Request is throttled. Suggested Backoff Time: 299961 milliseconds' }, 'server-throttled', 299_961],
    ['NO with a time', { no: '[THROTTLED] Try again in 10 minutes' }, 'server-throttled', 600_000],
    ['BYE [LIMIT]', { bye: '[LIMIT] Account exceeded bandwidth limits' }, 'server-throttled', null],
  ]
  test.each(answers)('%s is obeyed: asked once, and told with its time', async (_, answer, code, ms) => {
    await account({ mailboxes: [{ name: 'INBOX', messages: mails(5) }], script: ({ verb }) => (verb === 'UID FETCH' ? answer : undefined) })
    const ended = await capture()
    expect(ended.error).toMatchObject({ code, ...(ms !== null && { facts: { retryAfterMs: ms } }) })
    expect(server.wire.filter(line => line.includes('UID FETCH'))).toHaveLength(1)
    expect(server.connections).toBe(1)
    expect(ended.failures).toEqual([])
  })

  test('and says for how long is not asked before, also after a restart; then it is', async () => {
    let busy = true
    const script = ({ verb }: Request): Answer | undefined =>
      busy && verb === 'UID FETCH' ? { bad: 'Request is throttled. Suggested Backoff Time: 600000 milliseconds' } : undefined
    await account({ mailboxes: [{ name: 'INBOX', messages: mails(2) }], script })
    expect((await capture()).error?.code).toBe('server-throttled')
    busy = false
    await restart(5)
    const early = await capture()
    expect(early.error).toMatchObject({ code: 'server-throttled', facts: { host: server.host } })
    expect(Math.abs(Number(early.error!.facts['retryAfterMs']) - 300_000)).toBeLessThan(30_000)
    expect(server.connections).toBe(1)
    await restart(10)
    expect((await capture()).outcomes.added).toBe(2)
    await restart(0)
  })

  test('and how long it wants between two POP3 logins is kept, also after a restart', async () => {
    const pop3 = await startScriptedPop3({ capabilities: ['USER', 'UIDL', 'LOGIN-DELAY 600'] })
    try {
      const { host, port, user, password } = pop3
      archive = (await call('archive.create', { name: `Archive ${++named}` })).archive.id
      await call('account.set', { archive, settings: { protocol: 'pop3', host, port, user, security: 'plain' }, password })
      expect((await capture()).state).toBe('done')
      await restart(5)
      expect((await capture()).error).toMatchObject({ code: 'server-throttled', facts: { host, reason: 'login-delay' } })
      expect(pop3.connections).toBe(1)
      await restart(10)
      expect((await capture()).state).toBe('done')
      await restart(0)
    } finally {
      await pop3.close()
    }
  })

  test('[UNAVAILABLE] and [INUSE] are tried again soon, and only then told', async () => {
    for (const says of ['[UNAVAILABLE] UID FETCH Server error', '[INUSE] Somebody else is at it']) {
      await account({
        mailboxes: [{ name: 'INBOX', messages: mails(5) }],
        script: ({ verb, before }) => (verb === 'UID FETCH' && before === 0 ? { no: says } : undefined),
      })
      expect((await capture()).outcomes).toMatchObject({ added: 5, failed: 0 })
      if (says.startsWith('[U')) await server.close()
    }
  })

  test('a second connection that is told to wait does not make the first one go on', async () => {
    let refuse = () => {}
    const refused = new Promise<void>(done => {
      refuse = done
    })
    const script = ({ verb, args, connection }: Request): Answer | undefined => {
      if (verb !== 'UID FETCH') return undefined
      // The first must not be done before the second has begun.
      if (connection === 1) return args.includes('BODY.PEEK[') ? { after: refused } : undefined
      refuse()
      return { no: '[THROTTLED] Suggested Backoff Time: 60000 milliseconds' }
    }
    await account({ mailboxes: ['A', 'B', 'C'].map(name => ({ name, messages: mails(400, name) })), script })
    const ended = await capture()
    expect(ended.error).toMatchObject({ code: 'server-throttled', facts: { retryAfterMs: 60_000 } })
  })
})

describe('while it is watched', () => {
  beforeEach(async () => {
    await engine.close()
    await open(true)
    await call('profile.unlock', { password: PASSWORD })
  })
  afterEach(async () => {
    await engine.close()
    await open(false)
    await call('profile.unlock', { password: PASSWORD })
  })
  const watch = () => jobs.find(job => job.kind === 'watch' && job.archive === archive && job.endedAt === null)

  test('a computer on battery is waited for, and what a person asks for now is captured all the same', async () => {
    await call('engine.conditions', { battery: true, metered: false })
    await account({ mailboxes: [{ name: 'INBOX', messages: mails(1) }], capabilities: ['IMAP4rev1', 'AUTH=PLAIN', 'IDLE', 'UNSELECT'] })
    await expect.poll(() => watch()?.progress.phase, SOON).toBe('watching')
    await rules({ waitOnBattery: true })
    await expect.poll(() => watch()?.pause?.reason, SOON).toBe('battery')
    await expect.poll(() => server.open, SOON).toBe(0)
    server.mailboxes[0]!.messages.push(mail(2))
    await call('job.capture', { archive })
    await expect.poll(async () => (await status()).messages, SOON).toBe(2)
    await rules({ waitOnBattery: true })
    await expect.poll(() => watch()?.pause?.reason, SOON).toBe('battery')
    await call('engine.conditions', { battery: false, metered: false })
    await expect.poll(() => watch()?.state, SOON).toBe('running')
  })

  test('or not: what a person asks for in the app is asked of a server that refused, and captured on battery', async () => {
    let right = false
    const refusing = ({ verb }: Request): Answer | undefined =>
      !right && (verb === 'LOGIN' || verb === 'AUTHENTICATE PLAIN') ? { no: '[AUTHENTICATIONFAILED] Expired' } : undefined
    await account({ mailboxes: [{ name: 'INBOX', messages: mails(1) }], script: refusing })
    await call('archive.watch', { archive, on: false })
    expect((await capture()).error?.code).toBe('auth-failed')
    const { connections } = server
    expect((await capture()).error?.code).toBe('auth-failed')
    expect(server.connections).toBeGreaterThan(connections)
    right = true
    await call('engine.conditions', { battery: true, metered: false })
    await rules({ waitOnBattery: true })
    expect(await capture()).toMatchObject({ kind: 'capture', state: 'done', outcomes: { added: 1 } })
    await call('engine.conditions', { battery: false, metered: false })
  })

  test('a pause stands in the job with its end, and ends with it', async () => {
    await account({ mailboxes: [{ name: 'INBOX', messages: mails(1) }] })
    const until = Date.now() + 3_600_000
    await rules({ hold: { reason: '', since: Date.now(), until } })
    await expect.poll(() => watch()?.pause?.reason, SOON).toBe('on-hold')
    expect(Math.abs(watch()!.pause!.until! - until)).toBeLessThan(5_000)
    await rules({ hold: null })
    await expect.poll(() => watch()?.pause, SOON).toBeNull()
  })

  test("while today's share is used, mail that arrives is captured at once all the same, and the old waits for tomorrow", async () => {
    const old = Array.from({ length: 60 }, (_, i) => mail(i + 1, 40_000))
    const sent = { name: 'Sent', attributes: ['\\Sent'], messages: mails(2, ' sent') }
    server = await startScriptedImap({
      mailboxes: [{ name: 'INBOX', messages: old }, sent],
      capabilities: ['IMAP4rev1', 'AUTH=PLAIN', 'IDLE', 'UNSELECT'],
    })
    archive = (await call('archive.create', { name: `Archive ${++named}` })).archive.id
    await rules({ bytesPerDay: 1_000_000, connections: 2 })
    await call('account.set', { archive, settings: settings(), password: server.password })
    await expect.poll(() => watch()?.pause?.reason, SOON).toBe('day-budget')
    await expect.poll(async () => (await status()).messages, SOON).toBeGreaterThan(10)
    const before = (await status()).messages
    expect(before).toBeLessThan(30)
    await expect.poll(() => [...server.idling.values()].includes('INBOX'), SOON).toBe(true)
    old.push(mail(61, 3_000))
    server.tell('INBOX', '* 61 EXISTS')
    await expect.poll(async () => (await status()).messages, SOON).toBe(before + 1)
    await expect.poll(() => watch()?.pause?.reason, SOON).toBe('day-budget')
    const { today } = await call('account.rules', { archive })
    expect(today!.bytes).toBeLessThan(1_000_000)
    // What is there of INBOX is its newest, and nobody is told that all of it is.
    const inbox = (await status()).mailboxes.find(({ name }) => name === 'INBOX')!
    expect(inbox.completeAsOf).toBeNull()
  })

  test('a throttled server is a pause with the time of the next try, and no failure', async () => {
    const script = ({ verb }: Request): Answer | undefined =>
      verb === 'UID FETCH' ? { bad: 'Request is throttled. Suggested Backoff Time: 120000 milliseconds' } : undefined
    await account({ mailboxes: [{ name: 'INBOX', messages: mails(3) }], script })
    await expect.poll(() => watch()?.pause?.reason, SOON).toBe('server-busy')
    expect(watch()!.pause!.until! - Date.now()).toBeGreaterThan(100_000)
    expect(watch()!.outcomes.failed).toBe(0)
  })
})

describe('a provider that wants to know who asks', () => {
  test('is told by ID after the login, though it does not offer it, and opens its mailboxes', async () => {
    let introduced = false
    let loggedIn = false
    const script = ({ verb }: Request): Answer | undefined => {
      if (verb === 'LOGIN' || verb === 'AUTHENTICATE PLAIN') loggedIn = true
      if (verb === 'ID' && loggedIn) introduced = true
      return verb === 'EXAMINE' && !introduced ? { no: 'EXAMINE Unsafe Login. Please contact kefu@188.com for help' } : undefined
    }
    await account({
      greeting: '* OK Coremail System IMap Server Ready',
      capabilities: ['IMAP4rev1', 'AUTH=PLAIN'],
      mailboxes: [{ name: 'INBOX', messages: mails(2) }],
      script,
    })
    expect((await capture()).outcomes.added).toBe(2)
    expect(introduced).toBe(true)
  })
})
