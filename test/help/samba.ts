/** A real SMB share on this computer, in a network of its own so that it can have the usual port: smbd on one side, smbnetfs (FUSE) on the other. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startShell } from './shell.ts'
import { type Target, withBallast } from './target.ts'

export interface Share {
  /** The share, as a folder of this computer. */
  at: string
  /** The server goes away; what was open there is gone. */
  cut(): Promise<void>
  back(mode?: 'ro' | 'rw'): Promise<void>
  /** What it does not answer meanwhile, it answers later. */
  hold(): void
  letGo(): void
  /** Where the server keeps it. */
  folder: string
  [Symbol.asyncDispose](): Promise<void>
}

export const sambaMissing: boolean = isMissing()

/** With so much room, or as much as the server's own disk has. */
export async function startShare({ megabytes }: { megabytes?: number } = {}): Promise<Share> {
  const home = mkdtempSync(join(tmpdir(), 'mailcoffer-smb-'))
  for (const folder of ['share', 'state', 'net', '.smb']) mkdirSync(join(home, folder))
  const folder = join(home, 'share')
  if (megabytes) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  chmodSync(folder, 0o777)
  writeFileSync(join(home, '.smb/smb.conf'), '[global]\nclient min protocol = SMB2\n', { mode: 0o600 })
  // Answers are not kept: a server that is away is known to be.
  writeFileSync(join(home, '.smb/smbnetfs.conf'), 'show_hidden_hosts "true"\nfree_space_size 1048576\n', { mode: 0o600 })
  // Holds the network open until it is ended.
  const network = spawn('unshare', ['-n', 'sh', '-c', 'ip link set lo up && exec sleep 3600'], { stdio: 'ignore' })
  await wait(
    () => spawnSync('nsenter', [`--net=/proc/${network.pid}/ns/net`, 'ip', 'addr', 'show', 'dev', 'lo', 'up']).stdout?.includes('127.0.0.1') ?? false,
  )
  const inside = (command: string, ...args: string[]) =>
    spawn('nsenter', [`--net=/proc/${network.pid}/ns/net`, command, ...args], {
      stdio: 'ignore',
      env: { ...process.env, HOME: home },
      detached: true,
    })
  const serve = (mode: 'ro' | 'rw' = 'rw') => {
    writeFileSync(join(home, 'server.conf'), serverConfig(home, mode))
    return inside('smbd', '-F', '--no-process-group', '-s', join(home, 'server.conf'))
  }
  let server = serve()
  const client = inside('smbnetfs', join(home, 'net'), '-f', '-o', 'direct_io')
  const at = join(home, 'net/127.0.0.1/copies')
  const isThere = () => spawnSync('ls', [at], { timeout: 3000 }).status === 0
  await wait(isThere)
  return {
    at,
    folder,
    cut: () => end(server),
    back: async mode => {
      server = serve(mode)
      await wait(isThere)
    },
    hold: () => void process.kill(-server.pid!, 'SIGSTOP'),
    letGo: () => void process.kill(-server.pid!, 'SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      spawnSync('umount', ['-l', join(home, 'net')])
      for (const one of [client, server]) await end(one)
      network.kill('SIGKILL')
      if (megabytes) spawnSync('umount', ['-l', folder])
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** A share as something that a copy is written to. */
export async function shareTarget(megabytes: number): Promise<Target> {
  const share = await startShare({ megabytes })
  const shell = startShell()
  let holding: Promise<void> | null = null
  let enough = false
  const again = async (mode: 'ro' | 'rw') => {
    await share.cut()
    await share.back(mode)
  }
  return {
    at: share.at,
    pull: share.cut,
    plug: () => share.back(),
    ...withBallast(share.folder, shell),
    protect: () => again('ro'),
    release: () => again('rw'),
    slow: async () => {
      enough = false
      holding = holdUp()
    },
    hurry: async () => {
      enough = true
      await holding
    },
    [Symbol.asyncDispose]: () => {
      shell.end()
      return share[Symbol.asyncDispose]()
    },
  }

  async function holdUp(): Promise<void> {
    while (!enough) {
      share.hold()
      await sleep(150)
      share.letGo()
      await sleep(30)
    }
  }
}

function serverConfig(home: string, mode: 'ro' | 'rw'): string {
  const state = join(home, 'state')
  const places = ['private dir', 'lock directory', 'state directory', 'cache directory', 'pid directory'].map(name => `${name} = ${state}`)
  return `[global]
server role = standalone server
interfaces = 127.0.0.1
bind interfaces only = yes
smb ports = 445
${places.join('\n')}
ncalrpc dir = ${join(state, 'ncalrpc')}
log file = ${join(state, 'log')}
map to guest = Bad User
guest account = root
load printers = no
disable spoolss = yes
[copies]
path = ${join(home, 'share')}
guest ok = yes
read only = ${mode === 'ro' ? 'yes' : 'no'}
force user = root
`
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise(resolve => child.once('exit', resolve))
  if (child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid!, 'SIGKILL')
  await ended
}

async function wait(look: () => boolean): Promise<void> {
  for (let n = 0; n < 100; n++) {
    if (look()) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('the share did not come up')
}

function isMissing(): boolean {
  const programs = ['/usr/sbin/smbd', '/usr/bin/smbnetfs', '/usr/bin/unshare', '/usr/bin/nsenter'].filter(path => !existsSync(path))
  if (process.platform !== 'linux' || process.getuid?.() !== 0) programs.push('root on Linux')
  else if (programs.length === 0 && !existsSync('/dev/fuse')) programs.push('/dev/fuse')
  if (programs.length === 0) {
    try {
      execFileSync('unshare', ['-n', 'true'], { stdio: 'ignore' })
      return false
    } catch {
      programs.push('a network of its own')
    }
  }
  console.log(`SKIPPED: copies to a Samba share need ${programs.join(', ')}`)
  return true
}
