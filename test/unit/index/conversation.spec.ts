/** Messages that say they belong together are found together, in whatever order they came. */
import { expect, test } from 'vitest'
import { linkOf, type Related } from '../../../main/engine/index/links.ts'
import type { ParsedMessage } from '../../../main/engine/index/types.ts'
import type { RecordId } from '../../../main/engine/log/types.ts'
import { messageId, parsedOf } from './history.ts'
import { openTestIndex } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

const says = (rfcMessageId: string, inReplyTo = '', ...references: string[]): Related => ({ subject: '', rfcMessageId, inReplyTo, references })

/** Message n says the nth of these; they are placed in the given order. */
function open(related: Record<number, Related>, order = Object.keys(related).map(Number), date: (n: number) => number | null = () => null) {
  const index = openTestIndex()
  const parsed = (n: number): ParsedMessage => ({ ...parsedOf(n), ...related[n]!, date: date(n), failure: null })
  let seq = 0
  const apply = (facts: ReturnType<typeof inbox>, texts: Map<RecordId, ParsedMessage>) => index.writer.apply(commitOf(++seq, facts), [], texts)
  apply(inbox(), new Map())
  for (const n of order) apply([placed(n, { uid: n, internalDate: null })], new Map([[messageId(n), parsed(n)]]))
  index.writer.flush()
  const conversation = (n: number) => {
    const ids = index
      .queries()
      .conversation(messageId(n))
      .map(({ id }) => id)
    return Object.keys(related)
      .map(Number)
      .filter(m => ids.includes(messageId(m)))
  }
  return { ...index, conversation, parsed }
}

test('answers, and answers to answers, whichever of them is asked for', () => {
  const all = { 1: says('a'), 2: says('b', 'a', 'a'), 3: says('c', 'b', 'a', 'b'), 4: says('x'), 5: says('y', 'x') }
  for (const order of [
    [1, 2, 3, 4, 5],
    [5, 3, 2, 4, 1],
  ]) {
    const { conversation } = open(all, order)
    for (const n of [1, 2, 3]) expect(conversation(n)).toEqual([1, 2, 3])
    expect(conversation(4)).toEqual([4, 5])
  }
})

test('two answers to a message that is not here belong together', () => {
  const { conversation } = open({ 1: says('b', 'lost'), 2: says('c', 'lost'), 3: says('d', '', 'root', 'lost') })
  expect(conversation(1)).toEqual([1, 2, 3])
})

test('a gap in the middle is bridged by the references', () => {
  const { conversation } = open({ 1: says('a'), 2: says('d', 'c', 'a', 'b', 'c') })
  expect(conversation(1)).toEqual([1, 2])
})

test('messages that say nothing of each other stay alone, also without any Message-ID', () => {
  const { conversation } = open({ 1: says(''), 2: says(''), 3: says('a') })
  expect(conversation(1)).toEqual([1])
  expect(conversation(3)).toEqual([3])
})

test('a message that is read later, or again with another date, is found where it is then', () => {
  const { writer, conversation, parsed } = open({ 1: says('a'), 2: says('b', 'a') }, [1, 2])
  writer.setParsed(new Map([[messageId(2), { ...parsed(2), ...says('b', 'z'), date: 1_600_000_000_000 }]]))
  writer.flush()
  expect(conversation(1)).toEqual([1])
  writer.setParsed(new Map([[messageId(2), { ...parsed(2), date: 1_500_000_000_000 }]]))
  writer.flush()
  expect(conversation(1)).toEqual([1, 2])
})

test('a list that was shown before a text was read, and gave its message another place, is right after it', () => {
  const { writer, queries, parsed } = open({ 1: says('a'), 2: says('b', 'x') }, [1, 2])
  const ask = queries()
  const heads = () =>
    ask
      .window({ mailbox: 1, from: null, direction: 'after', limit: 9, conversations: true })
      .rows.map(({ id, conversation }) => [id, conversation?.length])
  expect(heads()).toEqual([
    [messageId(2), undefined],
    [messageId(1), undefined],
  ])
  // No commit of the log comes with it.
  writer.setParsed(new Map([[messageId(2), { ...parsed(2), ...says('b', 'a'), date: 1_500_000_000_000 }]]))
  writer.flush()
  expect(heads()).toEqual([[messageId(1), 2]])
})

test('a hundred thousand answers to one message do not make a conversation nobody could read', () => {
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [n + 1, n === 0 ? says('root') : says(`m${n}`, 'root', 'root')]))
  const { conversation } = open(many)
  expect(conversation(1)).toHaveLength(200)
})

test('different ids have different numbers', () => {
  const links = new Set(Array.from({ length: 200_000 }, (_, n) => linkOf(`${n}.${n * 7}@example.org`)))
  expect(links.size).toBe(200_000)
  for (const link of links) if (!Number.isSafeInteger(link) || link < 0) throw new Error(`${link}`)
})
