/** The first rows of a search, asked for when the key is pressed and not when everything is drawn for it, which is some milliseconds later. */
import type { EngineClient } from '../../main/contract/contract.ts'
import type { MessageWindow } from '../../main/contract/types.ts'
import { type Asked, askedKey, inputOf } from './searchSource.ts'

/** More than most windows show without scrolling; a taller list says so. */
const ROWS = 30

export interface Begun {
  /** Ends all questions of this search. */
  abort: AbortController
  /** The first rows; `limit`: as many would be asked for now. */
  first(limit: number): Promise<MessageWindow>
}

export interface AskAhead {
  /** This is searched for next; what was before is not wanted any more. */
  begin(asked: Asked): void
  /** What was begun for this search, once. */
  take(key: string): Begun | null
}

export function createAskAhead(engine: EngineClient): AskAhead {
  let latest: { key: string; begun: Begun; taken: boolean } | null = null
  let most = ROWS
  return {
    begin(asked) {
      const key = askedKey(asked)
      if (latest?.key === key) return
      latest?.begun.abort.abort()
      latest = null
      if (asked.query.trim() === '') return
      const abort = new AbortController()
      const rows = engine.call('search.window', { ...inputOf(asked), from: null, direction: 'after', limit: most }, { signal: abort.signal })
      rows.catch(() => {}) // whoever takes it is told
      const first = (limit: number) => {
        most = Math.max(most, limit)
        return rows
      }
      latest = { key, begun: { abort, first }, taken: false }
    },
    take(key) {
      if (latest?.key !== key || latest.taken) return null
      latest.taken = true
      return latest.begun
    },
  }
}
