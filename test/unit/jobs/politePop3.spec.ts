/** A day's budget over POP3: LIST says the sizes, and nothing is asked for that the day has no room for. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDayBudget, usedOn } from '../../../main/engine/jobs/traffic/dayBudget.ts'
import { politePop3 } from '../../../main/engine/jobs/traffic/politePop3.ts'
import { createTraffic } from '../../../main/engine/jobs/traffic/traffic.ts'
import { connectPop3 } from '../../../main/engine/mail/pop3/connect.ts'
import type { Pop3Session } from '../../../main/engine/mail/pop3/types.ts'
import { type TestArchive, testArchive } from '../../help/captures.ts'
import { type HurryingClock, hurryingClock } from '../../help/hurryingClock.ts'
import { letter, popOnce } from '../../help/pop3Captures.ts'
import { type ScriptedPop3, startScriptedPop3 } from '../../help/scriptedPop3.ts'

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

/** A day of an account, as its terms make it; the bytes that went over the line. */
async function dayOf(server: ScriptedPop3, perDay: number, clock: HurryingClock): Promise<{ ended: unknown; bytes: number; left: number }> {
  const sessions: Pop3Session[] = []
  const budget = await openDayBudget({ file: join(dir, 'day.json'), perDay, zone: 'UTC', clock })
  const traffic = createTraffic({ clock, signal: new AbortController().signal, budget, bytesPerSecond: null, check: () => {}, onBudget: () => {} })
  const connect = politePop3(async options => {
    const session = await connectPop3(options)
    sessions.push(session)
    return session
  }, traffic)
  const settings = { host: server.host, port: server.port, user: server.user }
  const ended = await popOnce({ archive, settings, password: server.password, connect, room: traffic.portion, bring: traffic.bring, clock }).then(
    () => null,
    error => error,
  )
  const left = budget.left()
  await budget.close()
  return { ended, bytes: sessions.reduce((sum, session) => sum + session.received(), 0), left }
}
const placed = async () => (await archive.factsOf('placed')).length

test('a part of the day is kept for what is new: it comes while the old waits for tomorrow', async () => {
  const PER_DAY = 1_000_000
  const large = (n: number) => letter(n, 'x'.repeat(70).concat('\r\n').repeat(500))
  const server = await startScriptedPop3({ messages: Array.from({ length: 60 }, (_, i) => large(i + 1)) })
  const clock = hurryingClock(Date.UTC(2026, 2, 3, 12))
  const first = await dayOf(server, PER_DAY, clock)
  expect(first.ended).toMatchObject({ code: 'day-budget', facts: { forNewMail: expect.any(Number) } })
  const old = await placed()
  expect(old).toBeGreaterThan(20)
  for (const n of [61, 62]) {
    server.messages.push(letter(n))
    const look = await dayOf(server, PER_DAY, clock)
    expect(look.ended).toMatchObject({ code: 'day-budget', facts: { forNewMail: expect.any(Number) } })
    expect(await placed()).toBe(old + n - 60)
    expect(server.wire.at(-1)).toMatch(/QUIT/)
  }
  // New mail that is more than the part kept for it waits as well, and the day is not gone beyond.
  server.messages.push(large(63), large(64))
  const last = await dayOf(server, PER_DAY, clock)
  expect(last.ended).toMatchObject({ code: 'day-budget' })
  expect(first.bytes + last.bytes).toBeLessThan(PER_DAY)
  await server.close()
})

test('what is looked at to recognise messages counts, also where the connection is lost over it', async () => {
  const server = await startScriptedPop3({ messages: Array.from({ length: 40 }, (_, i) => letter(i + 1)) })
  const clock = hurryingClock(Date.UTC(2026, 2, 3, 12))
  await dayOf(server, 1_000_000, clock)
  server.messages = server.messages.map((each, i) => ({ ...each, uidl: `moved-${i}` }))
  const before = await usedToday(clock)
  const { bytes } = await dayOf(server, 1_000_000, clock)
  expect((await usedToday(clock)) - before).toBe(bytes)
  await server.close()
})
const usedToday = async (clock: HurryingClock) => (await usedOn(join(dir, 'day.json'), clock.now(), 'UTC')).bytes

test('what fits into the day is captured, the rest the next day, and never more than a day allows', async () => {
  const PER_DAY = 300_000
  const server = await startScriptedPop3({ messages: Array.from({ length: 40 }, (_, i) => letter(i + 1, 'x'.repeat(70).concat('\r\n').repeat(270))) })
  const clock = hurryingClock(Date.UTC(2026, 2, 3, 12))
  let days = 0
  for (let had = 0; had < 40; days++) {
    const { ended, bytes } = await dayOf(server, PER_DAY, clock)
    expect(bytes).toBeLessThanOrEqual(PER_DAY)
    const before = had
    had = await placed()
    expect(had).toBeGreaterThan(before)
    if (had < 40) expect(ended).toMatchObject({ code: 'day-budget', facts: { until: Date.UTC(2026, 2, 4 + days) } })
    await clock.sleep(24 * 60 * 60_000)
  }
  expect(days).toBe(3)
  await server.close()
})
