/** Sizes and times as people type them. */
import { UsageError } from './command.ts'

const UNITS: Record<string, number> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }

/** 25M, 1.5G, 500k, in units of 1,000; null for "none". Throws UsageError. */
export function amount(name: string, text: string, least: number): number | null {
  if (text === 'none') return null
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)b?$/i.exec(text.trim())
  const value = match ? Math.round(Number(match[1]) * UNITS[match[2]!.toLowerCase()]!) : Number.NaN
  if (!(value >= least && value <= Number.MAX_SAFE_INTEGER))
    throw new UsageError(`--${name} takes a size such as 25M or 1.5G, at least ${least.toLocaleString('en-US')} bytes, or "none".`)
  return value
}

const SPANS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A span from now (90m, 12h, 3d), or a day, or a day and an hour, on this computer's clock; Unix ms. Throws UsageError. */
export function moment(name: string, text: string, now: number): number {
  const span = /^(\d{1,5})([mhd])$/i.exec(text.trim())
  if (span) return now + Number(span[1]) * SPANS[span[2]!.toLowerCase()]!
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text.trim())
  const at = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2})?$/.test(text.trim())
    ? Date.parse(day ? `${text.trim()}T00:00` : text.trim().replace(' ', 'T'))
    : Number.NaN
  if (Number.isNaN(at)) throw new UsageError(`--${name} takes a span such as 12h or 3d, or a day such as 2026-12-01, or 2026-12-01T08:00.`)
  if (at <= now) throw new UsageError(`--${name}: that time is over.`)
  return at
}
