import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFolders } from '../../../main/engine/base/folders.ts'

describe('folders for a person’s files', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'mailcoffer-folders-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  test('are made with all that lies above, and are left alone where they are', async () => {
    const deep = join(dir, 'a', 'b', 'c')
    await makeFolders(deep, 0o700)
    writeFileSync(join(deep, 'kept'), 'x')
    await makeFolders(deep, 0o700)
    await makeFolders('/')
    expect(statSync(join(deep, 'kept')).size).toBe(1)
    if (process.platform !== 'win32') expect(statSync(join(dir, 'a')).mode & 0o777).toBe(0o700)
  })

  test('are not made where a file of that name stands, above or at the end', async () => {
    writeFileSync(join(dir, 'file'), 'x')
    await expect(makeFolders(join(dir, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(makeFolders(join(dir, 'file', 'below'))).rejects.toMatchObject({ code: expect.stringMatching(/^(ENOTDIR|EEXIST)$/) })
  })

  test.skipIf(process.platform !== 'linux')('where none can be made, the system says so at once', async () => {
    await expect(makeFolders('/proc/nowhere')).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(makeFolders('/proc/nowhere/at/all')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
