/** The command line as a process: its launcher, its streams, signals, and a person at a terminal. What the commands do is in outcomes.spec.ts. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSampleServer } from '../../../main/engine/demo/sampleServer.ts'
import { cliHere } from '../../help/cli.ts'

const LAUNCHER = fileURLToPath(new URL('../../../scripts/mailcoffer.mjs', import.meta.url))
const PASSWORD = 'hunter2-of-the-profile'

let dir = ''
let profile = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'mailcoffer-process-'))
  profile = join(dir, 'profile')
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

interface Ended {
  code: number | null
  signal: string | null
  out: string
  err: string
}

interface Running {
  child: ChildProcess
  ended: Promise<Ended>
  /** Resolves when this stands in the output. */
  says(text: string): Promise<void>
}

function start(args: string[], { node = process.execPath, env = {} as Record<string, string> } = {}): Running {
  return follow(
    spawn(node, [LAUNCHER, '--profile', profile, ...args], {
      env: { ...process.env, MAILCOFFER_PASSWORD: PASSWORD, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
}

function follow(child: ChildProcess): Running {
  let out = ''
  let err = ''
  const waiting = new Set<() => void>()
  const hear = () => {
    for (const look of waiting) look()
  }
  child.stdout!.setEncoding('utf8').on('data', text => {
    out += text
    hear()
  })
  child.stderr!.setEncoding('utf8').on('data', text => {
    err += text
    hear()
  })
  const ended = new Promise<Ended>(resolve => child.on('close', (code, signal) => resolve({ code, signal, out, err })))
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if ((out + err).includes(text)) resolve()
      }
      waiting.add(look)
      look()
      void ended.then(() => reject(new Error(`it ended without saying "${text}": ${out}${err}`)))
    })
  return { child, ended, says }
}

const run = (args: string[], options?: Parameters<typeof start>[1]) => start(args, options).ended

/** A server that accepts, greets, and then says nothing any more. */
async function silentServer(): Promise<{ port: number; server: Server }> {
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.write('* OK ready\r\n')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as { port: number }).port, server }
}

test('help comes through the launcher, without a word on stderr', async () => {
  expect(await run(['--help'])).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Usage: mailcoffer') })
})

test('an exit code comes through the launcher', async () => {
  expect(await run(['frobnicate'])).toMatchObject({ code: 2, out: '' })
  expect(await run(['--json', 'archive', 'list'])).toMatchObject({ code: 3, err: '' })
})

/** A Node.js that is too old to run the engine, as many systems have; null where there is none. */
function oldNode(): string | null {
  const places = (process.env['PATH'] ?? '').split(':').filter(place => !place.includes('node_modules'))
  for (const node of [...places, '/usr/local/bin', '/usr/bin'].map(place => join(place, 'node'))) {
    if (!existsSync(node)) continue
    const version = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout
    if (Number.parseInt(version, 10) < 22) return node
  }
  return null
}

test('started by an old Node.js, it goes on with the one that npm brought, and passes signals and exit codes on', async context => {
  const node = oldNode()
  if (node === null) return context.skip('this computer has no old Node.js')
  expect(await run(['--version'], { node })).toMatchObject({ code: 0, err: '' })
  expect(await run(['frobnicate'], { node })).toMatchObject({ code: 2 })
})

describe('with an archive', () => {
  let sample: Awaited<ReturnType<typeof startSampleServer>>
  beforeAll(async () => {
    sample = await startSampleServer()
    const here = { profile, env: { MAILCOFFER_PASSWORD: PASSWORD, MAILCOFFER_ACCOUNT_PASSWORD: sample.password } }
    const account = ['--imap', `127.0.0.1:${sample.port}`, '--security', 'plain', '--user', sample.user]
    for (const args of [['archive', 'create', 'Sample'], ['account', 'add', 'Sample', ...account], ['sync']])
      expect(await cliHere(args, here)).toMatchObject({ code: 0 })
  })
  afterAll(() => sample.close())

  test('a reader that has seen enough and closes the pipe is no error', async () => {
    const command = `"${process.execPath}" "${LAUNCHER}" --profile "${profile}" list Sample --limit 300; echo "code $?" >&2`
    const { stdout, stderr } = spawnSync('sh', ['-c', `{ ${command} ; } | head -1`], {
      encoding: 'utf8',
      env: { ...process.env, MAILCOFFER_PASSWORD: PASSWORD },
    })
    expect(stdout).toMatch(/^ID/)
    expect(stderr).toBe('code 0\n')
  })

  test('a watch ends cleanly at SIGTERM: one JSON value, exit code 0; meanwhile others may read, and afterwards write', async () => {
    const watch = start(['--json', 'sync', '--watch', '--interval', '1'])
    await watch.says('Sample, ')
    expect((await run(['--json', 'list', 'Sample', '--limit', '1'])).code).toBe(0)
    watch.child.kill('SIGTERM')
    const { code, out } = await watch.ended
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ archives: [{ name: 'Sample' }] })
    expect((await run(['sync'])).code).toBe(0)
  })

  test('no secret is in the argument list of any process while it runs', async context => {
    if (process.platform !== 'linux') return context.skip('/proc is needed')
    const file = join(dir, 'password')
    writeFileSync(file, `${PASSWORD}\n`)
    const watch = start(['sync', '--watch', '--password-file', file], { env: { MAILCOFFER_PASSWORD: '' } })
    await watch.says('Sample, ')
    const main = watch.child.pid!
    const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ').filter(Boolean)
    const pids = [main, ...children.map(Number)]
    for (const pid of pids) expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toMatch(new RegExp(`${PASSWORD}|${sample.password}`))
    watch.child.kill('SIGINT')
    expect((await watch.ended).code).toBe(0)
  })

  test('a person at a terminal types the password unseen, and Ctrl-C at the prompt ends it', async context => {
    if (process.platform !== 'linux' || !existsSync('/usr/bin/script')) return context.skip('a pseudo-terminal of util-linux is needed')
    const atTerminal = () =>
      follow(
        spawn('/usr/bin/script', ['-qefc', `"${process.execPath}" "${LAUNCHER}" --profile "${profile}" archive list`, '/dev/null'], {
          env: { ...process.env, MAILCOFFER_PASSWORD: '' },
          stdio: ['pipe', 'pipe', 'pipe'],
        }),
      )
    const asked = atTerminal()
    await asked.says('Password: ')
    asked.child.stdin!.write(`wrong\r`)
    await asked.says('This is not the password. Password: ')
    asked.child.stdin!.write(`${PASSWORD}x\u007f\r`) // a slip, taken back
    const { code, out } = await asked.ended
    expect(code).toBe(0)
    expect(out).toContain('Sample')
    expect(out).not.toContain(PASSWORD)
    expect(out).not.toMatch(/wrong\r/)

    const left = atTerminal()
    await left.says('Password: ')
    left.child.stdin!.write('\u0003')
    expect((await left.ended).code).toBe(3)
  })

  test('Ctrl-C while a server keeps silent cancels within seconds: exit code 3, cancelled, and the archive is free', async () => {
    const { port, server } = await silentServer()
    try {
      expect((await run(['account', 'change', 'Sample', '--imap', `127.0.0.1:${port}`])).code).toBe(0)
      const connected = new Promise(resolve => server.once('connection', resolve))
      const sync = start(['--json', 'sync', 'Sample'])
      await connected
      sync.child.kill('SIGINT')
      const before = performance.now()
      const { code, out } = await sync.ended
      expect(code).toBe(3)
      expect(JSON.parse(out)).toMatchObject({ error: { code: 'cancelled' } })
      expect(performance.now() - before).toBeLessThan(10_000)
      expect((await run(['verify', 'Sample'])).code).toBe(0)
    } finally {
      server.close()
    }
  })
})
