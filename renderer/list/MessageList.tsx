import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { ListOrder } from '../../main/contract/order.ts'
import type { MessageSummary } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { ColumnHeads } from './ColumnHeads.tsx'
import { keyTarget } from './keys.ts'
import './list.css'
import { gridOf, type ListLook, rowHeight } from './look.ts'
import { MessageRow, type RowNote, SkeletonRow } from './MessageRow.tsx'
import { type RunView, rowKey } from './messageRun.ts'
import { everything, isSelected, onlyRow, type Selection, stretchTo, toggled } from './selection.ts'
import { standIn, useLate } from './standIn.ts'
import { OVERSCAN, useScroller } from './useScroller.ts'

interface Props {
  view: RunView
  /** Changes when another list is shown: back to the top. */
  listKey: string
  label: string
  selectedKey: string | null
  outgoing: boolean
  text: Text
  look: ListLook
  /** In which order the rows stand. */
  order: ListOrder
  /** It can be given another order. */
  sortable?: boolean
  /** Several chosen messages; null where it is one or none. */
  selection: Selection | null
  /** What stands there when the list is empty. */
  empty: ReactNode
  /** What stands in a row in place of its subject and of its last line. */
  noteOf?(row: MessageSummary): RowNote | null
  onWant(first: number, last: number): void
  onSelect(row: MessageSummary): void
  onSelection(selection: Selection | null): void
  onOpen(): void
  /** What is probably chosen next: the row under the pointer, and the neighbours of the chosen one. */
  onExpect(rows: readonly MessageSummary[]): void
  onRetry(): void
  onLook(change: Partial<ListLook>): void
  /** Hands out the functions that move everything by a number of rows, and that put a row at the top. */
  shiftRef: { current: (rows: number) => void }
  goRef?: { current: (index: number) => void }
}

/** While a key is held, rows fly past: only the one that it stops at is opened. */
const SETTLE_MS = 90
/** Between a jump and its rows. */
interface Awaited {
  index: number
  extend: boolean
  /** The row at which what is chosen begins is awaited as well. */
  from: number | null
}

/** A list of any length: only the rows near the visible ones exist, in memory and in the document. */
export function MessageList(props: Props) {
  const { view, listKey, selectedKey, text, look, order, selection, onWant, onSelect, onSelection, onExpect } = props
  const element = useRef<HTMLDivElement>(null)
  const scroller = useScroller(element, view.total, rowHeight(look.density))
  const prefix = useId()
  const at = useRef(-1)
  /** Where a choice of several began. */
  const anchor = useRef<{ row: MessageSummary; index: number } | null>(null)
  const awaited = useRef<Awaited | null>(null)
  const [passing, setPassing] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef({ selection, selectedKey, view })
  latest.current = { selection, selectedKey, view }
  const { reveal, toTop, visibleFirst, visibleLast } = scroller

  props.shiftRef.current = rows => {
    if (at.current >= 0) at.current += rows
    if (anchor.current) anchor.current.index += rows
    const waiting = awaited.current
    if (waiting) waiting.index += rows
    if (waiting && waiting.from !== null) waiting.from += rows
    seen.current += rows
    scroller.shift(rows)
  }
  if (props.goRef) props.goRef.current = scroller.putAtTop

  const seen = useRef(0)
  const missing = standIn(view, seen.current, visibleFirst, visibleLast)
  const late = useLate(missing !== null, view.rows)
  /** The row that stands at the top while the rows of a far place are awaited. */
  const standing = late ? null : missing
  seen.current = standing ?? visibleFirst
  const standsFor = (top: number) => ({
    first: Math.max(view.base, top - OVERSCAN),
    last: Math.min(view.base + view.rows.length - 1, top + visibleLast - visibleFirst + OVERSCAN),
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useEffect(() => {
    at.current = -1
    anchor.current = null
    awaited.current = null
    setPassing(null)
    onSelection(null)
    toTop()
  }, [listKey, toTop])
  useEffect(() => () => clearTimeout(timer.current), [])

  // A bar that comes above takes height away: the row where the keys are stays in sight, if it was.
  const { viewport } = scroller
  const had = useRef(viewport)
  useEffect(() => {
    const before = had.current
    had.current = viewport
    if (viewport < before && at.current >= 0) scroller.keep(at.current, before)
  }, [viewport, scroller.keep])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has to be told as well
  useEffect(() => onWant(visibleFirst, visibleLast), [onWant, visibleFirst, visibleLast, listKey])

  const open = useCallback(
    (row: MessageSummary, hurried: boolean) => {
      clearTimeout(timer.current)
      setPassing(hurried ? rowKey(row) : null)
      if (!hurried) return onSelect(row)
      timer.current = setTimeout(() => {
        onSelect(row)
        setPassing(null)
      }, SETTLE_MS)
    },
    [onSelect],
  )

  const arrive = useCallback(
    (index: number, row: MessageSummary, extend: boolean, hurried: boolean) => {
      const { view } = latest.current
      const step = index < at.current ? -1 : 1
      onExpect([view.rows[index + step - view.base], view.rows[index - step - view.base]].filter(near => near !== undefined))
      at.current = index
      reveal(index)
      if (extend && anchor.current) onSelection(stretchTo(anchor.current.row, row, Math.abs(index - anchor.current.index) + 1, order))
      else {
        anchor.current = { row, index }
        onSelection(null)
      }
      open(row, hurried)
    },
    [reveal, open, onSelection, onExpect, order],
  )

  // What a key led to was not in memory yet.
  useEffect(() => {
    const waiting = awaited.current
    if (!waiting) return
    const begin = waiting.from === null ? undefined : view.rows[waiting.from - view.base]
    if (begin) {
      anchor.current = { row: begin, index: waiting.from! }
      waiting.from = null
    }
    const row = view.rows[waiting.index - view.base]
    if (!row) return
    awaited.current = null
    // Where it would begin is not known: rather one row than a stretch that nobody chose.
    arrive(waiting.index, row, waiting.extend && waiting.from === null, true)
  }, [view, arrive])

  const onPress = useCallback(
    (index: number, row: MessageSummary, event: MouseEvent) => {
      awaited.current = null
      if (event.shiftKey && anchor.current) return arrive(index, row, true, false)
      if (!event.ctrlKey && !event.metaKey) return arrive(index, row, false, false)
      const { selection, selectedKey, view } = latest.current
      const begun =
        selection ?? (view.rows.some(one => rowKey(one) === selectedKey) ? onlyRow(view.rows.find(one => rowKey(one) === selectedKey)!) : null)
      onSelection(begun ? toggled(begun, row, order) : onlyRow(row))
      anchor.current = { row, index }
      at.current = index
    },
    [arrive, onSelection, order],
  )

  const shownKey = passing ?? selectedKey
  const heldAt = shownKey === null ? -1 : view.rows.findIndex(row => rowKey(row) === shownKey)
  const currentIndex = () => awaited.current?.index ?? (heldAt >= 0 ? view.base + heldAt : at.current)

  const onKeyDown = (event: KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey
    if (command && event.key.toLowerCase() === 'a' && view.total > 0) {
      event.preventDefault()
      return onSelection(everything)
    }
    if (event.key === 'Escape' && selection) return onSelection(null)
    if (event.altKey || (command && event.key !== 'Home' && event.key !== 'End')) return
    if (event.key === 'Enter') return props.onOpen()
    const from = currentIndex()
    const page = Math.max(1, visibleLast - visibleFirst - 1)
    const to = keyTarget(event.key, from < 0 ? visibleFirst - 1 : from, page, view.total)
    if (to === null || view.total === 0) return
    event.preventDefault()
    const index = Math.min(Math.max(0, to), view.total - 1)
    reveal(index)
    const row = view.rows[index - view.base]
    const before = awaited.current
    // A stretch begins where the keys were last, though that row has not come yet.
    const begin = event.shiftKey && before ? (before.extend ? before.from : before.index) : null
    awaited.current = row && begin === null ? null : { index, extend: event.shiftKey, from: begin }
    if (row && begin === null) arrive(index, row, event.shiftKey, event.repeat)
    else at.current = index
  }

  const onPointerOver = (event: PointerEvent) => {
    const place = (event.target as Element).closest('[aria-posinset]')?.getAttribute('aria-posinset')
    const row = place && view.rows[Number(place) - 1 - view.base]
    if (row) onExpect([row])
  }

  const drawn = standing === null ? scroller : standsFor(standing)
  const indexes = Array.from({ length: Math.max(0, drawn.last - drawn.first + 1) }, (_, step) => drawn.first + step)
  const isEmpty = view.loaded && view.total === 0 && !view.error
  const style = useMemo(() => ({ '--columns': gridOf(look) }), [look]) as Record<string, string>

  return (
    <>
      {look.density === 'compact' && !isEmpty && (
        <ColumnHeads look={look} order={order} sortable={props.sortable === true} outgoing={props.outgoing} text={text} onLook={props.onLook} />
      )}
      {/* biome-ignore lint/a11y: a list of choices, except where there is nothing to choose */}
      <div
        ref={element}
        className="list"
        data-density={look.density}
        data-several={selection !== null || undefined}
        role={isEmpty ? 'group' : 'listbox'}
        aria-multiselectable={isEmpty ? undefined : 'true'}
        tabIndex={0}
        aria-label={props.label}
        aria-busy={!view.loaded}
        aria-activedescendant={heldAt >= 0 ? `${prefix}${shownKey}` : undefined}
        style={style}
        onScroll={scroller.onScroll}
        onKeyDown={onKeyDown}
        onPointerOver={onPointerOver}
      >
        {view.error !== null && (
          <div className="list-note">
            <ErrorNote error={view.error} text={text} onRetry={props.onRetry} />
          </div>
        )}
        {isEmpty && props.empty}
        <div className="list-track" style={{ height: scroller.height }} role="presentation">
          {indexes.map(index => {
            const row = view.rows[index - view.base]
            const top = scroller.topOf(standing === null ? index : visibleFirst + index - standing)
            // Elements are used again for other rows: to change their texts is a small part of the work of making them anew.
            const slot = index % scroller.most
            if (!row) return <SkeletonRow key={`blank${slot}`} top={top} />
            const key = rowKey(row)
            return (
              <MessageRow
                key={slot}
                id={prefix + key}
                row={row}
                index={index}
                total={view.total}
                top={top}
                selected={selection ? isSelected(selection, row, order) : key === shownKey}
                outgoing={props.outgoing}
                look={look}
                bySize={order.by === 'size'}
                text={text}
                note={props.noteOf?.(row)}
                onPress={onPress}
              />
            )
          })}
        </div>
      </div>
    </>
  )
}
