import { describe, expect, test } from 'vitest'
import { formatFor } from '../../../renderer/text/format.ts'
import { textFor } from '../../../renderer/text/text.ts'

const at = (text: string) => new Date(text).getTime()
/** Intl puts several kinds of space. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('numbers and dates', () => {
  const now = at('2026-05-14T15:30:00')
  const english = formatFor('en-GB')

  test('a list shows the time today, the weekday this week, the day this year, and the year before that', () => {
    expect(english.listDate(at('2026-05-14T09:05:00'), now)).toBe('9:05')
    expect(english.listDate(at('2026-05-14T00:00:00'), now)).toBe('0:00')
    expect(english.listDate(at('2026-05-13T23:59:00'), now)).toBe('Wednesday')
    expect(english.listDate(at('2026-05-01T12:00:00'), now)).toBe('1 May')
    expect(english.listDate(at('2024-05-01T12:00:00'), now)).toBe('1 May 2024')
  })

  test('a message from the future has its date, not a weekday', () => {
    expect(english.listDate(at('2031-01-02T12:00:00'), now)).toBe('2 Jan 2031')
    expect(english.listDate(at('2026-05-16T12:00:00'), now)).toBe('16 May')
  })

  test('sizes are said in the unit a person would use', () => {
    expect([0, 1, 999, 1000, 1_250_000, 84_000_000, 5.1e9].map(size => plain(english.bytes(size)))).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1 kB',
      '1.3 MB',
      '84 MB',
      '5.1 GB',
    ])
  })

  test('time left is coarse', () => {
    expect([0.2, 43, 200, 7500].map(seconds => plain(english.duration(seconds)))).toEqual(['1 sec', '43 secs', '3 mins', '2 hrs, 5 mins'])
  })

  test("the region's habits count where its language is the window's", () => {
    expect(plain(textFor('de', ['en-US', 'de-CH']).format.number(1234567.5))).toBe(plain(new Intl.NumberFormat('de-CH').format(1234567.5)))
    expect(textFor('de', ['pl-PL']).format.number(1234567)).toBe('1.234.567')
  })
})
