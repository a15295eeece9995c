/** Every internet socket of the app's processes, as the kernel lists them (Linux: /proc). Unix sockets are no network. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface SocketWatch {
  /** Remote addresses seen so far, "127.0.0.1:143" as the kernel orders its bytes; listening sockets as "listen:port". */
  seen: ReadonlySet<string>
  end(): void
}

/** Looks every few milliseconds: what lives shorter is the trap's to see. */
export function watchSockets(pid: number): SocketWatch {
  const seen = new Set<string>()
  const look = () => {
    const inodes = new Set(treeOf(pid).flatMap(socketsOf))
    for (const file of ['tcp', 'tcp6', 'udp', 'udp6'])
      for (const { inode, local, remote } of entries(`/proc/net/${file}`))
        if (inodes.has(inode)) seen.add(remote.endsWith(':0') ? `listen:${local}` : remote)
  }
  const timer = setInterval(look, 15)
  return { seen, end: () => clearInterval(timer) }
}

function treeOf(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const parent = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(name)])
    } catch {
      // it ended while we looked
    }
  }
  const all = [root]
  for (const pid of all) all.push(...(children.get(pid) ?? []))
  return all
}

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return [] // closed meanwhile
      }
    })
  } catch {
    return [] // ended meanwhile
  }
}

function entries(file: string): { inode: string; local: string; remote: string }[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(line => {
      const [, local, remote, , , , , , , inode] = line.trim().split(/\s+/)
      return { inode: inode!, local: address(local!), remote: address(remote!) }
    })
}

function address(hex: string): string {
  const [ip = '', port = ''] = hex.split(':')
  const bytes = Buffer.from(ip, 'hex')
  const v4 = bytes.length === 4 ? bytes : bytes.subarray(12)
  return `${[...v4].reverse().join('.')}:${Number.parseInt(port, 16)}`
}
