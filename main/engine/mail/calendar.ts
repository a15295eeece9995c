/** Events of an iCalendar object (RFC 5545) as far as a reader shows them. Nothing is put into any calendar. */
import type { CalendarEvent, CalendarTime } from '../../contract/reading.ts'
import { type ContentLine, contentLines, unescapeText } from './contentLines.ts'

const EVENTS_MAX = 20
const ATTENDEES_MAX = 200
const DESCRIPTION_MAX = 5000

export function readCalendar(text: string): CalendarEvent[] {
  const events: CalendarEvent[] = []
  let method = ''
  let event: CalendarEvent | null = null
  let duration = ''
  // Alarms and such lie within an event, and have summaries of their own.
  let inside = 0
  for (const line of contentLines(text)) {
    const value = line.value.trim()
    if (line.name === 'BEGIN') {
      if (event) inside++
      else if (value.toUpperCase() === 'VEVENT' && events.length < EVENTS_MAX) {
        event = emptyEvent()
        duration = ''
      }
    } else if (line.name === 'END') {
      if (inside > 0) inside--
      else if (event) {
        if (duration !== '' && !event.end && event.start?.time != null) event.end = after(event.start, duration)
        events.push(event)
        event = null
      }
    } else if (line.name === 'METHOD' && !event) method = value.toLowerCase()
    else if (line.name === 'DURATION' && event && inside === 0) duration = value
    else if (event && inside === 0) take(event, line)
  }
  return events.map(one => ({ ...one, method }))
}

const emptyEvent = (): CalendarEvent => ({
  method: '',
  summary: '',
  start: null,
  end: null,
  location: '',
  description: '',
  organizer: null,
  attendees: [],
  status: '',
  repeats: '',
})

function take(event: CalendarEvent, line: ContentLine): void {
  switch (line.name) {
    case 'SUMMARY':
      event.summary = unescapeText(line.value).slice(0, 500)
      return
    case 'LOCATION':
      event.location = unescapeText(line.value).slice(0, 500)
      return
    case 'DESCRIPTION':
      event.description = unescapeText(line.value).slice(0, DESCRIPTION_MAX)
      return
    case 'STATUS':
      event.status = line.value.trim().toLowerCase()
      return
    case 'DTSTART':
      event.start = readTime(line)
      return
    case 'DTEND':
      event.end = lastDay(readTime(line))
      return
    case 'RRULE':
      event.repeats = /(?:^|;)FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)/i.exec(line.value)?.[1]?.toLowerCase() ?? ''
      return
    case 'ORGANIZER':
      event.organizer = person(line)
      return
    case 'ATTENDEE':
      if (event.attendees.length < ATTENDEES_MAX)
        event.attendees.push({ ...person(line), answer: (line.params.get('PARTSTAT') ?? 'needs-action').toLowerCase() })
      return
  }
}

function person({ params, value }: ContentLine): { name: string; address: string } {
  return {
    name: (params.get('CN') ?? '').slice(0, 200),
    address: value
      .trim()
      .replace(/^mailto:/i, '')
      .slice(0, 320),
  }
}

/** `20260503`, `20260503T143000`, `…Z`, or with a TZID (RFC 5545 3.3.4, 3.3.5). */
function readTime({ params, value }: ContentLine): CalendarTime | null {
  const [, y, mo, d, h, mi, s = '00', utc] = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?$/.exec(value.trim()) ?? []
  if (y === undefined) return null
  const day = `${y}-${mo}-${d}`
  if (h === undefined) return { time: null, written: day, allDay: true, zone: '' }
  const zone = utc ? 'UTC' : (params.get('TZID') ?? '').slice(0, 100)
  const wall = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s))
  return { time: utc ? wall : inZone(wall, zone), written: `${day} ${h}:${mi}`, allDay: false, zone }
}

/** An all-day event ends on the day before DTEND (RFC 5545 3.6.1). */
function lastDay(end: CalendarTime | null): CalendarTime | null {
  if (!end?.allDay) return end
  const day = new Date(Date.parse(`${end.written}T00:00:00Z`) - 86_400_000)
  return Number.isNaN(day.getTime()) ? end : { ...end, written: day.toISOString().slice(0, 10) }
}

function after(start: CalendarTime, duration: string): CalendarTime | null {
  const [, w = 0, d = 0, h = 0, m = 0, s = 0] = /^\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(duration) ?? []
  const length = ((((Number(w) * 7 + Number(d)) * 24 + Number(h)) * 60 + Number(m)) * 60 + Number(s)) * 1000
  return length > 0 && length < 1e12 ? { time: start.time! + length, written: '', allDay: false, zone: start.zone } : null
}

/** The names Outlook gives to zones, for the places where most of them are used; others are shown as they are written. */
const WINDOWS_ZONES: Readonly<Record<string, string>> = {
  'w. europe standard time': 'Europe/Berlin',
  'central europe standard time': 'Europe/Budapest',
  'central european standard time': 'Europe/Warsaw',
  'romance standard time': 'Europe/Paris',
  'gmt standard time': 'Europe/London',
  'e. europe standard time': 'Europe/Chisinau',
  'fle standard time': 'Europe/Kiev',
  'russian standard time': 'Europe/Moscow',
  'eastern standard time': 'America/New_York',
  'central standard time': 'America/Chicago',
  'mountain standard time': 'America/Denver',
  'pacific standard time': 'America/Los_Angeles',
  'china standard time': 'Asia/Shanghai',
  'tokyo standard time': 'Asia/Tokyo',
  'india standard time': 'Asia/Kolkata',
  'singapore standard time': 'Asia/Singapore',
  'aus eastern standard time': 'Australia/Sydney',
  utc: 'UTC',
}

/** The moment at which a clock in this zone shows `wall`; null where the zone is not known. */
function inZone(wall: number, zone: string): number | null {
  if (zone === '') return null
  const name = WINDOWS_ZONES[zone.toLowerCase()] ?? zone.replace(/^\/[^/]+\/(?:[^/]+\/)?(?=[A-Z][a-z]+\/)/, '')
  let shows: Intl.DateTimeFormat
  try {
    shows = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return null // a zone of the writer's own: its clock time is shown as written
  }
  // The offset at the first guess may be that of the other side of a change of clocks; at the second it is right.
  let at = wall
  for (let i = 0; i < 2; i++) at = wall - (clockAt(shows, at) - at)
  return at
}

function clockAt(shows: Intl.DateTimeFormat, time: number): number {
  const part = Object.fromEntries(shows.formatToParts(time).map(({ type, value }) => [type, Number(value)]))
  return Date.UTC(part['year']!, part['month']! - 1, part['day']!, part['hour']!, part['minute']!, part['second']!)
}
