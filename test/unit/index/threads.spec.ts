/** Which messages are one conversation, against a plain model: whatever order they come in, are read, read again, moved and removed in. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkIndex } from '../../../main/engine/index/check.ts'
import { openReadDb } from '../../../main/engine/index/connection.ts'
import { hashIndex } from '../../../main/engine/index/dump.ts'
import { headQueries } from '../../../main/engine/index/heads.ts'
import { openIndexQueries } from '../../../main/engine/index/reader.ts'
import { isAnswer, subjectKey } from '../../../main/engine/index/subjects.ts'
import type { IndexQueries, ParsedMessage } from '../../../main/engine/index/types.ts'
import { openIndexWriter } from '../../../main/engine/index/writer.ts'
import type { Fact } from '../../../main/engine/log/facts.ts'
import type { RecordId } from '../../../main/engine/log/types.ts'
import { type Random, randomOf } from '../../help/random.ts'
import { messageId } from './history.ts'
import { testFile } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

const START = 1_600_000_000
const DAY = 86_400
const SUBJECTS = ['Plan', 'plan', 'Re: Plan', 'RE: plan', 'Odp: Plan', 'Other', 'AW: other', '', 'Re:', 'Fwd: Plan']
const PEOPLE = ['ada@x', 'bob@x', 'eve@x']
const MAILBOXES = [1, 2]

/** A message as it is: what it says is null until it was read. */
interface Message {
  n: number
  second: number
  /** Its place in time comes from its Date header. */
  undated: boolean
  says: ParsedMessage | null
  mailboxes: Set<number>
}

const id = (message: Message): RecordId => messageId(message.n)

describe.each([
  { seed: 1, messages: 50, gathers: false },
  { seed: 2, messages: 50, gathers: true },
  { seed: 3, messages: 70, gathers: true },
  { seed: 4, messages: 70, gathers: false },
  { seed: 5, messages: 130, gathers: true, oneSubject: true },
])('history $seed', ({ seed, messages: total, gathers, oneSubject = false }) => {
  test('lists by conversation, and each conversation, are those of the plain model; the index says what one built from the log says', () => {
    const random = randomOf(seed)
    const live = open(gathers)
    const messages: Message[] = []
    const log: Fact[][] = [MAILBOXES.flatMap(mailbox => inbox(mailbox, mailbox))]
    const said = new Map<RecordId, ParsedMessage>()
    let uid = 0
    const apply = (facts: Fact[], parsed = new Map<RecordId, ParsedMessage>()) => {
      live.writer.apply(commitOf(log.length + 1, facts), [], parsed)
      log.push(facts)
    }
    live.writer.apply(commitOf(1, log[0]!), [], new Map())
    const read = (message: Message, says: ParsedMessage) => {
      said.set(id(message), says)
      message.says = says
      if (message.undated) message.second = says.date! / 1000
    }
    const place = (message: Message, mailbox: number): Fact => {
      message.mailboxes.add(mailbox)
      return placed(message.n, { epoch: mailbox, uid: ++uid, internalDate: message.undated ? null : message.second })
    }

    const come = () => {
      const second = START + Math.floor(random.next() * (oneSubject ? 40 : 80)) * DAY + (oneSubject ? messages.length : random.below(3))
      const message: Message = { n: messages.length + 1, second, undated: random.below(5) === 0, says: null, mailboxes: new Set() }
      messages.push(message)
      const facts = random.below(4) === 0 ? MAILBOXES.map(mailbox => place(message, mailbox)) : [place(message, random.pick(MAILBOXES))]
      const says = saying(random, message, total, oneSubject)
      if (random.below(3) === 0) {
        if (message.undated) message.second = Math.floor(commitOf(log.length + 1, []).time / 1000)
        return apply(facts)
      }
      read(message, says)
      apply(facts, new Map([[id(message), says]]))
    }
    const readAgain = (message: Message) => {
      read(message, saying(random, message, total, oneSubject))
      live.writer.setParsed(new Map([[id(message), message.says!]]))
    }
    const move = (message: Message) => apply([place(message, random.pick(MAILBOXES))])

    while (messages.length < total) {
      come()
      if (random.below(4) === 0) readAgain(random.pick(messages))
      if (random.below(8) === 0) move(random.pick(messages))
      if (random.below(6) === 0) {
        live.writer.flush()
        expectSame(live.ask, messages)
      }
    }
    for (const message of messages) if (!message.says) readAgain(message)
    live.writer.flush()
    expectSame(live.ask, messages)

    const fresh = open(true)
    for (const [i, facts] of log.entries()) fresh.writer.apply(commitOf(i + 1, facts), [], new Map())
    fresh.writer.setParsed(said)
    fresh.writer.flush()
    expectSame(fresh.ask, messages)
    expect(hashIndex(fresh.file, { oneWordIn: 1000 })).toBe(hashIndex(live.file, { oneWordIn: 1000 }))
  })
})

test.each(Object.entries(headQueries))('the plan of %s: one walk along an index, no sorting', (_, sql) => {
  const { file } = open(false)
  const db = openReadDb(file)
  onTestFinished(() => {
    db.close()
  })
  const lines = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...(sql.match(/\?/g) ?? []).map(() => 1))
  for (const { detail } of lines) expect(detail).toMatch(/^(SEARCH|CORRELATED) /)
})

test('two conversations of hundreds become one by a message that names both, and are two again when it is read again and does not', () => {
  const { writer, ask } = open(true)
  const says = (n: number, ...references: string[]): ParsedMessage => ({ ...plain(n), inReplyTo: references.at(-1) ?? '', references })
  const count = 1200
  const parsed = Array.from({ length: count }, (_, n) => [messageId(n), says(n, n % 2 ? 'odd' : 'even')] as const)
  const facts = Array.from({ length: count }, (_, n) => placed(n, { uid: n + 1 }))
  writer.apply(commitOf(1, [...inbox(), ...facts]), [], new Map(parsed))
  writer.flush()
  const heads = () => ask.window({ mailbox: 1, from: null, direction: 'after', limit: 9, conversations: true }).rows
  expect(heads().map(({ id, conversation }) => [id, conversation?.length])).toEqual([
    [messageId(count - 1), 200],
    [messageId(count - 2), 200],
  ])
  writer.apply(commitOf(2, [placed(count, { uid: count + 1 })]), [], new Map([[messageId(count), says(count, 'odd', 'even')]]))
  writer.flush()
  expect(heads().map(({ id }) => id)).toEqual([messageId(count)])
  // And apart again.
  writer.setParsed(new Map([[messageId(count), says(count, 'odd')]]))
  writer.flush()
  expect(heads().map(({ id }) => id)).toEqual([messageId(count), messageId(count - 2)])
})

function open(gathers: boolean) {
  const file = testFile()
  const writer = openIndexWriter(file, gathers ? { messagesPerTransaction: 2000 } : {})
  const ask = openIndexQueries({ ...file, archive: 'a'.repeat(32) })
  onTestFinished(() => {
    ask.close()
    writer.close()
    expect(checkIndex(file)).toEqual([])
  })
  return { file, writer, ask }
}

const plain = (n: number): ParsedMessage => ({
  subject: '',
  from: [],
  to: [],
  cc: [],
  date: null,
  rfcMessageId: `m${n}`,
  inReplyTo: '',
  references: [],
  attachments: [],
  snippet: '',
  fts: { subject: '', sender: '', addressee: '', copied: '', body: 'word', names: '', marks: '' },
  failure: null,
})

function saying(random: Random, message: Message, total: number, oneSubject: boolean): ParsedMessage {
  const person = () => ({ name: '', address: random.pick(PEOPLE) })
  const other = () => `m${1 + random.below(total)}`
  const names = !oneSubject && random.below(3) === 0
  return {
    ...plain(message.n),
    subject: oneSubject ? (random.below(3) ? 'Re: Plan' : 'Plan') : random.pick(SUBJECTS),
    from: [person()],
    to: [person()],
    cc: random.below(4) ? [] : [person()],
    date: message.undated ? (message.says ? message.second : START + random.below(80) * DAY) * 1000 : null,
    inReplyTo: names && random.below(2) ? other() : '',
    references: names ? Array.from({ length: random.below(3) }, other) : [],
  }
}

/** Each message's conversation, found by looking at all of them. */
function grouped(messages: readonly Message[]): Map<Message, Message[]> {
  const groups = new Map(messages.map(message => [message, [message]]))
  const join = (one: Message, other: Message) => {
    const [a, b] = [groups.get(one)!, groups.get(other)!]
    if (a === b) return
    a.push(...b)
    for (const message of b) groups.set(message, a)
  }
  const first = new Map<string, Message>()
  for (const message of messages) {
    for (const name of namesOf(message)) {
      if (!first.has(name)) first.set(name, message)
      join(first.get(name)!, message)
    }
    const letter = letterOf(message, messages)
    if (letter) join(letter, message)
  }
  return groups
}

const namesOf = ({ says }: Message): string[] =>
  says ? [says.rfcMessageId, says.inReplyTo, says.references[0] ?? '', says.references.at(-1) ?? ''].filter(name => name !== '') : []

const answersBySubject = ({ says }: Message): boolean =>
  says !== null && says.inReplyTo === '' && says.references.length === 0 && isAnswer(says.subject)

function letterOf(answer: Message, messages: readonly Message[]): Message | null {
  const key = subjectKey(answer.says?.subject ?? '')
  if (key === '' || !answersBySubject(answer)) return null
  const month = messages.filter(
    other =>
      other !== answer && other.second >= answer.second - 30 * DAY && other.second <= answer.second && subjectKey(other.says?.subject ?? '') === key,
  )
  if (month.filter(answersBySubject).length >= 30) return null
  const before = month.filter(({ second }) => second < answer.second).sort((a, b) => b.second - a.second || (id(a) < id(b) ? -1 : 1))
  return before.slice(0, 30).find(other => !answersBySubject(other) && tookPart(other, answer) && tookPart(answer, other)) ?? null
}

const tookPart = (sender: Message, message: Message): boolean =>
  sender.says!.from.some(({ address }) => [...message.says!.from, ...message.says!.to, ...message.says!.cc].some(one => one.address === address))

function expectSame(ask: IndexQueries, messages: readonly Message[]): void {
  const groups = grouped(messages)
  for (const mailbox of [null, ...MAILBOXES]) {
    const listed = ask.window({ mailbox, from: null, direction: 'after', limit: 500 }).rows.map(row => row.id)
    const position = new Map(listed.map((id, at) => [id, at]))
    const expected = [...new Set(groups.values())]
      .map(group => group.map(id).filter(one => position.has(one)))
      .filter(group => group.length > 0)
      .map(group => group.sort((a, b) => position.get(a)! - position.get(b)!))
      .sort(([a], [b]) => position.get(a!)! - position.get(b!)!)
    const heads = ask.window({ mailbox, from: null, direction: 'after', limit: 500, conversations: true }).rows
    // A message that is twice in a mailbox is there twice.
    const seen = new Map(heads.map(({ id, conversation }) => [id, conversation ?? [id]]))
    expect([...seen.values()]).toEqual(expected)
  }
  for (const message of messages) {
    const found = ask.conversation(id(message)).map(one => one.id)
    expect(found.sort()).toEqual(groups.get(message)!.map(id).sort())
  }
}
