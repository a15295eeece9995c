/** Numbers, sizes, dates and durations as a language writes them. All times are Unix milliseconds. */

export interface Format {
  number(value: number): string
  percent(fraction: number): string
  /** Decimal units, as file managers show them: 1.2 MB. */
  bytes(value: number): string
  /** Short, for a row of a list: the time today, the weekday this week, else the date. */
  listDate(time: number, now?: number): string
  /** With weekday and time, for a message's head. */
  fullDate(time: number): string
  day(time: number): string
  /** Months or years, from the first moment until before the last. */
  month(from: number, until: number): string
  time(time: number): string
  /** The time today, else day and time. */
  moment(time: number, now?: number): string
  /** Coarse on purpose: "40 sec", "3 min", "2 hr, 5 min". */
  duration(seconds: number): string
  list(items: readonly string[]): string
}

const DAY = 86_400_000
const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

export function formatFor(locale: string): Format {
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent' })
  const sizes = units.map((unit, power) =>
    [0, 1].map(
      digits => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: power === 0 ? 'long' : 'short', maximumFractionDigits: digits }),
    ),
  )
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options)
  const clock = date({ hour: 'numeric', minute: '2-digit' })
  const weekday = date({ weekday: 'long' })
  const dayMonth = date({ day: 'numeric', month: 'short' })
  const dayMonthYear = date({ day: 'numeric', month: 'short', year: 'numeric' })
  const full = date({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' })
  const monthYear = date({ month: 'short', year: 'numeric' })
  const dayTime = date({ day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric', minute: '2-digit' })
  const span = (unit: string) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 })
  const [seconds_, minutes_, hours_] = [span('second'), span('minute'), span('hour')]
  const conjunction = new Intl.ListFormat(locale, { type: 'unit', style: 'short' })

  const midnight = (now: number) => new Date(now).setHours(0, 0, 0, 0)

  return {
    number: value => number.format(value),
    percent: fraction => percent.format(fraction),
    bytes(value) {
      const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3))
      const scaled = value / 1000 ** power
      return sizes[power]![scaled < 10 && power > 0 ? 1 : 0]!.format(scaled)
    },
    listDate(time, now = Date.now()) {
      const today = midnight(now)
      if (time >= today && time < today + DAY) return clock.format(time)
      if (time < today && time >= today - 6 * DAY) return weekday.format(time)
      return new Date(time).getFullYear() === new Date(now).getFullYear() ? dayMonth.format(time) : dayMonthYear.format(time)
    },
    fullDate: time => full.format(time),
    day: time => dayMonthYear.format(time),
    month: (from, until) => monthYear.formatRange(from, until - 1),
    time: time => clock.format(time),
    moment: (time, now = Date.now()) => (time >= midnight(now) && time < midnight(now + DAY) ? clock.format(time) : dayTime.format(time)),
    duration(value) {
      if (value < 90) return seconds_.format(Math.max(1, Math.round(value)))
      const minutes = Math.round(value / 60)
      if (minutes < 90) return minutes_.format(minutes)
      return conjunction.format([hours_.format(Math.floor(minutes / 60)), minutes_.format(minutes % 60)])
    },
    list: items => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
  }
}
