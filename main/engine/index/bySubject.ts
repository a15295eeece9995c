/**
 * The last resort of conversations: an answer ("Re:") that names nothing it answers belongs to the last message before it with the same subject, of the same
 * two people, at most a month older, that is not such an answer itself. So nothing is joined by a subject alone, no chain of such answers grows for ever,
 * and a subject of which there are many answers ("Re: hello" from everybody) joins nothing.
 */
import { remembered } from '../base/remembered.ts'
import type { ReadDb } from './connection.ts'
import { answerLink, type Related, subjectLink } from './links.ts'
import { addressesIn } from './messages.ts'
import { orderedList } from './orders.ts'
import { TIES } from './rows.ts'
import { ALL } from './stretches.ts'
import { subjectKey, withoutAnswerMarks } from './subjects.ts'

const MONTH = 30 * 86_400 * TIES
/** As many answers of one subject in a month are a conversation; and as many messages are looked at. */
const MOST = 30
/** Looked up at once: the messages of a conversation mostly have one subject, and ask for nearly the same. */
const AROUND = 200

interface Said {
  subject: string
  from_list: string
  to_list: string
  cc_list: string
  in_reply_to: string
  reference_list: string
}

/** What is compared of a message. */
interface Known {
  link: number | null
  key: string
  bare: string
  from: readonly string[]
  everybody: ReadonlySet<string>
}

/** The row that a row answers by its subject alone, or those that answer it so. */
export type SubjectRelatives = (row: number, related: Related) => number[]

/** To be made anew for each conversation: it remembers what it read. */
export function createSubjectRelatives(db: ReadDb): () => SubjectRelatives {
  const read = db.prepare<[number], Said>('SELECT subject, from_list, to_list, cc_list, in_reply_to, reference_list FROM messages WHERE row = ?')
  const before = db
    .prepare<[number, string, number, number, number], number>(
      'SELECT -turn FROM orders WHERE list = ? AND key = ? AND turn > ? AND turn < ? ORDER BY turn LIMIT ?',
    )
    .pluck()
  const answers = db
    .prepare<[number, number, number, number], number>('SELECT row FROM conversations WHERE link = ? AND row > ? AND row < ? ORDER BY row LIMIT ?')
    .pluck()
  const list = orderedList(ALL, 'subject')

  return () => {
    const seen = new Map<number, Known>()
    const at = (row: number): Known => remembered(seen, row, () => knownOf(read.get(row)!))
    const around = new Map<number, { from: number; to: number; rows: number[] }>()
    /** Answers of a subject between two rows, the first ones of them. */
    const between = (link: number, from: number, to: number): number[] => {
      let known = around.get(link)
      if (!known || from < known.from || to > known.to) {
        known = { from: from - MONTH, to: to + MONTH, rows: answers.all(link, from - MONTH, to + MONTH, AROUND) }
        around.set(link, known)
      }
      if (known.rows.length === AROUND) return answers.all(link, from, to, MOST)
      return known.rows.filter(row => row > from && row < to).slice(0, MOST)
    }
    const found = new Map<number, number | null>()
    const answered = (row: number): number | null =>
      remembered(found, row, () => {
        const { link, key } = at(row)
        if (link === null || between(link, row - MONTH, row).length === MOST) return null
        return before.all(list, key, -row, MONTH - row, MOST).find(other => at(other).link === null && belong(at(other), at(row))) ?? null
      })
    return (row, related) => {
      if (answerLink(related) !== null) {
        const first = answered(row)
        return first === null ? [] : [first]
      }
      const link = subjectLink(subjectKey(related.subject))
      return link === null ? [] : between(link, row, row + MONTH).filter(other => answered(other) === row)
    }
  }
}

/** Of the same subject, and each one's sender took part in the other. */
const belong = (message: Known, answer: Known): boolean =>
  message.bare === answer.bare && message.from.some(one => answer.everybody.has(one)) && answer.from.some(one => message.everybody.has(one))

function knownOf({ subject, from_list, to_list, cc_list, in_reply_to, reference_list }: Said): Known {
  const from = addresses(from_list)
  return {
    link: answerLink({ rfcMessageId: '', subject, inReplyTo: in_reply_to, references: JSON.parse(reference_list) as string[] }),
    key: subjectKey(subject),
    bare: withoutAnswerMarks(subject).replace(/\s+/g, ' ').trim().toLowerCase(),
    from,
    everybody: new Set([...from, ...addresses(to_list), ...addresses(cc_list)]),
  }
}

const addresses = (list: string): string[] => addressesIn(list).map(({ address }) => address.toLowerCase())
