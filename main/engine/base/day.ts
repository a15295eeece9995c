/** Days of a calendar somewhere on earth, for what is counted by the day. */

/** `2026-03-29`, in this time zone (IANA), or this computer's. */
export function dayOf(at: number, zone?: string): string {
  return formatFor(zone).format(at)
}

/** When the day after begins there, Unix ms. Days have 23 to 25 hours where clocks are put forward and back. */
export function nextDay(at: number, zone?: string): number {
  const today = dayOf(at, zone)
  let before = at
  let after = at + 26 * 60 * 60_000
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayOf(middle, zone) === today) before = middle
    else after = middle
  }
  return after
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making one takes longer than using it ten thousand times. Canada writes dates as ISO 8601 does. */
function formatFor(zone = ''): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', { ...(zone !== '' && { timeZone: zone }), year: 'numeric', month: '2-digit', day: '2-digit' })
  formats.set(zone, made)
  return made
}
