/** A day's budget over POP3: LIST says the sizes, and nothing is asked for that the day has no room for. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDayBudget } from '../../../main/engine/jobs/traffic/dayBudget.ts'
import { politePop3 } from '../../../main/engine/jobs/traffic/politePop3.ts'
import { createTraffic } from '../../../main/engine/jobs/traffic/traffic.ts'
import { connectPop3 } from '../../../main/engine/mail/pop3/connect.ts'
import type { Pop3Session } from '../../../main/engine/mail/pop3/types.ts'
import { type TestArchive, testArchive } from '../../help/captures.ts'
import { hurryingClock } from '../../help/hurryingClock.ts'
import { letter, popOnce } from '../../help/pop3Captures.ts'
import { startScriptedPop3 } from '../../help/scriptedPop3.ts'

let dir: string
let archive: TestArchive
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mailcoffer-pop-budget-'))
  archive = await testArchive()
})
afterEach(async () => {
  await archive.close()
  rmSync(dir, { recursive: true, force: true })
})

test('what fits into the day is captured, the rest the next day, and never more than a day allows', async () => {
  const PER_DAY = 300_000
  const server = await startScriptedPop3({ messages: Array.from({ length: 40 }, (_, i) => letter(i + 1, 'x'.repeat(70).concat('\r\n').repeat(270))) })
  const clock = hurryingClock(Date.UTC(2026, 2, 3, 12))
  const settings = { host: server.host, port: server.port, user: server.user }
  let days = 0
  for (let placed = 0; placed < 40; days++) {
    const sessions: Pop3Session[] = []
    const budget = await openDayBudget({ file: join(dir, 'day.json'), perDay: PER_DAY, zone: 'UTC', clock })
    const traffic = createTraffic({ clock, signal: new AbortController().signal, budget, bytesPerSecond: null, check: () => {}, onBudget: () => {} })
    const connect = politePop3(async options => {
      const session = await connectPop3(options)
      sessions.push(session)
      return session
    }, traffic)
    const ended = await popOnce({ archive, settings, password: server.password, connect, room: traffic.portion, clock }).then(
      () => null,
      error => error,
    )
    expect(sessions.reduce((sum, session) => sum + session.received(), 0)).toBeLessThanOrEqual(PER_DAY)
    await budget.close()
    const before = placed
    placed = (await archive.factsOf('placed')).length
    expect(placed).toBeGreaterThan(before)
    if (placed < 40) expect(ended).toMatchObject({ code: 'day-budget', facts: { until: budget.endsAt() } })
    await clock.sleep(24 * 60 * 60_000)
  }
  expect(days).toBe(3)
  await server.close()
})
