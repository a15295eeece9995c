import { describe, expect, onTestFinished, test } from 'vitest'
import type { Cursor } from '../../../main/contract/types.ts'
import { openReadDb, type ReadDb } from '../../../main/engine/index/connection.ts'
import { sampleQuery } from '../../../main/engine/index/matches.ts'
import { BEYOND, sortTimeOf, TIES } from '../../../main/engine/index/rows.ts'
import { rowQueries, searchQueries } from '../../../main/engine/index/searchWalks.ts'
import { listQueries } from '../../../main/engine/index/windows.ts'
import type { Fact } from '../../../main/engine/log/facts.ts'
import { wantedBy } from '../../help/wanted.ts'
import { messageId, random } from './history.ts'
import { openTestIndex } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

describe('the plan of a hot query', () => {
  const searches = Object.entries(searchQueries).flatMap(([order, texts]) =>
    Object.entries(texts).map(([name, sql]) => [`${order} ${name}`, sql] as const),
  )
  test.each([...Object.entries({ ...listQueries, ...rowQueries, sample: sampleQuery }), ...searches])(
    '%s: one walk along an index, no sorting, no scan',
    (_, sql) => {
      const { file } = openTestIndex()
      const db = openReadDb(file)
      onTestFinished(() => {
        db.close()
      })
      for (const line of planOf(db, sql)) {
        expect(line).not.toMatch(/TEMP B-TREE/)
        expect(line).toMatch(/^(SEARCH |SCAN words VIRTUAL TABLE INDEX \d+:.*M)/)
      }
    },
  )
})

describe('a list', () => {
  test('of many thousand rows has its n-th row found exactly, wherever their dates crowd', () => {
    const { writer, queries } = openTestIndex()
    writer.apply(commitOf(1, [...inbox(1, 1), ...inbox(2, 2)]), [], new Map())
    const r = random(5)
    const total = 9000
    let seq = 1
    for (let n = 1; n <= total; ) {
      const facts: Fact[] = []
      for (let i = 0; i < 1000; i++, n++) {
        // A third within one minute, the rest over years; captured from both ends.
        const second = r() < 0.3 ? 1_650_000_000 + Math.floor(r() * 60) : 1_600_000_000 + Math.floor(r() * 90_000_000)
        facts.push(placed(n, { epoch: n % 5 ? 1 : 2, internalDate: second }))
      }
      writer.apply(commitOf(++seq, facts), [], new Map())
    }
    const ask = queries()
    for (const mailbox of [null, 1, 2]) {
      const all: string[] = []
      let from: Cursor | null = null
      for (let more = true; more; ) {
        const page = ask.exportPage({ mailbox, from, limit: 500 })
        all.push(...page.rows.map(({ id }) => id))
        from = page.rows.at(-1)!.cursor
        more = page.more
      }
      expect(new Set(all).size).toBe(mailbox === null ? total : mailbox === 1 ? total * 0.8 : total * 0.2)
      for (const fraction of [0, 1, ...Array.from({ length: 60 }, () => r())]) {
        const at = ask.at({ mailbox, fraction, limit: 10 })
        expect(at.position).toBe(Math.round(fraction * (all.length - 10)))
        expect(at.rows.map(({ id }) => id)).toEqual(all.slice(at.position, at.position + 10))
      }
    }
    for (const { parse } of ask.window({ mailbox: null, from: null, direction: 'after', limit: 500 }).rows) expect(parse).toBe('blank')
  })

  test('of more messages in one second than a second has rows keeps the order in which they came', () => {
    const { writer, queries } = openTestIndex()
    const second = 1_600_000_000
    const count = TIES + 300
    writer.apply(commitOf(1, [...inbox(), ...Array.from({ length: count }, (_, i) => placed(i + 1, { internalDate: second }))]), [], new Map())
    const ask = queries()
    expect(ask.window({ mailbox: 1, from: null, direction: 'before', limit: 2 }).rows.map(({ id }) => id)).toEqual([messageId(2), messageId(1)])
    const newest = ask.window({ mailbox: 1, from: null, direction: 'after', limit: 1 }).rows[0]!
    expect(newest.id).toBe(messageId(count))
    expect(newest.sortTime).toBe((second + 1) * 1000)
    expect(ask.status().messages).toBe(count)
  })

  test('holds messages of before 1970 and of the farthest future at its ends', () => {
    const { writer, queries } = openTestIndex()
    const dates = [-5_000_000_000, 0, 1_600_000_000, 2 ** 33 - 1, 2 ** 40]
    writer.apply(commitOf(1, [...inbox(), ...dates.map((internalDate, i) => placed(i + 1, { internalDate }))]), [], new Map())
    const { rows } = queries().window({ mailbox: null, from: null, direction: 'before', limit: 9 })
    expect(rows.map(({ id }) => id).reverse()).toEqual([1, 2, 3, 4, 5].map(messageId))
    expect(rows.map(({ sortTime }) => sortTime / 1000)).toEqual([2 ** 33 - 1, 2 ** 33 - 1, 1_600_000_000, 0, 0])
    expect(queries().placements(messageId(5))[0]!.internalDate).toBe(2 ** 40 * 1000)
    expect(sortTimeOf((2 ** 33 - 1) * TIES)).toBe((2 ** 33 - 1) * 1000)
  })

  test('that is empty, or of a mailbox nobody knows, is an empty window', () => {
    const { queries } = openTestIndex()
    const none = { rows: [], before: false, after: false }
    for (const mailbox of [null, 7]) {
      for (const direction of ['after', 'before'] as const) {
        expect(queries().window({ mailbox, from: null, direction, limit: 10 })).toEqual(none)
        expect(queries().window({ mailbox, from: { row: 5, placement: 5 }, direction, limit: 10 })).toEqual(none)
      }
      for (const fraction of [0, 0.5, 1]) expect(queries().at({ mailbox, fraction, limit: 10 })).toEqual({ ...none, position: 0 })
      expect(queries().search({ wanted: wantedBy('x'), mailbox, from: null, limit: 10 })).toEqual(none)
    }
    expect(queries().status()).toMatchObject({ messages: 0, firstMessage: null, lastMessage: null, lastCapture: null, mailboxes: [] })
    expect(queries().message(messageId(1))).toBeNull()
    expect(queries().placements(messageId(1))).toEqual([])
  })

  test('goes on from its cursor while mail arrives above it', () => {
    const { writer, queries } = openTestIndex()
    writer.apply(commitOf(1, [...inbox(), ...[1, 2, 3, 4, 5, 6].map(n => placed(n))]), [], new Map())
    const ask = queries()
    const first = ask.window({ mailbox: 1, from: null, direction: 'after', limit: 2 })
    writer.apply(commitOf(2, [placed(7), placed(8)]), [], new Map())
    const second = ask.window({ mailbox: 1, from: first.rows.at(-1)!.cursor, direction: 'after', limit: 2 })
    expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual([6, 5, 4, 3].map(messageId))
    const above = ask.window({ mailbox: 1, from: first.rows[0]!.cursor, direction: 'before', limit: 9 })
    expect(above.rows.map(({ id }) => id)).toEqual([8, 7].map(messageId))
    expect([above.before, above.after]).toEqual([false, true])
  })
})

describe('a search in a mailbox', () => {
  test.each([1, 2, 3, 4])('finds the same whether it asks the matches or the messages of the mailbox (mailbox %i)', mailbox => {
    const { writer, queries } = openTestIndex()
    // Mailbox 4 is the oldest part of the archive: thousands of matches lie before its first one.
    const shares = [3, 2, 1, 4]
    writer.apply(
      commitOf(
        1,
        shares.flatMap((_, i) => inbox(i + 1, i + 1)),
      ),
      [],
      new Map(),
    )
    const text = (body: string) => ({ subject: '', sender: '', addressee: '', copied: '', body, names: '', marks: '' })
    const inside: number[] = []
    for (let seq = 0; seq < 12; seq++) {
      const numbers = Array.from({ length: 250 }, (_, i) => seq * 250 + i + 1)
      const epochOf = (n: number) => (n <= 30 ? 4 : 1 + (n % 3))
      for (const n of numbers) if (epochOf(n) === mailbox) inside.push(n)
      writer.apply(
        commitOf(
          seq + 2,
          numbers.map(n => placed(n, { epoch: epochOf(n) })),
        ),
        [],
        new Map(),
      )
      writer.setParsed(new Map(numbers.map(n => [messageId(n), { ...parsed, fts: text(n % 2 ? 'common odd' : 'common even') }])))
    }
    writer.flush()
    const ask = queries()
    for (const [query, keep] of [
      ['common', () => true],
      ['common odd', (n: number) => n % 2 === 1],
    ] as const) {
      const wanted = wantedBy(query)
      const expected = inside.filter(keep).reverse().map(messageId)
      const found: string[] = []
      let from: Cursor | null = null
      for (let more = true; more; ) {
        const window = ask.search({ wanted, mailbox, from, limit: 100 })
        found.push(...window.rows.map(({ id }) => id))
        for (const { cursor } of window.rows) expect(cursor.placement).toBeGreaterThan(0)
        from = window.rows.at(-1)?.cursor ?? null
        more = window.after
      }
      expect(found).toEqual(expected)
      const counts: number[] = []
      for (let below: number | undefined = BEYOND; below !== undefined; ) {
        const piece: ReturnType<typeof ask.count> = ask.count({ wanted, mailbox, cap: 100_000, below })
        counts.push(piece.count)
        expect(piece.more).toBe(false)
        below = piece.below
      }
      if (expected.length > 1000) expect(counts.length).toBeGreaterThan(3) // whoever types on does not wait for all of it
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(expected.length)
    }
  })
})

const parsed = {
  subject: 's',
  from: [],
  to: [],
  cc: [],
  date: null,
  rfcMessageId: '',
  inReplyTo: '',
  references: [],
  attachments: [],
  snippet: '',
  failure: null,
}

function planOf(db: ReadDb, sql: string): string[] {
  const parameters = (sql.match(/\?/g) ?? []).map(() => 1)
  return db
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...parameters)
    .map(({ detail }) => detail)
}
