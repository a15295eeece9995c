import { describe, expect, test } from 'vitest'
import type { MessageSummary } from '../../../main/contract/types.ts'
import { AHEAD, type RunView } from '../../../renderer/list/messageRun.ts'
import { standIn } from '../../../renderer/list/standIn.ts'

const run = (base: number, length: number): RunView => ({
  base,
  rows: Array.from({ length }, () => ({}) as MessageSummary),
  total: 1_000_000,
  loaded: true,
  error: null,
})

describe('while the rows of a far place are on their way', () => {
  test('those that were seen last stand in for them', () => {
    expect(standIn(run(4900, 300), 5000, 300_000, 300_011)).toBe(5000)
  })

  test('rows of a place that was passed stand in, from where it was asked for', () => {
    expect(standIn(run(200_000, 200), 5000, 300_000, 300_011)).toBe(200_000 + AHEAD)
  })

  test('never more than there are', () => {
    expect(standIn(run(999_800, 200), 999_995, 10, 21)).toBe(999_840)
    expect(standIn(run(50, 20), 0, 300_000, 300_011)).toBe(58)
    expect(standIn(run(50, 5), 0, 300_000, 300_011)).toBe(50)
  })

  test.each([
    ['all of the visible rows are there', run(300_000, 200), 300_020],
    ['one of them is there', run(300_000, 200), 299_989],
    ['nothing is there yet', run(0, 0), 300_000],
  ])('nothing stands in where %s', (_, view, first) => {
    expect(standIn(view, 5000, first, first + 11)).toBeNull()
  })
})
