import { describe, expect, test } from 'vitest'
import { parseAgo, parseDate } from '../../../main/engine/search/dates.ts'
import { parseSize } from '../../../main/engine/search/sizes.ts'

// A Wednesday afternoon.
const NOW = new Date(2024, 2, 6, 15, 30).getTime()
const day = (y: number, m: number, d: number) => [new Date(y, m - 1, d).getTime(), new Date(y, m - 1, d + 1).getTime()]
const month = (y: number, m: number) => [new Date(y, m - 1, 1).getTime(), new Date(y, m, 1).getTime()]
const year = (y: number) => [new Date(y, 0, 1).getTime(), new Date(y + 1, 0, 1).getTime()]

const dates: [typed: string, locale: string, expected: number[] | null][] = [
  ['2024', 'en', year(2024)],
  ['2024年', 'zh-CN', year(2024)],
  ['2024-03', 'en', month(2024, 3)],
  ['2024/3', 'en', month(2024, 3)],
  ['03.2024', 'de', month(2024, 3)],
  ['2024年3月', 'zh-CN', month(2024, 3)],
  ['2024-03-05', 'en', day(2024, 3, 5)],
  ['20240305', 'en', day(2024, 3, 5)],
  ['2024.3.5', 'pl', day(2024, 3, 5)],
  ['2024年3月5日', 'zh-CN', day(2024, 3, 5)],
  ['5.3.2024', 'de', day(2024, 3, 5)],
  ['5.3.24', 'de', day(2024, 3, 5)],
  ['5. 3. 2024', 'pl', day(2024, 3, 5)],
  ['3/5/2024', 'en-US', day(2024, 3, 5)],
  ['3/5/2024', 'en-GB', day(2024, 5, 3)],
  ['25/12/2023', 'en-US', day(2023, 12, 25)],
  ['12/25/2023', 'en-GB', day(2023, 12, 25)],
  ['1/2/99', 'en-GB', day(1999, 2, 1)],
  ['today', 'en', day(2024, 3, 6)],
  ['yesterday', 'en', day(2024, 3, 5)],
  ['wczoraj', 'en', day(2024, 3, 5)],
  ['GESTERN', 'en', day(2024, 3, 5)],
  ['昨天', 'en', day(2024, 3, 5)],
  ['last month', 'en', month(2024, 2)],
  ['last-month', 'en', month(2024, 2)],
  ['zeszły tydzień', 'pl', [new Date(2024, 1, 26).getTime(), new Date(2024, 2, 4).getTime()]],
  ['this week', 'en', [new Date(2024, 2, 4).getTime(), new Date(2024, 2, 11).getTime()]],
  ['last year', 'en', year(2023)],
  ['monday', 'en', day(2024, 3, 4)],
  ['środa', 'pl', day(2024, 3, 6)],
  ['donnerstag', 'de', day(2024, 2, 29)],
  ['march', 'en', month(2024, 3)],
  ['december', 'en', month(2023, 12)],
  ['März 2022', 'de', month(2022, 3)],
  ['marca 2022', 'pl', month(2022, 3)],
  ['2022 marzec', 'pl', month(2022, 3)],
  ['mar-2022', 'en', month(2022, 3)],
  ['3月', 'zh-CN', month(2024, 3)],
  ['2022..2023', 'en', [year(2022)[0]!, year(2023)[1]!]],
  ['2023-11..yesterday', 'en', [month(2023, 11)[0]!, day(2024, 3, 5)[1]!]],
  ['2024-02-29', 'en', day(2024, 2, 29)],
  ['2023-02-29', 'en', null],
  ['2024-13', 'en', null],
  ['31.4.2024', 'de', null],
  ['1', 'en', null],
  ['', 'en', null],
  ['soon', 'en', null],
  ['2024-03-05-06', 'en', null],
  ['2023..2022', 'en', null],
  ['2024-03', 'not a tag', month(2024, 3)],
]

describe('a day, a month or a year as people write it', () => {
  test.each(dates)('%s (%s)', (typed, locale, expected) => {
    const found = parseDate(typed, { now: NOW, locale })
    expect(found && [found.from, found.before]).toEqual(expected)
  })

  test('an age is counted back by the calendar: a month before the 31st is the last of a shorter month', () => {
    const ago = (typed: string, now = NOW, locale = 'en') => parseAgo(typed, { now, locale })
    expect(ago('3d')).toBe(new Date(2024, 2, 3, 15, 30).getTime())
    expect(ago('2 weeks')).toBe(new Date(2024, 1, 21, 15, 30).getTime())
    expect(ago('1m', new Date(2024, 2, 31, 12).getTime())).toBe(new Date(2024, 1, 29, 12).getTime())
    expect(ago('1y', new Date(2024, 1, 29, 12).getTime())).toBe(new Date(2023, 1, 28, 12).getTime())
    expect(ago('12h')).toBe(NOW - 12 * 3_600_000)
    expect(ago('2t', NOW, 'pl')).toBe(new Date(2024, 1, 21, 15, 30).getTime())
    expect(ago('2t', NOW, 'de')).toBe(new Date(2024, 2, 4, 15, 30).getTime())
    expect(ago('5 dni')).toBe(ago('5d'))
    expect(ago('3 Monate')).toBe(ago('3m'))
    expect(ago('3天')).toBe(ago('3d'))
    for (const nothing of ['', 'd', '3', '3x', '-3d', '99999d']) expect(ago(nothing), nothing).toBeNull()
  })

  test('a size is written with or without its unit', () => {
    const sizes = { '10M': 10e6, '500k': 5e5, '1.5 MB': 1.5e6, '1,5mb': 1.5e6, '2GB': 2e9, '1 KiB': 1024, '300': 300, '300b': 300 }
    for (const [typed, bytes] of Object.entries(sizes)) expect(parseSize(typed), typed).toBe(bytes)
    for (const nothing of ['', 'M', '10X', '1.2.3M', '-5k', 'ten']) expect(parseSize(nothing), nothing).toBeNull()
  })
})
