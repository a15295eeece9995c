/**
 * A Cyrus IMAP for the tests, beside Dovecot: Debian lets only one IMAP server be installed, so its packages are unpacked into a folder of this
 * user's cache, and nothing of the system is touched. `node scripts/cyrus.mjs` prints that folder, or says on stderr why there is none.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from './fallback.mjs'

const folder = () => join(cacheFolder(), 'cyrus-imapd')

/** The folder that holds usr/lib/cyrus/bin, fetched once (10 MB). @returns {{ root: string } | { missing: string }} */
export function prepareCyrus({ say = () => {} } = {}) {
  if (existsSync('/usr/lib/cyrus/bin/imapd')) return { root: '/' }
  if (existsSync(join(folder(), 'usr/lib/cyrus/bin/imapd'))) return { root: folder() }
  if (process.env.MAILCOFFER_NO_INSTALL) return { missing: 'MAILCOFFER_NO_INSTALL is set' }
  if (process.platform !== 'linux' || spawnSync('apt-get', ['--version']).status !== 0) return { missing: 'this is not Debian' }
  const names = packages()
  if (names.length === 0) return { missing: 'the system has no package cyrus-imapd (apt-get update)' }
  say(`Fetching ${names.length} packages of cyrus-imapd into ${folder()}`)
  mkdirSync(cacheFolder(), { recursive: true })
  const work = mkdtempSync(join(cacheFolder(), 'unpacking-'))
  try {
    const problem = unpack(names, work)
    if (problem) return { missing: problem }
    // Two runs may make it at the same time; the first one wins.
    if (!existsSync(folder())) renameSync(join(work, 'root'), folder())
    return { root: folder() }
  } catch (error) {
    return { missing: error.message }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The server and the libraries that this system lacks: what apt would install, without what is no library. */
function packages() {
  const plan = run('apt-get', ['-s', '--no-install-recommends', 'install', 'cyrus-imapd'], 20)
  return [...plan.output.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name).filter(name => /^(lib|cyrus-(common|imapd)$)/.test(name))
}

function unpack(names, work) {
  const patience = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=8', '-o', 'Acquire::https::Timeout=8']
  const fetched = run('apt-get', ['-q', ...patience, 'download', ...names], 120, work)
  if (fetched.problem) return fetched.problem
  for (const file of readdirSync(work).filter(name => name.endsWith('.deb'))) {
    const { problem } = run('dpkg-deb', ['-x', join(work, file), join(work, 'root')], 30)
    if (problem) return problem
  }
  return existsSync(join(work, 'root/usr/lib/cyrus/bin/imapd')) ? null : 'the packages do not hold what was expected'
}

function run(command, args, seconds, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: seconds * 1000,
    env: { ...process.env, LC_ALL: 'C' },
  })
  const output = `${stdout ?? ''}\n${stderr ?? ''}`
  const said = output.split('\n').find(line => /^(E|Err|dpkg-deb): /.test(line))
  return { output, problem: status === 0 ? null : (said ?? error?.message ?? `${command} ended with ${status}`) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = prepareCyrus()
  if (found.missing) console.error(found.missing)
  else console.log(found.root)
  process.exit(found.missing ? 1 : 0)
}
