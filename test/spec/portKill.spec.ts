/**
 * SIGKILL in the middle of an export to a folder, of one to a ZIP file, and of an import: the same command started again comes to its end, and nothing is
 * there twice, half, or left behind, and `jobs` says of the killed one that it was interrupted. MAILCOFFER_KILLS (default 1, and no ZIP) says how many of each; `npm run soak -- port-kill` takes 30.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../help/cli.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { randomOf } from '../help/random.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'

const KILLS = Number(process.env['MAILCOFFER_KILLS'] ?? 1)
const SEED = Number(process.env['MAILCOFFER_SEED'] ?? 1)
const MESSAGES = KILLS > 1 ? 900 : 400
const timeout = 60_000 + KILLS * 20_000

let profile: SampleProfile
let out: string
const random = randomOf(SEED)
beforeAll(async () => {
  profile = await sampleProfile(generatedStore({ messages: MESSAGES, seed: SEED }))
  out = await mkdtemp(join(tmpdir(), 'mailcoffer-port-'))
  await here('sync', 'Work')
}, 120_000)
afterAll(async () => {
  await profile?.close()
  if (out) await rm(out, { recursive: true, force: true })
})

async function here(...args: string[]) {
  const result = await profile.run(...args)
  expect(result.code, result.stdout + result.stderr).toBe(0)
  return result
}

/** As soon as `far` says so; whether that came before the end. A fast computer may be done: then all of it is begun anew. */
async function killed(far: () => boolean, ...args: string[]): Promise<boolean> {
  const { signal } = await cli(args, {
    profile: profile.dir,
    onStart: child => {
      const timer = setInterval(() => {
        if (!far()) return
        clearInterval(timer)
        child.kill('SIGKILL')
      }, 2)
      child.once('exit', () => clearInterval(timer))
    },
  })
  return signal === 'SIGKILL'
}

async function untilKilled(kill: () => Promise<boolean>, anew: () => Promise<unknown>): Promise<void> {
  for (let kills = 0, tries = 0; kills < KILLS; tries++) {
    expect(tries, 'the kills came too late to say anything').toBeLessThan(KILLS * 2 + 5)
    if (await kill()) kills++
    else await anew()
  }
}

/** What is remembered of the jobs of this kind that did not come to their end. */
async function interrupted(kind: string): Promise<{ result: Record<string, unknown> }[]> {
  const { jobs } = (await here('--json', 'jobs')).json() as {
    jobs: { kind: string; state: string; error?: { code: string }; result: Record<string, unknown> }[]
  }
  return jobs.filter(job => job.kind === kind && job.state === 'failed' && job.error?.code === 'interrupted')
}

const filesIn = async (dir: string) =>
  (await readdir(dir, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile()).map(({ name }) => name)
const lines = async (dir: string) => (await readFile(join(dir, 'manifest.jsonl'), 'utf8')).trim().split('\n')
const told = async (dir: string) =>
  (await lines(dir))
    .map(line => JSON.parse(line) as { mailbox: string[]; sha256: string; flags: string[]; internalDate: string })
    .map(({ mailbox, sha256, flags, internalDate }) => `${mailbox.join('/')} ${sha256} ${flags.sort().join(' ')} ${internalDate}`)
    .sort()
const entries = (dir: string): string[] => {
  try {
    return readdirSync(dir, { recursive: true }) as string[]
  } catch {
    return [] // not yet
  }
}
const sizeOf = (path: string) => {
  try {
    return statSync(path).size
  } catch {
    return 0 // not yet
  }
}
const workrooms = async (dir: string) => (await readdir(dir)).filter(name => name.startsWith('.mailcoffer'))

test('an export to a folder', { timeout }, async () => {
  const to = join(out, 'eml')
  await untilKilled(
    async () => {
      const far = entries(to).length + random.below(MESSAGES / 2)
      const kill = await killed(() => entries(to).length > far, 'export', 'Work', '--to', to, '--format', 'eml')
      for (const name of entries(to).filter(one => one.endsWith('.eml'))) expect(sizeOf(join(to, name)), name).toBeGreaterThan(0)
      return kill
    },
    () => rm(to, { recursive: true }),
  )
  expect(await workrooms(to), 'a killed export leaves one folder').toHaveLength(1)
  expect((await interrupted('export'))[0]).toMatchObject({ endedAt: expect.any(Number), result: { folder: to } })
  await here('export', 'Work', '--to', to, '--format', 'eml')
  execFileSync('sha256sum', ['-c', '--quiet', '--strict', 'SHA256SUMS'], { cwd: to })
  const files = await filesIn(to)
  expect(files.filter(name => !/^(manifest\.jsonl|messages\.csv|SHA256SUMS|index\.html|\d+\.js|.*\.eml)$/.test(name))).toEqual([])
  expect(files.filter(name => name.endsWith('.eml'))).toHaveLength((await lines(to)).length)
  expect(await workrooms(to)).toEqual([])
})

if (KILLS > 1)
  test('an export to a ZIP file', { timeout }, async () => {
    const to = join(out, 'zip')
    const written = () => Math.max(0, ...entries(to).map(name => (name.endsWith('part.zip') ? sizeOf(join(to, name)) : 0)))
    await untilKilled(
      () => {
        const far = random.below(400_000)
        return killed(() => written() > far, 'export', 'Work', '--to', to, '--format', 'eml', '--zip')
      },
      () => rm(to, { recursive: true }),
    )
    const ended = (await readdir(to)).filter(name => name.endsWith('.zip'))
    await here('export', 'Work', '--to', to, '--format', 'eml', '--zip')
    const there = await readdir(to)
    expect(there).toHaveLength(ended.length + 1)
    const zip = there.find(name => !ended.includes(name))!
    const check =
      'import zipfile, sys; z = zipfile.ZipFile(sys.argv[1]); z.testzip() and sys.exit(1); print(len([n for n in z.namelist() if n.endswith(".eml")]))'
    const found = Number(execFileSync('python3', ['-c', check, join(to, zip)], { encoding: 'utf8' }))
    expect(found).toBe((await lines(join(out, 'eml'))).length)
  })

test('an import', { timeout }, async () => {
  const from = join(out, 'eml')
  let name = ''
  let folder = ''
  let held: number[] = []
  const anew = async () => {
    held = []
    name = `New ${random.below(1e9)}`
    folder = ((await here('--json', 'archive', 'create', name)).json() as { archive: { dir: string } }).archive.dir
  }
  const log = () => entries(join(folder, 'log')).reduce((sum, one) => sum + sizeOf(join(folder, 'log', one)), 0)
  await anew()
  await untilKilled(async () => {
    const far = log() + random.below(300_000)
    const kill = await killed(() => log() > far, 'import', name, from)
    held.push(((await here('--json', 'archive', 'status', name)).json() as { messages: number }).messages)
    return kill
  }, anew)
  expect(await interrupted('import')).not.toEqual([])
  expect(held, 'what was durable once stays').toEqual([...held].sort((a, b) => a - b))
  await here('import', name, from)
  const check = join(out, 'check')
  await here('export', name, '--to', check, '--format', 'mbox')
  expect(await told(check)).toEqual(await told(from))
  await here('verify', name, '--full')
})
