/** What a search asks the index for: a tree of conditions, made by search/plan.ts, and as much of it as the full-text table can answer by itself. */
import type { Beginnings } from './beginnings.ts'
import { everyMark, mailboxMark, sizeMarks } from './marks.ts'

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

const asTheTableDoes: Beginnings = () => null

/** The whole of it as an expression for MATCH; null where the full-text table cannot say it. '' matches nothing. */
export function matchOf(wanted: Wanted, beginnings: Beginnings = asTheTableDoes): string | null {
  const part = (one: Wanted) => matchOf(one, beginnings)
  switch (wanted.kind) {
    case 'words':
      return wordsMatch(wanted, beginnings)
    case 'any': {
      const parts = wanted.of.map(part)
      return parts.includes(null) ? null : orMatch(parts as string[])
    }
    case 'all': {
      const of = wanted.of.map(part)
      const without = wanted.without.map(part)
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

/**
 * All of these, where some are phrases of common words: FTS5 would look for the next place of a phrase whenever another word leads it on, and each look reads
 * pages of every word of it. Said as "what the others find, less what of it has not these phrases", a phrase is looked for only where all others stand.
 */
export function phrasesLast(others: readonly string[], phrases: readonly string[], without: readonly string[]): string {
  const first = andMatch(others, [])
  const all = andMatch([...others, ...phrases], [])
  if (first === '' || all === '') return ''
  return andMatch([first], [`(${first}) NOT (${andMatch(phrases, [])})`, ...without])
}

/** Messages whose text says that they are in one of these mailboxes: whether they still are is asked of what comes out. */
export const mailboxMatch = (mailboxes: readonly number[]): string => orMatch([...new Set(mailboxes.map(mailboxMark))].map(markMatch))

export const markMatch = (mark: string): string => `{marks} : "${mark}"`

/** Messages of about these sizes; the exact size is asked of what comes out. */
export const sizeMatch = (over: number | null, under: number | null): string => orMatch(sizeMarks(over, under).map(markMatch))

function wordsMatch({ tokens, prefix, columns }: Words, beginnings: Beginnings): string {
  if (tokens.length === 0) return ''
  const filter = columns ? `{${columns.join(' ')}} : ` : ''
  const last = tokens.at(-1)!
  const begun = prefix ? beginnings(last) : null
  if (!begun) return `${filter}${quoted(tokens)}${prefix ? ' *' : ''}`
  const phrases = begun.map(({ text, open }) => `${quoted([...tokens.slice(0, -1), text])}${open ? ' *' : ''}`)
  return phrases.length === 0 ? '' : `${filter}(${phrases.join(' OR ')})`
}

const quoted = (tokens: readonly string[]): string => `"${tokens.join(' ').replaceAll('"', '""')}"`
export const everyMatch = `"${everyMark}"`
const inBrackets = (match: string): string => (/^\S+$/.test(match) ? match : `(${match})`)
