/**
 * What a person typed, as a tree. Everything typed means something, and nothing is an error:
 *
 *   words          all of them, in any order; a word of several tokens (a@b.org, 中文) is a phrase
 *   "some words"   this phrase
 *   wor*           words that begin so
 *   -word, NOT     without it
 *   a OR b         either; binds less tightly than standing side by side
 *   ( )            grouping
 *   from:anna      an operator (fields.ts) before a word, a phrase or a group
 *
 * An operator that has nothing to work on, or a value that it does not know, is a word; a bracket without its other half is a space.
 */
import { type Leaf, leafOf, wordsLeaf } from './leaf.ts'
import { balance, lex, type Mark, type Span } from './lex.ts'
import { tokens } from './normalise.ts'

export type Tree = Span & ({ kind: 'leaf'; leaf: Leaf } | { kind: 'all'; of: Tree[]; without: Tree[] } | { kind: 'any'; of: Tree[] })

export interface ReadOptions {
  /** The word at the very end is still being typed: it is the beginning of a word, and an operator there that has no value yet says nothing yet. */
  typing?: boolean
  /** Unix ms: what "yesterday" is counted from. */
  now: number
  /** BCP 47: the order of day and month. */
  locale: string
}

/** Null when there is nothing to look for. */
export function readQuery(query: string, { typing = false, ...now }: ReadOptions): Tree | null {
  const marks = balance(lex(query))
  const last = marks.at(-1)
  const inHand = typing && last !== undefined && last.end === query.length ? last : null
  if (inHand?.type === 'text' && !inHand.quoted) inHand.prefix ||= isWorthGuessing(inHand.text)
  return parse(marks, (text, field) => leafOf(text, field, { ...now, typing: text === inHand }), inHand)
}

/** One letter says too little; a character that is a word by itself is complete. */
const isWorthGuessing = (text: string): boolean => (tokens(text).at(-1) ?? '').length > 1

type TextMark = Extract<Mark, { type: 'text' }>
type MakeLeaf = (text: TextMark, field: Extract<Mark, { type: 'field' }> | null) => Leaf | null

function parse(marks: readonly Mark[], make: MakeLeaf, inHand: Mark | null): Tree | null {
  let at = 0

  const any = (field: FieldMark | null): Tree | null => {
    const of: Tree[] = []
    push(of, all(field))
    while (marks[at]?.type === 'or') {
      at++
      push(of, all(field))
    }
    return of.length === 0 ? null : of.length === 1 ? of[0]! : { kind: 'any', of, start: of[0]!.start, end: of.at(-1)!.end }
  }

  const all = (field: FieldMark | null): Tree | null => {
    const of: Tree[] = []
    const without: Tree[] = []
    // "AND" goes with the term behind it, so that it leaves with it.
    let joined: number | null = null
    const add = (list: Tree[], tree: Tree | null, start = tree?.start ?? 0) => {
      if (!tree) return
      list.push({ ...tree, start: Math.min(start, joined ?? start) })
      joined = null
    }
    for (;;) {
      const mark = marks[at]
      if (!mark || mark.type === 'close') break
      // "or" with something on both sides ends this group; without, it is a word like others.
      if (mark.type === 'or') {
        if ((of.length > 0 || without.length > 0) && startsTerm(at + 1)) break
        at++
        add(of, word(mark))
      } else if (mark.type === 'and') {
        at++
        const before = [...of, ...without].at(-1)
        if (before && startsTerm(at)) {
          joined = mark.start
          // …or with the first one, when it is that which leaves.
          if (of.length + without.length === 1) before.end = mark.end
        } else add(of, word(mark))
      } else {
        let negative = false
        const { start } = mark
        while (marks[at]?.type === 'not' && startsTerm(at + 1)) {
          negative = !negative
          at++
        }
        add(negative ? without : of, term(field), start)
      }
    }
    if (of.length === 0 && without.length === 0) return null
    if (of.length === 1 && without.length === 0) return of[0]!
    const terms = [...of, ...without]
    return { kind: 'all', of, without, start: Math.min(...terms.map(({ start }) => start)), end: Math.max(...terms.map(({ end }) => end)) }
  }

  const term = (outer: FieldMark | null): Tree | null => {
    const mark = marks[at++]!
    if (mark.type === 'text') return leaf(make(mark, outer), mark)
    if (mark.type === 'open') {
      const inside = any(outer)
      const close = marks[at++]! // its closing bracket: they come in pairs
      return inside && { ...inside, start: mark.start, end: close.end }
    }
    if (mark.type !== 'field') return word(mark)
    const next = marks[at]
    if (next?.type === 'text' || next?.type === 'open') {
      const inside = term(mark)
      return inside && { ...inside, start: mark.start }
    }
    // Nothing to work on: it says nothing yet, or is a word.
    return mark === inHand ? null : word(mark)
  }

  const startsTerm = (i: number): boolean => {
    const type = marks[i]?.type
    return type === 'text' || type === 'open' || type === 'not' || type === 'field'
  }

  return any(null)
}

type FieldMark = Extract<Mark, { type: 'field' }>
const leaf = (made: Leaf | null, { start, end }: Span): Tree | null => made && { kind: 'leaf', leaf: made, start, end }
const word = (mark: Mark): Tree | null => ('text' in mark ? leaf(wordsLeaf(mark.text), mark) : null)
const push = (list: Tree[], tree: Tree | null) => {
  if (tree) list.push(tree)
}
