/**
 * Small drives with the file systems that people's drives have, which can be pulled, filled, write-protected and held up while they are written. Each is an
 * image on a file system of its own, the carrier: when that one is shut down every access to the medium fails, and what was not synced never reaches it. Where
 * the kernel cannot read FAT, fatLayer.py plays its rules over a folder of the carrier.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { canMount, exfatMissing, kernelHas } from './mounts.ts'
import { type Shell, startShell } from './shell.ts'
import { type Target, withBallast } from './target.ts'

export type FileSystem = 'ext4' | 'exFAT' | 'FAT32'

interface Kind {
  make: string[]
  type: string
  options?: string
  /** What a computer does with a drive that was pulled, when it is back. ext4 reads its journal by itself. */
  check?: string[]
  missing: () => boolean
  /** In place of the file system itself, by its rules. */
  played?: () => boolean
}

const kinds: Record<FileSystem, Kind> = {
  ext4: { make: ['mkfs.ext4', '-q', '-F', '-m', '0'], type: 'ext4', missing: () => !canMount },
  exFAT: {
    make: ['mkfs.exfat'],
    type: kernelHas('exfat') ? 'exfat' : 'exfat-fuse',
    check: ['fsck.exfat', '-y'],
    missing: () => exfatMissing || !canMount,
  },
  // Clusters of one sector: so small a drive would be FAT16 otherwise.
  FAT32: {
    make: ['mkfs.fat', '-F', '32', '-s', '1'],
    type: 'vfat',
    options: ',utf8',
    check: ['fsck.fat', '-a'],
    missing: fatMissing,
    played: () => !kernelHasFat(),
  },
}

export const driveMissing = (system: FileSystem): boolean => kinds[system].missing()

export async function plugIn(system: FileSystem, megabytes: number): Promise<Target> {
  const shell = startShell()
  const { run } = shell
  const home = mkdtempSync(join(tmpdir(), 'mailcoffer-drive-'))
  const [carrier, at] = [join(home, 'carrier'), join(home, 'drive')]
  for (const folder of [carrier, at]) mkdirSync(folder)
  await run('truncate', '-s', `${megabytes + 16}M`, join(home, 'carrier.img'))
  const below = await attach(shell, join(home, 'carrier.img'))
  await run('mkfs.ext4', '-q', '-F', '-m', '0', below)
  await run('mount', below, carrier)
  const kind = kinds[system]
  const medium = kind.played?.() ? await playedOn(carrier, at, shell) : await imageOn(carrier, at, { kind, megabytes, shell })
  await medium.mount('rw')
  const [enough, over] = [join(home, 'enough'), join(home, 'over')]

  const pull = async () => {
    // EXT4_IOC_SHUTDOWN without flushing the log.
    const script = 'open(my $dir, "<", $ARGV[0]) or die $!; my $how = pack("L", 2); ioctl($dir, 0x8004587D, $how) or die $!'
    await run('perl', '-e', script, carrier)
  }
  const plug = async (mode: 'ro' | 'rw' = 'rw') => {
    await unmount(at)
    await medium.takeOut()
    await unmount(carrier)
    await run('mount', below, carrier)
    await medium.putIn()
    await medium.mount(mode)
  }
  /** Whoever has something open has a moment to see that the drive is away. */
  const unmount = async (place: string) => until(() => shell.try('umount', place))

  return {
    at,
    pull,
    plug: () => plug(),
    ...withBallast(at, shell),
    /** Many computers take a drive that was pulled as one to be read only, when it is back. */
    protect: async () => {
      await pull()
      await plug('ro')
    },
    release: async () => {
      await unmount(at)
      await medium.mount('rw')
    },
    slow: async () => {
      // Where this process is killed, the drive may be unmounted, and its folder is then one of the computer's own disk.
      const script =
        'while [ ! -e "$2" ] && kill -0 "$4" && mountpoint -q "$1"; do fsfreeze -f "$1"; sleep 0.15; fsfreeze -u "$1"; sleep 0.03; done; touch "$3"'
      await run('sh', '-c', `(${script}) >/dev/null 2>&1 &`, 'sh', carrier, enough, over, String(process.pid))
    },
    hurry: async () => {
      writeFileSync(enough, '')
      await until(() => existsSync(over))
      for (const note of [enough, over]) rmSync(note)
    },
    [Symbol.asyncDispose]: async () => {
      await shell.try('fsfreeze', '-u', carrier)
      for (const place of [at, carrier]) await shell.try('umount', '-l', place)
      await medium.takeOut()
      await shell.try('losetup', '-d', below)
      shell.end()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Debian's python3-fusepy. */
const FUSE_FOR_PYTHON = '/usr/lib/python3/dist-packages/fusepy.py'

/** What is between the carrier and the folder where the drive is mounted. */
interface Medium {
  mount(mode: 'ro' | 'rw'): Promise<unknown>
  takeOut(): Promise<void>
  putIn(): Promise<void>
}

const attach = async ({ run }: Shell, path: string) => (await run('losetup', '-f', '--show', path)).trim()

async function imageOn(carrier: string, at: string, { kind, megabytes, shell }: { kind: Kind; megabytes: number; shell: Shell }): Promise<Medium> {
  const { make, type, options = '', check } = kind
  const image = join(carrier, 'drive.img')
  await shell.run('fallocate', '-l', `${megabytes}M`, image)
  await shell.run('sync', '-f', carrier)
  let device = await attach(shell, image)
  await shell.run(...make, device)
  return {
    mount: mode => shell.run('mount', '-t', type, '-o', `${mode}${options}`, device, at),
    takeOut: async () => {
      await shell.try('losetup', '-d', device)
      // A driver in user space lets go of it a moment after the drive is unmounted.
      await until(() => !existsSync(`/sys/block/${device.slice('/dev/'.length)}/loop/backing_file`))
    },
    putIn: async () => {
      device = await attach(shell, image)
      if (check) await shell.try(...check, device) // it answers 1 where it has mended something
    },
  }
}

async function playedOn(carrier: string, at: string, { run }: Shell): Promise<Medium> {
  console.log('This kernel has no FAT: a layer plays its rules over ext4')
  const folder = join(carrier, 'drive')
  await run('mkdir', folder)
  await run('sync', '-f', carrier)
  return {
    mount: mode => run('/usr/bin/python3', join(import.meta.dirname, 'fatLayer.py'), folder, at, mode),
    takeOut: async () => {},
    putIn: async () => {},
  }
}

async function until(so: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 200; !(await so()); tries--) {
    if (tries === 0) throw new Error('the drive is still in use')
    await sleep(20)
  }
}

function kernelHasFat(): boolean {
  // It may be a module that nobody has asked for yet.
  if (!kernelHas('vfat')) spawnSync('modprobe', ['vfat'])
  return kernelHas('vfat') && existsSync('/usr/sbin/mkfs.fat')
}

function fatMissing(): boolean {
  if (!canMount) return true
  const there = kernelHasFat() || (existsSync(FUSE_FOR_PYTHON) && existsSync('/dev/fuse'))
  if (!there) console.log('SKIPPED: FAT32 can neither be mounted nor played here')
  return !there
}
