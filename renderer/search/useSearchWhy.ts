import { useCallback, useEffect, useRef, useState } from 'react'
import type { SearchInside, SearchWhy } from '../../main/contract/search.ts'
import type { RunView } from '../list/messageRun.ts'
import { useDoors } from '../state/engine.ts'
import { type Asked, askedKey } from './searchSource.ts'

/** Scrolling and typing rest this long before messages are read to say why they were found: the next key need not wait for it. */
const REST_MS = 150
const AT_ONCE = 12

/** With the attachments in which the words stand, once these were read. */
export type RowWhy = SearchWhy & { inside?: SearchInside['files'] }

/** Why each of the visible rows was found by what is `shown`; the others are not read. `typed`: what is asked for now. */
export function useSearchWhy(shown: Asked, typed: Asked, list: RunView): [ReadonlyMap<string, RowWhy>, (first: number, last: number) => void] {
  const { engine } = useDoors()
  const key = askedKey(shown)
  const typedKey = askedKey(typed)
  const [known, setKnown] = useState<{ key: string; why: ReadonlyMap<string, RowWhy> }>({ key, why: new Map() })
  const [visible, setVisible] = useState({ first: 0, last: 12 })
  const latest = useRef({ shown, known })
  latest.current = { shown, known }

  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever types on waits for nothing of this
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(async () => {
      const why = new Map(latest.current.known.key === key ? latest.current.known.why : [])
      const rows = list.rows.slice(Math.max(0, visible.first - list.base), visible.last - list.base + 1).filter(row => !why.has(row.id))
      const { query, locale } = latest.current.shown
      for (const archive of new Set(rows.map(row => row.archive))) {
        const here = rows.filter(row => row.archive === archive)
        for (let at = 0; at < here.length && !abort.signal.aborted; at += AT_ONCE) {
          const messages = here.slice(at, at + AT_ONCE).map(({ id }) => id)
          try {
            const found = await engine.call('search.why', { archive, query, locale, typing: true, messages }, { signal: abort.signal })
            if (abort.signal.aborted) return
            for (const one of found.why) why.set(one.id, one)
            setKnown({ key, why: new Map(why) })
            // Attachments take their time: after what is known of all rows, and one by one.
            for (const one of found.why.filter(({ reasons }) => reasons.some(({ where }) => where === 'attachment-text'))) {
              const { inside } = await engine.call(
                'search.inside',
                { archive, query, locale, typing: true, messages: [one.id] },
                { signal: abort.signal },
              )
              if (abort.signal.aborted) return
              why.set(one.id, { ...one, inside: inside[0]?.files ?? [] })
              setKnown({ key, why: new Map(why) })
            }
          } catch {
            return // The rows stand without it.
          }
        }
      }
    }, REST_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [engine, key, typedKey, list.rows, list.base, visible])

  const onVisible = useCallback((first: number, last: number) => {
    setVisible(before => (before.first === first && before.last === last ? before : { first, last }))
  }, [])
  return [known.key === key ? known.why : NOTHING, onVisible]
}

const NOTHING: ReadonlyMap<string, RowWhy> = new Map()
