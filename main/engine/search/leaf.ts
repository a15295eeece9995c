/** One condition of a query: an operator and its value, or words. */
import type { Words } from '../index/wanted.ts'
import { type Now, parseAgo, parseDate, type Stretch } from './dates.ts'
import {
  type Field,
  fold,
  type HasValue,
  hasNames,
  type IsValue,
  isBeginning,
  isNames,
  roleNames,
  typeGroup,
  valueNamed,
  type WordField,
  wordFields,
} from './fields.ts'
import type { Mark } from './lex.ts'
import { isCjk, tokens } from './normalise.ts'
import { parseSize } from './sizes.ts'

export type Leaf =
  /** `text` is what was typed; the first of `spellings` its normal form, others that it may have been written as. */
  | { kind: 'words'; field: WordField | null; text: string; exact: boolean; prefix: boolean; spellings: Spelling[] }
  | { kind: 'list'; text: string; prefix: boolean }
  | { kind: 'message-id'; text: string }
  | { kind: 'type'; text: string; prefix: boolean; kinds: readonly string[] }
  | { kind: 'has'; what: HasValue }
  | { kind: 'is'; what: IsValue }
  | { kind: 'in'; text: string; prefix: boolean; role: string | null }
  | { kind: 'account'; text: string; prefix: boolean }
  | { kind: 'time'; from: number | null; before: number | null }
  | { kind: 'size'; over: number | null; under: number | null }

export interface Spelling {
  tokens: readonly string[]
  columns: Words['columns'] | null
}

interface LeafOptions extends Now {
  typing: boolean
}

/** Null: it says nothing (signs without a letter), or nothing yet. */
export function leafOf(mark: Extract<Mark, { type: 'text' }>, field: Extract<Mark, { type: 'field' }> | null, options: LeafOptions): Leaf | null {
  if (!field) return wordsLeaf(mark.text, { exact: mark.quoted, prefix: mark.prefix })
  const made = special(field.field, mark, options)
  if (made === 'not yet') return null
  // A value the operator does not know: what was typed is looked for as it stands.
  return made ?? wordsLeaf(`${field.text}${mark.text}`, { exact: mark.quoted, prefix: mark.prefix })
}

function special(field: Field, mark: Extract<Mark, { type: 'text' }>, { typing, ...now }: LeafOptions): Leaf | 'not yet' | null {
  const { prefix } = mark
  const text = mark.text.replace(/\*+$/, '').trim()
  const unknown = (isOne: boolean) => (typing && isOne ? 'not yet' : null)
  switch (field) {
    case 'has': {
      const what = valueNamed(hasNames, text)
      return what ? { kind: 'has', what } : unknown(isBeginning(hasNames, text))
    }
    case 'is': {
      const what = valueNamed(isNames, text)
      return what ? { kind: 'is', what } : unknown(isBeginning(isNames, text))
    }
    case 'type': {
      const kind = fold(text).replace(/^\./, '')
      const known = typeGroup(kind)
      const [last] = tokens(kind.split('/').at(-1) ?? '').slice(-1)
      return last === undefined ? null : { kind: 'type', text, prefix: prefix && !known, kinds: known ?? [last] }
    }
    case 'in':
      return tokens(text).length === 0 ? null : { kind: 'in', text, prefix, role: roleNamed(text) }
    case 'account':
      return tokens(text).length === 0 ? null : { kind: 'account', text, prefix }
    case 'list':
      return tokens(text).length === 0 ? null : { kind: 'list', text, prefix }
    case 'message-id': {
      const id = text.replace(/^<|>$/g, '').trim()
      return id === '' ? null : { kind: 'message-id', text: id }
    }
    case 'before':
    case 'after':
    case 'on':
    case 'older':
    case 'newer':
      return time(field, text, now) ?? unknown(true)
    case 'larger':
    case 'smaller': {
      const size = parseSize(text)
      if (size === null) return unknown(true)
      return field === 'larger' ? { kind: 'size', over: size, under: null } : { kind: 'size', over: null, under: size }
    }
    default:
      return wordsLeaf(text, { field, exact: mark.quoted, prefix })
  }
}

/** Both "older:3d" and "older:2024" say what they mean; so do "before:3d" and "after:3d". */
function time(field: 'before' | 'after' | 'on' | 'older' | 'newer', text: string, now: Now): Leaf | null {
  const ago = parseAgo(text, now)
  const said: Stretch | null = ago === null ? parseDate(text, now) : { from: ago, before: ago }
  if (!said) return null
  if (field === 'on') return said.before > said.from ? { kind: 'time', from: said.from, before: said.before } : null
  if (field === 'before' || field === 'older') return { kind: 'time', from: null, before: said.from }
  return { kind: 'time', from: said.from, before: null }
}

function roleNamed(text: string): string | null {
  const wanted = fold(text)
  return Object.entries(roleNames).find(([, names]) => names.some(name => fold(name) === wanted))?.[0] ?? null
}

/** Null for signs without a letter or digit. */
export function wordsLeaf(
  typed: string,
  { field = null, exact = false, prefix = false }: { field?: WordField | null; exact?: boolean; prefix?: boolean } = {},
): Leaf | null {
  const text = prefix ? typed.replace(/\*+$/, '') : typed
  const found = tokens(text)
  if (found.length === 0) return null
  const columns = field ? wordFields[field] : null
  return {
    kind: 'words',
    field,
    text,
    exact: exact && found.length > 1,
    prefix: prefix && !isWhole(found.at(-1)!),
    spellings: [{ tokens: found, columns }, ...otherSpellings(text, found, columns)],
  }
}

/** A character that is a word by itself has no beginning. */
const isWhole = (token: string): boolean => isCjk(token.codePointAt(0)!)

const TWO_LETTERS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' }
const PEOPLE = ['sender', 'addressee', 'copied'] as const
const LEAST = 5 // letters, for names
const LEAST_ANYWHERE = 7
// "Michael" is not "Michał", and "blue", "request" and "does" have no umlaut.
const NO_UMLAUT = /(?:[aou]el|[ou]e[sd]?)\b|[qg]ue/

/**
 * Müller is also written Mueller, and Sørensen Soerensen. Who types the umlaut finds both. Who types two letters finds the umlaut in the names of people,
 * and elsewhere in words that are long enough not to be two different ones by chance.
 */
function otherSpellings(text: string, found: readonly string[], columns: Spelling['columns']): Spelling[] {
  const written = text.normalize('NFC').toLowerCase()
  if (/[äöüøå]/.test(written)) return [{ tokens: tokens(written.replace(/[äöüøå]/g, letter => TWO_LETTERS[letter]!)), columns }]
  if (!/[aou]e|aa/.test(written) || written.length < LEAST || NO_UMLAUT.test(written) || !/^[\p{L}\s.'@-]+$/u.test(written)) return []
  const shorter = tokens(written.replace(/([aou])e/g, '$1').replaceAll('aa', 'a'))
  if (shorter.join() === found.join()) return []
  if (written.length >= LEAST_ANYWHERE) return [{ tokens: shorter, columns }]
  const among = columns ? PEOPLE.filter(column => columns.includes(column)) : PEOPLE
  return among.length === 0 ? [] : [{ tokens: shorter, columns: among }]
}
