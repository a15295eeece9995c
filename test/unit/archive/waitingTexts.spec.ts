/** Who reads the texts that wait, and when: never two at once. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWaitingTexts } from '../../../main/engine/archive/waitingTexts.ts'
import { systemClock } from '../../../main/engine/base/clock.ts'
import type { JobContext } from '../../../main/engine/jobs/types.ts'

const QUIET_MS = 3000
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Reads a text each 5 ms, and notes whether anybody else does. */
function trial(failure?: Error) {
  let left = 0
  let reading = 0
  const seen = { most: 0, begun: 0, lines: [] as string[] }
  const read = async ({ checkpoint }: Pick<JobContext, 'checkpoint'>) => {
    seen.begun++
    if (failure && seen.begun === 1) throw failure
    reading++
    seen.most = Math.max(seen.most, reading)
    try {
      for (; left > 0; left--) {
        await pause(5)
        await checkpoint()
      }
    } finally {
      reading--
    }
  }
  const texts = createWaitingTexts({
    areThere: () => left > 0,
    read,
    clock: systemClock,
    log: line => seen.lines.push(line),
    quietMs: QUIET_MS,
  })
  const stored = (more: number) => {
    left += more
    texts.stored()
  }
  return { texts, stored, seen, read, left: () => left }
}

test('they are read when nothing has come for a while', async () => {
  const { texts, stored, seen, left } = trial()
  stored(3)
  await pass(QUIET_MS - 1)
  expect(seen.begun).toBe(0)
  await pass(100)
  expect(left()).toBe(0)
  expect(seen).toEqual({ most: 1, begun: 1, lines: [] })
  await texts.end()
})

test('and not while more comes, which ends a reading that has begun', async () => {
  const { texts, stored, seen, left } = trial()
  for (let i = 0; i < 8; i++) {
    stored(20)
    await pass(QUIET_MS / 2)
  }
  expect(seen.begun).toBe(0)
  await pass(QUIET_MS / 2 + 100)
  expect(seen.begun).toBe(1)
  stored(1)
  await pass(5)
  const before = left()
  expect(before).toBeGreaterThan(100)
  await pass(QUIET_MS - 6)
  expect(left()).toBe(before)
  await pass(1 + 5 * before)
  expect(left()).toBe(0)
  expect(seen).toEqual({ most: 1, begun: 2, lines: [] })
  await texts.end()
})

test('who reads them does so alone, and one after the other', async () => {
  const { texts, stored, seen, read, left } = trial()
  stored(100)
  await pass(QUIET_MS + 20)
  expect(seen.begun).toBe(1)
  const readAlone = () => texts.alone(() => read({ checkpoint: async () => {} }))
  const both = Promise.all([readAlone(), readAlone()])
  await pass(600)
  await both
  expect(left()).toBe(0)
  expect(seen.most).toBe(1)
  await pass(2 * QUIET_MS)
  expect(seen.begun).toBe(3)
  await texts.end()
})

test('what somebody leaves who is ended in the middle of it is read a little later', async () => {
  const { texts, stored, seen, read, left } = trial()
  stored(5)
  let steps = 0
  const enough = async () => {
    if (++steps === 2) throw new Error('enough')
  }
  const ended = expect(texts.alone(() => read({ checkpoint: enough }))).rejects.toThrow('enough')
  await pass(20)
  await ended
  expect(left()).toBe(4)
  await pass(QUIET_MS + 100)
  expect(left()).toBe(0)
  expect(seen.begun).toBe(2)
  await texts.end()
})

test('a reading that fails says so once, and the next begins when more has come', async () => {
  const { stored, seen, left, texts } = trial(new Error('the drive is away'))
  stored(5)
  await pass(3 * QUIET_MS)
  expect(seen).toMatchObject({ begun: 1, lines: ['texts that wait were not read: Error: the drive is away'] })
  stored(1)
  await pass(QUIET_MS + 100)
  expect(left()).toBe(0)
  await texts.end()
})

test('an index that cannot be asked costs nobody who reads alone, and ends nothing', async () => {
  const lines: string[] = []
  const broken = () => {
    throw new Error('damaged')
  }
  const texts = createWaitingTexts({ areThere: broken, read: async () => {}, clock: systemClock, log: line => lines.push(line), quietMs: QUIET_MS })
  texts.stored()
  await pass(QUIET_MS)
  expect(await texts.alone(async () => 1)).toBe(1)
  expect(await texts.alone(async () => 2)).toBe(2)
  await pass(0)
  expect(lines).toEqual(Array.from({ length: 3 }, () => 'texts that wait are not known: Error: damaged'))
  await texts.end()
})

test('nothing is read any more after the end, and nothing is under way', async () => {
  const { texts, stored, seen, left } = trial()
  stored(100)
  await pass(QUIET_MS + 20)
  expect(seen.begun).toBe(1)
  const ending = texts.end()
  await pass(5)
  await ending
  const before = left()
  expect(before).toBeGreaterThan(0)
  stored(1)
  await pass(2 * QUIET_MS)
  expect(left()).toBe(before + 1)
  expect(seen).toEqual({ most: 1, begun: 1, lines: [] })
})
