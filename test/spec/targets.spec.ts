/**
 * What a copy and an export are written to, failing under both at once: a drive that is pulled, full, read-only or held up, at random moments. When it is
 * back both come to their end by themselves. MAILCOFFER_MOMENTS (default 1, and only pulled) says how many of each; `npm run soak -- targets` takes 50.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Job } from '../../main/contract/types.ts'
import { systemClock } from '../../main/engine/base/clock.ts'
import { type SampleServer, startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import type { Engine } from '../../main/engine/engine.ts'
import { PASSWORD } from '../help/cli.ts'
import { testEngine } from '../help/engine.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { canMount, exfatMissing, mountExfat, mountImage } from '../help/mounts.ts'
import { randomOf } from '../help/random.ts'
import { sambaMissing, startShare } from '../help/samba.ts'

const MOMENTS = Number(process.env['MAILCOFFER_MOMENTS'] ?? 1)
const SOAK = MOMENTS > 1
const MESSAGES = SOAK ? 400 : 150
const timeout = 60_000 + MOMENTS * 20_000
/** Twenty times as fast: what is looked at every few seconds is looked at several times a second. */
const hasty = { now: systemClock.now, sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 20, signal) }
const random = randomOf(Number(process.env['MAILCOFFER_SEED'] ?? 1))

let home: string
let server: SampleServer
let engine: Engine
let archive: string
let places: number
const call: Engine['client']['call'] = (...args) => engine.client.call(...args)

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'mailcoffer-targets-'))
  server = await startSampleServer(generatedStore({ messages: MESSAGES, seed: 5 }))
  engine = testEngine(join(home, 'profile'), { clock: hasty })
  await call('profile.create', { password: PASSWORD })
  archive = (await call('archive.create', { name: 'Work' })).archive.id
  const settings = { protocol: 'imap' as const, host: server.host, port: server.port, user: server.user, security: 'plain' as const }
  await call('account.set', { archive, settings, password: server.password })
  const { id } = await call('job.capture', { archive })
  const { outcomes } = await call('job.wait', { job: id })
  places = outcomes.added
})
afterAll(async () => {
  await engine?.close()
  await server?.close()
  rmSync(home, { recursive: true, force: true })
})

interface Fault {
  strike(): Promise<void> | void
  heal(): Promise<void> | void
}

async function manyTimes(what: string, at: string, fault: Fault, zip = false): Promise<void> {
  let waited = 0
  for (let n = 0; n < MOMENTS; n++) if (await survives(at, fault, zip)) waited++
  if (SOAK) console.log(`${what}: at ${MOMENTS} moments; ${waited} times one of the two had to wait for it`)
}

let turn = 0
/** A copy and an export to `at`, which fails when the export has come so far; then both come to their end. Answers whether either had to wait. */
async function survives(at: string, fault: Fault, zip = false): Promise<boolean> {
  const name = `export ${++turn}`
  mkdirSync(join(at, `copy ${turn}`))
  const far = random.below(places)
  const exporting = await call('job.export', { archive, scope: { which: 'all' }, to: join(at, name), format: 'eml', zip, patient: true })
  const copying = await call('copy.start', { archive, to: join(at, `copy ${turn}`), patient: true, auto: false })
  const [exported, copied] = [exporting.id, copying.id]
  await reached(exported, job => job.progress.done >= far || job.progress.phase === 'verifying' || job.endedAt !== null)
  const struck = fault.strike()
  let waited = false
  for (const id of [exported, copied]) {
    const job = await reached(id, one => one.state === 'paused' || one.endedAt !== null)
    waited ||= job.state === 'paused'
    if (job.state === 'paused') expect(['destination-missing', 'disk-full', 'read-only', 'drive-unreliable']).toContain(job.error?.code)
  }
  await struck
  await fault.heal()
  for (const id of [exported, copied])
    expect(await reached(id, job => job.endedAt !== null)).toMatchObject({ state: 'done', outcomes: { failed: 0 } })

  const { result } = await call('job.wait', { job: exported })
  if (zip) {
    const check =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); z.testzip() and sys.exit(1); print(sum(n.endswith(".eml") for n in z.namelist()))'
    expect(Number(execFileSync('python3', ['-c', check, String(result['folder'])], { encoding: 'utf8' }))).toBe(places)
  } else {
    execFileSync('sha256sum', ['-c', '--quiet', '--strict', 'SHA256SUMS'], { cwd: join(at, name) })
    const files = readdirSync(join(at, name), { recursive: true }) as string[]
    expect(files.filter(file => file.endsWith('.eml'))).toHaveLength(places)
    expect(
      files.filter(file => basename(file).startsWith('.')),
      'nothing half-done is left',
    ).toEqual([])
  }
  const verifying = await call('job.verify', { archive, full: true })
  expect(await call('job.wait', { job: verifying.id }), 'the archive is not harmed').toMatchObject({ state: 'done', outcomes: { failed: 0 } })
  const copy = (await call('copy.list', { archive })).find(one => one.dir.includes(`copy ${turn}`))!
  expect(copy).toMatchObject({ state: 'safe', damaged: 0 })
  await call('copy.forget', { archive, copy: copy.id })
  for (const folder of [name, `copy ${turn}`]) rmSync(join(at, folder), { recursive: true })
  return waited
}

function reached(id: string, far: (job: Job) => boolean): Promise<Job> {
  let last: Job | undefined
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it stands: ${JSON.stringify(last)}`)), 40_000)
    const end = engine.client.watch(
      'jobs',
      {},
      jobs => {
        const job = jobs.find(one => one.id === id)
        last = job
        if (!job || !far(job)) return
        clearTimeout(timer)
        resolve(job)
        queueMicrotask(() => end())
      },
      reject,
    )
  })
}

/** EXT4_IOC_SHUTDOWN without flushing the log: every access is an I/O error, and nothing more reaches the medium. */
function pull(at: string): void {
  const script = 'import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack("I", 2))'
  expect(spawnSync('python3', ['-c', script, at]).status).toBe(0)
}

function fillUp(at: string): void {
  const { bavail, bsize } = statfsSync(at)
  const ballast = join(at, 'ballast')
  if (spawnSync('fallocate', ['-l', String(bavail * bsize), ballast]).status === 0) return
  for (let room = bavail * bsize; room > 4096; room >>= 1)
    try {
      writeFileSync(ballast, Buffer.alloc(room, 1), { flag: 'a' })
    } catch {
      // what fits is in it
    }
}
const empty = (at: string) => rmSync(join(at, 'ballast'), { force: true })

/** Nothing gets through for a while, again and again, as with a worn-out drive or a sleeping disk. */
async function holdUp(at: string): Promise<void> {
  const holding = spawn('sh', ['-c', 'for n in 1 2 3; do fsfreeze -f "$1"; sleep 0.1; fsfreeze -u "$1"; sleep 0.02; done', 'sh', at], {
    stdio: 'ignore',
  })
  await new Promise(resolve => holding.once('exit', resolve))
}

describe.skipIf(!canMount)('a copy and an export to a drive with ext4 come to their end by themselves', () => {
  const all: { what: string; zip?: true; always?: true }[] = [
    { what: 'pulled', always: true },
    { what: 'pulled while it is a ZIP file', zip: true },
    { what: 'full' },
    { what: 'read-only' },
    { what: 'held up' },
  ]
  it.each(all.filter(({ always }) => SOAK || always))(`$what, at ${MOMENTS} random moments`, { timeout }, async ({ what, zip = false }) => {
    using drive = mountImage(join(home, `${what}.img`), 48)
    const faults: Record<string, Fault> = {
      pulled: {
        strike: () => pull(drive.at),
        heal: () => {
          drive.unmount()
          expect(readdirSync(drive.at), 'nothing is written in its place').toEqual([])
          drive.mount('rw')
        },
      },
      full: { strike: () => fillUp(drive.at), heal: () => empty(drive.at) },
      // What a kernel does when a drive gives errors.
      'read-only': {
        strike: () => void execFileSync('mount', ['-o', 'remount,abort', drive.at], { stdio: 'ignore' }),
        heal: () => {
          drive.unmount()
          drive.mount('rw')
        },
      },
      'held up': { strike: () => holdUp(drive.at), heal: () => {} },
    }
    await manyTimes(what, drive.at, faults[what.replace(/ while.*/, '')]!, zip)
  })
})

if (SOAK) {
  describe.skipIf(exfatMissing)('and to a drive with exFAT', () => {
    it(`full, at ${MOMENTS} random moments`, { timeout }, async () => {
      using drive = mountExfat(64)
      await manyTimes('exFAT full', drive.at, { strike: () => fillUp(drive.at), heal: () => empty(drive.at) })
    })
  })

  describe.skipIf(sambaMissing)('and to a Samba share', () => {
    it(`lost, at ${MOMENTS} random moments`, { timeout: timeout * 3 }, async () => {
      await using share = await startShare()
      await manyTimes('share lost', share.at, { strike: () => share.cut(), heal: () => share.back() })
    })
  })
}
