/** What a search asks the index for: a tree of conditions, made by search/plan.ts, and as much of it as the full-text table can answer by itself. */
import { everyMark, sizeMarks } from './marks.ts'

/** Columns of the full-text table that people can name. `text` is for the text of attachments. */
export type WordColumn = 'subject' | 'sender' | 'addressee' | 'copied' | 'body' | 'names' | 'text' | 'marks'

/** Tokens in this order, of the last one only its beginning where `prefix`. */
export interface Words {
  kind: 'words'
  tokens: readonly string[]
  prefix?: boolean
  /** Null: anywhere. */
  columns?: readonly WordColumn[]
}

export type State = 'unread' | 'flagged' | 'answered' | 'gone' | 'duplicate' | 'unindexed'

export type Wanted =
  | Words
  /** sortTime in Unix ms: from <= t < before. */
  | { kind: 'time'; from: number | null; before: number | null }
  /** Bytes: over < size < under. */
  | { kind: 'size'; over: number | null; under: number | null }
  | { kind: 'in'; mailboxes: readonly number[] }
  | { kind: 'is'; state: State }
  | { kind: 'all'; of: readonly Wanted[]; without: readonly Wanted[] }
  | { kind: 'any'; of: readonly Wanted[] }

export const NOTHING: Wanted = { kind: 'any', of: [] }

/** The whole of it as an expression for MATCH; null where the full-text table cannot say it. '' matches nothing. */
export function matchOf(wanted: Wanted): string | null {
  switch (wanted.kind) {
    case 'words':
      return wordsMatch(wanted)
    case 'any': {
      const parts = wanted.of.map(matchOf)
      return parts.includes(null) ? null : orMatch(parts as string[])
    }
    case 'all': {
      const of = wanted.of.map(matchOf)
      const without = wanted.without.map(matchOf)
      return of.includes(null) || without.includes(null) ? null : andMatch(of as string[], without as string[])
    }
    default:
      return null
  }
}

/** All of these and none of those. FTS5 knows only "a NOT b": where nothing is asked for, what is in every message stands for it. */
export function andMatch(of: readonly string[], without: readonly string[]): string {
  if (of.includes('')) return ''
  const wanted = of.length > 0 ? of.map(inBrackets).join(' AND ') : everyMatch
  const unwanted = orMatch(without)
  return unwanted === '' ? wanted : `(${wanted}) NOT (${unwanted})`
}

export const orMatch = (parts: readonly string[]): string =>
  parts
    .filter(part => part !== '')
    .map(inBrackets)
    .join(' OR ')

/** Messages of about these sizes; the exact size is asked of what comes out. */
export const sizeMatch = (over: number | null, under: number | null): string =>
  orMatch(sizeMarks(over, under).map(mark => wordsMatch({ kind: 'words', tokens: [mark], columns: ['marks'] })))

function wordsMatch({ tokens, prefix, columns }: Words): string {
  if (tokens.length === 0) return ''
  const filter = columns ? `{${columns.join(' ')}} : ` : ''
  if (prefix && tokens.length === 1 && tokens[0]!.length === 1) return oneLetter(tokens[0]!, filter)
  return `${filter}${quoted(tokens)}${prefix ? ' *' : ''}`
}

const quoted = (tokens: readonly string[]): string => `"${tokens.join(' ').replaceAll('"', '""')}"`
const everyMatch = `"${everyMark}"`
const inBrackets = (match: string): string => (/^\S+$/.test(match) ? match : `(${match})`)

// What begins with one letter: the full-text table keeps lists of what begins with two and three, and reads all words that begin with one (600 ms
// among a million messages). So the letter itself and each pair. Normal forms leave few letters to each script (search/normalise.ts).
const DIGITS = '0123456789'
const ALPHABETS = ['abcdefghijklmnopqrstuvwxyz', 'абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґђјљњћџў', 'αβγδεζηθικλμνξοπρστυφχψω']

function oneLetter(letter: string, filter: string): string {
  const alphabet = ALPHABETS.find(one => one.includes(letter))
  if (!alphabet) return `${filter}"${letter.replaceAll('"', '""')}" *`
  const pairs = [...alphabet, ...DIGITS].map(second => `"${letter}${second}" *`)
  return `${filter}(${[`"${letter}"`, ...pairs].join(' OR ')})`
}
