/** What happens to mailboxes and placements, said one by one; model.spec.ts tries all of it together. */
import { expect, test } from 'vitest'
import type { Fact } from '../../../main/engine/log/facts.ts'
import { wantedBy } from '../../help/wanted.ts'
import { messageId } from './history.ts'
import { openTestIndex } from './openTestIndex.ts'
import { commitOf, inbox, placed, TIME } from './steps.ts'

test('a message in two mailboxes is one message, with the flags and the end of each of its places', () => {
  const { apply, ask } = open()
  apply(...inbox(1, 1), ...inbox(2, 2), placed(1, { flags: ['\\Seen'] }), placed(1, { epoch: 2, uid: 9, flags: ['$Work'] }))
  expect(ask().status().messages).toBe(1)
  expect(flagsIn(1)).toEqual(['\\Seen'])
  expect(flagsIn(2)).toEqual(['$Work'])
  expect([...flagsIn(null)!].sort()).toEqual(['$Work', '\\Seen'])
  apply({ k: 'gone', epoch: 1, uids: '1' })
  expect(ask().message(messageId(1))!.gone).toBeNull()
  expect(
    ask()
      .placements(messageId(1))
      .map(({ gone }) => gone),
  ).toEqual([TIME + 2, null])
  apply({ k: 'gone', epoch: 2, uids: '1:100' })
  expect(ask().message(messageId(1))!.gone).toBe(TIME + 3)
  expect(
    ask()
      .mailboxes()
      .map(({ messages, gone, unread }) => [messages, gone, unread]),
  ).toEqual([
    [1, 1, 0],
    [1, 1, 0],
  ])
  apply(placed(1, { epoch: 2, uid: 10 }))
  expect(ask().message(messageId(1))!.gone).toBeNull()

  function flagsIn(mailbox: number | null) {
    return ask().window({ mailbox, from: null, direction: 'after', limit: 1 }).rows[0]?.flags
  }
})

test('what was in a mailbox that the server lists no more is gone from the server, until it is listed again', () => {
  const { apply, ask } = open()
  const [box] = inbox(2, 2) as [Extract<Fact, { k: 'mailbox' }>, Fact]
  apply(...inbox(1, 1), ...inbox(2, 2), placed(1), placed(1, { epoch: 2, uid: 9 }), placed(2, { epoch: 2, uid: 10 }))
  const gone = () => [1, 2].map(n => ask().message(messageId(n))!.gone)
  const listed = () =>
    ask()
      .window({ mailbox: 2, from: null, direction: 'after', limit: 9 })
      .rows.map(row => row.gone)
  apply({ ...box, present: false })
  expect(gone()).toEqual([null, TIME + 2])
  expect(listed()).toEqual([TIME + 2, TIME + 2])
  expect(ask().placements(messageId(1))).toMatchObject([{ gone: null }, { gone: TIME + 2 }])
  expect(ask().mailboxes()[1]).toMatchObject({ present: false, messages: 2, gone: 2 })
  expect(ask().count({ wanted: wantedBy('is:gone'), mailbox: null, cap: 9 }).count).toBe(1)
  apply({ ...box, present: false })
  expect(gone()).toEqual([null, TIME + 2])
  apply({ ...box, present: true })
  expect(gone()).toEqual([null, null])
  expect(listed()).toEqual([null, null])
  expect(ask().count({ wanted: wantedBy('is:gone'), mailbox: null, cap: 9 }).count).toBe(0)
})

test('the same bytes under two UIDs of one mailbox are two rows of its list, as on the server', () => {
  const { apply, ask } = open()
  apply(...inbox(), placed(1), placed(1, { uid: 2 }))
  expect(ask().mailboxes()[0]!.messages).toBe(2)
  expect(ask().window({ mailbox: 1, from: null, direction: 'after', limit: 9 }).rows).toHaveLength(2)
  expect(ask().window({ mailbox: null, from: null, direction: 'after', limit: 9 }).rows).toHaveLength(1)
})

test('a new UIDVALIDITY does not double the list: what is met again stays one row, first seen back then; what is not, stays', () => {
  const { apply, ask, writer } = open()
  apply(...inbox(), placed(1), placed(2), placed(2, { uid: 3 }), { k: 'gap', epoch: 1, uid: 7, code: 'message-unavailable', tries: 1, nextTry: null })
  apply({ k: 'epoch', epoch: 2, mailbox: 1, uidValidity: 5 }, placed(1, { epoch: 2, uid: 1 }), placed(2, { epoch: 2, uid: 2 }))
  expect(ask().mailboxes()[0]).toMatchObject({ messages: 3, gaps: 0 })
  expect(ask().placements(messageId(1))).toMatchObject([{ uid: 1, firstSeen: TIME + 1 }])
  expect(
    ask()
      .placements(messageId(2))
      .map(({ uid }) => uid),
  ).toEqual([3, 2])
  expect([...writer.placedUids(1)]).toEqual([1, 2, 3])
  expect([...writer.placedUids(2)]).toEqual([1, 2])
  expect(writer.mailboxes()[0]!.epoch).toMatchObject({ epoch: 2, uidValidity: 5 })
})

test('unread means: there, and not \\Seen, however the server spells it', () => {
  const { apply, ask } = open()
  const unread = () => ask().mailboxes()[0]!.unread
  apply(...inbox(), placed(1), placed(2, { flags: ['\\SEEN'] }), placed(3, { flags: ['\\Answered'] }))
  expect(unread()).toBe(2)
  apply({ k: 'flags', epoch: 1, uid: 1, flags: ['\\Seen', '\\Deleted'] })
  expect(unread()).toBe(1)
  expect(ask().placements(messageId(1))[0]!.flags).toEqual(['\\Seen', '\\Deleted'])
  apply({ k: 'gone', epoch: 1, uids: '3' })
  expect(unread()).toBe(0)
  apply({ k: 'flags', epoch: 1, uid: 99, flags: [] })
})

test('a mailbox is complete as of the listing of which every message is stored, or is a gap that says why', () => {
  const { apply, ask, writer } = open()
  const cursor = (complete: boolean): Fact => ({ k: 'cursor', epoch: 1, exists: 3, uidNext: 4, modseq: '9', complete })
  const gap: Fact = { k: 'gap', epoch: 1, uid: 3, code: 'message-unavailable', tries: 1, nextTry: TIME }
  const asOf = () => ask().mailboxes()[0]!.completeAsOf
  apply(...inbox(), placed(1), cursor(true))
  expect(asOf()).toBe(TIME + 1)
  apply(cursor(true), gap)
  expect(asOf()).toBe(TIME + 2)
  expect(ask().status().mailboxes[0]).toMatchObject({
    ...{ onServer: 3, stored: 1, gone: 0, missing: 1, gapCount: 1 },
    gaps: [{ uid: 3, reason: 'message-unavailable', lastTry: TIME + 2, nextTry: TIME }],
  })
  apply({ ...gap, tries: 2 } as Fact, cursor(true))
  expect(writer.gaps(1)).toEqual([{ uid: 3, code: 'message-unavailable', tries: 2, at: TIME + 3, nextTry: TIME }])
  expect(asOf()).toBe(TIME + 3)
  apply(placed(3), cursor(false))
  expect([asOf(), ask().mailboxes()[0]!.gaps, writer.mailboxes()[0]!.epoch!.complete]).toEqual([TIME + 3, 0, false])
  apply(cursor(true))
  expect(asOf()).toBe(TIME + 5)
  expect(ask().status().lastCapture).toBe(TIME + 5)
})

test('when everything was proven complete is the latest that the log says, whatever order damage left it in', () => {
  const { apply, ask, writer } = open()
  apply(...inbox(), placed(1))
  expect([writer.lastProven(), ask().lastProven()]).toEqual([null, null])
  apply({ k: 'proven', at: TIME + 500 })
  apply({ k: 'proven', at: TIME + 100 })
  expect([writer.lastProven(), ask().lastProven()]).toEqual([TIME + 500, TIME + 500])
})

test('a renamed mailbox keeps its mail, and its children find their parent by path', () => {
  const { apply, ask } = open()
  const box = (mailbox: number, path: string[]): Fact => ({ ...(inbox(mailbox)[0] as Fact & { k: 'mailbox' }), path, delimiter: '.' })
  apply(box(1, ['Work']), { k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 1 }, box(2, ['Work', 'Zażółć']), box(3, ['Lost', 'Child']), placed(1))
  expect(
    ask()
      .mailboxes()
      .map(({ name, parent }) => [name, parent]),
  ).toEqual([
    ['Work', null],
    ['Work.Zażółć', 1],
    ['Lost.Child', null],
  ])
  apply(box(1, ['Office']), box(2, ['Office', 'Zażółć']))
  expect(
    ask()
      .mailboxes()
      .map(({ name, parent, messages }) => [name, parent, messages]),
  ).toEqual([
    ['Office', null, 1],
    ['Office.Zażółć', 1, 0],
    ['Lost.Child', null, 0],
  ])
})

test('without INTERNALDATE a message stands where its Date header says, as soon as that was read', () => {
  const { apply, ask, writer } = open()
  apply(...inbox(), placed(1), placed(2, { internalDate: null }))
  expect(ask().message(messageId(2))!.sortTime).toBe(Math.floor((TIME + 1) / 1000) * 1000)
  const before = ask().message(messageId(2))!.cursor
  const date = (1_600_000_000 - 50) * 1000
  const text = {
    subject: 'Late',
    from: [],
    to: [],
    cc: [],
    rfcMessageId: '',
    inReplyTo: '',
    references: [],
    attachments: [],
    snippet: '',
    fts: { subject: 'late', sender: '', addressee: '', copied: '', body: '', names: '', marks: '' },
    failure: null,
  }
  writer.setParsed(new Map([[messageId(2), { ...text, date: null }]]))
  writer.flush()
  expect(ask().message(messageId(2))!.cursor).toEqual(before)
  writer.setParsed(new Map([[messageId(2), { ...text, date }]]))
  writer.flush()
  expect(
    ask()
      .window({ mailbox: 1, from: null, direction: 'after', limit: 9 })
      .rows.map(({ id }) => id),
  ).toEqual([messageId(1), messageId(2)])
  expect(
    ask()
      .search({ wanted: wantedBy('late'), mailbox: 1, from: null, limit: 9 })
      .rows.map(({ id, sortTime }) => [id, sortTime]),
  ).toEqual([[messageId(2), date]])
})

function open() {
  const { writer, queries } = openTestIndex()
  let seq = 0
  const ask = queries()
  return {
    writer,
    ask: () => ask,
    apply: (...facts: Fact[]) => writer.apply(commitOf(++seq, facts), [], new Map()),
  }
}
