/** A search as the source of a list: windows around wherever one scrolls to. */
import type { EngineClient, InputOf } from '../../main/contract/contract.ts'
import type { RowSource } from '../list/rowSource.ts'
import type { Begun } from './askAhead.ts'

export interface Asked {
  archives: readonly string[]
  query: string
  mailbox: number | null
  locale: string
}

export const askedKey = ({ archives, query, mailbox }: Asked): string => `search ${archives.join(' ')} ${mailbox ?? ''} ${query}`

/** What every question of a search says. The query is still being typed, as far as anybody knows. */
export const inputOf = ({ archives, query, mailbox, locale }: Asked) =>
  ({ archives: [...archives], query, mailbox, locale, typing: true }) satisfies Partial<InputOf<'search.window'>>

/** `length`: how many results there are, as far as that is known. `begun`: where somebody has asked for the first of them already. */
export function searchSource(engine: EngineClient, asked: Asked, length: () => number, signal: AbortSignal, begun: Begun | null): RowSource {
  const input = inputOf(asked)
  let ahead = begun
  return {
    key: askedKey(asked),
    after: (from, limit) => {
      const first = from === null ? ahead?.first(limit) : undefined
      ahead = null
      return first ?? engine.call('search.window', { ...input, from, direction: 'after', limit }, { signal })
    },
    before: (from, limit) => engine.call('search.window', { ...input, from, direction: 'before', limit }, { signal }),
    at: (fraction, limit) =>
      engine.call('search.at', { ...input, position: Math.max(0, Math.round(fraction * Math.max(0, length() - limit))), limit }, { signal }),
  }
}
