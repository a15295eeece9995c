/**
 * Which messages belong together, by what they say of each other (RFC 5322 3.6.4: Message-ID, In-Reply-To, References). Each message is entered under its own
 * id, the one it answers, and the first of the conversation: enough to find children, siblings and parents in whatever order they came, at two or three
 * small rows a message. An answer that says nothing of this is entered under its subject (bySubject.ts).
 */

import type { MessageSummary } from '../../contract/types.ts'
import { remembered } from '../base/remembered.ts'
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
const NEWEST = 4
const REMEMBERED = 5000

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
export function createConversation(db: ReadDb, summarise: Summarise, relations: Relations): (id: RecordId) => MessageSummary[] {
  const rowOf = db.prepare<[Buffer], number | null>('SELECT row FROM records WHERE id = ?').pluck()
  return id => {
    const start = rowOf.get(bytesOf(id))
    if (start == null) return []
    relations.refresh()
    return relations
      .rows(start)
      .sort((a, b) => a - b)
      .flatMap(row => summarise({ row, placement: 0 }) ?? [])
  }
}

export interface Relations {
  /** The rows of a row's conversation, itself among them, at most 200. */
  rows(row: number): number[]
  /**
   * Whether something newer names the same as a row: two looks, where its whole conversation takes one for each message of it. False says nothing: it may be
   * related in another way. `counts`: which of the newer ones do.
   */
  hasNewer(row: number, counts: (newer: number) => boolean): boolean
  /** To be called before each question: what was read is remembered until the index has changed. */
  refresh(): void
}

export function createRelations(db: ReadDb, bySubject: () => SubjectRelatives): Relations {
  const read = db.prepare<[number], Columns>(READ)
  const linked = db.prepare<[number, number], number>('SELECT row FROM conversations WHERE link = ? ORDER BY row DESC LIMIT ?').pluck()
  const saidAt = new Map<number, Related>()
  const rowsOf = new Map<string, number[]>()
  let knownAt = -1

  const said = (row: number): Related => remembered(saidAt, row, () => relatedOf(read.get(row)!))
  /** The newest first, and perhaps others that share its number (links.ts). */
  const naming = (id: string): number[] => remembered(rowsOf, id, () => linked.all(linkOf(id), ROWS_A_LINK))

  return {
    rows: start => {
      const rows = new Set<number>()
      const known = new Set<string>()
      const waiting: string[] = []
      const relatives = bySubject()
      const take = (row: number) => {
        rows.add(row)
        const related = said(row)
        for (const one of idsOf(related))
          if (!known.has(one) && known.size < LINKS_MOST) {
            known.add(one)
            waiting.push(one)
          }
        for (const other of relatives(row, related)) if (!rows.has(other) && rows.size < MOST) take(other)
      }
      take(start)
      for (let next = waiting.shift(); next !== undefined && rows.size < MOST; next = waiting.shift())
        for (const row of naming(next)) if (!rows.has(row) && rows.size < MOST && idsOf(said(row)).includes(next)) take(row)
      return [...rows]
    },
    hasNewer: (row, counts) => {
      const { rfcMessageId, inReplyTo, references } = said(row)
      const ids = [references[0] ?? inReplyTo, rfcMessageId].filter(id => id !== '')
      const newer = (id: string) => naming(id).filter(other => other > row)
      return ids.some(id =>
        newer(id)
          .slice(0, NEWEST)
          .some(other => counts(other) && idsOf(said(other)).includes(id)),
      )
    },
    refresh: () => {
      // Not the last commit of the log: a text that is read later can give a message another place.
      const now = db.pragma('data_version', { simple: true }) as number
      if (now !== knownAt || saidAt.size > REMEMBERED || rowsOf.size > REMEMBERED) {
        saidAt.clear()
        rowsOf.clear()
      }
      knownAt = now
    },
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
