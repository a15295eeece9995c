/** Days begin where the provider is, also on those two days of the year that have another length. */
import { expect, test } from 'vitest'
import { dayOf, nextDay } from '../../../main/engine/base/day.ts'

test('a day is that of the zone, not of the computer', () => {
  const at = Date.UTC(2026, 2, 3, 5)
  expect(dayOf(at, 'America/Los_Angeles')).toBe('2026-03-02')
  expect(dayOf(at, 'Asia/Shanghai')).toBe('2026-03-03')
  expect(nextDay(at, 'America/Los_Angeles')).toBe(Date.UTC(2026, 2, 3, 8))
})

test('a day of 23 hours and one of 25 end at midnight', () => {
  expect(nextDay(Date.UTC(2026, 2, 8, 9), 'America/Los_Angeles')).toBe(Date.UTC(2026, 2, 9, 7))
  expect(nextDay(Date.UTC(2026, 10, 1, 8), 'America/Los_Angeles')).toBe(Date.UTC(2026, 10, 2, 8))
})

test('midnight itself is the new day', () => {
  const midnight = nextDay(Date.UTC(2026, 5, 1, 12), 'Europe/Warsaw')
  expect(dayOf(midnight - 1, 'Europe/Warsaw')).toBe('2026-06-01')
  expect(dayOf(midnight, 'Europe/Warsaw')).toBe('2026-06-02')
})
