/** Where to cut long HTML so that its beginning fills a large window: to sanitise and lay out all of it takes longer than a person should wait for the first line. */

/** Shorter HTML is shown whole at once. */
const SHORT = 20 * 1024
/** However little of it can be seen: a style sheet, tables in tables. */
const LONG = 64 * 1024
/** A window of 2560 by 1440 full of plain text, and no less for what is set wider. */
const SEEN = 16_000

/** Elements whose text is not seen, and how each ends. Not closed, they hold all that follows. */
const UNSEEN = /^<(style|script|title|template|!--)/i

/** How much of it is the beginning, in characters; null where all of it is. Wherever it is cut, it is sanitised afterwards. */
export function htmlBeginning(html: string): number | null {
  if (html.length <= SHORT) return null
  let seen = 0
  for (let at = 0; at < LONG && at < html.length; ) {
    const open = html.indexOf('<', at)
    const text = html.slice(at, open < 0 ? undefined : open).trim().length
    if (seen + text >= SEEN) return Math.min(LONG, at + SEEN - seen, html.length)
    seen += text
    if (open < 0) break
    const unseen = UNSEEN.exec(html.slice(open, open + 10))?.[1]?.toLowerCase()
    const end = unseen ? endOf(html, unseen, open) : html.indexOf('>', open)
    if (end < 0) break
    at = end + 1
  }
  if (html.length <= LONG) return null
  return Math.max(html.lastIndexOf('<', LONG), 0) || LONG
}

function endOf(html: string, name: string, from: number): number {
  if (name === '!--') {
    const end = html.indexOf('-->', from)
    return end < 0 ? -1 : end + 2
  }
  const end = html.slice(from, from + LONG).search(new RegExp(`</${name}[\\s>]`, 'i'))
  return end < 0 ? -1 : html.indexOf('>', from + end)
}
