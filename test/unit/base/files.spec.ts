import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Disk, realDisk, writeFileAtomic } from '../../../main/engine/base/files.ts'

test('a share that was made read-only, and says of a file to be replaced that it exists, is one that may not be written to', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-files-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const path = join(dir, 'copy.json')
  await writeFileAtomic(path, 'before')
  const share: Disk = { ...realDisk, rename: () => Promise.reject(Object.assign(new Error('EEXIST: file already exists'), { code: 'EEXIST' })) }
  await expect(writeFileAtomic(path, 'after', share)).rejects.toMatchObject({ code: 'permission-denied' })
  expect(readFileSync(path, 'utf8')).toBe('before')
})
