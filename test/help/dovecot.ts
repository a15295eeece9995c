/**
 * A private Dovecot for one spec file: its own ports on 127.0.0.1, configuration and mail in a temporary folder, ended by its own pid.
 * Debian packages dovecot-imapd and dovecot-pop3d (2.3). Where it is missing, tests skip out loud: `test.skipIf(dovecotMissing)`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import { freePorts, greets, imapWriter } from './mailServers.ts'

export interface Dovecot {
  host: '127.0.0.1'
  imapPort: number
  /** 0 where openssl is missing, and with it the certificate. */
  imapsPort: number
  pop3Port: number
  /** The first of the users asked for; all have the same password. */
  user: string
  password: string
  /** The self-signed certificate, for localhost and 127.0.0.1. */
  certificate: string
  /** A client that may write, to fill mailboxes with; closed by stop(). */
  writer(user?: string): Promise<ImapFlow>
  /** The folder where Dovecot keeps a user's mail (Maildir++), unless one was given. */
  maildirOf(user: string): string
  /** Dovecot's own tool for administrators. Throws when it fails. */
  doveadm(...args: string[]): string
  /** What Dovecot logged. */
  log(): string
  /** Ends it, and every connection with it, and starts it again with the same mail on the same ports. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface DovecotOptions {
  users?: string[]
  /** The server's time zone, which is the zone of every INTERNALDATE it states. */
  timeZone?: string
  /** Lines to add to the configuration. */
  configure?: string
  /** An existing Maildir for every user to have instead of an empty one; what Dovecot finds out about it is kept elsewhere, and forgotten at the end. */
  maildir?: string
}

const PASSWORD = 'correct horse'
const BINARY = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot', '/usr/bin/dovecot'].find(existsSync)

// Where the system can, it ends when the process that started it is killed.
const [program, ...options] = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'TERM', '--', BINARY!] : [BINARY]

/** Why there is no Dovecot to test with, said on the console; null where there is one. */
export const dovecotMissing: string | null = whyMissing()

function whyMissing(): string | null {
  const say = (reason: string) => {
    console.log(`SKIPPED: tests against Dovecot: ${reason}`)
    return reason
  }
  if (!BINARY) return say('it is not installed (Debian: apt-get install dovecot-imapd dovecot-pop3d)')
  const version = spawnSync(BINARY, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? ''
  if (!version.startsWith('2.3')) return say(`version ${version} wants another configuration than 2.3`)
  return null
}

/** Why there is no certificate to test with: Node cannot make one. */
export const opensslMissing: string | null = spawnSync('openssl', ['version']).status === 0 ? null : 'openssl is not installed'
if (opensslMissing) console.log(`SKIPPED: tests with certificates: ${opensslMissing}`)

/** Throws where `dovecotMissing` says why, and when it does not come up. */
export async function startDovecot({ users = ['anna'], timeZone = 'UTC', configure = '', maildir }: DovecotOptions = {}): Promise<Dovecot> {
  if (!BINARY || dovecotMissing) throw new Error(`no Dovecot: ${dovecotMissing}`)
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-dovecot-'))
  const certificate = makeCertificate(dir)
  const ports = await freePorts(3)
  writeUsers(dir, users, maildir)
  writeFileSync(join(dir, 'dovecot.conf'), configuration(dir, ports, certificate !== '', configure))
  const begin = () =>
    spawn(program!, [...options, '-F', '-c', join(dir, 'dovecot.conf')], {
      env: { ...process.env, TZ: timeZone },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  let child = begin()
  const writers: ImapFlow[] = []
  const log = () => (existsSync(join(dir, 'dovecot.log')) ? readFileSync(join(dir, 'dovecot.log'), 'utf8') : '')
  try {
    await greeted(child, ports[0]!, log)
  } catch (error) {
    await ended(child)
    rmSync(dir, { recursive: true, force: true })
    throw error
  }
  return {
    host: '127.0.0.1',
    imapPort: ports[0]!,
    imapsPort: certificate === '' ? 0 : ports[1]!,
    pop3Port: ports[2]!,
    user: users[0]!,
    password: PASSWORD,
    certificate,
    writer: async (user = users[0]!) => {
      const client = await imapWriter(ports[0]!, user, PASSWORD)
      writers.push(client)
      return client
    },
    maildirOf: user => join(dir, 'home', user, 'Maildir'),
    doveadm: (...args) => execFileSync('doveadm', ['-c', join(dir, 'dovecot.conf'), ...args], { encoding: 'utf8' }),
    log,
    restart: async () => {
      for (const client of writers.splice(0)) client.close()
      await ended(child)
      child = begin()
      await greeted(child, ports[0]!, log)
    },
    stop: async () => {
      for (const client of writers) client.close()
      await ended(child)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** PEM of a self-signed certificate in dir/cert.pem, its key in dir/key.pem; '' without openssl. */
export function makeCertificate(dir: string, names = 'DNS:localhost,IP:127.0.0.1'): string {
  const made = spawnSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=localhost',
      '-addext',
      `subjectAltName=${names}`,
      '-keyout',
      join(dir, 'key.pem'),
      '-out',
      join(dir, 'cert.pem'),
    ],
    { stdio: 'ignore' },
  )
  return made.status === 0 ? readFileSync(join(dir, 'cert.pem'), 'utf8') : ''
}

/** Dovecot refuses uid 0 for mail; as root the mail belongs to nobody. */
function mailOwner(): { uid: number; gid: number } {
  const { uid, gid } = userInfo()
  if (uid !== 0) return { uid, gid }
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

function writeUsers(dir: string, users: string[], maildir?: string): void {
  const { uid, gid } = mailOwner()
  chmodSync(dir, 0o755)
  const lines = users.map(user => {
    const home = join(dir, 'home', user)
    mkdirSync(home, { recursive: true })
    chownSync(home, uid, gid)
    return `${user}:{PLAIN}${PASSWORD}:${uid}:${gid}::${home}::userdb_mail=maildir:${maildir ? `${maildir}:INDEX=${home}/index:CONTROL=${home}/control` : `${home}/Maildir`}`
  })
  writeFileSync(join(dir, 'passwd'), `${lines.join('\n')}\n`)
}

function configuration(dir: string, [imap, imaps, pop3]: number[], tls: boolean, more: string): string {
  const { username, uid } = userInfo()
  const group = execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()
  const root = uid === 0
  const unchrooted = root ? '' : 'chroot =\n'
  const roles = ['Sent', 'Drafts', 'Trash', 'Junk'].map(name => `mailbox ${name} {\nspecial_use = \\${name}\nauto = create\n}`).join('\n')
  return `base_dir = ${dir}/run
state_dir = ${dir}/state
log_path = ${dir}/dovecot.log
instance_name = ${dir.split('/').at(-1)}
protocols = imap pop3
listen = 127.0.0.1
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_fsync = never
mailbox_list_index = yes
maildir_very_dirty_syncs = yes
import_environment = TZ
${root ? '' : `default_internal_user = ${username}\ndefault_internal_group = ${group}\ndefault_login_user = ${username}\n`}
${tls ? `ssl = yes\nssl_cert = <${dir}/cert.pem\nssl_key = <${dir}/key.pem` : 'ssl = no'}
passdb {
driver = passwd-file
args = username_format=%u ${dir}/passwd
}
userdb {
driver = passwd-file
args = username_format=%u ${dir}/passwd
}
namespace inbox {
inbox = yes
separator = /
${roles}
}
protocol imap {
mail_max_userip_connections = 20
}
service imap-login {
${unchrooted}inet_listener imap {
port = ${imap}
}
inet_listener imaps {
port = ${tls ? imaps : 0}
ssl = ${tls ? 'yes' : 'no'}
}
}
service pop3-login {
${unchrooted}inet_listener pop3 {
port = ${pop3}
}
inet_listener pop3s {
port = 0
}
}
service anvil {
${unchrooted}}
service stats {
${unchrooted}}
${more}
`
}

const UP_MS = 10_000

/** Resolves when the port greets. Throws with what Dovecot logged when it ends or stays silent. */
async function greeted(child: ChildProcess, port: number, log: () => string): Promise<void> {
  let said = ''
  child.stderr?.on('data', data => {
    said += data
  })
  for (const until = performance.now() + UP_MS; performance.now() < until; ) {
    if (child.exitCode !== null) break
    if (await greets(port)) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`Dovecot did not come up: ${said}\n${log()}`)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exit = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exit
}
