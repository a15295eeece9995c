/** What was typed, cut into marks. Each knows where it stands, so that it can be taken out again. */
import { type Field, fieldNamed } from './fields.ts'

export interface Span {
  start: number
  end: number
}

export type Mark = Span &
  (
    | { type: 'text'; text: string; quoted: boolean; prefix: boolean }
    | { type: 'or' | 'and' | 'not'; text: string }
    /** `from:`; what it is about is the next mark. */
    | { type: 'field'; field: Field; text: string }
    | { type: 'open' | 'close' }
  )

const QUOTES = '"“”„«»＂'
const SPACE = /\s/u
const OPERATORS: Readonly<Record<string, 'or' | 'and' | 'not'>> = { OR: 'or', '|': 'or', AND: 'and', NOT: 'not' }
const FIELD = /^([\p{L}][\p{L}\p{M}_-]{0,19})[:：]/u

export function lex(query: string): Mark[] {
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
    const start = at
    const c = query[at]!
    if (SPACE.test(c)) at++
    else if (c === '(' || c === ')') {
      at++
      marks.push({ type: c === '(' ? 'open' : 'close', start, end: at })
    } else if (QUOTES.includes(c)) {
      at++
      const text = until(x => QUOTES.includes(x))
      at = Math.min(query.length, at + 1)
      const prefix = star()
      marks.push({ type: 'text', text, quoted: true, prefix, start, end: at })
    } else if (c === '-' && /[^\s)-]/u.test(query[at + 1] ?? ' ')) {
      at++
      marks.push({ type: 'not', text: c, start, end: at })
    } else {
      const named = FIELD.exec(query.slice(at, at + 24))
      const field = named && fieldNamed(named[1]!)
      if (field) {
        at += named[0].length
        marks.push({ type: 'field', field, text: named[0], start, end: at })
        continue
      }
      const text = until(x => SPACE.test(x) || x === '(' || x === ')' || QUOTES.includes(x))
      const operator = OPERATORS[text]
      if (operator) marks.push({ type: operator, text, start, end: at })
      else marks.push({ type: 'text', text, quoted: false, prefix: text.length > 1 && text.endsWith('*'), start, end: at })
    }
  }
  return marks
}

// SQLite's FTS5 parser has a stack of 100 and trees of at most 256 levels; nobody groups words so deep.
const DEEPEST = 12

/** Brackets come in pairs, and not deeper than a person means them. */
export function balance(marks: Mark[]): Mark[] {
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
