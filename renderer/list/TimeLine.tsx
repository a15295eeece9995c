import { X } from 'lucide-react'
import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { MonthCount } from '../../main/contract/order.ts'
import type { Text } from '../text/text.ts'
import { type Bar, barsOf, placeOf } from './timeline.ts'

interface Props {
  months: readonly MonthCount[]
  /** The times of the visible rows, the earlier first. */
  visible: { from: number; until: number } | null
  /** What was chosen. */
  range: { from: number; until: number } | null
  text: Text
  /** A month was pressed. */
  onJump(from: number, until: number): void
  onRange(range: { from: number; until: number } | null): void
}

const HEIGHT = 34

/** Messages by month: a press goes there, a drag chooses a time. */
export function TimeLine({ months, visible, range, text, onJump, onRange }: Props) {
  const { t, plural, format } = text
  const element = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  const [at, setAt] = useState<number | null>(null)
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)))
    observer.observe(element.current!)
    return () => observer.disconnect()
  }, [])
  const bars = useMemo(() => barsOf(months, width), [months, width])
  const picture = useMemo(() => pathOf(bars, width), [bars, width])
  const scale = bars.length > 0 ? width / bars.length : 0
  const barAt = (x: number) => Math.min(bars.length - 1, Math.max(0, Math.floor((x - element.current!.getBoundingClientRect().left) / scale)))
  const chosen = drag ? spanOf(bars, drag) : range
  const now = at === null ? undefined : bars[at]
  const month = (bar: Bar) => format.month(bar.from, bar.until)

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || bars.length === 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const bar = barAt(event.clientX)
    setDrag({ from: bar, to: bar })
  }
  const onPointerMove = (event: PointerEvent) => {
    if (bars.length === 0) return
    const bar = barAt(event.clientX)
    if (bar !== at) setAt(bar)
    if (drag && drag.to !== bar) setDrag({ ...drag, to: bar })
  }
  const onPointerUp = () => {
    if (!drag) return
    setDrag(null)
    if (drag.from === drag.to) onJump(bars[drag.to]!.from, bars[drag.to]!.until)
    else onRange(spanOf(bars, drag))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
    if (by !== 0 && bars.length > 0) {
      event.preventDefault()
      const next = Math.min(bars.length - 1, Math.max(0, (at ?? bars.length) + by))
      if (event.shiftKey) setDrag(before => ({ from: before?.from ?? at ?? next, to: next }))
      setAt(next)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (drag) onPointerUp()
      else if (now) onJump(now.from, now.until)
    } else if (event.key === 'Escape') setDrag(null)
  }
  const box = (span: { from: number; until: number }, least: number) => {
    const left = placeOf(bars, span.from) * scale
    return { left, width: Math.max(least, placeOf(bars, span.until) * scale - left) }
  }
  const said = now ? t('listing.month', { month: month(now), count: plural('count.messages', now.count) }) : t('listing.timelineHelp')

  return (
    <div className="timeline">
      <div
        ref={element}
        className="timeline-picture"
        role="slider"
        tabIndex={0}
        aria-label={t('listing.timelineHelp')}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, bars.length - 1)}
        aria-valuenow={at ?? Math.max(0, bars.length - 1)}
        aria-valuetext={said}
        style={{ height: HEIGHT }}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => !drag && setAt(null)}
        onKeyDown={onKeyDown}
      >
        {chosen && bars.length > 0 && <i className="timeline-range" style={box(chosen, 2)} />}
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <path d={picture} />
        </svg>
        {now && <i className="timeline-at" style={{ left: at! * scale, width: scale }} />}
        {visible && bars.length > 0 && <i className="timeline-visible" style={box(visible, 3)} />}
      </div>
      <div className="timeline-legend num" aria-hidden="true">
        {chosen ? (
          <span className="timeline-chosen">{t('listing.range', { from: format.day(chosen.from), to: format.day(chosen.until - 1) })}</span>
        ) : (
          <span>{now ? said : bars[0] && month(bars[0])}</span>
        )}
        {!now && !chosen && <span>{bars.length > 1 && month(bars.at(-1)!)}</span>}
      </div>
      {range && (
        <button
          type="button"
          className="timeline-clear"
          aria-label={t('listing.clearRange')}
          title={t('listing.clearRange')}
          onClick={() => onRange(null)}
        >
          <X size={12} aria-hidden="true" />
        </button>
      )}
    </div>
  )
}

const spanOf = (bars: readonly Bar[], { from, to }: { from: number; to: number }) => ({
  from: bars[Math.min(from, to)]!.from,
  until: bars[Math.max(from, to)]!.until,
})

/** One shape for all bars. Roots of the counts: a month of ten must be seen beside one of ten thousand. */
function pathOf(bars: readonly Bar[], width: number): string {
  const most = Math.max(1, ...bars.map(({ count }) => count))
  const each = width / Math.max(1, bars.length)
  const thick = each > 3 ? each - 1 : each
  return bars
    .map(({ count }, i) => {
      const high = count === 0 ? 0 : Math.max(2, Math.sqrt(count / most) * (HEIGHT - 6))
      return count === 0 ? '' : `M${(i * each).toFixed(1)} ${HEIGHT - 3}v${(-high).toFixed(1)}h${thick.toFixed(1)}v${high.toFixed(1)}z`
    })
    .join('')
}
