import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useId, useRef } from 'react'
import type { MessageSummary } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import './list.css'
import { MessageRow, ROW_HEIGHT, type RowNote, SkeletonRow } from './MessageRow.tsx'
import { type RunView, rowKey } from './messageRun.ts'
import { useScroller } from './useScroller.ts'

interface Props {
  view: RunView
  /** Changes when another list is shown: back to the top. */
  listKey: string
  label: string
  selectedKey: string | null
  outgoing: boolean
  text: Text
  /** What stands there when the list is empty. */
  empty: ReactNode
  /** What stands in a row in place of its subject and of its last line. */
  noteOf?(row: MessageSummary): RowNote | null
  onWant(first: number, last: number): void
  onSelect(row: MessageSummary): void
  onOpen(): void
  onRetry(): void
  /** Hands out the function that moves everything by a number of rows. */
  shiftRef: { current: (rows: number) => void }
}

/** A list of any length: only the rows near the visible ones exist, in memory and in the document. */
export function MessageList(props: Props) {
  const { view, listKey, selectedKey, text, onWant, onSelect } = props
  const element = useRef<HTMLDivElement>(null)
  const scroller = useScroller(element, view.total, ROW_HEIGHT)
  const prefix = useId()
  const at = useRef(-1)
  const { reveal, toTop, visibleFirst, visibleLast } = scroller

  props.shiftRef.current = rows => {
    if (at.current >= 0) at.current += rows
    scroller.shift(rows)
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useEffect(() => {
    at.current = -1
    toTop()
  }, [listKey, toTop])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has to be told as well
  useEffect(() => onWant(visibleFirst, visibleLast), [onWant, visibleFirst, visibleLast, listKey])

  const select = useCallback(
    (index: number, row: MessageSummary) => {
      at.current = index
      reveal(index)
      onSelect(row)
    },
    [onSelect, reveal],
  )

  const indexOfSelected = () => {
    const held = view.rows.findIndex(row => rowKey(row) === selectedKey)
    return held >= 0 ? view.base + held : at.current
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey || (event.ctrlKey && event.key !== 'Home' && event.key !== 'End')) return
    if (event.key === 'Enter') return props.onOpen()
    const from = selectedKey === null ? -1 : indexOfSelected()
    const page = Math.max(1, visibleLast - visibleFirst - 1)
    const to = target(event.key, from < 0 ? visibleFirst - 1 : from, page, view.total)
    if (to === null) return
    event.preventDefault()
    const index = Math.min(Math.max(0, to), view.total - 1)
    reveal(index)
    const row = view.rows[index - view.base]
    if (row) select(index, row)
    else at.current = index
  }

  const indexes = Array.from({ length: Math.max(0, scroller.last - scroller.first + 1) }, (_, step) => scroller.first + step)
  const selectedIndex = selectedKey === null ? -1 : view.rows.findIndex(row => rowKey(row) === selectedKey)
  const empty = view.loaded && view.total === 0 && !view.error

  return (
    <div
      ref={element}
      className="list"
      role="listbox"
      tabIndex={0}
      aria-label={props.label}
      aria-busy={!view.loaded}
      aria-activedescendant={selectedIndex >= 0 ? `${prefix}${selectedKey}` : undefined}
      onScroll={scroller.onScroll}
      onKeyDown={onKeyDown}
    >
      {view.error !== null && (
        <div className="list-note">
          <ErrorNote error={view.error} text={text} onRetry={props.onRetry} />
        </div>
      )}
      {empty && props.empty}
      <div className="list-track" style={{ height: scroller.height }} role="presentation">
        {indexes.map(index => {
          const row = view.rows[index - view.base]
          const top = scroller.topOf(index)
          if (!row) return <SkeletonRow key={`blank${index}`} top={top} />
          const key = rowKey(row)
          return (
            <MessageRow
              key={key}
              id={prefix + key}
              row={row}
              index={index}
              total={view.total}
              top={top}
              selected={key === selectedKey}
              outgoing={props.outgoing}
              text={text}
              note={props.noteOf?.(row)}
              onSelect={select}
            />
          )
        })}
      </div>
    </div>
  )
}

function target(key: string, from: number, page: number, total: number): number | null {
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return from + 1
    case 'ArrowUp':
    case 'k':
      return from - 1
    case 'PageDown':
    case ' ':
      return from + page
    case 'PageUp':
      return from - page
    case 'Home':
      return 0
    case 'End':
      return total - 1
    default:
      return null
  }
}
