import { describe, expect, test } from 'vitest'
import type { MessageSummary } from '../../../main/contract/types.ts'
import { messageFileName } from '../../../renderer/list/fileNames.ts'
import { lookFrom, standardLook } from '../../../renderer/list/look.ts'
import type { RowSource } from '../../../renderer/list/rowSource.ts'
import { compare, countOf, everything, isSelected, messagesOf, onlyRow, stretchTo, toggled } from '../../../renderer/list/selection.ts'
import { barsOf, placeOf, rangeIn, withRange } from '../../../renderer/list/timeline.ts'

const date = { by: 'date' } as const
const row = (n: number, key?: string): MessageSummary =>
  ({ archive: 'a', id: n.toString(16).padStart(64, '0'), cursor: { row: n, placement: n, ...(key !== undefined && { key }) } }) as MessageSummary

/** Newest first, from `length` down to 1; counts the questions. */
function listOf(length: number) {
  let asked = 0
  const source: RowSource = {
    key: 'x',
    after: async (from, limit) => {
      asked++
      const first = from ? from.row - 1 : length
      const rows = Array.from({ length: Math.min(limit, first) }, (_, i) => row(first - i))
      return { rows, before: from !== null, after: first > limit }
    },
    before: async () => ({ rows: [], before: false, after: false }),
    at: async () => ({ rows: [], before: false, after: false, position: 0 }),
  }
  return { source, asked: () => asked }
}
const ids = async (...input: Parameters<typeof messagesOf>) => (await messagesOf(...input))?.map(({ cursor }) => cursor.row) ?? null

describe('what is chosen', () => {
  test('reaches from one row to another, whichever way, over rows that nobody has loaded', async () => {
    const down = stretchTo(row(9000), row(3001), 6000, date)
    expect(stretchTo(row(3001), row(9000), 6000, date)).toEqual(down)
    expect([row(9001), row(9000), row(5000), row(3001), row(3000)].map(one => isSelected(down, one, date))).toEqual([false, true, true, true, false])
    expect(countOf(down, 10_000)).toBe(6000)
    const list = listOf(10_000)
    const found = (await ids(list.source, down, date, 10_000))!
    expect([found.length, found[0], found.at(-1)]).toEqual([6000, 9000, 3001])
    expect(list.asked()).toBeLessThan(14)
    expect(await ids(list.source, down, date, 5999)).toBeNull()
  })

  test('stays what it was while mail arrives above it', () => {
    const all = toggled(everything, row(5), date)
    expect(isSelected(all, row(5), date)).toBe(false)
    expect(isSelected(all, row(99), date)).toBe(true)
    expect(countOf(all, 10)).toBe(9)
    const some = stretchTo(row(8), row(5), 4, date)
    expect(isSelected(some, row(99), date)).toBe(false)
  })

  test('takes single rows in and out', async () => {
    let chosen = toggled(onlyRow(row(9)), row(4), date)
    expect(countOf(chosen, 10)).toBe(2)
    chosen = toggled(toggled(chosen, row(9), date), row(7), date)
    expect(await ids(listOf(10).source, chosen, date, 10)).toEqual([4, 7])
    const without = toggled(stretchTo(row(9), row(6), 4, date), row(7), date)
    expect(await ids(listOf(10).source, without, date, 10)).toEqual([9, 8, 6])
    expect(await ids(listOf(10).source, toggled(without, row(7), date), date, 10)).toEqual([9, 8, 7, 6])
  })

  test('is compared as the list is ordered', () => {
    expect(compare(row(1, 'adam').cursor, row(9, 'zoe').cursor, { by: 'sender' })).toBeLessThan(0)
    expect(compare(row(1, 'adam').cursor, row(9, 'zoe').cursor, { by: 'sender', reverse: true })).toBeGreaterThan(0)
    expect(compare(row(9, 'adam').cursor, row(1, 'adam').cursor, { by: 'sender' })).toBeLessThan(0)
    expect(compare(row(9).cursor, row(1).cursor, { by: 'date', reverse: true })).toBeGreaterThan(0)
  })

  test('has file names that every system takes', () => {
    const name = messageFileName({ ...row(10), subject: '../..\\Angebot: "50 %"?\u202e\n.', sortTime: Date.UTC(2024, 4, 3) })
    expect(name).toMatch(/^2024-05-03 [^<>:"/\\|?*\p{C}]*Angebot 50 % 0{8}\.eml$/u)
  })
})

describe('the time line', () => {
  const at = (year: number, month: number) => new Date(year, month - 1, 1).getTime()
  const months = Array.from({ length: 120 }, (_, i) => ({ at: at(2010, 1 + i), count: i + 1 }))

  test('has a bar for each month where there is room, and counts every message where there is not', () => {
    expect(barsOf(months, 480)).toHaveLength(120)
    const narrow = barsOf(months, 100)
    expect(narrow).toHaveLength(24)
    expect(narrow.reduce((sum, { count }) => sum + count, 0)).toBe((120 * 121) / 2)
    expect(narrow[0]).toEqual({ from: at(2010, 1), until: at(2010, 6), count: 15 })
    expect(placeOf(narrow, at(2010, 6))).toBe(1)
    expect(placeOf(narrow, at(2030, 1))).toBe(24)
    expect(barsOf([], 480)).toEqual([])
  })

  test('is not made thin by one message of 1970', () => {
    expect(barsOf([{ at: at(1970, 1), count: 1 }, ...months], 480)[0]!.from).toBe(at(2010, 1))
  })

  test('says a time in the query, in place of one that was said before, and finds it there', () => {
    const range = { from: at(2020, 1), until: at(2021, 1) }
    const query = withRange('umowa after:2011-01-01 before:2012-01-01 -szkic', range)
    expect(query).toBe('umowa -szkic after:2020-01-01 before:2021-01-01')
    expect(rangeIn(query)).toEqual(range)
    expect(withRange(query, null)).toBe('umowa -szkic')
    expect(rangeIn('after:2020')).toBeNull()
  })
})

test('what was remembered of a look is taken as far as it can be understood', () => {
  expect(lookFrom(undefined)).toEqual(standardLook)
  expect(lookFrom({ density: 'compact', order: { by: 'colour' }, widths: { who: 1e9, date: 'x' }, hidden: ['who', 'subject', 'x'] })).toMatchObject({
    density: 'compact',
    order: { by: 'date' },
    widths: { who: 400, date: standardLook.widths.date },
    hidden: ['who'],
  })
})
