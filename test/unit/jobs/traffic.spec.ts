/** What a capture may take of the day, where two days meet. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDayBudget } from '../../../main/engine/jobs/traffic/dayBudget.ts'
import { createTraffic } from '../../../main/engine/jobs/traffic/traffic.ts'
import { manualClock } from '../../help/manualClock.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mailcoffer-traffic-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('what was taken before midnight and came after it is of the new day, and frees nothing of it', async () => {
  const clock = manualClock(Date.UTC(2026, 2, 3, 23, 59, 59))
  const budget = await openDayBudget({ file: join(dir, 'day.json'), perDay: 1_000_000, zone: 'UTC', clock })
  const traffic = createTraffic({ clock, signal: new AbortController().signal, budget, bytesPerSecond: null, check: () => {}, onBudget: () => {} })
  const slow = await traffic.take(400_000)
  await clock.advance(2000)
  const quick = await traffic.take(300_000)
  quick.done(300_000)
  slow.done(100_000)
  expect(budget.left()).toBe(600_000)
  await budget.close()
})
