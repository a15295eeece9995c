/** What holds for an account holds for what is put back to it: its pause, its day, its line; and each refusal has its own words. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CaptureRules } from '../../main/contract/captureRules.ts'
import type { Job } from '../../main/contract/types.ts'
import type { MailStore } from '../../main/engine/demo/imap/store.ts'
import { startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import { createEngine, type Engine } from '../../main/engine/engine.ts'
import { PASSWORD } from '../help/cli.ts'
import { linesOfStore } from '../help/serverContent.ts'

const letter = (n: number, bytes = 300) =>
  Buffer.from(
    `${`From: Anna <anna@example.org>
Subject: Letter ${n}
Message-ID: <l${n}@example.org>

${n} `.padEnd(bytes - 2, 'y')}
`,
  )
const boxOf = (name: string, all: Buffer[]): MailStore['mailboxes'][number] => ({
  path: [name],
  use: null,
  selectable: true,
  subscribed: true,
  uidValidity: 1,
  uidNext: all.length + 1,
  messages: all.map((bytes, i) => ({ uid: i + 1, flags: ['\\Seen'], internalDate: 1_600_000_000 + i * 1000, zone: 0, bytes })),
})
const SOON = { timeout: 8_000, interval: 20 }

let profile: string
let engine: Engine
let store: MailStore
let server: Awaited<ReturnType<typeof startSampleServer>>
let archive: string
const call: Engine['client']['call'] = (...args) => engine.client.call(...args)
const rules = (change: Partial<CaptureRules>) => call('account.setRules', { archive, change })
const jobOf = (id: string) => jobs.find(job => job.id === id)
let jobs: Job[] = []
const putBack = () => call('job.restore', { archive, scope: { which: 'gone' }, target: { kind: 'own' } })
const before = [...Array(30).keys()].map(n => letter(n))

async function lose(): Promise<string[]> {
  const lines = linesOfStore(store)
  store.mailboxes[0]!.messages.length = 0
  const { id } = await call('job.capture', { archive })
  expect((await call('job.wait', { job: id })).state).toBe('done')
  return lines
}

beforeAll(async () => {
  profile = await mkdtemp(join(tmpdir(), 'mailcoffer-restore-rules-'))
  engine = createEngine({ profileDir: profile, transport: 'in-process' })
  engine.client.watch('jobs', {}, value => {
    jobs = value
  })
  await call('profile.create', { password: PASSWORD })
  store = { delimiter: '/', writable: true, mailboxes: [boxOf('INBOX', before)] }
  server = await startSampleServer(store)
  archive = (await call('archive.create', { name: 'Work' })).archive.id
  const { host, port, user, password } = server
  await call('account.set', { archive, settings: { protocol: 'imap', host, port, user, security: 'plain' }, password })
  const { id } = await call('job.capture', { archive })
  await call('job.wait', { job: id })
})
afterAll(async () => {
  await engine?.close()
  await server?.close()
  await rm(profile, { recursive: true, force: true })
})

describe('a paused account', () => {
  test('is not written to: the restore says so and waits, and goes on as soon as the account does', async () => {
    const lines = await lose()
    await rules({ hold: { reason: 'audit', since: 0, until: null } })
    const { id } = await putBack()
    await expect.poll(() => jobOf(id)?.pause?.reason, SOON).toBe('on-hold')
    expect(jobOf(id)).toMatchObject({ state: 'paused', error: { code: 'account-on-hold' } })
    expect(linesOfStore(store)).toEqual([])
    await rules({ hold: null })
    expect(await call('job.wait', { job: id })).toMatchObject({ state: 'done', outcomes: { added: 30, failed: 0 } })
    expect(linesOfStore(store)).toEqual(lines)
  })
})

test('a day that has its limit is kept: a restore stops in the middle, names the day, and goes on with nothing there twice', async () => {
  const large = boxOf('', [letter(100, 600_000), letter(101, 600_000), letter(102, 1_500_000)]).messages
  store.mailboxes[0]!.messages.push(...large.map((one, i) => ({ ...one, uid: 1000 + i, internalDate: one.internalDate! + 1_000_000 })))
  store.mailboxes[0]!.uidNext = 1003
  const { id: captured } = await call('job.capture', { archive })
  await call('job.wait', { job: captured })
  const lines = await lose()
  await rules({ bytesPerDay: 1_000_000 })
  const { id } = await putBack()
  await expect.poll(() => jobOf(id)?.pause?.reason, SOON).toBe('day-budget')
  expect(jobOf(id)).toMatchObject({ error: { code: 'day-budget-up' }, outcomes: { added: 31 } })
  expect(linesOfStore(store)).toHaveLength(31)

  await rules({ bytesPerDay: 1_400_000 })
  await call('job.resume', { job: id })
  await expect.poll(() => linesOfStore(store).length, SOON).toBe(32)
  // Larger than a whole day: named, and it does not hold the others up.
  await expect.poll(() => jobOf(id)?.failures.map(({ error }) => error.code), SOON).toEqual(['over-day-limit'])
  await call('job.cancel', { job: id })
  await call('job.wait', { job: id })

  await rules({ bytesPerDay: null })
  const last = await putBack()
  expect(await call('job.wait', { job: last.id })).toMatchObject({ state: 'done', outcomes: { added: 1, failed: 0 } })
  expect(linesOfStore(store)).toEqual(lines)
})

test('a line of so many bytes a second is given no more than that', async () => {
  await lose()
  await rules({ bytesPerSecond: 1_500_000 })
  const began = Date.now()
  const { id } = await putBack()
  expect(await call('job.wait', { job: id })).toMatchObject({ state: 'done', outcomes: { added: 33, failed: 0 } })
  // 2.7 MB up, and as many fetched back.
  expect(Date.now() - began).toBeGreaterThan(1_700)
  await rules({ bytesPerSecond: null })
})
