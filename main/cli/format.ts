/** Numbers, dates and tables for people. */
import type { Address } from '../contract/types.ts'

export const number = (value: number): string => value.toLocaleString('en-US')

/** Units of 1,000, as disks are sold and as most file managers show them. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let rest = value
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000
    unit++
  }
  return `${unit === 0 || rest >= 99.95 ? Math.round(rest) : rest.toFixed(1)} ${units[unit]}`
}

/** Local time, in an order that sorts. */
export function date(ms: number | null): string {
  if (ms === null) return '-'
  const at = new Date(ms)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

/** 'one message', '2,000 messages'. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`
}

export function person({ name, address }: Address): string {
  return name && address ? `${name} <${address}>` : name || address
}

/**
 * Text out of a message, made harmless for a terminal: a subject could hold sequences that move the cursor, answer as if typed,
 * or (bidirectional overrides) show a file name backwards.
 */
export function printable(text: string, { lines = false } = {}): string {
  const kept = lines ? text.replace(/\r\n?/g, '\n') : text.replace(/\s+/g, ' ').trim()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return kept.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

export interface Column {
  title: string
  align?: 'right'
  /** May be cut when the table is wider than the terminal; the widest of these gives way first. */
  flexible?: boolean
}

/** Aligned columns; cut to `width` where one is given. Cells must be printable. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number | null = null): string {
  const widths = columns.map(({ title }, at) => Math.max(textWidth(title), ...rows.map(row => textWidth(row[at] ?? ''))))
  if (width !== null) narrow(columns, widths, width)
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, at) => {
        const cell = cut(cells[at] ?? '', widths[at]!)
        const space = ' '.repeat(Math.max(0, widths[at]! - textWidth(cell)))
        return align === 'right' ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  return `${[line(columns.map(({ title }) => title)), ...rows.map(line)].join('\n')}\n`
}

const LEAST = 8 // a column narrower than this tells nothing

function narrow(columns: readonly Column[], widths: number[], width: number): void {
  const least = columns.reduce((sum, { flexible }, at) => sum + (flexible ? Math.min(LEAST, widths[at]!) : widths[at]!) + 2, -2)
  if (least > width) return // It does not fit whatever is cut: then nothing is.
  const total = () => widths.reduce((sum, one) => sum + one, 0) + 2 * (widths.length - 1)
  while (total() > width) {
    let widest = -1
    for (const [at, { flexible }] of columns.entries())
      if (flexible && widths[at]! > LEAST && (widest < 0 || widths[at]! > widths[widest]!)) widest = at
    if (widest < 0) return
    widths[widest]!--
  }
}

export function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += symbolWidth(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

const graphemes = new Intl.Segmenter()

/** Columns of a terminal: Chinese, Japanese, Korean and emoji take two. */
export function textWidth(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
  if (/^[\u0000-\u007f]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += symbolWidth(segment)
  return width
}

const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}])/u

function symbolWidth(symbol: string): number {
  return WIDE.test(symbol) ? 2 : 1
}
