/** The real disk and the one in memory make the same promises, so that what is proven on one holds on the other. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Disk, realDisk, writeFileAtomic } from '../../main/engine/base/files.ts'
import { createFaultyDisk } from '../help/faultyDisk.ts'
import { createMemoryDisk } from '../help/memoryDisk.ts'

const kinds: Record<string, () => Promise<{ disk: Disk; dir: string; end(): void }>> = {
  real: async () => {
    const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-disk-'))
    return { disk: realDisk, dir, end: () => rmSync(dir, { recursive: true }) }
  },
  'in memory': async () => {
    const disk = createMemoryDisk()
    await disk.makeDir('/disk')
    return { disk, dir: '/disk', end: () => {} }
  },
  'faulty, without a fault': async () => {
    const disk = createFaultyDisk(createMemoryDisk())
    await disk.makeDir('/disk')
    return { disk, dir: '/disk', end: () => {} }
  },
}

describe.each(Object.entries(kinds))('%s', (_name, make) => {
  let disk: Disk
  let dir: string
  let end: () => void
  beforeEach(async () => {
    ;({ disk, dir, end } = await make())
  })
  afterEach(() => end())
  const at = (name: string) => join(dir, name)
  const read = async (path: string) => {
    const file = await disk.open(path, 'read')
    const bytes = Buffer.alloc(await file.size())
    expect(await file.read(bytes, 0)).toBe(bytes.length)
    await file.close()
    return bytes.toString()
  }
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      error => error.code,
    )

  it('what is written at a place is read from there, and reading past the end gives less', async () => {
    const file = await disk.open(at('a'), 'create')
    await file.write(Buffer.from('hello'), 0)
    await file.write(Buffer.from('world'), 7)
    await file.datasync()
    const bytes = Buffer.alloc(20)
    expect(await file.read(bytes, 5)).toBe(7)
    expect(bytes.toString('latin1', 0, 7)).toBe('\0\0world')
    expect(await file.read(bytes, 12)).toBe(0)
    expect(await file.read(bytes, 100)).toBe(0)
    await file.truncate(3)
    expect(await file.size()).toBe(3)
    await file.close()
    expect(await read(at('a'))).toBe('hel')
  })
  it('create refuses an existing file, write and read refuse a missing one, replace empties', async () => {
    await writeFileAtomic(at('a'), 'one', disk)
    expect(await code(disk.open(at('a'), 'create'))).toBe('EEXIST')
    expect(await code(disk.open(at('b'), 'read'))).toBe('ENOENT')
    expect(await code(disk.open(at('b'), 'write'))).toBe('ENOENT')
    expect(await code(disk.open(at('no/b'), 'create'))).toBe('ENOENT')
    const kept = await disk.open(at('a'), 'write')
    expect(await kept.size()).toBe(3)
    await kept.close()
    const emptied = await disk.open(at('a'), 'replace')
    expect(await emptied.size()).toBe(0)
    await emptied.close()
  })
  it('a file opened for reading cannot be written', async () => {
    await writeFileAtomic(at('a'), 'one', disk)
    const file = await disk.open(at('a'), 'read')
    expect(await code(file.write(Buffer.from('x'), 0))).toBe('EBADF')
    await file.close()
  })
  it('rename replaces, and an open file follows its name', async () => {
    await writeFileAtomic(at('a'), 'one', disk)
    await writeFileAtomic(at('b'), 'two', disk)
    const file = await disk.open(at('a'), 'write')
    await disk.rename(at('a'), at('b'))
    await file.write(Buffer.from('ONE'), 0)
    await file.close()
    expect(await read(at('b'))).toBe('ONE')
    expect(await disk.stat(at('a'))).toBeNull()
    expect(await code(disk.rename(at('a'), at('c')))).toBe('ENOENT')
  })
  it('list gives names in order, null without the folder; remove of nothing is no error', async () => {
    await disk.makeDir(at('in/deep'))
    await writeFileAtomic(at('in/b'), '', disk)
    await writeFileAtomic(at('in/a'), '', disk)
    expect(await disk.list(at('in'))).toEqual(['a', 'b', 'deep'])
    expect(await disk.list(at('out'))).toBeNull()
    await disk.remove(at('in/a'))
    await disk.remove(at('in/a'))
    expect(await disk.list(at('in'))).toEqual(['b', 'deep'])
    await disk.makeDir(at('in/deep'))
    await disk.syncDir(at('in'))
  })
  it('a closed file says so', async () => {
    const file = await disk.open(at('a'), 'create')
    await file.close()
    expect(await code(file.read(Buffer.alloc(1), 0))).toBe('EBADF')
  })
})
