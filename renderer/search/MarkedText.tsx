import type { Marked } from '../../main/contract/search.ts'

/** A text with what was asked for marked in it. */
export function MarkedText({ marked }: { marked: Marked }) {
  return marked.map(({ text, hit }, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in their order
    hit ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
  )
}
