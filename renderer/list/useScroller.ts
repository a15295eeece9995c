import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { moved, placed, type ScrollState, type Track, trackHeight } from './scrollMap.ts'

export interface Scroller {
  /** First and last index to draw, both included; last is -1 when there is nothing. */
  first: number
  last: number
  /** The same without the rows drawn ahead. */
  visibleFirst: number
  visibleLast: number
  /** No more rows than this are ever drawn. */
  most: number
  height: number
  /** Top of a row on the track, in pixels. */
  topOf(index: number): number
  onScroll(): void
  /** Scrolls as little as needed to show a row whole. */
  reveal(index: number): void
  /** The same for a row that was whole in a viewport of another height. */
  keep(index: number, viewport: number): void
  viewport: number
  /** Rows were put in above: what is visible stays. */
  shift(rows: number): void
  toTop(): void
  putAtTop(index: number): void
}

/** Drawn beyond the edges, so that a compositor that scrolls ahead of us shows rows. */
export const OVERSCAN = 8

/** Fixed-height rows in a scrolling element, however many. */
export function useScroller(element: RefObject<HTMLElement | null>, rows: number, rowHeight: number): Scroller {
  const [viewport, setViewport] = useState(0)
  const state = useRef<ScrollState>({ physical: 0, virtual: 0 })
  const [virtual, setVirtual] = useState(0)
  const track: Track = { rows, rowHeight, viewport }
  const latest = useRef(track)
  latest.current = track
  const pending = useRef(0)

  useLayoutEffect(() => {
    const target = element.current
    if (!target) return
    const observer = new ResizeObserver(() => setViewport(target.clientHeight))
    observer.observe(target)
    setViewport(target.clientHeight)
    return () => observer.disconnect()
  }, [element])

  const put = useCallback(
    (to: number) => {
      const wasAtTop = state.current.physical === 0
      state.current = placed(latest.current, to)
      // To write it is to lay out what was just drawn, in the middle of drawing: not where it is there already, as with each letter of a search.
      if (element.current && !(wasAtTop && state.current.physical === 0)) element.current.scrollTop = state.current.physical
      setVirtual(state.current.virtual)
    },
    [element],
  )

  const onScroll = useCallback(() => {
    const target = element.current
    if (!target || target.scrollTop === state.current.physical) return
    state.current = moved(latest.current, state.current, target.scrollTop)
    // Drawn before the frame that this event belongs to: otherwise it would show the new place without rows.
    flushSync(() => setVirtual(state.current.virtual))
  }, [element])

  // Rows of another height: the first visible one stays.
  const height = useRef(rowHeight)
  useLayoutEffect(() => {
    if (height.current === rowHeight) return
    const index = state.current.virtual / height.current
    height.current = rowHeight
    put(index * rowHeight)
  }, [rowHeight, put])

  // Rows put in above wait for the new height: the element refuses a scrollTop that its present height does not have.
  useLayoutEffect(() => {
    if (pending.current === 0) return
    const by = pending.current
    pending.current = 0
    put(state.current.virtual + by * rowHeight)
  })

  const [, redraw] = useState(0)
  const shift = useCallback((by: number) => {
    pending.current += by
    redraw(value => value + 1)
  }, [])

  // On the shortened track pixel steps drift from the true proportion; when scrolling rests, the thumb is put right.
  useEffect(() => {
    const target = element.current
    if (!target) return
    const rest = () => trackHeight(latest.current) < latest.current.rows * latest.current.rowHeight && put(state.current.virtual)
    target.addEventListener('scrollend', rest)
    return () => target.removeEventListener('scrollend', rest)
  }, [element, put])

  const visibleFirst = Math.max(0, Math.floor(virtual / rowHeight))
  const visibleLast = Math.min(rows - 1, Math.ceil((virtual + viewport) / rowHeight) - 1)
  const offset = state.current.physical - state.current.virtual

  const reveal = useCallback(
    (index: number) => {
      const { rowHeight, viewport } = latest.current
      const top = index * rowHeight
      const at = state.current.virtual
      if (top < at) put(top)
      else if (top + rowHeight > at + viewport) put(top + rowHeight - viewport)
    },
    [put],
  )

  return {
    first: Math.max(0, visibleFirst - OVERSCAN),
    last: viewport === 0 ? -1 : Math.min(rows - 1, visibleLast + OVERSCAN),
    visibleFirst,
    visibleLast,
    most: Math.ceil(viewport / rowHeight) + 1 + 2 * OVERSCAN,
    height: trackHeight(track),
    topOf: index => index * rowHeight + offset,
    onScroll,
    reveal,
    keep: useCallback(
      (index: number, before: number) => {
        const top = index * latest.current.rowHeight - state.current.virtual
        if (top >= 0 && top + latest.current.rowHeight <= before) reveal(index)
      },
      [reveal],
    ),
    viewport,
    shift,
    toTop: useCallback(() => put(0), [put]),
    putAtTop: useCallback((index: number) => put(index * latest.current.rowHeight), [put]),
  }
}
