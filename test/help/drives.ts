/**
 * Small drives with the file systems that people's drives have, which can be pulled, filled, write-protected and held up while they are written. Each is an
 * image on a file system of its own, the carrier: when that one is shut down every access to the medium fails, and what was not synced never reaches it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { canMount, exfatMissing, kernelHas } from './mounts.ts'
import { startShell } from './shell.ts'
import { type Target, withBallast } from './target.ts'

export type FileSystem = 'ext4' | 'exFAT' | 'FAT32'

/** `check`: what a computer does with a drive that was pulled, when it is back. ext4 reads its journal by itself. */
const kinds: Record<FileSystem, { make: string[]; type: string; options?: string; check?: string[]; missing: () => boolean }> = {
  ext4: { make: ['mkfs.ext4', '-q', '-F', '-m', '0'], type: 'ext4', missing: () => !canMount },
  exFAT: {
    make: ['mkfs.exfat'],
    type: kernelHas('exfat') ? 'exfat' : 'exfat-fuse',
    check: ['fsck.exfat', '-y'],
    missing: () => exfatMissing || !canMount,
  },
  // Clusters of one sector: so small a drive would be FAT16 otherwise.
  FAT32: { make: ['mkfs.fat', '-F', '32', '-s', '1'], type: 'vfat', options: ',utf8', check: ['fsck.fat', '-a'], missing: fatMissing },
}

export const driveMissing = (system: FileSystem): boolean => kinds[system].missing()

export async function plugIn(system: FileSystem, megabytes: number): Promise<Target> {
  const { make, type, options = '', check } = kinds[system]
  const shell = startShell()
  const { run } = shell
  const home = mkdtempSync(join(tmpdir(), 'mailcoffer-drive-'))
  const [carrier, at, image] = [join(home, 'carrier'), join(home, 'drive'), join(home, 'carrier/drive.img')]
  for (const folder of [carrier, at]) mkdirSync(folder)
  const attach = async (path: string) => (await run('losetup', '-f', '--show', path)).trim()
  await run('truncate', '-s', `${megabytes + 16}M`, join(home, 'carrier.img'))
  const below = await attach(join(home, 'carrier.img'))
  await run('mkfs.ext4', '-q', '-F', '-m', '0', below)
  await run('mount', below, carrier)
  await run('fallocate', '-l', `${megabytes}M`, image)
  await run('sync', '-f', carrier)
  let device = await attach(image)
  await run(...make, device)
  const mount = (mode: 'ro' | 'rw') => run('mount', '-t', type, '-o', `${mode}${options}`, device, at)
  await mount('rw')
  const [enough, over] = [join(home, 'enough'), join(home, 'over')]

  const pull = async () => {
    // EXT4_IOC_SHUTDOWN without flushing the log.
    const script = 'open(my $dir, "<", $ARGV[0]) or die $!; my $how = pack("L", 2); ioctl($dir, 0x8004587D, $how) or die $!'
    await run('perl', '-e', script, carrier)
  }
  const plug = async (mode: 'ro' | 'rw' = 'rw') => {
    await unmount(at)
    await shell.try('losetup', '-d', device)
    // A driver in user space lets go of it a moment after the drive is unmounted.
    await until(() => !existsSync(`/sys/block/${device.slice('/dev/'.length)}/loop/backing_file`))
    await unmount(carrier)
    await run('mount', below, carrier)
    device = await attach(image)
    if (check) await shell.try(...check, device) // it answers 1 where it has mended something
    await mount(mode)
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
      await mount('rw')
    },
    slow: async () => {
      const script = 'while [ ! -e "$2" ]; do fsfreeze -f "$1"; sleep 0.15; fsfreeze -u "$1"; sleep 0.03; done; touch "$3"'
      await run('sh', '-c', `(${script}) >/dev/null 2>&1 &`, 'sh', carrier, enough, over)
    },
    hurry: async () => {
      writeFileSync(enough, '')
      await until(() => existsSync(over))
      for (const note of [enough, over]) rmSync(note)
    },
    [Symbol.asyncDispose]: async () => {
      await shell.try('fsfreeze', '-u', carrier)
      for (const place of [at, carrier]) await shell.try('umount', '-l', place)
      for (const one of [device, below]) await shell.try('losetup', '-d', one)
      shell.end()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function until(so: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 200; !(await so()); tries--) {
    if (tries === 0) throw new Error('the drive is still in use')
    await sleep(20)
  }
}

function fatMissing(): boolean {
  if (!canMount) return true
  // It may be a module that nobody has asked for yet.
  if (!kernelHas('vfat')) spawnSync('modprobe', ['vfat'])
  const there = kernelHas('vfat') && existsSync('/usr/sbin/mkfs.fat')
  if (!there) console.log('SKIPPED: FAT32 cannot be made or mounted here')
  return !there
}
