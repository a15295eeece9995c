/** Where words stand in a text as people read it: the same folding as the index's (normalise.ts), with the place of each token. */
import type { Marked } from '../../contract/search.ts'
import { isCjk, normalise } from './normalise.ts'

interface Token {
  token: string
  start: number
  end: number
}

export interface Phrase {
  tokens: readonly string[]
  prefix: boolean
}

export interface Range {
  start: number
  end: number
}

/** Letters and digits, each with the marks behind it; and what is invisible inside a word. */
const CLUSTER = /[\p{L}\p{N}\p{M}]\p{M}*|\u00ad|\u200c|\u200d|\u2060/gu

export function tokenPlaces(text: string): Token[] {
  const places: Token[] = []
  let word: Token | null = null
  const finish = () => {
    if (word && word.token !== '') places.push(word)
    word = null
  }
  let end = -1
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    if (index !== end) finish()
    end = index + cluster.length
    const pieces = normalise(cluster).split(' ')
    if (pieces.length > 1 || (pieces[0] !== '' && isCjk(pieces[0]!.codePointAt(0)!))) {
      finish()
      for (const token of pieces) places.push({ token, start: index, end })
    } else {
      word ??= { token: '', start: index, end }
      word.token += pieces[0]
      word.end = end
    }
  }
  finish()
  return places
}

/** In their order, without overlaps. */
export function rangesOf(text: string, phrases: readonly Phrase[]): Range[] {
  const places = tokenPlaces(text)
  const found: Range[] = []
  places.forEach((_, i) => {
    for (const { tokens, prefix } of phrases)
      if (standsAt(places, i, tokens, prefix)) found.push({ start: places[i]!.start, end: places[i + tokens.length - 1]!.end })
  })
  return merged(found)
}

function standsAt(places: readonly Token[], at: number, tokens: readonly string[], prefix: boolean): boolean {
  if (tokens.length === 0 || at + tokens.length > places.length) return false
  return tokens.every((token, i) => {
    const here = places[at + i]!.token
    return here === token || (prefix && i === tokens.length - 1 && here.startsWith(token))
  })
}

function merged(ranges: Range[]): Range[] {
  const result: Range[] = []
  for (const range of ranges) {
    const last = result.at(-1)
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end)
    else result.push({ ...range })
  }
  return result
}

export function markedText(text: string, ranges: readonly Range[]): Marked {
  const pieces: Marked = []
  let at = 0
  for (const { start, end } of ranges) {
    if (start > at) pieces.push({ text: text.slice(at, start), hit: false })
    pieces.push({ text: text.slice(start, end), hit: true })
    at = end
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hit: false })
  return pieces
}

const BEFORE = 40
const LONGEST = 220
const READ_TO = 200_000 // characters; a hit further down is named, not shown

/** The text around the first of the words; empty where none stands in it. */
export function snippetAround(text: string, phrases: readonly Phrase[]): Marked {
  const [first] = rangesOf(text.slice(0, READ_TO), phrases)
  if (!first) return []
  let from = Math.max(0, first.start - BEFORE)
  if (from > 0) {
    const space = text.slice(from, first.start).search(/\s/)
    if (space >= 0) from += space + 1
  }
  const line = text
    .slice(from, from + LONGEST * 2)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST)
  const shown = `${from > 0 ? '… ' : ''}${/[\ud800-\udbff]$/.test(line) ? line.slice(0, -1) : line}`
  return markedText(shown, rangesOf(shown, phrases))
}
