/** Small file systems of their own, where tests may mount: a drive that can be full, pulled, read-only. */
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, existsSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'pipe' })

/** Said once where it is not so. */
export const canMount: boolean = tryMount()

export interface Mounted {
  at: string
  [Symbol.dispose](): void
}

/** In memory, of this size, as `mount` writes sizes. */
export function mountTmpfs(size: string): Mounted & { resize(size: string): void } {
  const at = mkdtempSync(join(tmpdir(), 'mailcoffer-mount-'))
  run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at)
  return {
    at,
    resize: next => void run('mount', '-o', `remount,size=${next}`, at),
    [Symbol.dispose]: () => {
      run('umount', '-l', at)
      rmSync(at, { recursive: true, force: true })
    },
  }
}

/** An ext4 file system in a file: what is on it is still there when it is mounted again. */
export function mountImage(
  image: string,
  megabytes: number,
): Mounted & { unmount(): void; mount(mode: 'ro' | 'rw', at?: string): void; remount(mode: 'ro' | 'rw'): void } {
  const at = mkdtempSync(join(tmpdir(), 'mailcoffer-mount-'))
  const file = openSync(image, 'w')
  ftruncateSync(file, megabytes * 1024 * 1024)
  closeSync(file)
  run('mkfs.ext4', '-q', '-F', '-m', '0', image)
  // The device can always be written, as that of a real drive: what is read-only is how it is mounted.
  const device = run('losetup', '-f', '--show', image).toString().trim()
  const mount = (mode: 'ro' | 'rw', where = at) => void run('mount', '-o', mode, device, where)
  mount('rw')
  return {
    at,
    mount,
    unmount: () => void run('umount', at),
    remount: mode => void run('mount', '-o', `remount,${mode}`, at),
    [Symbol.dispose]: () => {
      spawnSync('umount', ['-l', at]) // it may be away, or somewhere else
      spawnSync('losetup', ['-d', device])
      rmSync(at, { recursive: true, force: true })
    },
  }
}

/** The kernel's own driver, or the one in user space (Debian's exfat-fuse). */
export const exfatMissing: boolean = canMount && !hasExfat()

export function mountExfat(megabytes: number): Mounted & { remount(): void } {
  const at = mkdtempSync(join(tmpdir(), 'mailcoffer-mount-'))
  const image = `${at}.img`
  const file = openSync(image, 'w')
  ftruncateSync(file, megabytes * 1024 * 1024)
  closeSync(file)
  run('mkfs.exfat', image)
  const device = run('losetup', '-f', '--show', image).toString().trim()
  const mount = () => void run('mount', '-t', kernelHas('exfat') ? 'exfat' : 'exfat-fuse', device, at)
  mount()
  return {
    at,
    remount: () => {
      run('umount', at)
      mount()
    },
    [Symbol.dispose]: () => {
      run('umount', '-l', at)
      spawnSync('losetup', ['-d', device])
      rmSync(image)
      rmSync(at, { recursive: true, force: true })
    },
  }
}

export function kernelHas(type: string): boolean {
  return readFileSync('/proc/filesystems', 'utf8').split(/\s+/).includes(type)
}

function hasExfat(): boolean {
  const there = existsSync('/usr/sbin/mkfs.exfat') && (kernelHas('exfat') || (existsSync('/usr/sbin/mount.exfat-fuse') && existsSync('/dev/fuse')))
  if (!there) console.log('SKIPPED: exFAT cannot be made or mounted here')
  return there
}

function tryMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    console.log(
      'SKIPPED: only root on Linux may mount small file systems; drives that are full, pulled or read-only are played by a faulty disk alone',
    )
    return false
  }
  const at = mkdtempSync(join(tmpdir(), 'mailcoffer-mount-'))
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at)
    run('umount', at)
    return true
  } catch {
    console.log('SKIPPED: nothing can be mounted here; drives that are full, pulled or read-only are played by a faulty disk alone')
    return false
  } finally {
    rmSync(at, { recursive: true, force: true })
  }
}
