import { expect, test } from 'vitest'
import type { Cursor, MessageSummary, MessageWindow } from '../../../main/contract/types.ts'
import { type AskOne, searchMany } from '../../../main/engine/search/searchMany.ts'
import { random } from '../index/history.ts'

test('results of several archives are one list by time, page by page, none left out and none twice, also where rows are equal', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const r = random(seed)
    const archives = Array.from({ length: 1 + Math.floor(r() * 4) }, (_, archive) => {
      const rows = new Set(Array.from({ length: Math.floor(r() * 30) }, () => Math.floor(r() * 25)))
      return [...rows].sort((a, b) => b - a).map(row => ({ row, id: `${archive}-${row}` }))
    })
    const expected = archives
      .flatMap((rows, archive) => rows.map(({ row, id }) => ({ row, id, archive })))
      .sort((a, b) => b.row - a.row || a.archive - b.archive)
      .map(({ id }) => id)
    const limit = 1 + Math.floor(r() * 6)
    const asks = archives.map(rows => askOf(rows, limit))
    const found: string[] = []
    let from: Cursor | null = null
    for (let more = true; more; ) {
      const window: MessageWindow = await searchMany(asks, from, limit)
      expect(window.rows.length).toBeLessThanOrEqual(limit)
      expect(window.before).toBe(from !== null)
      found.push(...window.rows.map(({ id }) => id))
      more = window.after
      from = window.rows.at(-1)?.cursor ?? null
    }
    expect(found).toEqual(expected)

    // The other way: from the oldest on.
    const pages: string[][] = []
    from = null
    for (let more = true; more; ) {
      const window: MessageWindow = await searchMany(
        archives.map(rows => askNewer(rows, limit)),
        from,
        limit,
        'before',
      )
      expect(window.after).toBe(from !== null)
      pages.unshift(window.rows.map(({ id }) => id))
      more = window.before
      from = window.rows[0]?.cursor ?? null
    }
    expect(pages.flat()).toEqual(expected)
  }
})

test('one archive that cannot answer fails the search: a list with a hole would look complete', async () => {
  const broken: AskOne = () => Promise.reject(new Error('no'))
  await expect(searchMany([askOf([{ row: 1, id: 'x' }], 5), broken], null, 5)).rejects.toThrow()
})

function askOf(rows: readonly { row: number; id: string }[], limit: number): AskOne {
  return from => {
    const older = rows.filter(({ row }) => from === null || row < from.row)
    return Promise.resolve({
      rows: older.slice(0, limit).map(({ row, id }) => ({ id, cursor: { row, placement: 0 } }) as MessageSummary),
      before: from !== null,
      after: older.length > limit,
    })
  }
}

function askNewer(rows: readonly { row: number; id: string }[], limit: number): AskOne {
  return from => {
    const newer = rows.filter(({ row }) => from === null || row > from.row)
    return Promise.resolve({
      rows: newer.slice(-limit).map(({ row, id }) => ({ id, cursor: { row, placement: 0 } }) as MessageSummary),
      before: newer.length > limit,
      after: from !== null,
    })
  }
}
