/** Drives and shares as the system shows them: where each is mounted, and whether two folders are on one physical disk. */
import { constants } from 'node:fs'
import * as fs from 'node:fs/promises'
import { basename, dirname, join, parse, relative, sep } from 'node:path'

/** The folders at which drives and shares are found on this system now. */
export async function volumeRoots(): Promise<string[]> {
  if (process.platform === 'win32') return [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map(letter => `${letter}:\\`)
  if (process.platform === 'darwin') return childrenOf('/Volumes')
  return (await mounts()).map(({ at }) => at)
}

/** The path from the root of the drive or share that a folder is on. */
export async function pathWithinVolume(dir: string): Promise<string> {
  const root = await volumeRootOf(dir)
  return relative(root, dir)
}

/** The root of the drive or share that a folder is on, or that it would be made on; null where neither it nor the folder above is there. */
export async function volumeOf(dir: string): Promise<string | null> {
  return volumeRootOf(dir)
    .catch(() => volumeRootOf(dirname(dir)))
    .catch(() => null)
}

/** Whether two existing folders are on one physical disk; `unknown` where the system does not tell (two drive letters of Windows or volumes of macOS may be one disk). */
export async function onSameDisk(one: string, other: string): Promise<'same' | 'different' | 'unknown'> {
  const [first, second] = [await fs.stat(one), await fs.stat(other)]
  if (first.dev === second.dev) return 'same'
  if (process.platform === 'win32') return one.startsWith('\\\\') !== other.startsWith('\\\\') ? 'different' : 'unknown'
  if (process.platform !== 'linux') return 'unknown'
  const [disks, others] = [await disksOf(one), await disksOf(other)]
  if (disks === 'remote' || others === 'remote') return disks === others ? 'unknown' : 'different'
  if (disks.length === 0 || others.length === 0) return 'unknown'
  return disks.some(disk => others.includes(disk)) ? 'same' : 'different'
}

/**
 * Whether what is written to a folder goes to a disk of this computer by way of the system itself (Linux). A server, or a driver that is a program, may keep it: the system
 * calls it written when they have it. `fuseblk` is a driver over a disk that the system knows.
 */
export async function isOnLocalDisk(dir: string): Promise<boolean> {
  const mount = await mountOf(dir)
  return mount !== null && !remote.has(mount.type) && mount.type !== 'fuse' && !mount.type.startsWith('fuse.')
}

async function volumeRootOf(dir: string): Promise<string> {
  if (process.platform === 'win32') return parse(dir).root
  let root = dir
  const { dev } = await fs.stat(dir)
  while (root !== dirname(root) && (await fs.stat(dirname(root))).dev === dev) root = dirname(root)
  return root
}

interface Mount {
  at: string
  type: string
  /** /dev/sdb1, //server/share. */
  from: string
  dev: string
}

/** proc(5), /proc/self/mountinfo: 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw */
async function mounts(): Promise<Mount[]> {
  const text = await fs.readFile('/proc/self/mountinfo', 'utf8').catch(() => '') // none in some sandboxes: then no drive is looked for elsewhere
  return text.split('\n').flatMap(line => {
    const [before, after] = line.split(' - ')
    const [, , dev, , at] = before?.split(' ') ?? []
    const [type, from] = after?.split(' ') ?? []
    if (!dev || !at || !type || !from || notDrives.has(type)) return []
    return [{ at: unescaped(at), type, from: unescaped(from), dev }]
  })
}

const notDrives = new Set([
  'proc',
  'sysfs',
  'devpts',
  'cgroup',
  'cgroup2',
  'mqueue',
  'devtmpfs',
  'securityfs',
  'debugfs',
  'tracefs',
  'pstore',
  'bpf',
  'autofs',
])
const remote = new Set(['cifs', 'smb3', 'nfs', 'nfs4', 'fuse.sshfs', '9p', 'afs', 'ceph', 'fuse.rclone', 'davfs', 'fuse.davfs2'])

/** Space, tab, line feed and backslash are written as octal numbers. */
const unescaped = (text: string): string => text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/** What a folder is on. */
async function mountOf(dir: string): Promise<Mount | null> {
  const real = await fs.realpath(dir)
  const inside = (at: string) => at === '/' || real === at || real.startsWith(at + sep)
  // The last one of a place hides those before.
  return (await mounts())
    .filter(({ at }) => inside(at))
    .reduce<Mount | null>((best, one) => (best && best.at.length > one.at.length ? best : one), null)
}

/** Names of the whole disks below a folder's file system, through partitions, encryption and RAID; none where they cannot be told. */
async function disksOf(dir: string): Promise<string[] | 'remote'> {
  const mount = await mountOf(dir)
  if (!mount) return []
  if (remote.has(mount.type)) return 'remote'
  // btrfs and its like have device numbers of their own; what they are mounted from is a block device all the same.
  const dev = mount.dev.startsWith('0:') ? await numberOf(mount.from) : mount.dev
  return dev === null ? [] : wholeDisks(`/sys/dev/block/${dev}`)
}

async function numberOf(device: string): Promise<string | null> {
  const found = await fs.stat(device).catch(() => null)
  if (!found || (found.mode & constants.S_IFMT) !== constants.S_IFBLK) return null
  const major = (found.rdev >> 8) & 0xfff
  const minor = (found.rdev & 0xff) | ((found.rdev >> 12) & 0xfff00)
  return `${major}:${minor}`
}

async function wholeDisks(link: string): Promise<string[]> {
  const device = await fs.realpath(link).catch(() => null)
  if (device === null) return []
  const below = await childrenOf(join(device, 'slaves'))
  if (below.length > 0) return (await Promise.all(below.map(wholeDisks))).flat()
  const isPartition = await fs.stat(join(device, 'partition')).then(
    () => true,
    () => false,
  )
  return [basename(isPartition ? dirname(device) : device)]
}

async function childrenOf(dir: string): Promise<string[]> {
  const names = await fs.readdir(dir).catch(() => []) // no such folder: nothing in it
  return names.map(name => join(dir, name))
}
