/** In a process of its own: what goes wrong here aborts the whole process, the tests with it. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const helper = (name: string) => fileURLToPath(new URL(`../../help/${name}.ts`, import.meta.url))
const run = (name: string, ...args: string[]) =>
  execFileSync(process.execPath, [...process.execArgv, helper(name), ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

describe('a thread that compresses without a pause', () => {
  it.each(['ended', 'left'])('is %s at any moment, and the process lives', how => {
    for (let i = 0; i < (how === 'left' ? 4 : 1); i++) expect(run('endingThreads', how)).toBe('survived\n')
  })
})

describe('a thread that loads SQLite and opens the index', () => {
  it('is ended around that moment, and the process lives', () => {
    expect(run('endingReaders')).toBe('survived\n')
  }, 60_000)
})
