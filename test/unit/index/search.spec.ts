/** Every tree of conditions finds what the slow and plain way finds: a filter over all messages. */
import { expect, test } from 'vitest'
import type { Cursor } from '../../../main/contract/types.ts'
import type { State, Wanted } from '../../../main/engine/index/wanted.ts'
import type { Fact } from '../../../main/engine/log/facts.ts'
import { type Random, randomOf } from '../../help/random.ts'
import { messageId, parsedOf } from './history.ts'
import { openTestIndex } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

const START = 1_600_000_000
const WORDS = ['ant', 'bee', 'cat', 'dog', 'elk']
const FLAGS = ['\\Seen', '\\Flagged', '\\Answered']

interface Plain {
  n: number
  second: number
  size: number
  words: string[]
  places: { mailbox: number; flags: string[]; gone: boolean }[]
  read: boolean
}

test('random conditions, both ways, with cursors, counts and positions', () => {
  const random = randomOf(23)
  const { writer, queries } = openTestIndex()
  const messages = Array.from({ length: 700 }, (_, i) => plainMessage(random, i + 1))
  writer.apply(
    commitOf(
      1,
      [1, 2, 3].flatMap(n => inbox(n, n)),
    ),
    [],
    new Map(),
  )
  const facts = messages.flatMap(({ n, second, size, places }) =>
    places.map(({ mailbox, flags }, at) => placed(n, { epoch: mailbox, uid: n * 2 + at, internalDate: second, size, flags })),
  )
  const text = ({ words }: Plain) => ({ subject: '', sender: '', addressee: '', copied: '', body: words.join(' '), names: '', marks: '' })
  const parsed = new Map(
    messages.map(one => [messageId(one.n), { ...parsedOf(one.n), failure: one.read ? null : ('parse-failed' as const), fts: text(one) }]),
  )
  writer.apply(commitOf(2, facts), [], parsed)
  const goneUids: Fact[] = messages.flatMap(({ n, places }) =>
    places.flatMap(({ mailbox, gone }, at) => (gone ? [{ k: 'gone', epoch: mailbox, uids: String(n * 2 + at) } as Fact] : [])),
  )
  writer.apply(commitOf(3, goneUids), [], new Map())
  writer.flush()
  const ask = queries()

  for (let round = 0; round < 150; round++) {
    const wanted = condition(random, 3)
    const expected = messages
      .filter(one => fulfils(one, wanted))
      .sort((a, b) => b.second - a.second || b.n - a.n)
      .map(({ n }) => messageId(n))
    const what = JSON.stringify(wanted)
    expect(walk(ask, wanted, 'after'), what).toEqual(expected)
    expect(walk(ask, wanted, 'before'), what).toEqual(expected)
    const cap = 1 + random.below(50)
    expect(ask.count({ wanted, mailbox: null, cap }), what).toEqual({ count: Math.min(cap, expected.length), more: expected.length > cap })
    const position = random.below(60)
    const row = ask.nth({ wanted, mailbox: null, position })
    if (position >= expected.length) expect(row, what).toBeNull()
    else expect(ask.search({ wanted, mailbox: null, from: { row: row! + 1, placement: 0 }, limit: 1 }).rows[0]!.id, what).toBe(expected[position])
  }
})

type Ask = ReturnType<ReturnType<typeof openTestIndex>['queries']>

function walk(ask: Ask, wanted: Wanted, direction: 'after' | 'before'): string[] {
  const pages: string[][] = []
  let from: Cursor | null = null
  for (;;) {
    const window = ask.search({ wanted, mailbox: null, from, direction, limit: 23 })
    pages.push(window.rows.map(({ id }) => id))
    from = (direction === 'after' ? window.rows.at(-1) : window.rows[0])?.cursor ?? null
    if (!(direction === 'after' ? window.after : window.before)) break
  }
  return (direction === 'after' ? pages : pages.reverse()).flat()
}

function plainMessage(random: Random, n: number): Plain {
  const place = (mailbox: number) => ({ mailbox, flags: FLAGS.filter(() => random.below(3) === 0), gone: random.below(5) === 0 })
  const first = 1 + random.below(3)
  return {
    n,
    second: START + random.below(500),
    size: 10 ** (1 + random.below(6)) + random.below(1000),
    words: WORDS.filter((_, i) => random.below(i + 2) === 0),
    places: [place(first), ...(random.below(6) === 0 ? [place((first % 3) + 1)] : [])],
    read: random.below(20) > 0,
  }
}

function condition(random: Random, depth: number): Wanted {
  const list = (least: number) => Array.from({ length: least + random.below(3) }, () => condition(random, depth - 1))
  switch (random.below(depth > 0 ? 8 : 5)) {
    case 0:
      return { kind: 'words', tokens: [random.pick(WORDS)] }
    case 1:
      return { kind: 'in', mailboxes: [1, 2, 3].filter(() => random.below(2) === 0) }
    case 2:
      return { kind: 'is', state: random.pick<State>(['unread', 'flagged', 'answered', 'gone', 'duplicate', 'unindexed']) }
    case 3: {
      const from = START + random.below(500)
      return { kind: 'time', from: random.below(3) ? from * 1000 : null, before: random.below(3) ? (from + random.below(200)) * 1000 : null }
    }
    case 4:
      return { kind: 'size', over: random.below(2) ? 10 ** random.below(6) : null, under: random.below(2) ? 10 ** (2 + random.below(6)) : null }
    case 5:
      return { kind: 'any', of: list(1) }
    default:
      return { kind: 'all', of: list(random.below(3) === 0 ? 0 : 1), without: random.below(2) ? list(0) : [] }
  }
}

function fulfils(one: Plain, wanted: Wanted): boolean {
  switch (wanted.kind) {
    case 'words':
      return wanted.tokens.every(token => one.words.includes(token))
    case 'in':
      return one.places.some(({ mailbox }) => wanted.mailboxes.includes(mailbox))
    case 'time':
      return (wanted.from === null || one.second * 1000 >= wanted.from) && (wanted.before === null || one.second * 1000 < wanted.before)
    case 'size':
      return (wanted.over === null || one.size > wanted.over) && (wanted.under === null || one.size < wanted.under)
    case 'is':
      return states[wanted.state](one)
    case 'any':
      return wanted.of.some(part => fulfils(one, part))
    case 'all':
      return wanted.of.every(part => fulfils(one, part)) && !wanted.without.some(part => fulfils(one, part))
  }
}

const states: Record<State, (one: Plain) => boolean> = {
  unread: ({ places }) => !places.some(({ flags }) => flags.includes('\\Seen')),
  flagged: ({ places }) => places.some(({ flags }) => flags.includes('\\Flagged')),
  answered: ({ places }) => places.some(({ flags }) => flags.includes('\\Answered')),
  gone: ({ places }) => places.every(({ gone }) => gone),
  duplicate: ({ places }) => places.filter(({ gone }) => !gone).length > 1,
  unindexed: ({ read }) => !read,
}
