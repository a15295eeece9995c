import { describe, expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import type { Cursor, MessageSummary, MessageWindow } from '../../../main/contract/types.ts'
import { createMessageRun, MAX_ROWS, rowKey } from '../../../renderer/list/messageRun.ts'
import type { RowSource } from '../../../renderer/list/rowSource.ts'

/** A list in memory, newest first; row numbers fall as in the index. `skew` makes estimates wrong, as a list that changes would. */
function fakeList(length: number, skew = 0) {
  let rows = Array.from({ length }, (_, index) => row(length - index))
  let asked = 0
  let failing = false
  const at = (from: Cursor) => rows.findIndex(one => one.cursor.row <= from.row)
  const window = (first: number, last: number): MessageWindow => {
    asked++
    if (failing) throw new AppError('connection-lost', 'gone')
    const [a, b] = [Math.max(0, first), Math.min(rows.length, last)]
    return { rows: rows.slice(a, b), before: a > 0, after: b < rows.length }
  }
  const source: RowSource = {
    key: 'fake',
    after: async (from, limit) => (from ? window(at(from) + 1, at(from) + 1 + limit) : window(0, limit)),
    before: async (from, limit) => (from ? window(at(from) - limit, at(from)) : window(rows.length - limit, rows.length)),
    at: async (fraction, limit) => {
      const position = Math.min(rows.length - limit, Math.max(0, Math.round(fraction * (rows.length - limit)) + skew))
      return { ...window(position, position + limit), position }
    },
  }
  return {
    source,
    asked: () => asked,
    fail: (on: boolean) => {
      failing = on
    },
    /** New mail at the top. */
    add: (count: number) => {
      const top = rows[0]?.cursor.row ?? 0
      rows = [...Array.from({ length: count }, (_, index) => row(top + count - index)), ...rows]
    },
    rowAt: (index: number) => rows[index],
    length: () => rows.length,
  }
}

const row = (n: number) => ({ id: n.toString(16).padStart(64, '0'), cursor: { row: n, placement: n } }) as MessageSummary

const settled = async () => {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve()
}

function runOver(list: ReturnType<typeof fakeList>, total = list.length()) {
  let shifted = 0
  const run = createMessageRun(list.source, total, rows => {
    shifted += rows
  })
  const visible = (first: number, last: number) => {
    const { base, rows } = run.view()
    return Array.from({ length: last - first + 1 }, (_, step) => rows[first + step - base])
  }
  return { run, visible, shifted: () => shifted }
}

describe('the rows of a list that are in memory', () => {
  test('begin with the newest', async () => {
    const list = fakeList(5000)
    const { run, visible } = runOver(list)
    run.want(0, 11)
    await settled()
    expect(visible(0, 11).map(one => one?.id)).toEqual(Array.from({ length: 12 }, (_, index) => list.rowAt(index)!.id))
    expect(list.asked()).toBe(1)
  })

  test('are few at first, because somebody waits for them, and more when one rests', async () => {
    const list = fakeList(5000)
    const { run } = runOver(list)
    run.want(0, 11)
    await settled()
    expect(run.view().rows.length).toBeLessThan(30)
    await expect.poll(() => run.view().rows.length).toBeGreaterThan(100)
  })

  test('are asked for no longer when the list is left', async () => {
    const list = fakeList(5000)
    const { run } = runOver(list)
    run.want(0, 11)
    await settled()
    run.close()
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(list.asked()).toBe(1)
  })

  test('are the right ones all the way down, and never more than a few pages', async () => {
    const list = fakeList(3000)
    const { run, visible, shifted } = runOver(list)
    for (let first = 0; first <= 2985; first += 7) {
      run.want(first, first + 14)
      await settled()
      expect(visible(first, first + 14).map(one => one && rowKey(one))).toEqual(
        Array.from({ length: 15 }, (_, step) => list.rowAt(first + step) && rowKey(list.rowAt(first + step)!)),
      )
      expect(run.view().rows.length).toBeLessThanOrEqual(MAX_ROWS)
    }
    expect(shifted()).toBe(0)
    expect(list.asked()).toBeLessThan(60)
  })

  test('are there again on the way back up', async () => {
    const list = fakeList(3000)
    const { run, visible } = runOver(list)
    run.want(2980, 2999)
    await settled()
    for (let first = 2980; first >= 0; first -= 20) {
      run.want(first, first + 14)
      await settled()
      expect(visible(first, first + 14).map(one => one?.id)).toEqual(Array.from({ length: 15 }, (_, step) => list.rowAt(first + step)!.id))
    }
  })

  test('a jump into the middle of 200,000 takes one question for what is visible', async () => {
    const list = fakeList(200_000)
    const { run, visible } = runOver(list)
    run.want(0, 11)
    await settled()
    const before = list.asked()
    run.want(120_000, 120_011)
    await settled()
    expect(visible(120_000, 120_011).every(Boolean)).toBe(true)
    expect(visible(120_000, 120_000)[0]!.id).toBe(list.rowAt(120_000)!.id)
    expect(list.asked() - before).toBe(1)
  })

  test('the thumb flung through the list asks for the last place only, not for each it passed', async () => {
    const list = fakeList(200_000)
    const { run, visible } = runOver(list)
    run.want(0, 11)
    await settled()
    const before = list.asked()
    for (let first = 10_000; first <= 150_000; first += 1000) run.want(first, first + 11)
    await settled()
    expect(visible(150_000, 150_011).every(Boolean)).toBe(true)
    expect(list.asked() - before).toBeLessThanOrEqual(3)
  })

  test('a jump to the end ends with the oldest', async () => {
    const list = fakeList(5000)
    const { run, visible } = runOver(list)
    run.want(4988, 4999)
    await settled()
    expect(visible(4999, 4999)[0]!.id).toBe(list.rowAt(4999)!.id)
  })

  test('a wrong estimate is put right at the ends without moving what the eye sees', async () => {
    const list = fakeList(4000, 30)
    const { run, visible, shifted } = runOver(list)
    run.want(2000, 2011)
    await settled()
    let first = 2000
    let seen = shifted()
    for (; first > 0; first = Math.max(0, first - 25)) {
      run.want(first, first + 11)
      await settled()
      first += shifted() - seen
      seen = shifted()
    }
    run.want(0, 11)
    await settled()
    expect(run.view().base).toBe(0)
    expect(visible(0, 11).map(one => one?.id)).toEqual(Array.from({ length: 12 }, (_, index) => list.rowAt(index)!.id))
  })

  test('new mail comes in at the top when the top is what is seen', async () => {
    const list = fakeList(1000)
    const { run, visible, shifted } = runOver(list)
    run.want(0, 11)
    await settled()
    list.add(3)
    run.setTotal(1003)
    run.refresh()
    await settled()
    expect(visible(0, 3).map(one => one!.id)).toEqual([0, 1, 2, 3].map(index => list.rowAt(index)!.id))
    expect(shifted()).toBe(0)
    expect(run.view().total).toBe(1003)
  })

  test('new mail does not push away what is being read further down', async () => {
    const list = fakeList(1000)
    const { run, visible, shifted } = runOver(list)
    run.want(50, 61)
    await settled()
    const reading = visible(50, 50)[0]!.id
    list.add(3)
    run.setTotal(1003)
    run.refresh()
    await settled()
    expect(visible(50 + shifted(), 50 + shifted())[0]!.id).toBe(reading)
    expect(shifted()).toBe(3)
  })

  test('a list that was thought empty fills while a capture runs', async () => {
    const list = fakeList(0)
    const { run, visible } = runOver(list)
    run.want(0, 0)
    await settled()
    expect(run.view()).toMatchObject({ total: 0, loaded: true })
    list.add(400)
    run.setTotal(400)
    run.refresh()
    await settled()
    expect(run.view().total).toBe(400)
    expect(visible(0, 11).every(Boolean)).toBe(true)
  })

  test('the length that was told counts, also when it was told while the rows were on their way', async () => {
    const list = fakeList(150)
    const { run } = runOver(list)
    run.want(0, 11)
    await settled()
    list.add(200)
    run.refresh()
    run.setTotal(350)
    await settled()
    expect(run.view().total).toBe(350)
  })

  test('to learn how many a search found is no reason to ask for its rows again', async () => {
    const list = fakeList(2000)
    const { run } = runOver(list, 0)
    run.want(0, 11)
    await settled()
    const asked = list.asked()
    run.setTotal(2000)
    await settled()
    expect(run.view().total).toBe(2000)
    expect(list.asked()).toBe(asked)
  })

  test('a failure is shown, keeps the rows that are there, and can be tried again', async () => {
    const list = fakeList(2000)
    const { run, visible } = runOver(list)
    run.want(0, 11)
    await settled()
    const { rows } = run.view()
    list.fail(true)
    run.want(900, 911)
    await settled()
    expect(run.view().error).toBeInstanceOf(AppError)
    expect(run.view().rows).toEqual(rows)
    expect(rows.length).toBeGreaterThan(12)
    list.fail(false)
    run.retry()
    await settled()
    expect(run.view().error).toBeNull()
    expect(visible(900, 911).every(Boolean)).toBe(true)
  })
})
