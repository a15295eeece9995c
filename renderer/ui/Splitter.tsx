import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import './splitter.css'

interface Props {
  label: string
  at: number
  least: number
  most: number
  /** Where the line is, from the left edge: a CSS length. */
  left: string
  onMove(width: number): void
}

/** The line between two panes: drag it, or focus it and use the arrows. */
export function Splitter({ label, at, least, most, left, onMove }: Props) {
  const from = useRef<{ x: number; at: number } | null>(null)
  const move = (to: number) => onMove(Math.round(Math.min(most, Math.max(least, to))))

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    from.current = { x: event.clientX, at }
  }
  const onPointerMove = (event: PointerEvent) => {
    if (from.current) move(from.current.at + event.clientX - from.current.x)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? -16 : event.key === 'ArrowRight' ? 16 : 0
    if (by === 0) return
    event.preventDefault()
    move(at + by)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a focusable separator has no element of its own
    <div
      className="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={at}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      style={{ left }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        from.current = null
      }}
      onKeyDown={onKeyDown}
    />
  )
}
