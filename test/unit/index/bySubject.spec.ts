/** Answers that do not name what they answer are found by their subject, where that is no guess; and nobody can make it costly. */
import { expect, test } from 'vitest'
import type { ParsedMessage } from '../../../main/engine/index/types.ts'
import type { RecordId } from '../../../main/engine/log/types.ts'
import { messageId, parsedOf } from './history.ts'
import { openTestIndex } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

interface Letter {
  subject: string
  from: string
  to: string
  day?: number
  names?: string
}

const DAY = 86_400
const person = (address: string) => ({ name: '', address })

/** Letter n says the nth of these, each a second after the one before, or on its day; all in one commit, unless `order` says how they came. */
function open(letters: readonly Letter[], order?: readonly number[]) {
  const index = openTestIndex()
  const parsed = ({ subject, from, to, names = '' }: Letter, n: number): ParsedMessage => ({
    ...parsedOf(n),
    subject,
    from: [person(from)],
    to: [person(to)],
    cc: [],
    rfcMessageId: `m${n}@x`,
    inReplyTo: names,
    references: [],
    failure: null,
  })
  let seq = 0
  const apply = (numbers: readonly number[]) =>
    index.writer.apply(
      commitOf(++seq, [
        ...(seq === 1 ? inbox() : []),
        ...numbers.map(n => placed(n, { uid: n, internalDate: 1_600_000_000 + n + (letters[n]!.day ?? 0) * DAY })),
      ]),
      [],
      new Map<RecordId, ParsedMessage>(numbers.map(n => [messageId(n), parsed(letters[n]!, n)])),
    )
  if (order) for (const n of order) apply([n])
  else apply(letters.map((_, n) => n))
  index.writer.flush()
  const numbers = new Map<string, number>(letters.map((_, n) => [messageId(n), n]))
  const queries = index.queries()
  const conversation = (n: number) => queries.conversation(messageId(n)).map(({ id }) => numbers.get(id)!)
  const heads = () => {
    const { rows } = queries.window({ mailbox: null, from: null, direction: 'after', limit: 50, conversations: true })
    return rows.map(({ id }) => numbers.get(id)!)
  }
  return { conversation, heads, writer: index.writer }
}

const contract = { subject: 'Contract', from: 'ada@x', to: 'bob@x' }
const answer = { subject: 'Re: Contract', from: 'bob@x', to: 'ada@x' }

test('an answer that names nothing joins the letter of its subject between the same two, in whatever order they came', () => {
  const letters = [contract, answer, { subject: 'AW: RE: contract', from: 'ada@x', to: 'bob@x' }, { ...contract, from: 'eve@x' }]
  for (const order of [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
  ]) {
    const { conversation, heads } = open(letters, order)
    for (const n of [0, 1, 2]) expect(conversation(n)).toEqual([0, 1, 2])
    expect(conversation(3)).toEqual([3])
    expect(heads()).toEqual([3, 2])
  }
})

test.each(['Re: Umowa najmu', 'Odp: Umowa najmu', 'AW: Umowa najmu', 'SV: Umowa najmu', '回复：Umowa najmu', 'Re[2]: RE: umowa  najmu'])(
  '%s is an answer',
  subject => {
    expect(
      open([
        { ...contract, subject: 'Umowa najmu' },
        { ...answer, subject },
      ]).conversation(0),
    ).toEqual([0, 1])
  },
)

test('the same subject is no conversation: without an answer, from somebody else, passed on, longer ago than a month, or with nothing behind the Re', () => {
  const apart = (...letters: Letter[]) => expect(open(letters).conversation(0)).toEqual([0])
  apart(contract, { ...contract })
  apart(contract, { ...answer, from: 'eve@x' })
  apart(contract, { ...answer, to: 'eve@x' })
  apart(contract, { ...answer, subject: 'Fwd: Contract' })
  apart(contract, { ...answer, subject: 'Re: Contract 2' })
  apart(contract, { ...answer, day: 31 })
  apart({ ...contract, subject: '' }, { ...answer, subject: 'Re:' })
  apart({ ...contract, subject: `${'long '.repeat(10)}a` }, { ...answer, subject: `Re: ${'long '.repeat(10)}b` })
  apart(answer, { ...answer })
})

test('an answer belongs to the last letter before it, and one that names what it answers is never joined by its subject', () => {
  const { conversation } = open([contract, { ...contract, day: 3 }, { ...answer, day: 4 }, { ...answer, day: 4, names: 'elsewhere@x' }])
  expect(conversation(0)).toEqual([0])
  expect(conversation(1)).toEqual([1, 2])
  expect(conversation(3)).toEqual([3])
})

test('what is joined by its subject brings those along that name it', () => {
  const { conversation } = open([contract, answer, { ...contract, subject: 'Something else', names: 'm1@x' }])
  expect(conversation(2)).toEqual([0, 1, 2])
})

test('a letter that is read again and says something else has left', () => {
  const { conversation, writer } = open([contract, answer])
  writer.setParsed(new Map([[messageId(1), { ...parsedOf(1), ...contract, from: [person('bob@x')], to: [person('ada@x')], failure: null }]]))
  writer.flush()
  expect(conversation(0)).toEqual([0])
})

test('thousands of answers of one subject are no conversation, and are listed as fast as others', () => {
  const flood = (subject: (n: number) => string, count = 4000): Letter[] =>
    Array.from({ length: count }, (_, n) => ({ subject: subject(n), from: n % 2 ? 'ada@x' : 'bob@x', to: n % 2 ? 'bob@x' : 'ada@x' }))
  const plain = open(flood(n => `Subject ${n}`))
  const bare = open(flood(() => 'Re:'))
  const same = open(flood(n => (n === 0 ? 'hello' : 'Re: hello')))
  const fastest = (index: ReturnType<typeof open>) =>
    Math.min(
      ...Array.from({ length: 7 }, () => {
        const from = performance.now()
        expect(index.heads()).toHaveLength(50)
        return performance.now() - from
      }),
    )
  const usual = fastest(plain)
  expect(fastest(bare)).toBeLessThan(usual * 3 + 2)
  expect(fastest(same)).toBeLessThan(usual * 3 + 2)
  expect(bare.conversation(2000)).toEqual([2000])
  expect(same.conversation(3999)).toEqual([3999])
  expect(same.conversation(0)).toHaveLength(31)
})
