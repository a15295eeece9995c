/** In a process of its own: what goes wrong here aborts the whole process, the tests with it. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../../help/endingThreads.ts', import.meta.url))

describe('a thread that compresses without a pause', () => {
  it.each(['ended', 'left'])('is %s at any moment, and the process lives', how => {
    for (let i = 0; i < (how === 'left' ? 4 : 1); i++)
      expect(execFileSync(process.execPath, [...process.execArgv, program, how], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe(
        'survived\n',
      )
  })
})
