/** What can go wrong at this computer: each a clear error with its code, and nothing damaged. */
import { execFileSync, type spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdtemp, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newRecoveryCode } from '../../main/engine/keys/recoveryCode.ts'
import { cli, cliHere, PASSWORD } from '../help/cli.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'

let profile: SampleProfile
let work: string

beforeAll(async () => {
  profile = await sampleProfile(generatedStore({ messages: 400, seed: 7 }))
  work = await mkdtemp(join(tmpdir(), 'mailcoffer-refusals-'))
  expect(await profile.run('sync', 'Work')).toMatchObject({ code: 0 })
})
afterAll(async () => {
  await profile.close()
  await rm(work, { recursive: true, force: true })
})

const errorOf = (result: { stdout: string }) => (JSON.parse(result.stdout) as { error: { code: string; facts: Record<string, unknown> } }).error

async function allIsWell(): Promise<void> {
  const verified = await profile.run('--json', 'verify', 'Work', '--full')
  expect(verified, verified.stdout).toMatchObject({ code: 0 })
}

describe('refusals', () => {
  test('a wrong password is said, and opens nothing', async () => {
    const refused = await cliHere(['--json', 'list', 'Work'], { profile: profile.dir, env: { MAILCOFFER_PASSWORD: `${PASSWORD}!` } })
    expect(refused.code).toBe(3)
    expect(errorOf(refused).code).toBe('wrong-password')
    await allIsWell()
  })

  test('a wrong recovery code is told from a mistyped one, and the right one opens a copy of the folder', async () => {
    const copy = join(work, 'copy')
    await cp(profile.archive, copy, { recursive: true })
    const open = (code: string) =>
      cliHere(['--json', 'archive', 'open', copy, '--as', 'Copy'], {
        profile: join(work, 'elsewhere'),
        env: { MAILCOFFER_PASSWORD: 'another person', MAILCOFFER_ARCHIVE_PASSWORD: code },
      })
    const mistyped = await open(`${profile.recoveryCode.slice(0, -1)}${profile.recoveryCode.endsWith('0') ? '1' : '0'}`)
    expect(mistyped.code).toBe(3)
    expect(errorOf(mistyped)).toMatchObject({ code: 'wrong-recovery-code', facts: { mistyped: true } })
    const wrong = await open(newRecoveryCode().text)
    expect(errorOf(wrong)).toMatchObject({ code: 'wrong-recovery-code', facts: { mistyped: false } })
    expect(await open(profile.recoveryCode)).toMatchObject({ code: 0 })
  })

  test('an archive of a newer format is left alone', async () => {
    const copy = join(work, 'newer')
    await cp(profile.archive, copy, { recursive: true })
    const file = JSON.parse(await readFile(join(copy, 'archive.json'), 'utf8')) as { format: number }
    await writeFile(join(copy, 'archive.json'), JSON.stringify({ ...file, format: 2 }))
    const before = await namesAndSizes(copy)
    const refused = await cliHere(['--json', 'archive', 'open', copy], { profile: join(work, 'newer profile') })
    expect(refused.code).toBe(3)
    expect(errorOf(refused).code).toBe('newer-format')
    expect(await namesAndSizes(copy)).toEqual(before)
  })

  test('a folder that is no archive is said to be none', async () => {
    const refused = await cliHere(['--json', 'archive', 'open', work], { profile: join(work, 'none profile') })
    expect(errorOf(refused).code).toBe('not-an-archive')
  })

  test('a second writer is refused while the first goes on', async () => {
    // Stopped in the middle, the first still holds the archive: a lock must not be taken from somebody who is only slow.
    let child: ReturnType<typeof spawn> | undefined
    const first = cli(['sync', 'Work', '--watch'], { profile: profile.dir, onStart: started => (child = started) })
    await expect.poll(() => existsSync(join(profile.archive, 'lock')), { timeout: 20_000 }).toBe(true)
    const second = await profile.run('--json', 'sync', 'Work')
    expect(second.code).toBe(3)
    expect(second.stdout).toContain('archive-in-use')
    const reading = await profile.run('--json', 'list', 'Work')
    expect(reading, 'reading beside a writer').toMatchObject({ code: 0 })
    child!.kill('SIGINT')
    expect((await first).signal).toBeNull()
    await allIsWell()
  })

  test('a read-only folder can be read, searched and exported, and capture says why it cannot write', async ctx => {
    if (process.getuid?.() === 0) return ctx.skip('root may write everywhere; the mounted variant below covers it')
    await chmod(join(profile.archive, 'log'), 0o500)
    await chmod(profile.archive, 0o500)
    try {
      expect(await profile.run('list', 'Work')).toMatchObject({ code: 0 })
      const refused = await profile.run('--json', 'sync', 'Work')
      expect(refused.code).toBe(3)
      expect(refused.stdout).toMatch(/read-only|permission-denied/)
    } finally {
      await chmod(profile.archive, 0o700)
      await chmod(join(profile.archive, 'log'), 0o700)
    }
    await allIsWell()
  })

  test('an archive on a read-only drive is read in place', async ctx => {
    const mount = mounted('tmpfs', 'size=64m')
    if (!mount) return ctx.skip('mounting is not allowed here')
    try {
      await cp(profile.archive, join(mount.dir, 'archive'), { recursive: true })
      mount.remount('ro')
      const other = join(work, 'ro profile')
      const env = { MAILCOFFER_PASSWORD: 'another person', MAILCOFFER_ARCHIVE_PASSWORD: PASSWORD }
      const opened = await cliHere(['--json', 'archive', 'open', join(mount.dir, 'archive'), '--as', 'Drive'], { profile: other, env })
      expect(opened, opened.stdout + opened.stderr).toMatchObject({ code: 0 })
      const listed = await cliHere(['--json', 'list', 'Drive', '--limit', '3'], { profile: other, env })
      expect((listed.json() as { messages: unknown[] }).messages).toHaveLength(3)
    } finally {
      mount.end()
    }
  })

  test('a full disk stops capture with its name, loses nothing, and goes on when there is room', async ctx => {
    const mount = mounted('tmpfs', 'size=3m')
    if (!mount) return ctx.skip('mounting is not allowed here')
    try {
      const dir = join(mount.dir, 'archive')
      const env = { MAILCOFFER_ACCOUNT_PASSWORD: profile.server.password }
      const run = (...args: string[]) => cliHere(args, { profile: join(work, 'full profile'), env })
      expect(await run('archive', 'create', 'Full', '--at', dir)).toMatchObject({ code: 0 })
      expect(
        await run(
          'account',
          'add',
          'Full',
          '--imap',
          `${profile.server.host}:${profile.server.port}`,
          '--user',
          profile.server.user,
          '--security',
          'plain',
        ),
      ).toMatchObject({ code: 0 })
      const filler = join(mount.dir, 'filler')
      // Room for the lock and a few pages, and for nothing else.
      const { bavail, bsize } = await statfs(mount.dir)
      await writeFile(filler, Buffer.alloc(Math.max(0, (bavail - 40) * bsize)))
      const full = await run('--json', 'sync', 'Full')
      expect(full, full.stdout).toMatchObject({ code: 3 })
      expect(full.stdout).toContain('disk-full')
      expect(await run('list', 'Full')).toMatchObject({ code: 0 })
      await rm(filler)
      mount.remount('size=64m')
      const done = await run('--json', 'sync', 'Full')
      expect(done, done.stdout).toMatchObject({ code: 0 })
      const verified = await run('--json', 'verify', 'Full', '--full')
      expect(verified, verified.stdout).toMatchObject({ code: 0 })
      const count = async (r: typeof run, name: string) => ((await r('--json', 'archive', 'status', name)).json() as { messages: number }).messages
      expect(await count(run, 'Full')).toBe(await count(profile.run as typeof run, 'Work'))
    } finally {
      mount.end()
    }
  })
})

/** A small file system of its own, or null where that is not allowed. */
function mounted(type: string, options: string) {
  const dir = execFileSync('mktemp', ['-d']).toString().trim()
  try {
    execFileSync('mount', ['-t', type, '-o', options, 'mailcoffer-test', dir], { stdio: 'pipe' })
  } catch {
    return null // not root, or a container without the right to
  }
  return {
    dir,
    remount: (how: string) => execFileSync('mount', ['-o', `remount,${how}`, dir], { stdio: 'pipe' }),
    end: () => execFileSync('umount', ['-l', dir], { stdio: 'pipe' }),
  }
}

async function namesAndSizes(dir: string): Promise<string[]> {
  const names = await readdir(dir, { recursive: true, withFileTypes: true })
  return Promise.all(names.filter(one => one.isFile()).map(async one => `${one.name} ${(await readFile(join(one.parentPath, one.name))).length}`))
}
