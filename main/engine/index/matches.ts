/** Conditions to expressions for MATCH, as they are cheapest for what this archive holds; what they find is the same as what matchOf says plainly. */
import type { Beginnings } from './beginnings.ts'
import type { ReadDb } from './connection.ts'
import { andMatch, beginningLists, everyMatch, inAnyOf, matchOf, phrasesLast, type Wanted, type Words } from './wanted.ts'

export interface Matches {
  /** The whole of it; null where the full-text table cannot say it, '' where it matches nothing. */
  of(wanted: Wanted): string | null
  /** All of these, each of which it can say; beside what is said already, and without that. */
  all(of: readonly Wanted[], also: readonly string[], without: readonly string[]): string
}

/** The newest rows with a word, to see how far they lie apart; its plan is tested. */
export const sampleQuery = 'SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid LIMIT ?'

const SAMPLE = 32
const TOKENS = 8 // looked at of a phrase
const COMMON = 1 / 50 // of all messages: less common, and several of its rows stand on one page
const RARER = 4
const RARE = 512 // times rarer than messages are: so few that going over them twice is nothing
const SELDOM = 4 // times rarer than messages are, and going over what the others find twice is cheaper than a phrase at each

export function createMatches(db: ReadDb, beginnings: Beginnings): Matches {
  const newest = db.prepare<[string, number], number>(sampleQuery).pluck()
  const textOf = (one: Wanted) => matchOf(one, beginnings)

  /** Rows from one message that matches to the next, among the newest. */
  const gapOf = (match: string): number => {
    const rows = newest.all(match, SAMPLE)
    return rows.length < SAMPLE ? Number.POSITIVE_INFINITY : (rows.at(-1)! - rows[0]!) / SAMPLE
  }

  /** Of a phrase with common words, the one that is much rarer: whoever looks for an address has one that is rare, and "com" behind it. */
  const rareIn = ({ tokens, prefix }: Words): string | null => {
    const gaps = tokens
      .slice(0, prefix ? -1 : tokens.length)
      .slice(0, TOKENS)
      .map(token => gapOf(textOf({ kind: 'words', tokens: [token] })!))
    const rarest = Math.max(...gaps)
    const commonest = Math.min(...gaps)
    return commonest * COMMON < gapOf(everyMatch) && rarest > commonest * RARER ? tokens[gaps.indexOf(rarest)]! : null
  }

  /** One of these is so many times rarer than messages are. */
  const isRarer = (some: readonly string[], times: number): boolean =>
    some.some(match => match !== '' && !match.includes(' OR ') && gapOf(match) > times * gapOf(everyMatch))

  const all: Matches['all'] = (of, also, without) => {
    const begun = of.length > 1 ? of.find(one => beginningLists(one, beginnings)) : undefined
    if (begun) {
      const rest = of.filter(one => one !== begun)
      if (
        isRarer(
          rest.filter(one => !isPhrase(one)).map(one => textOf(one)!),
          RARE,
        )
      )
        return andMatch([inAnyOf(together(rest, also, []), beginningLists(begun, beginnings)!)], without)
    }
    return together(of, also, without)
  }

  const together: Matches['all'] = (of, also, without) => {
    const others = [...of.filter(one => !isPhrase(one)).map(one => textOf(one)!), ...also]
    const phrases = of.filter(isPhrase)
    const areRare = phrases.length > 0 && isRarer(others, SELDOM)
    const last: string[] = []
    for (const phrase of phrases) {
      const rare = areRare ? rareIn(phrase) : null
      if (rare === null) others.push(textOf(phrase)!)
      else {
        others.push(textOf({ kind: 'words', tokens: [rare], ...(phrase.columns && { columns: phrase.columns }) })!)
        last.push(textOf(phrase)!)
      }
    }
    return last.length > 0 ? phrasesLast(others, last, without) : andMatch(others, without)
  }

  return {
    of: wanted => {
      if (wanted.kind !== 'all') return textOf(wanted)
      const [of, without] = [wanted.of.map(textOf), wanted.without.map(textOf)]
      if (of.includes(null) || without.includes(null)) return null
      return all(wanted.of, [], without as string[])
    },
    all,
  }
}

const isPhrase = (one: Wanted): one is Words => one.kind === 'words' && one.tokens.length > 1
