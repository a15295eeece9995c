/**
 * Why messages were found: which of the words stand in which part of them. The full-text table itself says so, so it cannot say otherwise than the search.
 * Each part is one walk along its matches past all of the messages: asked for one row by itself, FTS5 goes on from there to the next message that has the word in
 * this part, and for a word that never stands in it, that is the rest of the list.
 */
import type { RecordId } from '../log/types.ts'
import type { Beginnings } from './beginnings.ts'
import type { ReadDb } from './connection.ts'
import { bytesOf } from './rows.ts'
import { searchQueries } from './searchWalks.ts'
import type { IndexQueries } from './types.ts'
import { pieces } from './walks.ts'
import { matchOf, type WordColumn, type Words } from './wanted.ts'

const PARTS: readonly WordColumn[] = ['subject', 'sender', 'addressee', 'copied', 'body', 'names', 'text']

export function createExplain(db: ReadDb, beginnings: Beginnings): IndexQueries['explain'] {
  const rowOf = db.prepare<[Buffer], number | null>('SELECT row FROM records WHERE id = ?').pluck()
  const matches = db.prepare<[string, number, number, number], number>(searchQueries.newest.words).pluck()

  /** Those of the rows, the newest first, that have the words in one of these columns. */
  const having = (rows: readonly number[], words: Words, columns: readonly WordColumn[]): number[] => {
    const match = columns.length === 0 ? '' : matchOf({ ...words, columns }, beginnings)!
    if (match === '' || rows.length === 0) return []
    const walk = pieces((at, last, limit) => matches.all(match, -last, -at, limit).map(row => -row), -rows.at(-1)!)
    return rows.filter(row => walk.seek(-row) === -row)
  }

  /** By row. */
  const partsWith = (rows: readonly number[], words: Words): Map<number, WordColumn[]> => {
    const found = new Map<number, WordColumn[]>(rows.map(row => [row, []]))
    const columns = (words.columns ?? PARTS).filter(column => column !== 'marks')
    // Most words stand in the body alone: whether they stand anywhere else is one look.
    const others = columns.filter(column => column !== 'body')
    const elsewhere = having(rows, words, others)
    for (const column of columns)
      for (const row of others.length === 1 && column !== 'body' ? elsewhere : having(column === 'body' ? rows : elsewhere, words, [column]))
        found.get(row)!.push(column)
    return found
  }

  return ({ ids, words }) => {
    const rows = ids.map((id: RecordId) => rowOf.get(bytesOf(id)) ?? null)
    const newestFirst = [...new Set(rows.filter(row => row !== null))].sort((a, b) => b - a)
    const found = words.map(one => partsWith(newestFirst, one))
    return rows.map(row => found.map(parts => (row === null ? [] : parts.get(row)!)))
  }
}
