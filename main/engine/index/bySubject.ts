/**
 * The last resort of conversations: an answer ("Re:") that names nothing it answers belongs to the last message before it with the same subject, of the same
 * two people, at most a month older, that is not such an answer itself. So nothing is joined by a subject alone, no chain of such answers grows for ever,
 * and a subject of which there are many answers ("Re: hello" from everybody) joins nothing. Whatever order they come in, the letter is the same: a message
 * that comes or goes can change that of the few answers right after it, and of no others. Messages of one second are neither before nor after each other.
 */
import { remembered } from '../base/remembered.ts'
import type { WriteDb } from './connection.ts'
import { answerLink, subjectLink } from './links.ts'
import { addressesIn } from './messages.ts'
import { orderedList } from './orders.ts'
import { firstRowOf, secondOf, TIES } from './rows.ts'
import { ALL } from './stretches.ts'
import { isAnswer, withoutAnswerMarks } from './subjects.ts'
import type { Arrival } from './threads.ts'

const MONTH = 30 * 86_400 * TIES
/** As many answers of one subject in a month are a conversation; and as many messages are looked at. */
const MOST = 30

interface Said {
  id: Buffer
  subject: string
  from_list: string
  to_list: string
  cc_list: string
  in_reply_to: string
  reference_list: string
}

/** What is compared of a message. */
interface Known {
  id: Buffer
  answersBySubject: boolean
  bare: string
  people(): People
}

interface People {
  from: readonly string[]
  everybody: ReadonlySet<string>
}

/** An answer that belongs to another letter than before, or to none any more. */
export interface Rejoined {
  row: number
  had: boolean
}

export interface Letters {
  /** These stand in the list by subject: which answers, some of them perhaps, belong to another letter for that. */
  come(arrivals: readonly Arrival[]): Rejoined[]
  /** It stands there no more. */
  go(arrival: Arrival): Rejoined[]
  /** What the answer answers by its subject; null for every other message. */
  of(arrival: Arrival): number | null
}

interface Answer {
  row: number
  letter: number | null
}

export function createLetters(db: WriteDb): Letters {
  const read = db.prepare<[number], Said>('SELECT id, subject, from_list, to_list, cc_list, in_reply_to, reference_list FROM messages WHERE row = ?')
  const before = db
    .prepare<[number, string, number, number, number], number>(
      'SELECT -turn FROM orders WHERE list = ? AND key = ? AND turn > ? AND turn <= ? ORDER BY turn LIMIT ?',
    )
    .pluck()
  const answered = db.prepare<[string], number>('SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM answers WHERE link = value)').pluck()
  const answers = db.prepare<[number, number, number, number], Answer>(
    'SELECT row, letter FROM answers WHERE link = ? AND row >= ? AND row < ? ORDER BY row LIMIT ?',
  )
  const countOf = db
    .prepare<[number, number, number, number], number>('SELECT count(*) FROM (SELECT 1 FROM answers WHERE link = ? AND row >= ? AND row < ? LIMIT ?)')
    .pluck()
  const letterOf = db.prepare<[number, number], number | null>('SELECT letter FROM answers WHERE link = ? AND row = ?').pluck()
  const add = db.prepare<[number, number]>('INSERT INTO answers (link, row) VALUES (?, ?)')
  const remove = db.prepare<[number, number]>('DELETE FROM answers WHERE link = ? AND row = ?')
  const join = db.prepare<[number | null, number, number]>('UPDATE answers SET letter = ? WHERE link = ? AND row = ?')
  const list = orderedList(ALL, 'subject')

  /** The last letter before an answer. */
  const find = (row: number, key: string, at: (row: number) => Known): number | null => {
    const start = firstRowOf(secondOf(row))
    let found: number | null = null
    for (const other of before.all(list, key, -start, MONTH - start, MOST)) {
      if (found !== null && secondOf(other) < secondOf(found)) break
      if (at(other).answersBySubject || !belong(at(other), at(row))) continue
      if (found === null || at(other).id.compare(at(found).id) < 0) found = other
    }
    return found
  }

  /** The answers whose letter can be another one because of these messages, each with the one it has; and whether it can have one. */
  const near = (link: number, rows: readonly number[]): [row: number, answer: { letter: number | null; isOneOfFew: boolean }][] => {
    const starts = rows.map(row => firstRowOf(secondOf(row)))
    const [first, last] = [Math.min(...starts), Math.max(...starts)]
    const around = answers.all(link, first - MONTH, last + TIES + MONTH, MOST + 1)
    if (around.length <= MOST) return around.filter(({ row }) => row >= first).map(({ row, letter }) => [row, { letter, isOneOfFew: true }])
    // Those behind the first thirty have thirty before them with and without a message.
    const behind = new Map(starts.flatMap(start => answers.all(link, start, start + TIES + MONTH, MOST + 2).map(({ row, letter }) => [row, letter])))
    return [...behind].map(([row, letter]) => {
      const start = firstRowOf(secondOf(row))
      return [row, { letter, isOneOfFew: countOf.get(link, start - MONTH, start + TIES, MOST + 1)! <= MOST }]
    })
  }

  const changed = (arrivals: readonly Arrival[], change: typeof add): Rejoined[] => {
    const linked = new Map<number, { key: string; rows: number[] }>()
    for (const { row, related, key } of arrivals) {
      const own = answerLink(related, key)
      if (own !== null) change.run(own, row)
      const link = own ?? subjectLink(key)
      if (link !== null) remembered(linked, link, () => ({ key, rows: [] })).rows.push(row)
    }
    const seen = new Map<number, Known>()
    const at = (row: number): Known => remembered(seen, row, () => knownOf(read.get(row)!))
    return answered.all(JSON.stringify([...linked.keys()])).flatMap(link => {
      const { key, rows } = linked.get(link)!
      return near(link, rows).flatMap(([row, { letter, isOneOfFew }]) => {
        const found = isOneOfFew ? find(row, key, at) : null
        if (found === letter) return []
        join.run(found, link, row)
        return { row, had: letter !== null }
      })
    })
  }

  return {
    come: arrivals => changed(arrivals, add),
    go: arrival => changed([arrival], remove),
    of: ({ row, related, key }) => {
      const link = answerLink(related, key)
      return link === null ? null : (letterOf.get(link, row) ?? null)
    },
  }
}

/** Of the same subject, and each one's sender took part in the other. */
function belong(message: Known, answer: Known): boolean {
  if (message.bare !== answer.bare) return false
  const [one, other] = [message.people(), answer.people()]
  return one.from.some(address => other.everybody.has(address)) && other.from.some(address => one.everybody.has(address))
}

function knownOf({ id, subject, from_list, to_list, cc_list, in_reply_to, reference_list }: Said): Known {
  let people: People | null = null
  return {
    id,
    answersBySubject: in_reply_to === '' && reference_list === '[]' && isAnswer(subject),
    bare: withoutAnswerMarks(subject).replace(/\s+/g, ' ').trim().toLowerCase(),
    people: () => {
      if (people) return people
      const from = addresses(from_list)
      people = { from, everybody: new Set([...from, ...addresses(to_list), ...addresses(cc_list)]) }
      return people
    },
  }
}

const addresses = (list: string): string[] => addressesIn(list).map(({ address }) => address.toLowerCase())
