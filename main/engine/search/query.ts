/**
 * What a person typed, as an FTS5 expression. Everything typed means something, and nothing is an error:
 *
 *   words        all of them, in any order; a word of several tokens (a@b.org, 中文) is a phrase
 *   "some words" this phrase
 *   wor*         words that begin so
 *   -word, NOT   without it
 *   a OR b       either; binds less tightly than standing side by side
 *   ( )          grouping
 *
 * An operator that has nothing to work on is a word, a bracket without its other half is a space.
 */
import { EVERY } from '../index/textBuffer.ts'
import { tokens } from './normalise.ts'

export interface Understood {
  /** For FTS5's MATCH; '' when there is nothing to look for. */
  match: string
}

export interface UnderstandOptions {
  /** The word at the very end is still being typed: it is the beginning of a word. */
  asYouType?: boolean
}

export function understand(query: string, { asYouType = false }: UnderstandOptions = {}): Understood {
  const marks = balance(lex(query))
  const last = marks.at(-1)
  if (asYouType && last?.type === 'text' && !last.quoted && !SPACE.test(query.at(-1)!)) last.prefix ||= isWorthGuessing(last.text)
  const tree = parse(marks)
  return { match: tree ? render(tree) : '' }
}

/** One letter says too little (and costs 200 ms among 200,000 messages); a character that is a word by itself is complete. */
const isWorthGuessing = (text: string): boolean => (tokens(text).at(-1) ?? '').length > 1

type Mark =
  | { type: 'text'; text: string; quoted: boolean; prefix: boolean }
  | { type: 'or' | 'and' | 'not'; text: string }
  | { type: 'open' | 'close' }

type Tree = { type: 'phrase'; tokens: string[]; prefix: boolean } | { type: 'all'; of: Tree[]; without: Tree[] } | { type: 'any'; of: Tree[] }

const QUOTES = '"“”„«»＂'
const SPACE = /\s/u
const OPERATORS: Readonly<Record<string, 'or' | 'and' | 'not'>> = { OR: 'or', '|': 'or', AND: 'and', NOT: 'not' }

function lex(query: string): Mark[] {
  const marks: Mark[] = []
  let at = 0
  const until = (ends: (c: string) => boolean): string => {
    const from = at
    while (at < query.length && !ends(query[at]!)) at++
    return query.slice(from, at)
  }
  const star = (): boolean => {
    if (query[at] !== '*') return false
    at++
    return true
  }
  while (at < query.length) {
    const c = query[at]!
    if (SPACE.test(c)) at++
    else if (c === '(' || c === ')') {
      marks.push({ type: c === '(' ? 'open' : 'close' })
      at++
    } else if (QUOTES.includes(c)) {
      at++
      const text = until(x => QUOTES.includes(x))
      at++
      marks.push({ type: 'text', text, quoted: true, prefix: star() })
    } else if (c === '-' && /[^\s)-]/u.test(query[at + 1] ?? ' ')) {
      marks.push({ type: 'not', text: c })
      at++
    } else {
      const word = until(x => SPACE.test(x) || x === '(' || x === ')' || QUOTES.includes(x))
      const operator = OPERATORS[word]
      if (operator) marks.push({ type: operator, text: word })
      else marks.push({ type: 'text', text: word, quoted: false, prefix: word.length > 1 && word.endsWith('*') })
    }
  }
  return marks
}

// SQLite's FTS5 parser has a stack of 100 and trees of at most 256 levels; nobody groups words so deep.
const DEEPEST = 12

/** Brackets come in pairs, and not deeper than a person means them. */
function balance(marks: Mark[]): Mark[] {
  const keep = new Set<number>()
  const open: number[] = []
  marks.forEach((mark, i) => {
    if (mark.type === 'open') open.push(i)
    else if (mark.type === 'close') {
      const from = open.pop()
      if (from !== undefined && open.length < DEEPEST) keep.add(from).add(i)
    }
  })
  return marks.filter((mark, i) => (mark.type !== 'open' && mark.type !== 'close') || keep.has(i))
}

function parse(marks: readonly Mark[]): Tree | null {
  let at = 0

  const any = (): Tree | null => {
    const of: Tree[] = []
    push(of, all())
    while (marks[at]?.type === 'or') {
      at++
      push(of, all())
    }
    return of.length === 0 ? null : of.length === 1 ? of[0]! : { type: 'any', of }
  }

  const all = (): Tree | null => {
    const of: Tree[] = []
    const without: Tree[] = []
    for (;;) {
      const mark = marks[at]
      if (!mark || mark.type === 'close') break
      // "or" with something on both sides ends this group; without, it is a word like others.
      if (mark.type === 'or') {
        if ((of.length > 0 || without.length > 0) && startsTerm(marks[at + 1])) break
        at++
        push(of, word(mark))
      } else if (mark.type === 'and') {
        at++
        if (!(of.length > 0 || without.length > 0) || !startsTerm(marks[at])) push(of, word(mark))
      } else {
        let negative = false
        while (marks[at]?.type === 'not' && startsTerm(marks[at + 1])) {
          negative = !negative
          at++
        }
        push(negative ? without : of, term())
      }
    }
    if (of.length === 0 && without.length === 0) return null
    return of.length === 1 && without.length === 0 ? of[0]! : { type: 'all', of, without }
  }

  const term = (): Tree | null => {
    const mark = marks[at++]!
    if (mark.type === 'text') return phrase(mark.text, mark.prefix)
    if (mark.type !== 'open') return word(mark)
    const inside = any()
    at++ // its closing bracket: they come in pairs
    return inside
  }

  return any()
}

const startsTerm = (mark: Mark | undefined): boolean => mark !== undefined && (mark.type === 'text' || mark.type === 'open' || mark.type === 'not')
const word = (mark: Mark): Tree | null => ('text' in mark ? phrase(mark.text, false) : null)
const push = (list: Tree[], tree: Tree | null) => {
  if (tree) list.push(tree)
}

/** Null for signs without a letter or digit. */
function phrase(text: string, prefix: boolean): Tree | null {
  const found = tokens(text)
  return found.length === 0 ? null : { type: 'phrase', tokens: found, prefix }
}

function render(tree: Tree): string {
  switch (tree.type) {
    case 'phrase':
      return `"${tree.tokens.join(' ').replaceAll('"', '""')}"${tree.prefix ? ' *' : ''}`
    case 'any':
      return tree.of.map(inBrackets).join(' OR ')
    case 'all': {
      // FTS5 knows only "a NOT b": where nothing is asked for, what is in every message stands for it.
      const wanted = tree.of.length > 0 ? tree.of.map(inBrackets).join(' AND ') : `"${EVERY}"`
      if (tree.without.length === 0) return wanted
      return `(${wanted}) NOT (${tree.without.map(inBrackets).join(' OR ')})`
    }
  }
}

const inBrackets = (tree: Tree): string => (tree.type === 'phrase' ? render(tree) : `(${render(tree)})`)
