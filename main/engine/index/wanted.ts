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

/**
 * What `first` finds, where any of these lists has it. FTS5 looks in every list of an OR for the next place; said as "what is found, less what is in the first
 * list, less what is in the second…, is not wanted", it looks no further where one of them has the message.
 */
export function inAnyOf(first: string, lists: readonly string[]): string {
  const links = Array.from({ length: Math.min(LINKS, lists.length) }, (_, i) => orMatch(lists.filter((_, at) => at % LINKS === i)))
  return `(${first}) NOT (${[first, ...links].map(inBrackets).join(' NOT ')})`
}

// FTS5 takes expressions of at most 256 levels.
const LINKS = 64

/** Messages whose text says that they are in one of these mailboxes: whether they still are is asked of what comes out. */
export const mailboxMatch = (mailboxes: readonly number[]): string => orMatch([...new Set(mailboxes.map(mailboxMark))].map(markMatch))

export const markMatch = (mark: string): string => `{marks} : "${mark}"`

/** Messages of about these sizes; the exact size is asked of what comes out. */
export const sizeMatch = (over: number | null, under: number | null): string => orMatch(sizeMarks(over, under).map(markMatch))

function wordsMatch(words: Words, beginnings: Beginnings): string {
  const { tokens, prefix } = words
  if (tokens.length === 0) return ''
  const lists = listsOf(words, beginnings)
  if (!lists) return `${filterOf(words)}${quoted(tokens)}${prefix ? ' *' : ''}`
  return lists.length === 0 ? '' : `${filterOf(words)}(${lists.join(' OR ')})`
}

/** What begins so, where it is several lists and not one: each of them, in any column. */
function listsOf({ tokens, prefix }: Words, beginnings: Beginnings): string[] | null {
  const begun = prefix ? beginnings(tokens.at(-1)!) : null
  return begun?.map(({ text, open }) => `${quoted([...tokens.slice(0, -1), text])}${open ? ' *' : ''}`) ?? null
}

/** The lists of a word that is being typed; null for everything else. */
export function beginningLists(wanted: Wanted, beginnings: Beginnings): string[] | null {
  if (wanted.kind !== 'words' || wanted.tokens.length !== 1) return null
  const lists = listsOf(wanted, beginnings)
  return lists && lists.length > 1 ? lists.map(list => `${filterOf(wanted)}${list}`) : null
}

const filterOf = ({ columns }: Words): string => (columns ? `{${columns.join(' ')}} : ` : '')

const quoted = (tokens: readonly string[]): string => `"${tokens.join(' ').replaceAll('"', '""')}"`
export const everyMatch = `"${everyMark}"`
const inBrackets = (match: string): string => (/^\S+$/.test(match) ? match : `(${match})`)
