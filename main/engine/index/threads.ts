/**
 * Which messages are one conversation: those that name an id that another one names too, and answers with their letter (bySubject.ts), and all that hang
 * together so, in whatever order they came. One number for each message that is not alone, so that a list finds its conversations by one look each.
 *
 * A message that joins two conversations gives the smaller one the number of the larger. One that leaves takes its conversation apart, and the others are put
 * together again: that is dear where it is long, but only messages leave that were read twice and said something else.
 */
import { remembered } from '../base/remembered.ts'
import { createLetters, type Rejoined } from './bySubject.ts'
import type { WriteDb } from './connection.ts'
import { linksOf, type Related } from './links.ts'
import { subjectKey } from './subjects.ts'

export interface Threads {
  /** These are in the list by subject from now on, and in their conversations. Many at once cost half of what they do one by one. */
  join(arrivals: readonly Arrival[]): void
  /** It is not in the list by subject any more; to be called before what it says changes. */
  leave(row: number): void
}

/** A message, with what it is found by. */
export interface Arrival {
  row: number
  related: Related
  /** Of its subject (subjects.ts). */
  key: string
}

export interface Said {
  subject: string
  message_id: string
  in_reply_to: string
  reference_list: string
}

export const relatedOf = ({ subject, message_id, in_reply_to, reference_list }: Said): Related => ({
  subject,
  rfcMessageId: message_id,
  inReplyTo: in_reply_to,
  references: reference_list === '[]' ? [] : (JSON.parse(reference_list) as string[]),
})

export function createThreads(db: WriteDb): Threads {
  const read = db.prepare<[number], Said>('SELECT subject, message_id, in_reply_to, reference_list FROM messages WHERE row = ?')
  const name = db.prepare<[number, number]>('INSERT INTO named (link, row) VALUES (?, ?)')
  const unname = db.prepare<[number, number]>('DELETE FROM named WHERE link = ? AND row = ?')
  const named = db.prepare<[string], { link: number; row: number; thread: number | null }>(
    'SELECT n.link, n.row, t.thread FROM json_each(?) CROSS JOIN named n ON n.link = value LEFT JOIN threads t ON t.row = n.row',
  )
  const threadAt = db.prepare<[number], number>('SELECT thread FROM threads WHERE row = ?').pluck()
  const rowsOf = db.prepare<[number, number], number>('SELECT row FROM threads WHERE thread = ? LIMIT ?').pluck()
  const save = db.prepare<[number, number]>(
    'INSERT INTO threads (row, thread) VALUES (?, ?) ON CONFLICT (row) DO UPDATE SET thread = excluded.thread',
  )
  const remove = db.prepare<[number]>('DELETE FROM threads WHERE row = ?')
  const letters = createLetters(db)

  const arrivalOf = (row: number): Arrival => {
    const related = relatedOf(read.get(row)!)
    return { row, related, key: subjectKey(related.subject) }
  }

  /** Threads of the rows that were asked for, null for none: during one call. */
  let known = new Map<number, number | null>()
  const threadOf = (row: number) => remembered(known, row, () => threadAt.get(row) ?? null)
  const put = (row: number, thread: number) => {
    save.run(row, thread)
    known.set(row, thread)
  }

  const unite = (row: number, other: number) => {
    const [own, theirs] = [threadOf(row), threadOf(other)]
    if (own !== null && theirs !== null) {
      if (own !== theirs) merge(own, theirs)
      return
    }
    const thread = own ?? theirs ?? Math.min(row, other)
    if (own === null) put(row, thread)
    if (theirs === null) put(other, thread)
  }

  const merge = (one: number, other: number) => {
    for (let most = 64; ; most *= 8) {
      const [rows, others] = [rowsOf.all(one, most), rowsOf.all(other, most)]
      if (rows.length === most && others.length === most) continue
      const [fewer, into] = rows.length < others.length ? [rows, other] : [others, one]
      for (const row of fewer) put(row, into)
      return
    }
  }

  /** Puts each to whatever hangs together with it. */
  const tie = (arrivals: readonly Arrival[]) => {
    const links = arrivals.map(({ related }) => linksOf(related))
    const first = new Map<number, number>()
    for (const { link, row, thread } of named.all(JSON.stringify([...new Set(links.flat())]))) {
      first.set(link, row)
      known.set(row, thread)
    }
    for (const [i, arrival] of arrivals.entries()) {
      const { row } = arrival
      for (const link of links[i]!) {
        const other = first.get(link)
        if (other === undefined) {
          first.set(link, row)
          name.run(link, row)
        } else if (other !== row) unite(row, other)
      }
      const letter = letters.of(arrival)
      if (letter !== null) unite(row, letter)
    }
  }

  /** Takes the conversations of these apart; answers all that were in them. */
  const loosen = (rows: readonly number[]): Set<number> => {
    const apart = new Set<number>()
    for (const row of rows) {
      const thread = threadOf(row)
      for (const one of thread === null ? [row] : rowsOf.all(thread, -1)) apart.add(one)
    }
    for (const row of apart) {
      remove.run(row)
      known.set(row, null)
      for (const link of linksOf(relatedOf(read.get(row)!))) unname.run(link, row)
    }
    return apart
  }

  /** Answers that had another letter before leave that one's conversation; all of these go where they belong now. */
  const rejoin = (answers: readonly Rejoined[], leaving: number | null) => {
    const torn = answers.filter(({ had }) => had).map(({ row }) => row)
    const rows = loosen(leaving === null ? torn : [leaving, ...torn])
    for (const { row } of answers) rows.add(row)
    if (leaving !== null) rows.delete(leaving)
    tie([...rows].map(arrivalOf))
  }

  return {
    join: arrivals => {
      known = new Map(arrivals.map(({ row }) => [row, null]))
      const answers = letters.come(arrivals)
      const own = new Set(arrivals.map(({ row }) => row))
      rejoin(
        answers.filter(({ row }) => !own.has(row)),
        null,
      )
      tie(arrivals)
    },
    leave: row => {
      known = new Map()
      rejoin(letters.go(arrivalOf(row)), row)
    },
  }
}
