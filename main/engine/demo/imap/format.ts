/** How values are written to a client (RFC 9051 section 9). */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const two = (value: number) => String(value).padStart(2, '0')

/** date-time: `"17-Jul-1996 02:44:25 -0700"`, a day below 10 with a space before it. `zone` is minutes east of UTC. */
export function formatInternalDate(seconds: number, zone: number): string {
  const local = new Date((seconds + zone * 60) * 1000)
  const day = String(local.getUTCDate()).padStart(2, ' ')
  const date = `${day}-${MONTHS[local.getUTCMonth()]}-${local.getUTCFullYear()}`
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`
  return `"${date} ${time} ${formatZone(zone)}"`
}

/** The other way round, or null. */
export function parseInternalDate(text: string): { seconds: number; zone: number } | null {
  const parts = /^ ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(text)
  const month = MONTHS.findIndex(name => name.toLowerCase() === parts?.[2]?.toLowerCase())
  if (!parts || month < 0) return null
  const [day, year, hour, minute, second, zoneHours, zoneMinutes] = [1, 3, 4, 5, 6, 8, 9].map(at => Number(parts[at]))
  const zone = (parts[7] === '-' ? -1 : 1) * (zoneHours! * 60 + zoneMinutes!)
  return { seconds: Date.UTC(year!, month, day, hour, minute, second) / 1000 - zone * 60, zone }
}

/** `+0130`. RFC 5322 3.3 and IMAP write zones alike. */
export function formatZone(zone: number): string {
  const minutes = Math.abs(zone)
  return `${zone < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`
}

/** A quoted string of printable ASCII. */
export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

/** The date of a SEARCH key, `1-Feb-2024`, as Unix seconds of its midnight in UTC, or null. */
export function parseSearchDate(text: string): number | null {
  const parts = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text)
  const month = MONTHS.findIndex(name => name.toLowerCase() === parts?.[2]?.toLowerCase())
  return !parts || month < 0 ? null : Date.UTC(Number(parts[3]), month, Number(parts[1])) / 1000
}
