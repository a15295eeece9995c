/**
 * Days as people write them, in the order their country writes them in: 2024, 2024-03, 2024-03-05, 5.3.2024, 3/5/2024, 2024年3月5日, march, "March 2024",
 * yesterday, last-week, monday, 3d, "2 weeks". Each is a stretch of time: from its beginning to the beginning of what comes next. In the time zone
 * of this computer.
 */
import { fold } from './fields.ts'

export interface Stretch {
  /** Unix ms. */
  from: number
  before: number
}

export interface Now {
  /** Unix ms. */
  now: number
  /** BCP 47. */
  locale: string
}

/** Null where it is no date. */
export function parseDate(text: string, { now, locale }: Now): Stretch | null {
  const typed = fold(text.trim()).replace(/\s+/g, ' ')
  if (typed === '') return null
  const dots = /^(.+?)\s*(?:\.\.\.?|…|–)\s*(.+)$/.exec(typed)
  if (dots) {
    const [first, last] = [parseDate(dots[1]!, { now, locale }), parseDate(dots[2]!, { now, locale })]
    return first && last && last.before > first.from ? { from: first.from, before: last.before } : null
  }
  return numbers(typed, locale, now) ?? named(typed, now) ?? month(typed, locale, now) ?? weekday(typed, locale, now)
}

/** How long ago: 3d, 2w, "6 months", 1y. Unix ms. Null where it is no such thing. */
export function parseAgo(text: string, { now, locale }: Now): number | null {
  const found = /^(\d{1,4})\s*(\p{L}{1,12})\.?$/u.exec(fold(text.trim()))
  if (!found) return null
  const [n, unit] = [Number(found[1]), unitOf(found[2]!, locale)]
  if (!unit) return null
  if (unit === 'hour') return now - n * 3_600_000
  const at = new Date(now)
  if (unit === 'day') at.setDate(at.getDate() - n)
  else if (unit === 'week') at.setDate(at.getDate() - 7 * n)
  else {
    // A month before the 31st of March is the last of February.
    const day = at.getDate()
    at.setDate(1)
    at.setMonth(at.getMonth() - n * (unit === 'year' ? 12 : 1))
    at.setDate(Math.min(day, new Date(at.getFullYear(), at.getMonth() + 1, 0).getDate()))
  }
  return at.getTime()
}

type Unit = 'hour' | 'day' | 'week' | 'month' | 'year'
const UNITS: Record<Unit, readonly string[]> = {
  hour: ['h', 'hour', 'hours', 'godz', 'godzina', 'godziny', 'godzin', 'std', 'stunde', 'stunden', '小时'],
  day: ['d', 'day', 'days', 'dzien', 'dni', 'tag', 'tage', 'tagen', '天', '日'],
  week: ['w', 'week', 'weeks', 'tydz', 'tydzien', 'tygodnie', 'tygodni', 'woche', 'wochen', '周', '星期'],
  month: ['m', 'mo', 'month', 'months', 'mies', 'miesiac', 'miesiace', 'miesiecy', 'mon', 'monat', 'monate', 'monaten', '月', '个月'],
  year: ['y', 'year', 'years', 'r', 'l', 'rok', 'lata', 'lat', 'j', 'jahr', 'jahre', 'jahren', '年'],
}

function unitOf(word: string, locale: string): Unit | null {
  // The one letter that means a day to Germans and a week to Poles.
  if (word === 't') return locale.startsWith('pl') ? 'week' : locale.startsWith('de') ? 'day' : null
  return (Object.keys(UNITS) as Unit[]).find(unit => UNITS[unit].includes(word)) ?? null
}

const year = (y: number, m = 0, d = 1) => {
  const date = new Date(y, m, d)
  if (y >= 0 && y < 100) date.setFullYear(y)
  return date.getTime()
}
const years = (y: number): Stretch => ({ from: year(y), before: year(y + 1) })
const months = (y: number, m: number): Stretch => ({ from: year(y, m), before: year(y, m + 1) })
const days = (y: number, m: number, d: number): Stretch => ({ from: year(y, m, d), before: year(y, m, d + 1) })
const isMonth = (m: number) => m >= 1 && m <= 12
const isDay = (y: number, m: number, d: number) => isMonth(m) && d >= 1 && d <= new Date(y, m, 0).getDate()
const isYear = (y: number) => y >= 1900 && y <= 2200

function numbers(typed: string, locale: string, now: number): Stretch | null {
  let found = /^(\d{4})\s*(?:年|r\.?)?$/.exec(typed)
  if (found) return isYear(Number(found[1])) ? years(Number(found[1])) : null
  found = /^(\d{4})(?:[-./]|年)(\d{1,2})月?$/.exec(typed)
  if (found) return isYear(Number(found[1])) && isMonth(Number(found[2])) ? months(Number(found[1]), Number(found[2]) - 1) : null
  found = /^(\d{1,2})[-./](\d{4})$/.exec(typed)
  if (found) return isYear(Number(found[2])) && isMonth(Number(found[1])) ? months(Number(found[2]), Number(found[1]) - 1) : null
  found = /^(\d{4})(?:[-./]|年)(\d{1,2})(?:[-./]|月)(\d{1,2})日?$/.exec(typed) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(typed)
  if (found) return day(Number(found[1]), Number(found[2]), Number(found[3]))
  found = /^(\d{1,2})([-./])\s?(\d{1,2})\2\s?(\d{4}|\d{2})$/.exec(typed)
  if (found) {
    const [one, other] = [Number(found[1]), Number(found[3])]
    const y = found[4]!.length === 4 ? Number(found[4]) : twoDigits(Number(found[4]), now)
    // Dots are written where the day comes first; slashes as the country has it. What cannot be is read the other way round.
    const monthFirst = found[2] !== '.' && monthComesFirst(locale)
    return monthFirst ? (day(y, one, other) ?? day(y, other, one)) : (day(y, other, one) ?? (found[2] === '.' ? null : day(y, one, other)))
  }
  return null
}

function day(y: number, m: number, d: number): Stretch | null {
  return isYear(y) && isDay(y, m, d) ? days(y, m - 1, d) : null
}

function twoDigits(y: number, now: number): number {
  const century = Math.floor(new Date(now).getFullYear() / 100) * 100
  return century + y > new Date(now).getFullYear() + 10 ? century + y - 100 : century + y
}

function monthComesFirst(locale: string): boolean {
  const parts = formatter(locale, { day: 'numeric', month: 'numeric', year: 'numeric' }).formatToParts(0)
  return parts.findIndex(({ type }) => type === 'month') < parts.findIndex(({ type }) => type === 'day')
}

const spans: readonly [names: readonly string[], of: (now: Date) => Stretch][] = [
  [['today', 'dzis', 'dzisiaj', 'heute', '今天'], d => days(d.getFullYear(), d.getMonth(), d.getDate())],
  [['yesterday', 'wczoraj', 'gestern', '昨天'], d => days(d.getFullYear(), d.getMonth(), d.getDate() - 1)],
  [['this week', 'ten tydzien', 'diese woche', '本周', '这周'], d => week(d, 0)],
  [['last week', 'zeszly tydzien', 'letzte woche', '上周'], d => week(d, -7)],
  [['this month', 'ten miesiac', 'dieser monat', '本月', '这个月'], d => months(d.getFullYear(), d.getMonth())],
  [['last month', 'zeszly miesiac', 'letzter monat', 'letzten monat', '上月', '上个月'], d => months(d.getFullYear(), d.getMonth() - 1)],
  [['this year', 'ten rok', 'dieses jahr', '今年'], d => years(d.getFullYear())],
  [['last year', 'zeszly rok', 'letztes jahr', '去年'], d => years(d.getFullYear() - 1)],
]

/** From Monday to Monday (ISO 8601). */
function week(d: Date, shift: number): Stretch {
  const monday = d.getDate() - ((d.getDay() + 6) % 7) + shift
  return { from: year(d.getFullYear(), d.getMonth(), monday), before: year(d.getFullYear(), d.getMonth(), monday + 7) }
}

function named(typed: string, now: number): Stretch | null {
  const spaced = typed.replace(/[-_]/g, ' ')
  return spans.find(([names]) => names.includes(spaced))?.[1](new Date(now)) ?? null
}

/** "march", "mar 2024", "2024 march", "marca-2024": the nearest one that is not to come where no year is said. */
function month(typed: string, locale: string, now: number): Stretch | null {
  const found = /^(?:(\d{4})[\s-]*)?(\p{L}[\p{L}\p{M}]*|\d{1,2}月)\.?(?:[\s-]*(\d{4}))?$/u.exec(typed)
  if (!found) return null
  const at = monthNamed(found[2]!, locale)
  if (at === null) return null
  const today = new Date(now)
  const stated = found[1] ?? found[3]
  const y = stated ? Number(stated) : today.getFullYear() - (at > today.getMonth() ? 1 : 0)
  return isYear(y) ? months(y, at) : null
}

function monthNamed(word: string, locale: string): number | null {
  for (let m = 0; m < 12; m++) if (monthWords(locale, m).has(word)) return m
  return null
}

const knownMonths = new Map<string, Set<string>>()

function monthWords(locale: string, m: number): Set<string> {
  const key = `${locale} ${m}`
  let words = knownMonths.get(key)
  if (!words) {
    words = new Set()
    for (const language of [locale, 'en', 'pl', 'de', 'zh'])
      for (const style of ['long', 'short'] as const)
        for (const options of [{ month: style }, { month: style, day: 'numeric' }] as const) {
          const name = formatter(language, options)
            .formatToParts(new Date(2024, m, 15))
            .find(({ type }) => type === 'month')?.value
          if (name && /\p{L}/u.test(name)) words.add(fold(name).replace(/\.$/, ''))
        }
    words.add(`${m + 1}月`)
    knownMonths.set(key, words)
  }
  return words
}

/** "monday": the last one, today included. */
function weekday(typed: string, locale: string, now: number): Stretch | null {
  const today = new Date(now)
  for (let back = 0; back < 7; back++) {
    const at = new Date(today.getFullYear(), today.getMonth(), today.getDate() - back)
    for (const language of [locale, 'en', 'pl', 'de', 'zh'])
      for (const style of ['long', 'short'] as const)
        if (fold(formatter(language, { weekday: style }).format(at)).replace(/\.$/, '') === typed)
          return days(at.getFullYear(), at.getMonth(), at.getDate())
  }
  return null
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  let made = formatters.get(key)
  if (!made) {
    try {
      made = new Intl.DateTimeFormat(locale, options)
    } catch {
      made = new Intl.DateTimeFormat('en', options) // a tag that is none
    }
    formatters.set(key, made)
  }
  return made
}
