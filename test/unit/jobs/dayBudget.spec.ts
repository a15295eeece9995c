/** A provider allows so much a day. Never more is taken, whatever happens in between, and how long it takes is said as it will be. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CaptureRules, usualRules } from '../../../main/contract/captureRules.ts'
import type { AccountSettings, Job } from '../../../main/contract/types.ts'
import { createConditions } from '../../../main/engine/base/conditions.ts'
import { dayOf } from '../../../main/engine/base/day.ts'
import { capture } from '../../../main/engine/jobs/capture/capture.ts'
import { openTerms } from '../../../main/engine/jobs/capture/terms.ts'
import { createRunner } from '../../../main/engine/jobs/runner.ts'
import { openDayBudget, usedOn } from '../../../main/engine/jobs/traffic/dayBudget.ts'
import { connectImap } from '../../../main/engine/mail/imap/connect.ts'
import type { Connect, ImapSession } from '../../../main/engine/mail/types.ts'
import { type TestArchive, testArchive } from '../../help/captures.ts'
import { type HurryingClock, hurryingClock } from '../../help/hurryingClock.ts'
import { randomOf } from '../../help/random.ts'
import { startScriptedImap } from '../../help/scriptedImap.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mailcoffer-budget-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const NOON = Date.UTC(2026, 2, 3, 12)
const DAY_MS = 24 * 60 * 60_000

describe('what a day allows', () => {
  const file = () => join(dir, 'traffic', 'a.json')
  const budgetAt = (clock: HurryingClock, perDay = 1000) => openDayBudget({ file: file(), perDay, zone: 'UTC', clock })

  test('is taken to the last byte and not beyond, and is there again the next day', async () => {
    const clock = hurryingClock(NOON)
    const budget = await budgetAt(clock)
    expect(await budget.take(600)).toBe(true)
    expect(await budget.take(401)).toBe(false)
    expect(await budget.take(400)).toBe(true)
    expect(budget.left()).toBe(0)
    expect(budget.endsAt()).toBe(Date.UTC(2026, 2, 4))
    await clock.sleep(12 * 60 * 60_000)
    expect(budget.left()).toBe(1000)
  })

  test('is remembered across a restart, exactly', async () => {
    const clock = hurryingClock(NOON)
    const first = await budgetAt(clock)
    await first.take(600)
    first.giveBack(100)
    await first.close()
    expect((await budgetAt(clock)).left()).toBe(500)
    expect(await usedOn(file(), clock.now(), 'UTC')).toEqual({ bytes: 500, endsAt: Date.UTC(2026, 2, 4) })
  })

  test('is remembered across a kill, at the worst a little more than was used, never less', async () => {
    const clock = hurryingClock(NOON)
    const killed = await budgetAt(clock, 64_000)
    for (let n = 0; n < 10; n++) {
      await killed.take(100)
      expect(JSON.parse(readFileSync(file(), 'utf8')).bytes).toBeGreaterThanOrEqual((n + 1) * 100)
    }
    const left = (await budgetAt(clock, 64_000)).left()
    expect(left).toBeLessThanOrEqual(63_000)
    expect(left).toBeGreaterThanOrEqual(61_000)
  })

  test('a file that is damaged does not stop the mail', async () => {
    const clock = hurryingClock(NOON)
    await (await budgetAt(clock)).close()
    writeFileSync(file(), 'not this')
    expect((await budgetAt(clock)).left()).toBe(1000)
  })
})

/** A mailbox as they are: many small messages, and most of the bytes in a few large ones. */
function mailbox(messages: number, seed: number) {
  const { next } = randomOf(seed)
  return Array.from({ length: messages }, (_, i) => {
    const size = Math.round(2_000 + 200_000 * next() ** 4)
    const head = `Subject: number ${i + 1}\r\nMessage-ID: <${i + 1}@example.com>\r\n\r\n`
    return { uid: i + 1, bytes: Buffer.from(head + 'a line of the text\r\n'.repeat(Math.ceil(size / 20))) }
  })
}

describe('a mailbox that is larger than a day allows', () => {
  const PER_DAY = 5_000_000
  const RATE = 40_000
  let archive: TestArchive
  let clock: HurryingClock
  beforeEach(async () => {
    archive = await testArchive()
    clock = hurryingClock(NOON)
  })
  afterEach(() => archive.close())

  test('never takes more in a day, goes on the next, survives a kill, and says all along when it will be done, within a fifth', {
    timeout: 60_000,
  }, async () => {
    const mailboxes = [
      { name: 'INBOX', messages: mailbox(240, 11) },
      { name: 'Projects', messages: mailbox(60, 12) },
      { name: 'Sent', attributes: ['\\Sent'], messages: mailbox(100, 13) },
    ]
    const bytes = mailboxes.flatMap(({ messages }) => messages).reduce((sum, message) => sum + message.bytes.length, 0)
    const server = await startScriptedImap({ mailboxes })
    const settings: AccountSettings = { protocol: 'imap', host: server.host, port: server.port, user: server.user, security: 'plain' }
    const rules: Partial<CaptureRules> = { ...usualRules, bytesPerDay: PER_DAY, bytesPerSecond: RATE, connections: 1 }
    const trafficFile = join(dir, 'traffic', 'a.json')

    const sessions: ImapSession[] = []
    const connect: Connect = async options => {
      const session = await connectImap(options)
      sessions.push(session)
      return session
    }
    // On a busy computer threads and disk would be hours behind the simulated line, and every estimate with them.
    const underWay = new Set<Promise<unknown>>()
    const watched =
      <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
      (...args: A): Promise<R> => {
        const one = work(...args)
        const over = () => void underWay.delete(one)
        underWay.add(one)
        one.then(over, over)
        return one
      }
    const { store } = archive
    const watchedStore = {
      ...store,
      save: watched(store.save),
      pool: { ...store.pool, prepare: watched(store.pool.prepare) as typeof store.pool.prepare },
    }
    clock.beside(async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    })
    const perDay = new Map<string, number>()
    const guesses: { at: number; end: number }[] = []
    let kill: (now: number) => void = () => {}
    let before = 0
    let job: Job | null = null
    clock.onSleep(now => {
      // All that came over the wire since time stood still last, by the sockets' own count.
      const came = sessions.reduce((sum, session) => sum + session.received(), 0)
      perDay.set(dayOf(now), (perDay.get(dayOf(now)) ?? 0) + came - before)
      before = came
      const left = job?.progress.secondsLeft ?? null
      if (left !== null && job?.state === 'running') guesses.push({ at: now, end: now + left * 1000 })
      kill(now)
    })

    const run = () => {
      const runner = createRunner({ clock, log: () => {} })
      job = runner.start({
        kind: 'capture',
        archive: 'a'.repeat(32),
        patient: true,
        run: async context => {
          const terms = await openTerms({ rules, settings, conditions: createConditions(), regardless: false, trafficFile, borrowed: 0 }, context)
          try {
            await capture(
              { store: watchedStore, connect: terms.imap(connect), settings, password: server.password, connections: terms.connections, terms },
              context,
            )
          } finally {
            await terms.close()
          }
        },
      })
      return { runner, id: job.id }
    }

    // The first day and a third of the next, then a kill while nothing is on its way: what an orderly end would have written down is not there.
    const killed = run()
    kill = now => {
      if (perDay.size < 2 || (perDay.get(dayOf(now)) ?? 0) < PER_DAY / 3) return
      kill = () => {}
      copyFileSync(trafficFile, join(dir, 'as-it-was'))
      killed.runner.cancel(killed.id)
    }
    expect((await killed.runner.wait(killed.id)).state).toBe('cancelled')
    copyFileSync(join(dir, 'as-it-was'), trafficFile)

    const second = run()
    const ended = await second.runner.wait(second.id)
    expect(ended.error).toBeUndefined()
    expect(ended.state).toBe('done')
    expect((await archive.factsOf('placed')).length).toBe(400)
    await server.close()

    const days = [...perDay.values()]
    expect(Math.max(...days)).toBeLessThanOrEqual(PER_DAY)
    // And a day is used for what it is good for, but for a part that is kept for new mail.
    for (const day of days.slice(0, 1)) expect(day).toBeGreaterThan(PER_DAY * 0.9)
    expect(days.length).toBeGreaterThanOrEqual(Math.ceil(bytes / PER_DAY))
    expect(days.length).toBeLessThanOrEqual(Math.ceil(bytes / PER_DAY) + 1)

    const end = clock.now()
    const wrong = guesses.filter(({ at }) => end - at > DAY_MS / 4).map(({ at, end: guess }) => Math.abs(guess - end) / (end - at))
    expect(guesses.length).toBeGreaterThan(50)
    expect(Math.max(...wrong)).toBeLessThan(0.2)
  })
})
