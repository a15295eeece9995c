/**
 * What begins with some letters, as lists that the full-text table has. It keeps lists of what begins with two and with four letters, in order of rows like
 * any word's. For every other length it reads and merges all rows of all words that begin so before it gives out the first one (100 ms and more where a
 * common word is among them). So one letter is asked for as all pairs that there are, three as all fours, and five and more as the words themselves, where
 * they are not too many. Which there are the table's own vocabulary says: one look for each, remembered until something is written.
 */
import type { ReadDb } from './connection.ts'

/** One of these: a word, or what begins with it. */
export interface Beginning {
  text: string
  open: boolean
}

/** Null: as the full-text table does it. */
export type Beginnings = (token: string) => readonly Beginning[] | null

const KEPT = [2, 4] // letters: `prefix` in schema.ts
const WORDS_MOST = 200 // a word costs a seek in each segment, here and in the search itself: 20 to 60 µs
const REMEMBERED = 50

export function createBeginnings(db: ReadDb): Beginnings {
  const from = db.prepare<[string], string>('SELECT term FROM vocabulary WHERE term >= ? LIMIT 1').pluck()
  const version = db.prepare<[], number>('PRAGMA data_version').pluck()
  const known = new Map<string, readonly Beginning[] | null>()
  let knownAt = -1

  /** The word itself, and each character that goes on from it. */
  const oneLonger = (token: string): Beginning[] => {
    const found: Beginning[] = []
    for (let word = from.get(token); word?.startsWith(token); ) {
      const next = word.codePointAt(token.length)
      found.push(next === undefined ? { text: token, open: false } : { text: token + String.fromCodePoint(next), open: true })
      word = from.get(next === undefined ? after(token) : token + String.fromCodePoint(following(next)))
    }
    return found
  }

  const words = (token: string): Beginning[] | null => {
    const found: Beginning[] = []
    for (let word = from.get(token); word?.startsWith(token); word = from.get(after(word))) {
      if (found.length === WORDS_MOST) return null
      found.push({ text: word, open: false })
    }
    return found
  }

  return token => {
    const now = version.get()!
    if (now !== knownAt || known.size > REMEMBERED) known.clear()
    knownAt = now
    let found = known.get(token)
    if (found === undefined) {
      const letters = [...token].length
      found = KEPT.includes(letters) ? null : letters < Math.max(...KEPT) ? oneLonger(token) : words(token)
      known.set(token, found)
    }
    return found
  }
}

/** Behind a word, and before all that is longer: no token holds this character. */
const after = (word: string): string => `${word}\u0001`
/** Behind all that goes on with this character. SQLite compares UTF-8, which is the order of code points. */
const following = (codePoint: number): number => (codePoint === 0xd7ff ? 0xe000 : codePoint + 1)
