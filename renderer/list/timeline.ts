/** The time line's arithmetic: months into bars of a given width, and back from a place in the picture to a time. */
import type { MonthCount } from '../../main/contract/order.ts'

export interface Bar {
  /** From this moment… */
  from: number
  /** …until before this one. */
  until: number
  count: number
}

/** A bar and the gap beside it. */
const NARROWEST = 4
/** A lone date of 1970 or 2100 must not make the rest a thin line: so small a share, so long before or after all the rest, is left out of the picture. */
const OUTLIERS = 0.001
const FAR_MS = 3 * 365 * 24 * 60 * 60 * 1000

export const monthAfter = (time: number, months = 1): number => {
  const day = new Date(time)
  return new Date(day.getFullYear(), day.getMonth() + months, 1).getTime()
}

/** At most one bar for each NARROWEST pixels, each of so many whole months. */
export function barsOf(months: readonly MonthCount[], width: number): Bar[] {
  const shown = withoutOutliers(months)
  const first = shown[0]
  const last = shown.at(-1)
  if (!first || !last || width < NARROWEST) return []
  const [a, b] = [new Date(first.at), new Date(last.at)]
  const span = (b.getFullYear() - a.getFullYear()) * 12 + b.getMonth() - a.getMonth() + 1
  const step = Math.ceil(span / Math.max(1, Math.floor(width / NARROWEST)))
  const bars: Bar[] = []
  let next = 0
  for (let from = first.at; from <= last.at; ) {
    const until = monthAfter(from, step)
    let count = 0
    for (; next < shown.length && shown[next]!.at < until; next++) count += shown[next]!.count
    bars.push({ from, until, count })
    from = until
  }
  return bars
}

function withoutOutliers(months: readonly MonthCount[]): readonly MonthCount[] {
  const total = months.reduce((sum, { count }) => sum + count, 0)
  const bound = total * OUTLIERS
  let [first, last] = [0, months.length - 1]
  for (let [at, sum] = [0, 0]; at < last && sum + months[at]!.count <= bound; at++) {
    sum += months[at]!.count
    if (months[at + 1]!.at - months[at]!.at > FAR_MS) first = at + 1
  }
  for (let [at, sum] = [last, 0]; at > first && sum + months[at]!.count <= bound; at--) {
    sum += months[at]!.count
    if (months[at]!.at - months[at - 1]!.at > FAR_MS) last = at - 1
  }
  return months.slice(first, last + 1)
}

/** Where a moment is among the bars, in bars. */
export function placeOf(bars: readonly Bar[], time: number): number {
  const at = bars.findIndex(({ until }) => time < until)
  if (at < 0) return bars.length
  const { from, until } = bars[at]!
  return at + Math.max(0, (time - from) / (until - from))
}

const two = (value: number) => String(value).padStart(2, '0')
const dayOf = (time: number): string => {
  const day = new Date(time)
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}
const CHOSEN = /\s*\b(after|before):(\d{4})-(\d{2})-(\d{2})\b/g

/** A query with the time that was chosen in the picture, in place of one chosen before; null: with none. */
export function withRange(query: string, range: { from: number; until: number } | null): string {
  const rest = query.replace(CHOSEN, '').trim()
  return range ? `${rest} after:${dayOf(range.from)} before:${dayOf(range.until)}`.trim() : rest
}

/** The time that a query asks for, where it was chosen so. */
export function rangeIn(query: string): { from: number; until: number } | null {
  const found: Record<string, number> = {}
  for (const [, which, year, month, day] of query.matchAll(CHOSEN)) found[which!] = new Date(Number(year), Number(month) - 1, Number(day)).getTime()
  return found['after'] !== undefined && found['before'] !== undefined ? { from: found['after'], until: found['before'] } : null
}
