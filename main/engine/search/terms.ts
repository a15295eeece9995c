/** How a query was understood, for people: one term for each condition, with the query as it is without it. */
import type { SearchTerm } from '../../contract/search.ts'
import type { Leaf } from './leaf.ts'
import type { Tree } from './query.ts'

export function termsOf(query: string, tree: Tree | null): SearchTerm[] {
  if (!tree) return []
  // Brackets around everything, and an OR between everything, are one thing.
  const { of, without } = tree.kind === 'all' && !inBrackets(query, tree) ? tree : { of: [tree], without: [] }
  return [...of.map(one => ({ one, not: false })), ...without.map(one => ({ one, not: true }))]
    .sort((a, b) => a.one.start - b.one.start)
    .map(({ one, not }) => termOf(query, one, not))
}

const inBrackets = (query: string, tree: Tree): boolean => query[tree.start] === '('

function termOf(query: string, tree: Tree, not: boolean): SearchTerm {
  const rest = `${query.slice(0, tree.start).trimEnd()} ${query.slice(tree.end).trimStart()}`.trim()
  if (tree.kind === 'leaf') return { ...said(tree.leaf), not, rest }
  const terms =
    tree.kind === 'any'
      ? tree.of.map(one => termOf(query, one, false))
      : [...tree.of.map(one => termOf(query, one, false)), ...tree.without.map(one => termOf(query, one, true))]
  return { kind: 'group', joined: tree.kind, terms, not, rest }
}

type Said = SearchTerm extends infer T ? (T extends SearchTerm ? Omit<T, 'not' | 'rest'> : never) : never

function said(leaf: Leaf): Said {
  switch (leaf.kind) {
    case 'words':
      return { kind: 'words', field: leaf.field, text: leaf.text, exact: leaf.exact, prefix: leaf.prefix }
    case 'type':
    case 'list':
    case 'account':
      return { kind: leaf.kind, text: leaf.text, prefix: leaf.prefix }
    case 'in':
      return { kind: 'in', text: leaf.text, prefix: leaf.prefix }
    default:
      return leaf
  }
}
