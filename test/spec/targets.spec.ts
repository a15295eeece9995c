/**
 * What a copy and an export are written to, failing under both at once, at random moments: when it is back, both come to their end by themselves.
 * MAILCOFFER_MOMENTS (default 1, and only a pulled drive) says how many of each; `npm run soak -- targets` takes 50 of all, or of the one target or fault
 * that MAILCOFFER_TARGETS names: `FAT32`, `full`, `share slow`.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../main/contract/errors.ts'
import type { Job } from '../../main/contract/types.ts'
import { systemClock } from '../../main/engine/base/clock.ts'
import { type SampleServer, startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import type { Engine } from '../../main/engine/engine.ts'
import { PASSWORD } from '../help/cli.ts'
import { driveMissing, plugIn } from '../help/drives.ts'
import { testEngine } from '../help/engine.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { randomOf } from '../help/random.ts'
import { sambaMissing, shareTarget } from '../help/samba.ts'
import { type Shell, startShell } from '../help/shell.ts'
import type { Target } from '../help/target.ts'

const MOMENTS = Number(process.env['MAILCOFFER_MOMENTS'] ?? 1)
const SOAK = MOMENTS > 1
const CHOSEN = process.env['MAILCOFFER_TARGETS']?.split(' ') ?? []
const MESSAGES = SOAK ? 250 : 100
const MEGABYTES = 48
const timeout = 60_000 + MOMENTS * 30_000
/** Twenty times as fast: what is looked at every few seconds is looked at several times a second. */
const hasty = { now: systemClock.now, sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 20, signal) }
const random = randomOf(Number(process.env['MAILCOFFER_SEED'] ?? 1))

const targets: { name: string; missing: boolean; open(): Target | Promise<Target> }[] = [
  { name: 'ext4', missing: driveMissing('ext4'), open: () => plugIn('ext4', MEGABYTES) },
  { name: 'exFAT', missing: SOAK && driveMissing('exFAT'), open: () => plugIn('exFAT', MEGABYTES) },
  { name: 'FAT32', missing: SOAK && driveMissing('FAT32'), open: () => plugIn('FAT32', MEGABYTES) },
  { name: 'share', missing: SOAK && sambaMissing, open: () => shareTarget(MEGABYTES) },
]

interface Fault {
  name: string
  strike(target: Target): Promise<void>
  heal(target: Target): Promise<void>
  /** What a person may be told meanwhile. */
  told: ErrorCode[]
  zip?: boolean
}
const gone: ErrorCode[] = ['destination-missing', 'read-only', 'drive-unreliable']
const faults: Fault[] = [
  { name: 'pulled', strike: target => target.pull(), heal: target => target.plug(), told: gone },
  { name: 'pulled-zip', strike: target => target.pull(), heal: target => target.plug(), told: gone, zip: true },
  { name: 'full', strike: target => target.fill(), heal: target => target.empty(), told: ['disk-full'] },
  { name: 'read-only', strike: target => target.protect(), heal: target => target.release(), told: ['read-only', 'permission-denied'] },
  { name: 'slow', strike: target => target.slow(), heal: target => target.hurry(), told: [] },
]

let home: string
let server: SampleServer
let engine: Engine
let archive: string
let archiveDir: string
let places: number
let shell: Shell
const call: Engine['client']['call'] = (...args) => engine.client.call(...args)

beforeAll(async () => {
  shell = startShell()
  home = mkdtempSync(join(tmpdir(), 'mailcoffer-targets-'))
  server = await startSampleServer(generatedStore({ messages: MESSAGES, seed: 5 }))
  engine = testEngine(join(home, 'profile'), { clock: hasty })
  await call('profile.create', { password: PASSWORD })
  const created = await call('archive.create', { name: 'Work' })
  archive = created.archive.id
  archiveDir = created.archive.dir
  const settings = { protocol: 'imap' as const, host: server.host, port: server.port, user: server.user, security: 'plain' as const }
  await call('account.set', { archive, settings, password: server.password })
  const { id } = await call('job.capture', { archive })
  const { outcomes } = await call('job.wait', { job: id })
  places = outcomes.added
})
afterAll(async () => {
  await engine?.close()
  await server?.close()
  shell?.end()
  rmSync(home, { recursive: true, force: true })
})

let turn = 0
/** A copy and an export to `target`, which fails in the middle; then both come to their end, and what they wrote is there. Answers what a person was told meanwhile. */
async function survives(target: Target, { strike, heal, told, zip = false }: Fault): Promise<Set<ErrorCode>> {
  const [copy, files] = [join(target.at, `copy ${++turn}`), join(target.at, `export ${turn}`)]
  mkdirSync(copy)
  const exporting = await call('job.export', { archive, scope: { which: 'all' }, to: files, format: 'eml', zip, patient: true })
  const copying = await call('copy.start', { archive, to: copy, patient: true, auto: false })
  const jobs = [exporting.id, copying.id]
  for (const id of jobs) await reached(id, ({ progress }) => progress.phase !== 'starting')
  // The copy is done long before the export: both shall be met in the middle, and at their end.
  if (random.below(2)) await sleep(random.below(60))
  else await farEnough(exporting.id, random.below(places + places / 3))
  const heard = new Map<string, ErrorCode>()
  await strike(target)
  for (const id of jobs) {
    const { error } = await reached(id, job => job.endedAt !== null || (job.state === 'paused' && told.includes(job.error!.code)))
    if (error) heard.set(id, error.code)
  }
  await heal(target)
  for (const id of jobs) {
    const { state, error, failures } = await reached(id, job => job.endedAt !== null)
    expect({ state, error, failures }).toEqual({ state: 'done', error: undefined, failures: [] })
  }

  const { result } = await call('job.wait', { job: exporting.id })
  const verifying = await call('job.verify', { archive, full: true })
  expect(await call('job.wait', { job: verifying.id }), 'the archive is not harmed').toMatchObject({ state: 'done', outcomes: { failed: 0 } })
  const state = (await call('copy.list', { archive })).find(one => one.dir === copy)!
  expect(state).toMatchObject({ state: 'safe', damaged: 0 })
  await call('copy.forget', { archive, copy: state.id })
  const left = readdirSync(zip ? target.at : files).filter(name => name.startsWith('.mailcoffer'))
  // An export that was done already has taken it away, and the drive that was pulled may not know it yet: the next export does it again.
  if (heard.has(exporting.id)) expect(left, 'nothing half-done is left').toEqual([])
  // What was called done is on the medium, whoever pulls it the next moment.
  await target.pull()
  await target.plug()
  for (const segment of readdirSync(join(archiveDir, 'log')).filter(name => name.endsWith('.seg')))
    expect(readFileSync(join(copy, 'log', segment)).equals(readFileSync(join(archiveDir, 'log', segment))), segment).toBe(true)
  await (zip ? checkZip(String(result['folder'])) : checkFiles(files))
  for (const folder of [files, copy]) rmSync(folder, { recursive: true })
  return new Set(heard.values())
}

/** The export has written, and then read back, so many messages. */
const farEnough = (id: string, far: number): Promise<Job> =>
  reached(id, ({ endedAt, progress: { phase, done } }) => endedAt !== null || done + (phase === 'verifying' ? places : 0) >= far)

async function checkFiles(files: string): Promise<void> {
  await shell.run('env', '-C', files, 'sha256sum', '-c', '--quiet', '--strict', 'SHA256SUMS')
  const names = readdirSync(files, { recursive: true }) as string[]
  expect(names.filter(name => name.endsWith('.eml'))).toHaveLength(places)
}

async function checkZip(path: string): Promise<void> {
  const check =
    'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); z.testzip() and sys.exit(1); print(sum(n.endswith(".eml") for n in z.namelist()))'
  expect(Number(await shell.run('python3', '-c', check, path))).toBe(places)
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

const all = targets.flatMap(({ name, missing, open }) => faults.map(fault => ({ target: name, missing, open, fault })))
const wanted = ({ target, fault }: (typeof all)[number]) =>
  SOAK ? CHOSEN.every(word => word === target || word === fault.name) : target === 'ext4' && fault.name === 'pulled'

describe('a copy and an export come to their end by themselves', () => {
  for (const { target, missing, open, fault } of all.filter(wanted))
    it.skipIf(missing)(`${target}: ${fault.name}, at ${MOMENTS} random moments`, { timeout }, async () => {
      await using place = await open()
      const times = new Map<ErrorCode | 'waited', number>()
      for (let n = 0; n < MOMENTS; n++) {
        const heard = await survives(place, fault)
        for (const what of heard.size > 0 ? [...heard, 'waited' as const] : []) times.set(what, (times.get(what) ?? 0) + 1)
      }
      if (SOAK)
        console.log(`${target} ${fault.name}: at ${MOMENTS} moments; what was told, and how often: ${JSON.stringify(Object.fromEntries(times))}`)
    })
})
