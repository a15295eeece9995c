/**
 * Gets what the tests need from the system: a virtual display, Electron's libraries, a private mail server, fonts for pictures.
 * Installs it where it may (Debian or Ubuntu, as root, packages reachable); else says what is missing and what is skipped without it.
 * Never hangs: a refused or silent network is given up after seconds.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepareCyrus } from './cyrus.mjs'

/** `there` says whether it is installed; `without` what a person loses. */
const needed = [
  { package: 'xvfb', there: () => onPath('Xvfb') || hasDisplay(), without: "the window's tests and pictures are skipped" },
  ...[
    ['libgtk-3-0', 'libgtk-3.so.0'],
    ['libnss3', 'libnss3.so'],
    ['libasound2', 'libasound.so.2'],
    ['libgbm1', 'libgbm.so.1'],
  ].map(([name, library]) => ({ package: name, there: () => hasLibrary(library), without: 'Electron does not start' })),
  { package: 'dovecot-imapd', there: () => existsSync('/usr/lib/dovecot/imap'), without: 'tests against a real IMAP server are skipped' },
  { package: 'dovecot-pop3d', there: () => existsSync('/usr/lib/dovecot/pop3'), without: 'tests against a real POP3 server are skipped' },
  { package: 'exfatprogs', there: () => onPath('mkfs.exfat'), without: 'copies to a drive with exFAT are not tried' },
  {
    package: 'exfat-fuse',
    there: () => onPath('mount.exfat-fuse') || readFileSync('/proc/filesystems', 'utf8').includes('exfat'),
    without: 'copies to a drive with exFAT are not tried',
  },
  {
    package: 'python3-fusepy',
    there: () => existsSync('/usr/lib/python3/dist-packages/fusepy.py') || readFileSync('/proc/filesystems', 'utf8').includes('vfat'),
    without: 'drives with FAT32 are not tried',
  },
  { package: 'samba', there: () => onPath('smbd'), without: 'copies to a Samba share are not tried' },
  { package: 'smbnetfs', there: () => onPath('smbnetfs'), without: 'copies to a Samba share are not tried' },
  { package: 'openssl', there: () => onPath('openssl'), without: 'tests with certificates are skipped' },
  { package: 'mutt', there: () => onPath('mutt'), without: 'mbox files are not read back by mutt' },
  { package: 'notmuch', there: () => onPath('notmuch'), without: 'EML files are not read back by notmuch' },
  { package: 'python3', there: () => onPath('python3'), without: 'exports and imports are not checked by Python' },
  {
    package: 'fonts-noto-cjk',
    there: () => existsSync('/usr/share/fonts/opentype/noto') || hasCjkFont(),
    without: 'Chinese shows as boxes in pictures',
  },
]

/** @returns {{ missing: string[] }} what is still not there; everything was said. */
export function prepare({ say = line => console.log(line) } = {}) {
  if (process.platform !== 'linux') return { missing: [] }
  const missing = prepareInstalled(say)
  // After the lists of packages are fresh; it needs no root.
  const cyrus = prepareCyrus({ say })
  if (!cyrus.missing) return { missing }
  say(`MISSING: cyrus-imapd (${cyrus.missing}): tests against a second IMAP server are skipped`)
  return { missing: [...missing, 'cyrus-imapd'] }
}

function prepareInstalled(say) {
  let missing = needed.filter(each => !each.there())
  if (missing.length === 0) return []
  const why = cannotInstall()
  if (why === null) {
    say(`Installing ${missing.map(each => each.package).join(' ')}`)
    const problem = install(missing.map(each => each.package))
    if (problem) say(`apt-get: ${problem}`)
    missing = missing.filter(each => !each.there())
  }
  for (const each of missing) say(`MISSING: ${each.package}${why ? ` (${why})` : ''}: ${each.without}`)
  return missing.map(each => each.package)
}

function cannotInstall() {
  if (process.env.MAILCOFFER_NO_INSTALL) return 'MAILCOFFER_NO_INSTALL is set'
  if (!onPath('apt-get')) return 'this is not Debian; install it by your own package manager'
  if (process.getuid() !== 0) return 'only root may install it: apt-get install'
  return null
}

/** Short limits and one retry at most: an unreachable archive must cost seconds. */
const patience = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=8', '-o', 'Acquire::https::Timeout=8', '-o', 'DPkg::Lock::Timeout=60']

function install(packages) {
  // The lists first, always: whether anybody answers at all is then known within seconds, and not once for every file.
  const lists = aptGet(['update'], 45)
  if (!/^(Hit|Get):/m.test(lists.output)) return lists.problem ?? 'no package archive answers'
  const names = packages.map(candidate).filter(name => name !== null)
  if (names.length === 0) return 'this system has no such packages'
  const restore = keepServicesStopped()
  try {
    return aptGet(['install', ...names], 600).problem
  } finally {
    restore()
  }
}

/** Since the change to 64-bit time, newer Debians and Ubuntus call some libraries …t64. */
function candidate(name) {
  const has = tried => /Candidate: (?!\(none\))/.test(spawnSync('apt-cache', ['policy', tried], { encoding: 'utf8' }).stdout ?? '')
  return [name, `${name}t64`].find(has) ?? null
}

function aptGet(args, seconds) {
  const run = spawnSync('apt-get', [...patience, '-y', '-q', '--no-install-recommends', ...args], {
    encoding: 'utf8',
    timeout: seconds * 1000,
    env: { ...process.env, PATH: systemPath(), DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  })
  const output = `${run.stdout ?? ''}\n${run.stderr ?? ''}`
  if (run.error?.code === 'ETIMEDOUT') return { output, problem: `gave up after ${seconds} seconds` }
  if (run.error) return { output, problem: run.error.message }
  const error = output.split('\n').find(line => /^(E|Err):/.test(line))
  return { output, problem: run.status === 0 ? null : (error ?? `ended with ${run.status ?? run.signal}`) }
}

/**
 * Debian starts a mail server the moment it is installed. We want its programs, not a server on this machine's public ports: policy-rc.d is the
 * way to say so, and whatever was there before is put back.
 */
function keepServicesStopped() {
  const policy = '/usr/sbin/policy-rc.d'
  const aside = `${policy}.before-mailcoffer`
  const had = existsSync(policy)
  if (had) renameSync(policy, aside)
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  return () => (had ? renameSync(aside, policy) : rmSync(policy, { force: true }))
}

function hasDisplay() {
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** Where programs are looked for. After a plain `su`, root's own search path has none of the folders of administrators' programs, which dpkg and the tests call. */
export function systemPath() {
  const own = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '')
  return [...new Set(process.platform === 'win32' ? own : [...own, '/usr/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'])].join(delimiter)
}

function onPath(name) {
  return systemPath()
    .split(delimiter)
    .some(folder => existsSync(join(folder, name)))
}

function hasLibrary(name) {
  const run = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' })
  if (run.status === 0) return run.stdout.includes(`${name} `)
  return ['/usr/lib', '/usr/lib64', '/lib'].some(folder => existsSync(join(folder, name)))
}

function hasCjkFont() {
  const folder = '/usr/share/fonts'
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some(file => /cjk|wqy|droidsansfallback/i.test(String(file)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepare()
