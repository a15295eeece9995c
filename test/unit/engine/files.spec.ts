import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import { createPieceReader } from '../../../main/engine/answers/pieceReader.ts'
import { saveFile } from '../../../main/engine/jobs/saveFile.ts'
import { randomOf } from '../../help/random.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mailcoffer-files-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text)
}

describe('saving one file', () => {
  test('a file that is there is never replaced: the new one gets a number', async () => {
    const path = join(dir, 'umowa.pdf')
    await writeFile(path, 'mine')
    expect(await saveFile(path, pieces('a', 'b'))).toEqual({ path: join(dir, 'umowa (2).pdf'), bytes: 2 })
    expect(await saveFile(path, pieces('c'))).toMatchObject({ path: join(dir, 'umowa (3).pdf') })
    expect(await readFile(path, 'utf8')).toBe('mine')
    expect(await readFile(join(dir, 'umowa (2).pdf'), 'utf8')).toBe('ab')
  })

  test('bytes that turn out wrong leave no file behind', async () => {
    async function* damaged() {
      yield Buffer.from('half')
      throw new AppError('byte-check-failed', 'no')
    }
    await expect(saveFile(join(dir, 'a.eml'), damaged())).rejects.toMatchObject({ code: 'byte-check-failed' })
    expect(await readdir(dir)).toEqual([])
  })

  test('a folder that is gone is named', async () => {
    await expect(saveFile(join(dir, 'gone', 'a.eml'), pieces('a'))).rejects.toMatchObject({ code: 'destination-missing' })
  })
})

describe('reading a stream piece by piece', () => {
  test('any sequence of offsets gives the bytes that are there', async () => {
    const random = randomOf(5)
    const whole = random.bytes(10_000)
    let opened = 0
    async function* open() {
      opened++
      for (let at = 0; at < whole.length; ) {
        const length = 1 + random.below(700)
        yield whole.subarray(at, at + length)
        at += length
      }
    }
    const reader = createPieceReader()
    let together = Buffer.alloc(0)
    for (let at = 0; ; ) {
      const piece = await reader.read('m', at, 333, open)
      if (piece.length === 0) break
      together = Buffer.concat([together, piece])
      at += piece.length
    }
    expect(together.equals(whole)).toBe(true)
    expect(opened).toBeLessThanOrEqual(2)
    for (let n = 0; n < 50; n++) {
      const at = random.below(10_500)
      expect(Buffer.from(await reader.read('m', at, 100, open)).equals(whole.subarray(at, at + 100))).toBe(true)
    }
  })
})
