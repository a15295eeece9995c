/** Why a message was found: which of the words stand in which part of it. The full-text table itself says so, so it cannot say otherwise than the search. */
import type { RecordId } from '../log/types.ts'
import type { Beginnings } from './beginnings.ts'
import type { ReadDb } from './connection.ts'
import { bytesOf, turned } from './rows.ts'
import type { IndexQueries } from './types.ts'
import { matchOf, type WordColumn, type Words } from './wanted.ts'

export const explainQuery = `SELECT 1 FROM words WHERE words MATCH ? AND rowid = ${turned('?')}`
const PARTS: readonly WordColumn[] = ['subject', 'sender', 'addressee', 'copied', 'body', 'names', 'text']

export function createExplain(db: ReadDb, beginnings: Beginnings): IndexQueries['explain'] {
  const rowOf = db.prepare<[Buffer], number | null>('SELECT row FROM records WHERE id = ?').pluck()
  const stands = db.prepare<[string, number], number>(explainQuery).pluck()

  const standsIn = (row: number, words: Words): boolean => {
    const match = matchOf(words, beginnings)!
    return match !== '' && stands.get(match, row) !== undefined
  }
  const partsWith = (row: number, words: Words): WordColumn[] =>
    (words.columns ?? PARTS).filter(column => column !== 'marks' && standsIn(row, { ...words, columns: [column] }))

  return ({ ids, words }) =>
    ids.map((id: RecordId) => {
      const row = rowOf.get(bytesOf(id))
      return words.map(one => (row == null ? [] : partsWith(row, one)))
    })
}
