import { copyFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ListOrder } from '../../../main/contract/order.ts'
import type { Cursor, MessageSummary } from '../../../main/contract/types.ts'
import { checkIndex } from '../../../main/engine/index/check.ts'
import { openReadDb } from '../../../main/engine/index/connection.ts'
import { monthQueries } from '../../../main/engine/index/months.ts'
import { orderQueries } from '../../../main/engine/index/ordered.ts'
import { orderKeys } from '../../../main/engine/index/orders.ts'
import { openIndexQueries } from '../../../main/engine/index/reader.ts'
import { BEYOND } from '../../../main/engine/index/rows.ts'
import type { IndexQueries, ParsedMessage } from '../../../main/engine/index/types.ts'
import { openIndexWriter } from '../../../main/engine/index/writer.ts'
import type { Fact } from '../../../main/engine/log/facts.ts'
import { wantedBy } from '../../help/wanted.ts'
import { messageId, random } from './history.ts'
import { openTestIndex, parsedMap, testFile } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

const ORDERS: ListOrder[] = (['date', 'sender', 'subject', 'size'] as const).flatMap(by => [{ by }, { by, reverse: true }])
const SUBJECTS = ['Umowa', 'Re: Umowa', 'Łódź', 'Lodz', 'Ähre', 'ahre', '合同', '"Zitat"', '', 'Fwd: Re: budget', 'Budget 2']
const PEOPLE = ['Żaneta', 'zaneta', 'Adam', 'adam b', '', '王']

const text = { subject: 'x', sender: '', addressee: '', copied: '', body: 'word', names: '', marks: '' }
const parsedOf = (n: number, more: Partial<ParsedMessage> = {}): ParsedMessage => ({
  subject: SUBJECTS[n % SUBJECTS.length]!,
  from: [{ name: PEOPLE[n % PEOPLE.length]!, address: `p${n % 4}@example.org` }],
  to: [],
  cc: [],
  date: null,
  rfcMessageId: `${n}@x`,
  inReplyTo: '',
  references: [],
  attachments: [],
  snippet: '',
  fts: text,
  failure: null,
  ...more,
})

/** Some in two mailboxes, captured in no order, some of one second. */
function filled(total: number) {
  const { writer, queries, file } = openTestIndex()
  writer.apply(commitOf(1, [...inbox(1, 1), ...inbox(2, 2)]), [], new Map())
  const r = random(3)
  for (let n = 1, seq = 2; n <= total; seq++) {
    const facts: Fact[] = []
    const parsed = new Map()
    for (let i = 0; i < 250 && n <= total; i++, n++) {
      const where = { internalDate: 1_600_000_000 + Math.floor(r() * 90_000_000), size: 100 + Math.floor(r() * 40) }
      facts.push({ ...placed(n, where), size: where.size } as Fact)
      if (n % 3 === 0) facts.push({ ...placed(n, { ...where, epoch: 2 }), size: where.size } as Fact)
      if (n % 5) parsed.set(messageId(n), parsedOf(n))
    }
    writer.apply(commitOf(seq, facts), [], parsed)
  }
  // The rest is read later: it changes its place.
  for (let ids = writer.pending(100); ids.length > 0; ids = writer.pending(100)) {
    const later = ids.map(id => [id, parsedOf(numbers.get(id)!)] as const)
    writer.setParsed(new Map(later))
  }
  writer.flush()
  return { ask: queries(), file, writer }
}
const numbers = new Map(Array.from({ length: 4000 }, (_, n) => [messageId(n), n]))

function walk(
  ask: IndexQueries,
  list: Partial<Parameters<IndexQueries['window']>[0]>,
  direction: 'after' | 'before',
  limit: number,
): MessageSummary[] {
  const rows: MessageSummary[] = []
  for (let from: Cursor | null = null; ; ) {
    const window = ask.window({ mailbox: null, ...list, from, direction, limit })
    if (direction === 'after') rows.push(...window.rows)
    else rows.unshift(...window.rows)
    if (!(direction === 'after' ? window.after : window.before)) return rows
    from = (direction === 'after' ? window.rows.at(-1) : window.rows[0])!.cursor
  }
}

const keyOf = (row: MessageSummary, { by }: ListOrder): string | number => (by === 'date' ? 0 : orderKeys(row.size, row.subject, row.from[0])[by])

test.each(Object.entries({ ...orderQueries, ...monthQueries }))('the plan of %s: one walk along an index, no sorting', (_, sql) => {
  const { file } = openTestIndex()
  const db = openReadDb(file)
  onTestFinished(() => {
    db.close()
  })
  const lines = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...(sql.match(/\?/g) ?? []).map(() => 1))
  for (const { detail } of lines) expect(detail).toMatch(/^SEARCH /)
})

describe('a list in any order', () => {
  test('has each message once, in that order from both ends, and the n-th where it is asked for', () => {
    const { ask } = filled(2600)
    for (const mailbox of [null, 2]) {
      const total = walk(ask, { mailbox }, 'after', 500).length
      for (const order of ORDERS) {
        const rows = walk(ask, { mailbox, order }, 'after', 173)
        expect(new Set(rows.map(({ id }) => id)).size).toBe(total)
        expect(walk(ask, { mailbox, order }, 'before', 211).map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
        const sign = order.reverse ? -1 : 1
        for (const [i, row] of rows.entries()) {
          const next = rows[i + 1]
          if (!next) break
          const [a, b] = [keyOf(row, order), keyOf(next, order)]
          if (a !== b) expect(a < b ? 1 : -1, `${a} before ${b}`).toBe(sign)
          else expect(Math.sign(row.cursor.row - next.cursor.row)).toBe(sign)
        }
        for (const fraction of [0, 0.123, 0.5, 0.97, 1]) {
          const at = ask.at({ mailbox, order, fraction, limit: 9 })
          expect(at.rows.map(({ id }) => id)).toEqual(rows.slice(at.position, at.position + 9).map(({ id }) => id))
          expect([at.before, at.after]).toEqual([at.position > 0, at.position + 9 < total])
        }
      }
    }
  })

  test('is alphabetical without regard to capitals, accents, quotation marks and "Re:"', () => {
    const key = (subject: string) => orderKeys(0, subject, undefined).subject
    expect(key('Re: AW[2]: „Łódź”')).toBe(key('łodz”'))
    expect(key('回复：合同')).toBe(key('合同'))
    expect(key('[list] Re: Thanks')).not.toBe(key('Thanks'))
    expect(key('Regards')).toBe('regards')
    expect(orderKeys(0, '', { name: '', address: 'B@x' }).sender).toBe('b@x')
  })
})

describe('months', () => {
  test('count every message of a list, and where a moment is in it', () => {
    const { ask } = filled(2600)
    for (const mailbox of [null, 1, 2]) {
      const rows = walk(ask, { mailbox }, 'after', 500)
      const months = new Map<number, number>()
      for (const { sortTime } of rows) {
        const day = new Date(sortTime)
        const at = new Date(day.getFullYear(), day.getMonth(), 1).getTime()
        months.set(at, (months.get(at) ?? 0) + 1)
      }
      const expected = [...months].sort(([a], [b]) => a - b).map(([at, count]) => ({ at, count }))
      expect(ask.months({ mailbox })).toEqual(expected)
      const found = new Map<number, number>()
      let pieces = 0
      for (let below: number | undefined = BEYOND; below !== undefined; pieces++) {
        const piece: ReturnType<typeof ask.monthsFound> = ask.monthsFound({ mailbox, wanted: wantedBy('word after:2021-01-01'), below })
        for (const { at, count } of piece.months) found.set(at, (found.get(at) ?? 0) + count)
        below = piece.below
      }
      expect(found).toEqual(months)
      if (mailbox === null) expect(pieces).toBeGreaterThan(1)
      for (const { at } of expected.slice(0, 9))
        expect(ask.position({ mailbox, time: at })).toEqual({
          older: rows.filter(({ sortTime }) => sortTime < at).length,
          newer: rows.filter(({ sortTime }) => sortTime >= at).length,
        })
    }
  })
})

describe('a list by conversation', () => {
  test('shows of each its newest message in the list, with the others behind it', () => {
    const { writer, queries } = openTestIndex()
    const answer = (n: number, to: number) => parsedOf(n, { inReplyTo: `${to}@x`, references: [`${to}@x`] })
    writer.apply(
      commitOf(1, [...inbox(1, 1), ...inbox(2, 2), ...[1, 2, 3, 4, 5].map(n => placed(n)), placed(6, { epoch: 2 })]),
      [],
      new Map([1, 2, 3, 4, 5, 6].map(n => [messageId(n), n === 3 ? answer(3, 1) : n === 4 ? answer(4, 3) : n === 6 ? answer(6, 4) : parsedOf(n)])),
    )
    const ask = queries()
    const ids = (rows: MessageSummary[]) => rows.map(({ id, conversation }) => [id, conversation])
    const inFirst = [
      [messageId(5), undefined],
      [messageId(4), [4, 3, 1].map(messageId)],
      [messageId(2), undefined],
    ]
    expect(ids(walk(ask, { mailbox: 1, conversations: true }, 'after', 1))).toEqual(inFirst)
    expect(ids(walk(ask, { mailbox: 1, conversations: true }, 'before', 2))).toEqual(inFirst)
    expect(ids(walk(ask, { mailbox: null, conversations: true }, 'after', 10))[0]).toEqual([messageId(6), [6, 4, 3, 1].map(messageId)])
    expect(ids(ask.at({ mailbox: 1, conversations: true, fraction: 1, limit: 2 }).rows)).toEqual([[messageId(2), undefined]])
  })
})

describe('a capture that somebody waits for', () => {
  const bySize = (ask: IndexQueries) =>
    ask.window({ mailbox: 1, from: null, direction: 'after', limit: 9, order: { by: 'size' } }).rows.map(({ id }) => id)

  test('has its messages in the lists by date, and right after it in those by sender, subject and size', () => {
    const file = testFile()
    const writer = openIndexWriter(file, { messagesPerTransaction: 2000 })
    const ask = openIndexQueries({ ...file, archive: 'a'.repeat(32) })
    onTestFinished(() => {
      ask.close()
      writer.close()
      expect(checkIndex(file)).toEqual([])
    })
    writer.apply(commitOf(1, [...inbox(), placed(1), placed(2), placed(3)]), [], parsedMap([1, 2, 3]))
    writer.publish()
    expect(ask.window({ mailbox: 1, from: null, direction: 'after', limit: 9 }).rows).toHaveLength(3)
    expect(bySize(ask)).toEqual([])
    // One that waits is placed once more, and another one is read again and said something else before.
    writer.apply(commitOf(2, [placed(2, { uid: 9 })]), [], new Map([[messageId(3), parsedOf(4)]]))
    writer.flush()
    expect(bySize(ask).sort()).toEqual([messageId(1), messageId(2), messageId(2), messageId(3)].sort())
  })

  test('after a crash too', () => {
    const file = testFile()
    const writer = openIndexWriter(file, { messagesPerTransaction: 2000 })
    onTestFinished(() => writer.close())
    writer.apply(commitOf(1, [...inbox(), placed(1), placed(2)]), [], parsedMap([1, 2]))
    writer.publish()
    const crashed = testFile()
    for (const suffix of ['', '-wal']) copyFileSync(file.path + suffix, crashed.path + suffix)
    const { writer: after, queries } = openTestIndex(crashed)
    while (after.idle());
    expect(bySize(queries()).sort()).toEqual([messageId(1), messageId(2)].sort())
  })
})
