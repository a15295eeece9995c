/** What capture asks to recognise messages and mailboxes: exact, and by a search in the tables, never by a walk through them. */
import { expect, test } from 'vitest'
import { openReadDb } from '../../../main/engine/index/connection.ts'
import { matchQueries } from '../../../main/engine/index/matchQuestions.ts'
import type { Fact } from '../../../main/engine/log/facts.ts'
import { messageId } from './history.ts'
import { openTestIndex } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

function open() {
  const { writer, file } = openTestIndex()
  let seq = 0
  return {
    writer,
    file,
    apply: (facts: Fact[], stored: number[] = []) =>
      writer.apply(
        commitOf(++seq, facts),
        stored.map(n => ({ id: messageId(n), place: { segment: 1, offset: n, length: 1 } })),
        new Map(),
      ),
  }
}

test('messages are alike by size and INTERNALDATE, where their bytes are stored, and none where there are too many', () => {
  const { writer, apply } = open()
  expect(writer.hasMessages()).toBe(false)
  const at = (n: number, size = 100) => placed(n, { internalDate: 1_600_000_000, size })
  apply([...inbox(), at(1), at(2), at(3, 101), at(4), placed(5)], [1, 2, 3, 5])
  expect(writer.hasMessages()).toBe(true)
  expect(writer.alike(100, 1_600_000_000)).toEqual([messageId(1), messageId(2)]) // of 4, only a placement is known
  expect(writer.alike(101, 1_600_000_000)).toEqual([messageId(3)])
  expect(writer.alike(100, 1_600_000_001)).toEqual([])
  expect(writer.alike(100, -5)).toEqual([])
  const many = Array.from({ length: 25 }, (_, i) => i + 100)
  apply(
    many.map(n => at(n)),
    many,
  )
  expect(writer.alike(100, 1_600_000_000)).toEqual([])
})

test('a message has the dates of all of its places', () => {
  const { writer, apply } = open()
  apply([...inbox(), placed(1, { internalDate: 7 }), placed(1, { uid: 2, internalDate: null })], [1])
  expect([7, null, 8].map(date => writer.hasDate(messageId(1), date))).toEqual([true, true, false])
})

test('what an epoch holds, and what older ones still list', () => {
  const { writer, apply } = open()
  apply([...inbox(), placed(1), placed(2, { size: 7 }), placed(3), placed(4), { k: 'gone', epoch: 1, uids: '3' }])
  expect(writer.placedCount(1)).toBe(3)
  expect(writer.placedMarks(1, 2, 3)).toEqual([{ uid: 2, id: messageId(2), size: 7, internalDate: 1_600_000_002 }])
  expect(writer.formerUids(1)).toEqual([])
  apply([{ k: 'epoch', epoch: 2, mailbox: 1, uidValidity: 9 }, placed(2, { epoch: 2, uid: 12 })])
  expect(writer.formerUids(1)).toEqual([{ epoch: 1, uids: [1, 4] }])
  apply([{ k: 'gone', epoch: 1, uids: '1,4' }])
  expect(writer.formerUids(1)).toEqual([])
})

test('the last MAILBOXID said of a mailbox holds', () => {
  const { writer, apply } = open()
  apply([...inbox(), { k: 'mailboxId', mailbox: 1, id: 'F1' }])
  apply([{ k: 'mailboxId', mailbox: 1, id: 'F2' }])
  expect([...writer.mailboxIds()]).toEqual([[1, 'F2']])
})

test('none of it walks through messages or placements', () => {
  const { file, writer } = open()
  writer.flush()
  const db = openReadDb(file)
  try {
    for (const sql of [matchQueries.count, matchQueries.marks, matchQueries.alike, matchQueries.date, matchQueries.listed]) {
      const parameters = (sql.match(/\?/g) ?? []).map(() => 1)
      const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters)
      expect(
        plan.filter(({ detail }) => detail.startsWith('SCAN')),
        sql,
      ).toEqual([])
    }
  } finally {
    db.close()
  }
})
