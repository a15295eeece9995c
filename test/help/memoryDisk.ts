/**
 * A disk in memory, for tests that try every byte, every bit and every crash: it knows what was synced, so it can lose what was not.
 * test/contracts/disk.spec.ts holds it to the same promises as the real one.
 */
import { dirname } from 'node:path'
import type { Disk, DiskFile } from '../../main/engine/base/files.ts'

export interface MemoryDisk extends Disk {
  /** Content of a file, to look at or to damage. */
  bytes(path: string): Buffer
  set(path: string, bytes: Uint8Array): void
  paths(): string[]
  copy(): MemoryDisk
  /**
   * The power goes: of every write since the last sync of its file, `keep` says how many of its bytes reached the disk (from its first;
   * the rest reads as zeros where the file is longer for another reason).
   */
  powerCut(keep: (write: { path: string; position: number; length: number; index: number }) => number): void
}

interface Content {
  bytes: Buffer
  length: number
  mtimeMs: number
  /** As of the last sync. */
  synced: Buffer
  writes: { position: number; bytes: Buffer }[]
}

export function createMemoryDisk(now: () => number = () => 0): MemoryDisk {
  return build(new Map(), new Set(), now)
}

function build(files: Map<string, Content>, dirs: Set<string>, now: () => number): MemoryDisk {
  const need = (path: string): Content => files.get(path) ?? raise('ENOENT', path)
  const contentOf = (file: Content) => file.bytes.subarray(0, file.length)

  return {
    async open(path, mode) {
      const there = files.get(path)
      if (mode === 'create' && there) raise('EEXIST', path)
      if ((mode === 'create' || mode === 'replace') && !dirs.has(dirname(path))) raise('ENOENT', path)
      if (mode === 'create' || (mode === 'replace' && !there)) files.set(path, fresh(now()))
      const file = need(path)
      if (mode === 'replace') file.length = 0
      return handle(file, mode === 'read', path, now)
    },
    async stat(path) {
      const file = files.get(path)
      return file ? { size: file.length, mtimeMs: file.mtimeMs } : null
    },
    async list(dir) {
      if (!dirs.has(dir)) return null
      const names = [...files.keys(), ...dirs].filter(path => dirname(path) === dir && path !== dir)
      return names.map(path => path.slice(dir.length + 1)).sort()
    },
    async makeDir(dir) {
      for (let at = dir; ; at = dirname(at)) {
        dirs.add(at)
        if (dirname(at) === at) return
      }
    },
    async rename(from, to) {
      const file = need(from)
      files.delete(from)
      files.set(to, file)
    },
    async remove(path) {
      files.delete(path)
    },
    async syncDir(dir) {
      if (!dirs.has(dir)) raise('ENOENT', dir)
    },

    bytes: path => Buffer.from(contentOf(need(path))),
    set(path, bytes) {
      files.set(path, { ...fresh(now()), bytes: Buffer.from(bytes), length: bytes.length, synced: Buffer.from(bytes) })
    },
    paths: () => [...files.keys()].sort(),
    copy() {
      const copies = [...files].map(([path, file]): [string, Content] => [
        path,
        { ...file, bytes: Buffer.from(file.bytes), writes: [...file.writes] },
      ])
      return build(new Map(copies), new Set(dirs), now)
    },
    powerCut(keep) {
      let index = 0
      for (const [path, file] of files) {
        let bytes = Buffer.from(file.synced)
        for (const write of file.writes) {
          const kept = keep({ path, position: write.position, length: write.bytes.length, index: index++ })
          const end = write.position + kept
          if (kept > 0 && end > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(end - bytes.length)])
          if (kept > 0) write.bytes.copy(bytes, write.position, 0, kept)
        }
        files.set(path, { ...fresh(file.mtimeMs), bytes, length: bytes.length, synced: Buffer.from(bytes) })
      }
    },
  }
}

function handle(file: Content, readOnly: boolean, path: string, now: () => number): DiskFile {
  let open = true
  const check = () => {
    if (!open) raise('EBADF', path)
  }
  return {
    async read(buffer, position) {
      check()
      return Math.max(0, file.bytes.copy(buffer, 0, Math.min(position, file.length), Math.min(file.length, position + buffer.length)))
    },
    async write(bytes, position) {
      check()
      if (readOnly) raise('EBADF', path)
      const end = position + bytes.length
      if (file.bytes.length < end) file.bytes = Buffer.concat([file.bytes, Buffer.alloc(Math.max(end - file.bytes.length, file.bytes.length))])
      if (position > file.length) file.bytes.fill(0, file.length, position)
      file.bytes.set(bytes, position)
      file.length = Math.max(file.length, end)
      file.mtimeMs = now()
      file.writes.push({ position, bytes: Buffer.from(bytes) })
    },
    async datasync() {
      check()
      file.synced = Buffer.from(file.bytes.subarray(0, file.length))
      file.writes = []
    },
    async truncate(length) {
      check()
      file.length = Math.min(file.length, length)
    },
    async size() {
      check()
      return file.length
    },
    async close() {
      check()
      open = false
    },
  }
}

const fresh = (mtimeMs: number): Content => ({ bytes: Buffer.alloc(0), length: 0, mtimeMs, synced: Buffer.alloc(0), writes: [] })

function raise(code: string, path: string): never {
  throw Object.assign(new Error(`${code}: ${path}`), { code })
}
