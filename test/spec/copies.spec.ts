/** Copies as their users have them: opened on other computers, written while others read, pulled out, filled up, found again somewhere else. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CopyState } from '../../main/contract/copies.ts'
import type { Job } from '../../main/contract/types.ts'
import { systemClock } from '../../main/engine/base/clock.ts'
import type { MailStore } from '../../main/engine/demo/imap/store.ts'
import { type SampleServer, startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import type { Engine } from '../../main/engine/engine.ts'
import { cliHere, PASSWORD } from '../help/cli.ts'
import { testEngine } from '../help/engine.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { canMount, mountImage, mountTmpfs } from '../help/mounts.ts'
import { eventually } from '../help/watching.ts'

const MESSAGES = 60
/** Twenty times as fast: what is looked at every few seconds is looked at several times a second. */
const hasty = { now: systemClock.now, sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 20, signal) }

let home: string
let store: MailStore
let server: SampleServer
let engine: Engine
let archive: string
let dir: string
let recoveryCode: string
let appended = 0
const others: Engine[] = []

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'mailcoffer-copies-'))
  store = generatedStore({ messages: MESSAGES, seed: 8 })
  server = await startSampleServer(store)
  engine = testEngine(join(home, 'profile'), { clock: hasty, watch: true })
  await call('profile.create', { password: PASSWORD })
  const created = await call('archive.create', { name: 'Work' })
  recoveryCode = created.recoveryCode
  archive = created.archive.id
  dir = created.archive.dir
  await call('archive.watch', { archive, on: false })
  await setAccount(engine)
  await capture()
})
afterAll(async () => {
  for (const one of [engine, ...others]) await one.close()
  await server.close()
  rmSync(home, { recursive: true, force: true })
})

const call: Engine['client']['call'] = (...args) => engine.client.call(...args)

const setAccount = ({ client }: Engine) =>
  client.call('account.set', {
    archive,
    settings: { protocol: 'imap', host: server.host, port: server.port, user: server.user, security: 'plain' },
    password: server.password,
  })

async function capture(): Promise<void> {
  const { id } = await call('job.capture', { archive })
  expect(await call('job.wait', { job: id })).toMatchObject({ state: 'done', outcomes: { failed: 0 } })
}

/** A new message on the server. */
function arrives(subject: string): void {
  appended++
  const inbox = store.mailboxes[0]!
  const bytes = Buffer.from(`Subject: ${subject}\r\n\r\ntext of ${subject}\r\n`)
  inbox.messages.push({ uid: inbox.uidNext++, flags: [], internalDate: 1_700_000_000 + appended, zone: 0, bytes })
}

async function copyTo(to: string): Promise<Job> {
  const { id } = await call('copy.start', { archive, to, auto: false })
  return call('job.wait', { job: id })
}

const stateOf = async (at: string): Promise<CopyState | undefined> => (await call('copy.list', { archive })).find(one => one.dir.startsWith(at))
const jobNow = (id: string) => new Promise<Job>(resolve => engine.client.watch('jobs', {}, jobs => resolve(jobs.find(job => job.id === id)!)))
const messagesOf = async ({ client }: Engine) => (await client.call('archive.status', { archive })).messages

/** Another computer: a profile of its own. */
async function computer(name: string): Promise<Engine> {
  const other = testEngine(join(home, name), { clock: hasty })
  others.push(other)
  await other.client.call('profile.create', { password: `${PASSWORD} ${name}` })
  return other
}

describe('a copy', () => {
  it('is made and named on the command line, which warns of one on the same disk', { timeout: 30_000 }, async () => {
    const place = join(home, 'cli')
    const run = (...args: string[]) => cliHere(args, { profile: join(home, 'cli-profile') })
    expect((await run('archive', 'create', 'Empty')).code).toBe(0)
    const made = await run('copy', 'Empty', '--to', place)
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('on the same disk as the archive') })
    expect((await run('--json', 'copies', 'Empty')).json()).toMatchObject({
      copies: [{ dir: place, state: 'safe', present: true, sameDisk: 'same' }],
    })
  })

  it('gets a folder of its own where other things are, and is found there again', async () => {
    const drive = mkdtempSync(join(home, 'drive-'))
    writeFileSync(join(drive, 'holiday.jpg'), 'not ours')
    expect(await copyTo(drive)).toMatchObject({ state: 'done', result: { damaged: 0, archiveDamaged: 0 } })
    expect(readdirSync(drive).sort()).toEqual([expect.stringMatching(/^Mailcoffer-[0-9a-f]{8}$/), 'holiday.jpg'])
    expect((await copyTo(drive)).result).toMatchObject({ written: 0 })
    expect(await stateOf(drive)).toMatchObject({ state: 'safe', behindBytes: 0, damaged: 0 })
  })

  it('is not made inside the archive, nor at the end of a way that is not there', async () => {
    await expect(copyTo(join(dir, 'copy'))).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(copyTo(join(home, 'no', 'such'))).rejects.toMatchObject({ code: 'destination-missing' })
  })

  it('gives back what is damaged in the archive: no message is lost', async () => {
    expect(await copyTo(join(home, 'good'))).toMatchObject({ state: 'done' })
    const path = join(dir, 'log', '00000001.seg')
    const bytes = readFileSync(path)
    for (let at = 5000; at < bytes.length; at += 20_000) bytes[at]! ^= 4
    writeFileSync(path, bytes)
    const verify = async () => call('job.wait', { job: (await call('job.verify', { archive, full: true })).id })
    expect((await verify()).outcomes.failed).toBeGreaterThan(0)
    const { id } = await call('copy.repair', { archive, copy: (await stateOf(join(home, 'good')))!.id })
    expect(await call('job.wait', { job: id })).toMatchObject({ state: 'done', result: { repaired: 1, damaged: 0 } })
    expect((await verify()).outcomes.failed).toBe(0)
    expect(await call('archive.status', { archive })).toMatchObject({ messages: MESSAGES, unindexed: 0 })
  })
})

describe('on another computer', () => {
  it('a copy opens for reading with password or recovery code, and the index stays there', async () => {
    const to = join(home, 'shared')
    expect(await copyTo(to)).toMatchObject({ state: 'done' })
    const before = readdirSync(to, { recursive: true }).sort()
    for (const [name, secret] of [
      ['anna', { password: PASSWORD }],
      ['bela', { recoveryCode }],
    ] as const) {
      const other = await computer(name)
      expect(await other.client.call('archive.open', { dir: to, name: 'Shared', ...secret })).toMatchObject({
        state: 'open',
        copy: true,
        writable: false,
      })
      expect(await messagesOf(other)).toBe(MESSAGES)
      await setAccount(other)
      const job = await other.client.call('job.capture', { archive })
      expect(await other.client.call('job.wait', { job: job.id })).toMatchObject({ state: 'failed', error: { code: 'archive-is-copy' } })
    }
    expect(readdirSync(to, { recursive: true }).sort()).toEqual(before)
  })

  it('two readers follow what the archive gets and the copying brings: every message, and none half', { timeout: 20_000 }, async () => {
    for (let round = 1; round <= 4; round++) {
      arrives(`later${round}`)
      await capture()
      expect(await copyTo(join(home, 'shared'))).toMatchObject({ state: 'done' })
      for (const other of others) {
        await eventually(() => messagesOf(other)).toBe(MESSAGES + appended)
        const { rows } = await other.client.call('search.window', { archives: [archive], query: `later${round}`, from: null, limit: 5 })
        expect(rows).toHaveLength(1)
        expect((await other.client.call('message.show', { archive, message: rows[0]!.id })).text).toContain(`text of later${round}`)
      }
    }
  })

  it('a copy becomes the archive where that is lost, and not while it is in the list', async () => {
    const to = join(home, 'heir')
    expect(await copyTo(to)).toMatchObject({ state: 'done' })
    await expect(call('archive.open', { dir: to })).rejects.toMatchObject({ code: 'archive-is-copy' })
    const other = await computer('carla')
    await other.client.call('archive.open', { dir: to, name: 'Heir', password: PASSWORD })
    await setAccount(other)
    expect(await other.client.call('archive.takeOver', { archive })).toMatchObject({ state: 'open', writable: true })
    arrives('after the loss')
    const job = await other.client.call('job.capture', { archive })
    expect(await other.client.call('job.wait', { job: job.id })).toMatchObject({ state: 'done' })
    expect(await messagesOf(other)).toBe(MESSAGES + appended)
  })
})

describe('by itself', () => {
  it('a copy that was away is brought up to date when it appears', async () => {
    const to = join(home, 'drawer')
    expect(await copyTo(to)).toMatchObject({ state: 'done' })
    await call('copy.setAuto', { archive, copy: (await stateOf(to))!.id, auto: true })
    renameSync(to, `${to}.away`)
    await eventually(async () => (await stateOf(to))?.present).toBe(false)
    arrives('while it was away')
    await capture()
    expect(await stateOf(to)).toMatchObject({ state: 'behind' })
    renameSync(`${to}.away`, to)
    await eventually(async () => (await stateOf(to))?.state).toBe('safe')
  })

  it('a copy does not go to another drive, or to one that was emptied, in the place of its own: that is said, and its own is waited for', async () => {
    const to = join(home, 'changed')
    expect(await copyTo(to)).toMatchObject({ state: 'done' })
    renameSync(to, `${to}.own`)
    mkdirSync(to)
    writeFileSync(join(to, 'holiday.jpg'), 'not ours')
    const { id } = await call('copy.run', { archive, copy: (await stateOf(to))!.id, patient: true })
    await eventually(async () => (await jobNow(id)).error?.code).toBe('destination-other')
    expect(readdirSync(to)).toEqual(['holiday.jpg'])
    renameSync(to, `${to}.other`)
    renameSync(`${to}.own`, to)
    expect(await call('job.wait', { job: id })).toMatchObject({ state: 'done', outcomes: { failed: 0 } })
  })
})

describe('a password that was changed', () => {
  it('opens a copy no more as soon as the copy can be reached', async () => {
    const to = join(home, 'keys')
    expect(await copyTo(to)).toMatchObject({ state: 'done' })
    await call('copy.setAuto', { archive, copy: (await stateOf(to))!.id, auto: true })
    await call('profile.changePassword', { oldPassword: PASSWORD, newPassword: `${PASSWORD} two` })
    const generation = (at: string) => JSON.parse(readFileSync(join(at, 'keyring.json'), 'utf8')).slots as unknown
    await eventually(() => JSON.stringify(generation(to))).toBe(JSON.stringify(generation(dir)))
    await expect((await computer('dora')).client.call('archive.open', { dir: to, password: PASSWORD })).rejects.toMatchObject({
      code: 'wrong-password',
    })
  })
})

describe.skipIf(!canMount)('on drives of their own', () => {
  it('a full drive pauses the copy, which says so and goes on by itself when there is room', async () => {
    using drive = mountTmpfs('60k')
    const { id } = await call('copy.start', { archive, to: drive.at, patient: true, auto: false })
    await eventually(async () => (await jobNow(id)).pause?.reason).toBe('disk-full')
    drive.resize('40m')
    expect(await call('job.wait', { job: id })).toMatchObject({ state: 'done', outcomes: { failed: 0 } })
    expect(await stateOf(drive.at)).toMatchObject({ state: 'safe', sameDisk: expect.stringMatching(/different|unknown/) })
  })

  it('one that was full, and is pulled before anything is on it, is waited for: the folder where it was mounted is not written to', async () => {
    using drive = mountImage(join(home, 'full.img'), 16)
    const { bavail, bsize } = statfsSync(drive.at)
    execFileSync('fallocate', ['-l', String(bavail * bsize), join(drive.at, 'ballast')])
    const { id } = await call('copy.start', { archive, to: drive.at, patient: true, auto: false })
    await eventually(async () => (await jobNow(id)).pause?.reason).toBe('disk-full')
    drive.unmount()
    await eventually(async () => (await jobNow(id)).error?.code).toBe('destination-missing')
    expect(readdirSync(drive.at)).toEqual([])
    drive.mount('rw')
    rmSync(join(drive.at, 'ballast'))
    const job = await call('job.wait', { job: id })
    expect([job.state, job.error, job.failures]).toEqual(['done', undefined, []])
  })

  it('one that is pulled or read-only is waited for; a folder in its place is not written to; it is found where it is mounted next', async () => {
    using drive = mountImage(join(home, 'drive.img'), 48)
    expect(await copyTo(drive.at)).toMatchObject({ state: 'done' })
    const { id: copy, dir: at } = (await stateOf(drive.at))!

    drive.unmount()
    const { id } = await call('copy.run', { archive, copy, patient: true, full: true })
    await eventually(async () => (await jobNow(id)).pause?.reason).toBe('destination-missing')
    expect(readdirSync(drive.at)).toEqual([])
    drive.mount('ro')
    await eventually(async () => (await jobNow(id)).error?.code).toBe('read-only')
    drive.remount('rw')
    expect(await call('job.wait', { job: id })).toMatchObject({ state: 'done' })

    // On a read-only one it opens all the same: its index is made on this computer.
    drive.unmount()
    drive.mount('ro')
    const reader = await computer('eva')
    await reader.client.call('archive.open', { dir: at, name: 'Read only', recoveryCode })
    expect(await messagesOf(reader)).toBe(await messagesOf(engine))
    await reader.close()

    const elsewhere = mkdtempSync(join(home, 'elsewhere-'))
    drive.unmount()
    drive.mount('rw', elsewhere)
    const moved = await call('copy.run', { archive, copy })
    expect(await call('job.wait', { job: moved.id })).toMatchObject({ state: 'done', result: { folder: at.replace(drive.at, elsewhere) } })
    execFileSync('umount', [elsewhere])
  })
})
