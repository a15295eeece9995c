/**
 * Why messages were found: which of the words stand in which part of them. The full-text table itself says so, so it cannot say otherwise than the search.
 * All messages are asked for at once, by the marks of their Message-IDs: these end the question. Asked for by its row, a message without the word in that part
 * would let FTS5 go on to the next one that has it, and for a word that never stands in that part, to the end of its list.
 */
import type { RecordId } from '../log/types.ts'
import type { Beginnings } from './beginnings.ts'
import type { ReadDb } from './connection.ts'
import { messageIdMark } from './marks.ts'
import { bytesOf, turned } from './rows.ts'
import { rowQueries } from './searchWalks.ts'
import type { IndexQueries } from './types.ts'
import { andMatch, markMatch, matchOf, orMatch, type WordColumn, type Words } from './wanted.ts'

const PARTS: readonly WordColumn[] = ['subject', 'sender', 'addressee', 'copied', 'body', 'names', 'text']

interface Visible {
  row: number
  message_id: string
}

export function createExplain(db: ReadDb, beginnings: Beginnings): IndexQueries['explain'] {
  const visible = db.prepare<[Buffer], Visible>('SELECT m.row, m.message_id FROM records r JOIN messages m ON m.row = r.row WHERE r.id = ?')
  const matches = db.prepare<[string], number>(`SELECT ${turned('rowid')} FROM words WHERE words MATCH ?`).pluck()
  const wordAt = db.prepare<[string, number], number>(rowQueries.word).pluck()

  /** Answers which of the rows match an expression. */
  const among = (messages: readonly Visible[]) => {
    const ids = new Set(messages.map(({ message_id }) => message_id).filter(id => id !== ''))
    const marks = orMatch([...ids].map(id => markMatch(messageIdMark(id))))
    const marked = new Set(marks === '' ? [] : matches.all(marks))
    return (rows: readonly number[], match: string): number[] => {
      if (rows.length === 0 || match === '') return []
      const found = new Set(marks === '' ? [] : matches.all(andMatch([marks, match], [])))
      return rows.filter(row => (marked.has(row) ? found.has(row) : wordAt.get(match, row) !== undefined))
    }
  }

  /** The columns by row. */
  const partsWith = (rows: readonly number[], which: ReturnType<typeof among>, words: Words): Map<number, WordColumn[]> => {
    const found = new Map<number, WordColumn[]>(rows.map(row => [row, []]))
    const having = (among: readonly number[], columns: readonly WordColumn[]) =>
      which(among, columns.length === 0 ? '' : matchOf({ ...words, columns }, beginnings)!)
    const columns = (words.columns ?? PARTS).filter(column => column !== 'marks')
    // Most words stand in the body alone: whether they stand anywhere else is one question.
    const elsewhere = having(
      rows,
      columns.filter(column => column !== 'body'),
    )
    for (const column of columns) for (const row of having(column === 'body' ? rows : elsewhere, [column])) found.get(row)!.push(column)
    return found
  }

  return ({ ids, words }) => {
    const messages = ids.map((id: RecordId) => visible.get(bytesOf(id)) ?? null)
    const there = messages.filter(message => message !== null)
    const rows = [...new Set(there.map(({ row }) => row))]
    const which = among(there)
    const found = words.map(one => partsWith(rows, which, one))
    return messages.map(message => found.map(parts => (message === null ? [] : parts.get(message.row)!)))
  }
}
