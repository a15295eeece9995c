/** What of a query can be pointed at in a message: the words that are asked for, not those that must not be there. */
import type { SearchReason } from '../../contract/search.ts'
import type { WordColumn, Words } from '../index/wanted.ts'
import type { Phrase } from './highlight.ts'
import type { Leaf } from './leaf.ts'
import type { Tree } from './query.ts'

export interface Asked {
  /** As it was typed. */
  text: string
  words: Words
}

/** One for each spelling. */
export function askedWords(tree: Tree | null): Asked[] {
  return leaves(tree).flatMap(leaf =>
    leaf.kind !== 'words'
      ? []
      : leaf.spellings.map(({ tokens, columns }) => ({
          text: leaf.prefix ? `${leaf.text}*` : leaf.text,
          words: { kind: 'words' as const, tokens, prefix: leaf.prefix, ...(columns && { columns }) },
        })),
  )
}

function leaves(tree: Tree | null): Leaf[] {
  if (!tree) return []
  return tree.kind === 'leaf' ? [tree.leaf] : tree.of.flatMap(leaves)
}

/** Those that may stand in this part. */
export const phrasesFor = (asked: readonly Asked[], ...columns: WordColumn[]): Phrase[] =>
  asked
    .filter(({ words }) => !words.columns || columns.some(column => words.columns!.includes(column)))
    .map(({ words }) => ({ tokens: words.tokens, prefix: words.prefix ?? false }))

const nameOf: Partial<Record<WordColumn, SearchReason['where']>> = {
  subject: 'subject',
  sender: 'from',
  addressee: 'to',
  copied: 'cc',
  body: 'body',
  names: 'filename',
  text: 'attachment-text',
}

/** `found`: for each of what was asked, the columns it stands in. */
export function reasonsOf(asked: readonly Asked[], found: readonly (readonly WordColumn[])[]): SearchReason[] {
  const reasons = new Map<SearchReason['where'], Set<string>>()
  found.forEach((columns, i) => {
    for (const column of columns) {
      const where = nameOf[column]!
      reasons.set(where, (reasons.get(where) ?? new Set()).add(asked[i]!.text))
    }
  })
  return [...reasons].map(([where, words]) => ({ where, words: [...words] }))
}
