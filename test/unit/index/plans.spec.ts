/** However a search is asked so that it is quick, it finds what reading every message finds: words by how common they are, phrases, beginnings, people, folders, flags. */
import { expect, test } from 'vitest'
import { marksOf } from '../../../main/engine/index/marks.ts'
import type { IndexQueries } from '../../../main/engine/index/types.ts'
import type { Wanted, WordColumn, Words } from '../../../main/engine/index/wanted.ts'
import { type Random, randomOf } from '../../help/random.ts'
import { messageId, parsedOf } from './history.ts'
import { openTestIndex } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

const MESSAGES = 2500
const START = 1_600_000_000
const SYLLABLES = ['ba', 'bab', 'be', 'ka', 'kar', 'lo']
/** Where each folder's messages end, of all. */
const FOLDERS = [0.6, 0.9, 0.99, 1]

interface Plain {
  n: number
  columns: Record<'subject' | 'sender' | 'body', string[]>
  folder: number
  flags: string[]
}

test('random searches of every kind, newest and oldest first, their number, and why', () => {
  const random = randomOf(41)
  const words = vocabulary(random)
  const messages = Array.from({ length: MESSAGES }, (_, i) => made(random, words, i + 1))
  const ask = indexOf(messages)
  let found = 0
  for (let round = 0; round < 120; round++) {
    const wanted = asked(random, words)
    const what = JSON.stringify(wanted)
    const expected = messages
      .filter(one => fulfils(one, wanted))
      .reverse()
      .map(({ n }) => messageId(n))
    found += expected.length
    expect(newest(ask, wanted, MESSAGES), what).toEqual(expected)
    expect(newest(ask, wanted, 50), what).toEqual(expected.slice(0, 50))
    const oldest = ask.search({ wanted, mailbox: null, from: null, direction: 'before', limit: 50 }).rows.map(({ id }) => id)
    expect(oldest, what).toEqual(expected.slice(-50))
    expect(ask.count({ wanted, mailbox: null, cap: 40 }), what).toEqual({ count: Math.min(40, expected.length), more: expected.length > 40 })
  }
  expect(found).toBeGreaterThan(10_000)

  for (let round = 0; round < 40; round++) {
    const one = wordsAsked(random, words)
    const some = Array.from({ length: 50 }, () => random.pick(messages))
    const why = ask.explain({ ids: some.map(({ n }) => messageId(n)), words: [one] })
    for (const [i, message] of some.entries())
      expect(why[i]![0], JSON.stringify(one)).toEqual(
        (['subject', 'sender', 'body'] as const).filter(
          column => (one.columns ?? [column]).includes(column) && standsIn(message.columns[column], one),
        ),
      )
  }
})

const newest = (ask: IndexQueries, wanted: Wanted, limit: number) => ask.search({ wanted, mailbox: null, from: null, limit }).rows.map(({ id }) => id)

/** The first are in most messages, the last in one or two. */
function vocabulary(random: Random): string[] {
  const words = new Set<string>()
  while (words.size < 400) words.add(Array.from({ length: 1 + random.below(5) }, () => random.pick(SYLLABLES)).join(''))
  return [...words, 'ł', '你', '好']
}

const drawn = (random: Random, words: readonly string[]) => words[Math.floor(words.length ** random.next()) - 1]!

function made(random: Random, words: readonly string[], n: number): Plain {
  const text = (length: number) => Array.from({ length }, () => drawn(random, words))
  const at = random.next()
  return {
    n,
    columns: {
      subject: text(3),
      sender: [drawn(random, words), `p${Math.floor(random.next() ** 2 * 60)}`, 'example', 'org'],
      body: text(5 + random.below(30)),
    },
    folder: 1 + FOLDERS.findIndex(end => at < end),
    flags: [...(random.below(10) ? ['\\Seen'] : []), ...(random.below(100) ? [] : ['\\Flagged'])],
  }
}

function indexOf(messages: readonly Plain[]): IndexQueries {
  const { writer, queries } = openTestIndex()
  const folders = FOLDERS.flatMap((_, i) => inbox(i + 1, i + 1))
  writer.apply(commitOf(1, folders), [], new Map())
  const parsed = messages.map(({ n, columns: { subject, sender, body } }) => {
    const fts = { subject: subject.join(' '), sender: sender.join(' '), addressee: '', copied: '', body: body.join(' '), names: '', marks: '' }
    const message = parsedOf(n)
    if (n % 3) fts.marks = marksOf({ ...message, list: '', hasLink: false })
    return [messageId(n), { ...message, failure: null, fts }] as const
  })
  const facts = messages.map(({ n, folder, flags }) => placed(n, { epoch: folder, uid: n, internalDate: START + n * 400, flags }))
  writer.apply(commitOf(2, facts), [], new Map(parsed))
  writer.flush()
  return queries()
}

function wordsAsked(random: Random, words: readonly string[]): Words {
  const columns = random.below(4) === 0 ? { columns: random.pick<WordColumn[]>([['subject'], ['sender'], ['subject', 'body']]) } : {}
  const word = () => (random.below(2) ? drawn(random, words) : random.pick(words))
  switch (random.below(5)) {
    case 0:
      return { kind: 'words', tokens: [word(), word()], ...columns }
    case 1: {
      const token = word()
      return { kind: 'words', tokens: [[...token].slice(0, 1 + random.below(6)).join('')], prefix: true, ...columns }
    }
    case 2:
      return { kind: 'words', tokens: [`p${random.below(60)}`, 'example', 'org'], columns: ['sender'] }
    default:
      return { kind: 'words', tokens: [word()], ...columns }
  }
}

function one(random: Random, words: readonly string[]): Wanted {
  switch (random.below(8)) {
    case 0:
      return { kind: 'in', mailboxes: [1 + random.below(FOLDERS.length)] }
    case 1:
      return { kind: 'is', state: random.pick(['unread', 'flagged'] as const) }
    case 2: {
      const from = (START + random.below(MESSAGES) * 400) * 1000
      return { kind: 'time', from, before: from + random.below(MESSAGES) * 400_000 }
    }
    default:
      return wordsAsked(random, words)
  }
}

function asked(random: Random, words: readonly string[]): Wanted {
  const some = (least: number, most: number) => Array.from({ length: least + random.below(most - least + 1) }, () => one(random, words))
  if (random.below(6) === 0) return { kind: 'any', of: some(2, 3) }
  return { kind: 'all', of: some(1, 3), without: random.below(4) === 0 ? some(1, 1) : [] }
}

function standsIn(text: readonly string[], { tokens, prefix }: Words): boolean {
  return text.some((_, at) =>
    tokens.every((token, i) => (prefix && i === tokens.length - 1 ? text[at + i]?.startsWith(token) : text[at + i] === token)),
  )
}

function fulfils(message: Plain, wanted: Wanted): boolean {
  const time = (START + message.n * 400) * 1000
  switch (wanted.kind) {
    case 'words':
      return Object.entries(message.columns).some(
        ([column, text]) => (wanted.columns ?? [column]).includes(column as WordColumn) && standsIn(text, wanted),
      )
    case 'in':
      return wanted.mailboxes.includes(message.folder)
    case 'is':
      return wanted.state === 'unread' ? !message.flags.includes('\\Seen') : message.flags.includes('\\Flagged')
    case 'time':
      return (wanted.from === null || time >= wanted.from) && (wanted.before === null || time < wanted.before)
    case 'any':
      return wanted.of.some(part => fulfils(message, part))
    case 'all':
      return wanted.of.every(part => fulfils(message, part)) && !wanted.without.some(part => fulfils(message, part))
    default:
      throw new Error(`not asked here: ${wanted.kind}`)
  }
}
