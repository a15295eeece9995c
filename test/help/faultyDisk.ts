/** A disk that fails on demand, in front of any other. Faults are values that a test sets and takes away again. */
import { type Disk, type DiskFile, realDisk } from '../../main/engine/base/files.ts'

/** What changes the disk, and can therefore be cut short. */
export type Act = 'open' | 'write' | 'datasync' | 'truncate' | 'makeDir' | 'rename' | 'remove' | 'syncDir'

export interface FaultyDisk extends Disk {
  /** Bytes that may still be written before the disk is full: the write that meets the end writes what fits, then fails. */
  room: number
  /** The next matching act fails with this system code, once; of a write, `torn` bytes are written before. */
  failOnce(act: Act, code: string, options?: { path?: RegExp; torn?: number; skip?: number }): void
  /** Whichever act comes as the n-th since this disk was made (from 0) fails with this code. */
  failAt(act: number, code: string): void
  /** Every matching act fails with this code until it is taken away by null. */
  fail(act: Act, code: string | null): void
  /** The drive is pulled: everything fails, and what was open stays dead when it is plugged in again. */
  pull(): void
  plug(): void
  /** The process dies at its n-th act from now (from 0), which is not done, or in the case of a write for `torn` bytes; then nothing works any more. */
  dieAt(act: number, torn?: (length: number) => number): void
  readonly dead: boolean
  /** Acts so far. */
  readonly acts: readonly { act: Act; path: string; length: number }[]
}

/** Thrown when the process "dies": not an error that a disk gives. */
export class Died extends Error {}

export function createFaultyDisk(disk: Disk = realDisk): FaultyDisk {
  const once: { act: Act; code: string; path?: RegExp; torn?: number; skip?: number }[] = []
  const always = new Map<Act, string>()
  const acts: { act: Act; path: string; length: number }[] = []
  const nth = new Map<number, string>()
  let death: { at: number; torn: (length: number) => number } | null = null
  let dead = false
  let pulled = false
  let drive = 0

  /** Throws when this act is to fail. Says how many bytes of a write are to be done before it fails. */
  function act(name: Act, path: string, length = 0): { torn: number; error: Error } | null {
    if (dead) throw new Died('the process is dead')
    if (pulled) throw systemError(name === 'open' ? 'ENOENT' : 'EIO', path)
    const index = acts.push({ act: name, path, length }) - 1
    if (death && index === death.at) {
      dead = true
      return { torn: death.torn(length), error: new Died('the process died') }
    }
    const planned = nth.get(index)
    if (planned) return { torn: length >> 1, error: systemError(planned, path) }
    const hit = once.findIndex(fault => fault.act === name && (!fault.path || fault.path.test(path)) && (fault.skip ?? 0) === 0)
    for (const fault of once) if (fault.act === name && (!fault.path || fault.path.test(path)) && fault.skip) fault.skip--
    if (hit >= 0) {
      const [fault] = once.splice(hit, 1)
      return { torn: fault!.torn ?? 0, error: systemError(fault!.code, path) }
    }
    const code = always.get(name)
    if (code) return { torn: 0, error: systemError(code, path) }
    return null
  }

  function check(name: Act, path: string): void {
    const fault = act(name, path)
    if (fault) throw fault.error
  }

  function reading(path: string): void {
    if (dead) throw new Died('the process is dead')
    if (pulled) throw systemError('ENOENT', path)
  }

  function front(file: DiskFile, path: string): DiskFile {
    const mine = drive
    const alive = () => {
      if (dead) throw new Died('the process is dead')
      if (mine !== drive) throw systemError('EIO', path)
    }
    return {
      async read(buffer, position) {
        alive()
        return file.read(buffer, position)
      },
      async write(bytes, position) {
        alive()
        const fault = act('write', path, bytes.length)
        if (fault) {
          if (fault.torn > 0) await file.write(bytes.subarray(0, fault.torn), position)
          throw fault.error
        }
        const fits = Math.min(bytes.length, self.room)
        self.room -= fits
        if (fits > 0) await file.write(bytes.subarray(0, fits), position)
        if (fits < bytes.length) throw systemError('ENOSPC', path)
      },
      async datasync() {
        alive()
        check('datasync', path)
        return file.datasync()
      },
      async truncate(length) {
        alive()
        check('truncate', path)
        return file.truncate(length)
      },
      async size() {
        alive()
        return file.size()
      },
      // A dead process's files are closed by the system; a pulled drive's can always be let go.
      close: () => file.close(),
    }
  }

  const self: FaultyDisk = {
    room: Number.POSITIVE_INFINITY,
    failOnce: (name, code, options = {}) => void once.push({ act: name, code, ...options }),
    failAt: (at, code) => void nth.set(at, code),
    fail: (name, code) => void (code === null ? always.delete(name) : always.set(name, code)),
    pull() {
      pulled = true
      drive++
    },
    plug() {
      pulled = false
    },
    dieAt(at, torn = () => 0) {
      death = { at: acts.length + at, torn }
    },
    get dead() {
      return dead
    },
    acts,

    async open(path, mode) {
      if (mode === 'read') reading(path)
      else check('open', path)
      return front(await disk.open(path, mode), path)
    },
    async stat(path) {
      reading(path)
      return disk.stat(path)
    },
    async list(dir) {
      reading(dir)
      return disk.list(dir)
    },
    async makeDir(dir) {
      check('makeDir', dir)
      return disk.makeDir(dir)
    },
    async rename(from, to) {
      check('rename', to)
      return disk.rename(from, to)
    },
    async remove(path) {
      check('remove', path)
      return disk.remove(path)
    },
    async syncDir(dir) {
      check('syncDir', dir)
      return disk.syncDir(dir)
    },
  }
  return self
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code })
}
