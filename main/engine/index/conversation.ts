/**
 * Which messages belong together, by what they say of each other (RFC 5322 3.6.4: Message-ID, In-Reply-To, References). Each message is entered under its own
 * id, the one it answers, and the first of the conversation: enough to find children, siblings and parents in whatever order they came, at two or three
 * small rows a message. An answer that says nothing of this is entered under its subject (bySubject.ts).
 */
import type { MessageSummary } from '../../contract/types.ts'
import type { RecordId } from '../log/types.ts'
import type { SubjectRelatives } from './bySubject.ts'
import type { ReadDb, WriteDb } from './connection.ts'
import { answerLink, linkOf, type Related } from './links.ts'
import { bytesOf } from './rows.ts'
import type { Summarise } from './summaries.ts'

interface Columns {
  subject: string
  message_id: string
  in_reply_to: string
  reference_list: string
}

const READ = 'SELECT subject, message_id, in_reply_to, reference_list FROM messages WHERE row = ?'

/** A conversation a person would still read; a list's digest that everybody answers is cut here. */
const MOST = 200
const LINKS_MOST = 2000
const ROWS_A_LINK = 300

export interface ConversationWriter {
  /** Enters the row's message under what it says of itself. */
  enter(row: number, related: Related): void
  /** Takes out what the row says now; before it says something else, or moves. */
  leave(row: number): void
}

export function createConversationWriter(db: WriteDb): ConversationWriter {
  const add = db.prepare<[number, number]>('INSERT OR IGNORE INTO conversations (link, row) VALUES (?, ?)')
  const remove = db.prepare<[number, number]>('DELETE FROM conversations WHERE link = ? AND row = ?')
  const read = db.prepare<[number], Columns>(READ)
  return {
    enter(row, related) {
      for (const link of linksOf(related)) add.run(link, row)
    },
    leave(row) {
      const said = read.get(row)
      if (said) for (const link of linksOf(relatedOf(said))) remove.run(link, row)
    },
  }
}

/** All messages of one's conversation, itself among them: the oldest first, at most 200. */
export function createConversation(db: ReadDb, summarise: Summarise, related: (row: number) => number[]): (id: RecordId) => MessageSummary[] {
  const rowOf = db.prepare<[Buffer], number | null>('SELECT row FROM records WHERE id = ?').pluck()
  return id => {
    const start = rowOf.get(bytesOf(id))
    if (start == null) return []
    return related(start)
      .sort((a, b) => a - b)
      .flatMap(row => summarise({ row, placement: 0 }) ?? [])
  }
}

/** The rows of a row's conversation, itself among them, at most 200. */
export function createRelatedRows(db: ReadDb, bySubject: () => SubjectRelatives): (row: number) => number[] {
  const read = db.prepare<[number], Columns>(READ)
  const linked = db.prepare<[number, number], number>('SELECT row FROM conversations WHERE link = ? ORDER BY row DESC LIMIT ?').pluck()
  return start => {
    const rows = new Set<number>()
    const known = new Set<string>()
    const waiting: string[] = []
    const relatives = bySubject()
    const take = (row: number, related: Related) => {
      rows.add(row)
      for (const one of idsOf(related))
        if (!known.has(one) && known.size < LINKS_MOST) {
          known.add(one)
          waiting.push(one)
        }
      for (const other of relatives(row, related)) if (!rows.has(other) && rows.size < MOST) take(other, relatedOf(read.get(other)!))
    }
    take(start, relatedOf(read.get(start)!))
    for (let next = waiting.shift(); next !== undefined && rows.size < MOST; next = waiting.shift()) {
      for (const row of linked.all(linkOf(next), ROWS_A_LINK)) {
        if (rows.has(row) || rows.size >= MOST) continue
        const related = relatedOf(read.get(row)!)
        if (idsOf(related).includes(next)) take(row, related)
      }
    }
    return [...rows]
  }
}

function linksOf(related: Related): number[] {
  const { rfcMessageId, inReplyTo, references } = related
  const ids = [rfcMessageId, inReplyTo, references[0] ?? '', references.at(-1) ?? ''].filter(id => id !== '')
  const bySubject = answerLink(related)
  return [...new Set([...ids.map(linkOf), ...(bySubject === null ? [] : [bySubject])])]
}

const idsOf = ({ rfcMessageId, inReplyTo, references }: Related): string[] => [rfcMessageId, inReplyTo, ...references].filter(id => id !== '')

const relatedOf = ({ subject, message_id, in_reply_to, reference_list }: Columns): Related => ({
  subject,
  rfcMessageId: message_id,
  inReplyTo: in_reply_to,
  references: JSON.parse(reference_list) as string[],
})
