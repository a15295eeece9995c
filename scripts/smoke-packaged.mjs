/**
 * Starts the packaged, hardened app and looks at its window: `node scripts/smoke-packaged.mjs [folder of the unpacked app]`; without a folder it makes one.
 * On an official Electron the engine must answer. On the development fallback, whose Node is too old for the engine, the window must say so plainly
 * (`runtime-too-old`) instead of crashing. Playwright cannot drive the app (its fuses forbid that); Chromium's own debugging port shows us the page.
 */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openDisplay } from './display.mjs'
import { needNode24 } from './node24.mjs'
import { makePackage } from './package.mjs'

needNode24()

if (process.platform !== 'linux') {
  console.log('SKIPPED: the packaged smoke test knows Linux only')
  process.exit(0)
}
const display = await openDisplay()
if (display === null) {
  console.log('SKIPPED: the packaged app: there is no display, and Xvfb is not installed')
  process.exit(0)
}

const work = mkdtempSync(join(tmpdir(), 'mailcoffer-smoke-'))
chmodSync(work, 0o755)
let app = null
try {
  const given = process.argv[2]
  const folder = given
    ? resolve(given)
    : join((await makePackage({ platform: 'linux', targets: ['dir'], fallback: true, output: join(work, 'release') })).output, 'linux-unpacked')
  const user = ordinaryUser()
  const program = readable(folder, user)
  const profile = join(work, 'profile')
  app = start(program, profile, user)
  const port = await debuggingPort(join(profile, 'window'))
  const { chromium } = await import('playwright-core')
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  const page = browser.contexts()[0].pages()[0]
  const problems = []
  page.on('pageerror', error => problems.push(error.message))
  await page.reload() // its errors so far were not heard
  await page.waitForSelector('#root *', { timeout: 20_000 }).catch(() => check(false, `the window stays empty: ${problems.join('; ')}`))
  const answer = await page.evaluate(() => globalThis.mailcoffer.shell.call('app.about', {}))
  const { electron, engine } = answer.value
  const shown = (await page.innerText('body')).replace(/\s+/g, ' ').trim()
  await browser.close()
  check(page.url().startsWith('app://mailcoffer/'), `the page is ${page.url()}`)
  check(shown !== '', 'the window is empty')
  check(!existsSync(join(folder, 'resources/default_app.asar')), 'default_app.asar is in the package')
  if (process.getuid() !== 0 || user) check(seccomp(app.pid), 'no renderer runs in the sandbox')
  if (engine.state === 'failed' && engine.error?.code === 'runtime-too-old') {
    console.log(
      `packaged: the window opens on Electron ${electron}, sandboxed, and says that this runtime is too old for the engine (${engine.error.facts.missing} is missing):`,
    )
    console.log(`  "${shown.slice(0, 300)}"`)
    console.log('  The engine of a packaged app can only be tried on Electron 36 or newer.')
  } else {
    check(engine.transport === 'utilityProcess' && ['ready', 'starting'].includes(engine.state), `the engine is ${JSON.stringify(engine)}`)
    console.log(`packaged: the window opens on Electron ${electron}, and the engine runs as ${engine.transport}`)
  }
} catch (error) {
  console.error(`packaged: FAILED: ${error.message}`)
  process.exitCode = 1
} finally {
  if (app?.pid && app.exitCode === null) {
    try {
      process.kill(-app.pid, 'SIGKILL') // its own process group: all of its processes
    } catch {
      // it has ended by itself
    }
  }
  await new Promise(done => setTimeout(done, 300))
  rmSync(work, { recursive: true, force: true, maxRetries: 5 })
  display.close()
}

function check(holds, otherwise) {
  if (!holds) throw new Error(otherwise)
}

/** A packaged app keeps its sandbox, which Chromium has not for root: root becomes somebody else for it, where setpriv is there. */
function ordinaryUser() {
  if (process.getuid() !== 0) return null
  check(spawnSync('setpriv', ['--version']).status === 0, 'root cannot start a packaged app, and setpriv is not there to become another user')
  return { uid: 1000, prefix: ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups', '--'] }
}

/** The program, where that user can reach it: below root's home it is copied out. */
function readable(folder, user) {
  const program = join(folder, 'mailcoffer')
  if (!user || spawnSync(user.prefix[0], [...user.prefix.slice(1), 'test', '-x', program]).status === 0) return program
  cpSync(folder, join(work, 'app'), { recursive: true })
  return join(work, 'app', 'mailcoffer')
}

function start(program, profile, user) {
  const args = [`--profile=${profile}`, '--lang=en', '--disable-gpu', '--remote-debugging-port=0']
  const env = { PATH: process.env.PATH, DISPLAY: process.env.DISPLAY, HOME: join(work, 'home') }
  const [command, ...rest] = [...(user?.prefix ?? []), program, ...args]
  for (const folder of [profile, env.HOME]) spawnSync('install', ['-d', ...(user ? ['-o', String(user.uid)] : []), folder])
  return spawn(command, rest, { env, stdio: 'ignore', detached: true, cwd: work })
}

/** Chromium writes it into its data folder as soon as it listens. */
async function debuggingPort(dataFolder) {
  for (let tries = 0; tries < 300; tries++) {
    const file = join(dataFolder, 'DevToolsActivePort')
    if (existsSync(file)) {
      const port = Number(readFileSync(file, 'utf8').split('\n')[0])
      if (port > 0) return port
    }
    check(app.exitCode === null, `the app ended with ${app.exitCode}`)
    await new Promise(done => setTimeout(done, 100))
  }
  throw new Error('the app did not come up within 30 s')
}

/** Is there a renderer whose system calls are filtered? */
function seccomp(parent) {
  const found = spawnSync('ps', ['-eo', 'pid=,pgid=,args='], { encoding: 'utf8' }).stdout.split('\n')
  const renderers = found.filter(line => line.includes('--type=renderer') && Number(line.trim().split(/\s+/)[1]) === parent)
  return renderers.length > 0 && renderers.every(line => /^Seccomp:\s*2/m.test(readFileSync(`/proc/${line.trim().split(/\s+/)[0]}/status`, 'utf8')))
}
