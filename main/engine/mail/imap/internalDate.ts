/** INTERNALDATE, RFC 9051 `date-time`: `" 7-Feb-1994 21:52:25 -0800"`. Kept as seconds and zone, because an export has to write the zone back. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DATE_TIME = /^\s*(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})\s*$/

/** Unix seconds and minutes east of UTC; null for whatever is not exactly a date-time (some servers send NIL or `00-Jan-1900`). */
export function parseInternalDate(text: string | null): { seconds: number; zone: number } | null {
  const match = text === null ? null : DATE_TIME.exec(text)
  if (!match) return null
  const [, day, monthName, year, hour, minute, second, sign, zoneHours, zoneMinutes] = match
  const month = MONTHS.indexOf(monthName!.toLowerCase())
  const midnight = Date.UTC(Number(year), month, Number(day))
  // Date.UTC rolls 31-Feb over into March.
  if (month < 0 || new Date(midnight).getUTCDate() !== Number(day)) return null
  // 60: a leap second, which is the first second of the next minute.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null
  const local = midnight / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second)
  const zone = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes))
  return { seconds: local - zone * 60, zone }
}

/** The same the other way: the moment as a clock in that zone shows it. The server that stated it gets back what it said. */
export function formatInternalDate(seconds: number, zone: number): string {
  const local = new Date((seconds + zone * 60) * 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const month = MONTHS[local.getUTCMonth()]!
  const east = Math.abs(zone)
  return `${String(local.getUTCDate()).padStart(2, ' ')}-${month[0]!.toUpperCase()}${month.slice(1)}-${local.getUTCFullYear()} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())} ${zone < 0 ? '-' : '+'}${two(Math.floor(east / 60))}${two(east % 60)}`
}
