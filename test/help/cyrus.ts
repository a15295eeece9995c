/**
 * A private Cyrus IMAP, for what must hold on another server than Dovecot: CONDSTORE, QRESYNC, OBJECTID and LIST-STATUS of other hands. Its programs
 * come from scripts/cyrus.mjs; ports on 127.0.0.1, everything else in a temporary folder, ended by its own pid. Takes any password.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImapFlow } from 'imapflow'
import { freePorts, greets, imapWriter } from './mailServers.ts'

export interface Cyrus {
  host: '127.0.0.1'
  imapPort: number
  user: string
  password: string
  /** A client that may write, to fill mailboxes with; closed by stop(). */
  writer(user?: string): Promise<ImapFlow>
  stop(): Promise<void>
}

const PASSWORD = 'correct horse'
const found = spawnSync(process.execPath, [fileURLToPath(new URL('../../scripts/cyrus.mjs', import.meta.url))], { encoding: 'utf8' })

/** Why there is no Cyrus to test with, said on the console; null where there is one. */
export const cyrusMissing: string | null = found.status === 0 ? null : found.stderr.trim() || 'it could not be fetched'
if (cyrusMissing) console.log(`SKIPPED: tests against Cyrus IMAP: ${cyrusMissing}`)

/** Throws where `cyrusMissing` says why, and when it does not come up. Users are made at their first login. */
export async function startCyrus({ users = ['anna'], timeZone = 'UTC' }: { users?: string[]; timeZone?: string } = {}): Promise<Cyrus> {
  if (cyrusMissing) throw new Error(`no Cyrus: ${cyrusMissing}`)
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-cyrus-'))
  const root = readableByAll(found.stdout.trim(), dir)
  const [port] = (await freePorts(1)) as [number]
  const owner = writeConfiguration(dir, join(root, 'usr/lib/cyrus/bin'), port)
  const child = spawn(
    join(root, 'usr/lib/cyrus/bin/master'),
    ['-C', join(dir, 'imapd.conf'), '-M', join(dir, 'cyrus.conf'), '-p', join(dir, 'master.pid'), '-D'],
    {
      // In a process group of its own: its master ends by SIGTERM to its whole group, which otherwise is the test run where both are one user's.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TZ: timeZone, LD_LIBRARY_PATH: `${root}/usr/lib/x86_64-linux-gnu:${root}/lib/x86_64-linux-gnu`, USER: owner },
    },
  )
  const writers: ImapFlow[] = []
  const stop = async () => {
    for (const client of writers) client.close()
    await ended(child)
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await greeted(child, port)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    host: '127.0.0.1',
    imapPort: port,
    user: users[0]!,
    password: PASSWORD,
    writer: async (user = users[0]!) => {
      const client = await imapWriter(port, user, PASSWORD)
      writers.push(client)
      return client
    },
    stop,
  }
}

/** Cyrus gives up being root, and then could not reach root's cache. */
function readableByAll(root: string, dir: string): string {
  if (userInfo().uid !== 0 || root === '/') return root
  cpSync(root, join(dir, 'root'), { recursive: true, verbatimSymlinks: true })
  return join(dir, 'root')
}

/** Returns the user it runs as: Cyrus refuses root. */
function writeConfiguration(dir: string, bin: string, port: number): string {
  const { uid, username } = userInfo()
  const user = uid === 0 ? 'nobody' : username
  const group = execFileSync('id', ['-gn', user], { encoding: 'utf8' }).trim()
  const own = [uid === 0 ? '-u' : '', uid === 0 ? '-g' : ''].map(flag => (flag ? Number(execFileSync('id', [flag, user], { encoding: 'utf8' })) : 0))
  chmodSync(dir, 0o755)
  for (const sub of ['', 'conf', 'conf/db', 'conf/socket', 'conf/proc', 'conf/lock', 'spool']) {
    if (sub) mkdirSync(join(dir, sub))
    if (uid === 0) chownSync(join(dir, sub), own[0]!, own[1]!)
  }
  writeFileSync(
    join(dir, 'imapd.conf'),
    `configdirectory: ${dir}/conf
partition-default: ${dir}/spool
defaultpartition: default
cyrus_user: ${user}
cyrus_group: ${group}
servername: localhost
sasl_pwcheck_method: alwaystrue
sasl_mech_list: PLAIN LOGIN
allowplaintext: yes
unixhierarchysep: yes
altnamespace: yes
autocreate_quota: 0
autocreate_post: yes
autocreate_inbox_folders: Sent|Drafts|Trash|Junk
xlist-sent: Sent
xlist-trash: Trash
xlist-drafts: Drafts
xlist-junk: Junk
proc_path: ${dir}/conf/proc
mboxname_lockpath: ${dir}/conf/lock
idlesocket: ${dir}/conf/socket/idle
delete_mode: immediate
expunge_mode: immediate
skiplist_unsafe: yes
`,
  )
  writeFileSync(
    join(dir, 'cyrus.conf'),
    `START {
  recover cmd="${bin}/ctl_cyrusdb -r -C ${dir}/imapd.conf"
  idled cmd="${bin}/idled -C ${dir}/imapd.conf"
}
SERVICES {
  imap cmd="${bin}/imapd -C ${dir}/imapd.conf" listen="127.0.0.1:${port}" prefork=0
}
EVENTS {
}
`,
  )
  return user
}

const UP_MS = 10_000

async function greeted(child: ChildProcess, port: number): Promise<void> {
  let said = ''
  child.stderr?.on('data', data => {
    said += data
  })
  for (const until = performance.now() + UP_MS; performance.now() < until; ) {
    if (child.exitCode !== null) break
    if (await greets(port)) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`Cyrus did not come up: ${said}`)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exit
}
