/** People of the archive whose name or address begins so, from the newest messages that name them: what a search field proposes. */
import type { Address } from '../../contract/types.ts'
import { normalise } from '../search/normalise.ts'
import type { Beginnings } from './beginnings.ts'
import type { ReadDb } from './connection.ts'
import { addressesIn } from './messages.ts'
import { BEYOND } from './rows.ts'
import { searchQueries } from './searchWalks.ts'
import type { IndexQueries } from './types.ts'
import { matchOf, type WordColumn } from './wanted.ts'

const LOOKED_AT = 300 // newest messages; those who wrote before are found by their name's next letter

type Lists = Record<'sender' | 'addressee' | 'copied', string>

export function createPeople(db: ReadDb, beginnings: Beginnings): IndexQueries['people'] {
  const matches = db.prepare<[string, number, number, number], number>(searchQueries.newest.words).pluck()
  const newest = db.prepare<[number, number, number], number>(searchQueries.newest.all).pluck()
  const listsOf = db.prepare<[number], Lists>('SELECT from_list AS sender, to_list AS addressee, cc_list AS copied FROM messages WHERE row = ?')

  return ({ tokens, columns, limit }) => {
    const match = matchOf({ kind: 'words', tokens, prefix: true, columns }, beginnings)!
    const named = () => (match === '' ? [] : matches.all(match, 0, BEYOND, LOOKED_AT))
    const rows = tokens.length === 0 ? newest.all(0, BEYOND, LOOKED_AT) : named()
    const wanted = ` ${tokens.join(' ')}`
    const found = new Map<string, { person: Address; count: number }>()
    for (const row of rows) {
      const lists = listsOf.get(row)
      if (!lists) continue
      for (const person of columns.flatMap(column => (isList(column) ? addressesIn(lists[column]) : []))) {
        const key = person.address.toLowerCase()
        const known = found.get(key)
        if (known) {
          known.count++
          known.person.name ||= person.name
        } else if (key !== '' && ` ${normalise(`${person.name} ${person.address}`)}`.includes(wanted))
          found.set(key, { person: { ...person }, count: 1 })
      }
    }
    return [...found.values()]
      .sort((a, b) => b.count - a.count)
      .slice(0, limit)
      .map(({ person }) => person)
  }
}

const isList = (column: WordColumn): column is keyof Lists => column === 'sender' || column === 'addressee' || column === 'copied'
