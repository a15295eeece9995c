/** The Date header (RFC 5322 3.3), as loosely as mail writes it. */

const HAS_ZONE = /(?:[+-]\d{2}:?\d{2}|\b(?:GMT|UTC?|Z|[ECMP][SD]T))\s*(?:\([^)]*\))?\s*$/i

/** Unix ms, null where missing or unreadable. A date without a zone is read as UTC, the same on every computer. */
export function readDate(value: string | null): number | null {
  if (value === null || value === '' || value.length > 200) return null
  const plain = value.replace(/\([^)]*\)/g, ' ').trim()
  const strict = STRICT.exec(plain)
  if (strict) return fromFields(strict)
  if (!PLAUSIBLE.test(plain)) return null
  for (const text of HAS_ZONE.test(plain) ? [plain] : [`${plain} +0000`, `${plain.replace(/\s+[A-Za-z]{3,5}$/, '')} +0000`]) {
    const time = Date.parse(text)
    if (Number.isFinite(time)) return time
  }
  return null
}

// Date.parse makes a date of nearly anything that ends in a zone.
const PLAUSIBLE =
  /^\d{4}-\d{2}-\d{2}|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\d{1,2}:\d{2}|\d{1,2}:\d{2}.*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/i
const STRICT = /^(?:[A-Za-z]{3},\s*)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+(\d{2}):(\d{2})(?::(\d{2}))?\s+([+-])(\d{2})(\d{2})$/
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

function fromFields([, day, month, year, hour, minute, second, sign, zoneHours, zoneMinutes]: RegExpExecArray): number | null {
  const m = months.indexOf(month!.toLowerCase())
  if (m < 0) return null
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === '-' ? -1 : 1)
  return Date.UTC(Number(year), m, Number(day), Number(hour), Number(minute) - offset, Number(second ?? 0))
}
