/** What the index calls disappeared, what the ledger says of it, and a loss from beginning to end. */
import { expect, test } from 'vitest'
import { openReadDb } from '../../../main/engine/index/connection.ts'
import { departedQuery } from '../../../main/engine/index/losses.ts'
import type { Fact } from '../../../main/engine/log/facts.ts'
import { messageId } from './history.ts'
import { openTestIndex } from './openTestIndex.ts'
import { commitOf, inbox, placed, TIME } from './steps.ts'

const box = (mailbox: number, more: object): Fact => ({ ...(inbox(mailbox)[0] as Fact & { k: 'mailbox' }), ...more })
const cursor = (epoch: number, exists: number): Fact => ({ k: 'cursor', epoch, exists, uidNext: 99, modseq: null, complete: true })

test('a message that was moved, or of which another copy is there, has not disappeared; one that is nowhere else has', () => {
  const { apply, left } = open()
  apply(...inbox(1, 1), ...inbox(2, 2), placed(1), placed(2), placed(3), placed(3, { uid: 9 }))
  apply({ k: 'gone', epoch: 1, uids: '1:3' }, placed(2, { epoch: 2, uid: 1 }))
  expect(left()).toEqual([[1, 1]])
  apply({ k: 'gone', epoch: 1, uids: '9' })
  expect(left()).toEqual([
    [1, 1],
    [1, 3],
    [1, 9],
  ])
})

test('with a mailbox that is no longer listed, and with a UIDVALIDITY that holds no longer, goes what was only there', () => {
  const { apply, left, ask } = open()
  apply(...inbox(1, 1), ...inbox(2, 2), placed(1), placed(2), placed(3, { epoch: 2 }), placed(2, { epoch: 2, uid: 4 }), cursor(1, 2), cursor(2, 2))
  apply(box(2, { present: false }))
  expect(left()).toEqual([[2, 3]])
  expect(ask().status().mailboxes[1]).toMatchObject({ present: false, onServer: 0, stored: 2, gone: 2, missing: 0 })
  apply({ k: 'epoch', epoch: 3, mailbox: 1, uidValidity: 7 }, placed(1, { epoch: 3, uid: 50 }), cursor(3, 1))
  expect(left()).toEqual([
    [1, 2],
    [2, 3],
    [2, 4],
  ])
  expect(ask().status().mailboxes[0]).toMatchObject({ onServer: 1, stored: 2, gone: 1, missing: 0 })
  apply(box(2, { present: true }))
  expect(left()).toEqual([])
})

test('what the ledger counts adds up: on the server = stored - gone + gaps + still to be fetched', () => {
  const { apply, ask } = open()
  apply(
    ...inbox(),
    placed(1),
    placed(2),
    placed(3),
    { k: 'gap', epoch: 1, uid: 4, code: 'message-unavailable', tries: 1, nextTry: null },
    cursor(1, 5),
  )
  apply({ k: 'gone', epoch: 1, uids: '3' })
  const [row] = ask().status().mailboxes
  expect(row).toMatchObject({ onServer: 5, stored: 3, gone: 1, gapCount: 1, missing: 2 })
  expect(row!.stored - row!.gone + row!.gapCount + row!.missing).toBe(row!.onServer)
})

test('a loss is told until it is answered; more of the same is told again; what came back is counted', () => {
  const { apply, ask, left, writer } = open()
  apply(...inbox(1, 1), ...inbox(2, 2), placed(1), placed(2), placed(3), placed(4, { epoch: 2 }))
  apply({ k: 'gone', epoch: 1, uids: '1:3' })
  apply(lossOf('1:2'))
  expect(left()).toEqual([[1, 3]])
  expect(ask().losses('all')).toMatchObject([
    {
      loss: 1,
      at: TIME + 3,
      messages: 2,
      returned: 0,
      answer: null,
      mailboxes: [{ id: 1, name: 'Mailbox 1', messages: 2, before: 3, present: true }],
    },
  ])
  apply({ k: 'lossAnswer', loss: 1, answer: 'seen' })
  expect(ask().losses('all')[0]).toMatchObject({ answer: 'seen', answeredAt: TIME + 4 })
  apply(lossOf('3'))
  expect(ask().losses('all')[0]).toMatchObject({ answer: null, messages: 3, at: TIME + 3 })
  expect(
    ask()
      .window({ mailbox: null, loss: 1, from: null, direction: 'after', limit: 2 })
      .rows.map(({ id, gone }) => [id, gone]),
  ).toEqual([
    [messageId(3), TIME + 2],
    [messageId(2), TIME + 2],
  ])
  expect(ask().at({ mailbox: null, loss: 1, fraction: 1, limit: 1 })).toMatchObject({
    position: 2,
    before: true,
    after: false,
    rows: [{ id: messageId(1) }],
  })
  apply(placed(1, { epoch: 2, uid: 7 }))
  expect(ask().losses('all')[0]).toMatchObject({ returned: 1, messages: 3 })
  expect(
    ask()
      .lossMembers({ loss: 1, after: 0, limit: 9 })
      .rows.map(({ uid, back }) => [uid, back]),
  ).toEqual([
    [1, true],
    [2, false],
    [3, false],
  ])
  expect(writer.openLosses()).toMatchObject([{ loss: 1, back: false, mailboxes: [1] }])
  apply({ k: 'lossAnswer', loss: 1, answer: 'intended' })
  expect([writer.openLosses(), ask().losses('open'), writer.nextLoss(), left()]).toEqual([[], [], 2, []])
})

test('what disappeared is looked up by what changed, not by going over all that is kept', () => {
  const { file, apply } = open()
  apply(...inbox(), placed(1))
  const db = openReadDb(file)
  const plan = db.prepare<[{ since: number }], { detail: string }>(`EXPLAIN QUERY PLAN ${departedQuery}`).all({ since: 1 })
  db.close()
  const scans = plan.map(({ detail }) => detail).filter(detail => /^SCAN (placements|p|q)\b/.test(detail))
  expect(scans).toEqual([])
})

test('a gap that a person wants tried again is due at once, and says still when it was tried last', () => {
  const { apply, writer } = open()
  apply(...inbox(), { k: 'gap', epoch: 1, uid: 4, code: 'message-unavailable', tries: 3, nextTry: TIME + 1_000_000 })
  apply({ k: 'retry', epoch: 1, uids: '4' })
  expect(writer.gaps(1)).toEqual([{ uid: 4, code: 'message-unavailable', tries: 3, at: TIME + 1, nextTry: TIME + 2 }])
})

test('each day says what it brought', () => {
  const { apply, ask } = open()
  apply(...inbox(), placed(1), placed(2), placed(2, { uid: 3 }))
  apply({ k: 'flags', epoch: 1, uid: 1, flags: ['\\Seen'] }, { k: 'gone', epoch: 1, uids: '1:100' })
  expect(ask().daySums(TIME)).toEqual({ captured: 2, flags: 1, gone: 3, gaps: 0 })
  expect(ask().daySums(TIME + 24 * 60 * 60 * 1000)).toEqual({ captured: 0, flags: 0, gone: 0, gaps: 0 })
})

const lossOf = (uids: string): Fact => ({
  ...{ k: 'loss', loss: 1, cause: 'many', before: 4 },
  from: [{ mailbox: 1, before: 3, gone: [{ epoch: 1, uids }] }],
})

function open() {
  const { file, writer, queries } = openTestIndex()
  let seq = 0
  const ask = queries()
  return {
    file,
    writer,
    ask: () => ask,
    apply: (...facts: Fact[]) => writer.apply(commitOf(++seq, facts), [], new Map()),
    /** Epoch and UID of everything that disappeared. */
    left: () => writer.departed(0).map(({ placement }) => [Math.floor(placement / 2 ** 32), placement % 2 ** 32]),
  }
}
