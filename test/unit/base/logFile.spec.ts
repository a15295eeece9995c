import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLogFile } from '../../../main/engine/base/logFile.ts'
import { manualClock } from '../../help/manualClock.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mailcoffer-log-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('each line has the time of the clock, and the next run goes on below', () => {
  const path = join(dir, 'log', 'engine.log')
  createLogFile(path, { clock: manualClock() }).line('one')
  createLogFile(path, { clock: manualClock() }).line('two')
  expect(readFileSync(path, 'utf8')).toBe('2026-01-01T00:00:00.000Z one\n2026-01-01T00:00:00.000Z two\n')
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0)
})

test('what a server says can write no line of its own and move no cursor', () => {
  const path = join(dir, 'engine.log')
  createLogFile(path, { clock: manualClock() }).line('said: x\r\n2026-01-01 all is well\u001b[2J\u2028end')
  const text = readFileSync(path, 'utf8')
  expect(text.split('\n')).toHaveLength(2)
  expect(text).toContain('x\\u000d\\u000a2026-01-01 all is well\\u001b[2J\\u2028end')
})

test('a full file is put aside, and only so many are kept', () => {
  const path = join(dir, 'engine.log')
  const log = createLogFile(path, { clock: manualClock(), maxBytes: 100, keep: 2 })
  for (let n = 0; n < 30; n++) log.line(`line ${n}`)
  expect(readdirSync(dir).sort()).toEqual(['engine.log', 'engine.log.1', 'engine.log.2'])
  expect(readFileSync(path, 'utf8')).toContain('line 29')
  for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).size).toBeLessThan(200)
})

test('a log that cannot be written stops nothing', () => {
  const log = createLogFile(join(dir, 'engine.log', 'not-a-folder'), { clock: manualClock() })
  createLogFile(join(dir, 'engine.log'), { clock: manualClock() }).line('a file where a folder should be')
  expect(() => log.line('x')).not.toThrow()
})
