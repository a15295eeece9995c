/** Plain text as lines with their quote depth, and the web addresses in them. */
export interface Line {
  depth: number
  parts: { text: string; url: string | null }[]
}

/** RFC 3676 4.5: quote marks stand at the start, with or without spaces between. */
const QUOTE = /^(?:> ?)+/
const URL = /https?:\/\/[^\s<>"'“”„「」（）]+/g
/** Punctuation that ends the sentence, not the address. */
const TRAIL = /[.,;:!?)\]}»…，。；：！？、]+$/

export function plainLines(body: string): Line[] {
  return body.split(/\r?\n/).map(line => {
    const marks = QUOTE.exec(line)?.[0] ?? ''
    return { depth: marks.replaceAll(' ', '').length, parts: addresses(line.slice(marks.length)) }
  })
}

function addresses(text: string): Line['parts'] {
  const parts: Line['parts'] = []
  let at = 0
  for (const match of text.matchAll(URL)) {
    const url = match[0].replace(TRAIL, balanced)
    if (match.index > at) parts.push({ text: text.slice(at, match.index), url: null })
    parts.push({ text: url, url })
    at = match.index + url.length
  }
  if (at < text.length || parts.length === 0) parts.push({ text: text.slice(at), url: null })
  return parts

  /** "(see https://example.org/a_(b))": a closing bracket belongs to the address when it was opened in it. */
  function balanced(this: void, trail: string, offset: number, whole: string): string {
    const opened = whole.slice(0, offset).split('(').length - whole.slice(0, offset).split(')').length
    return opened > 0 && trail.startsWith(')') ? ')' : ''
  }
}

/** The quotation that ends a message, where something of the writer's own stands before it and at most a signature behind; shorter ones are left open. */
export function lastQuote(lines: readonly Line[]): { from: number; to: number } | null {
  const isEmpty = (line: Line) => line.depth === 0 && line.parts.every(part => part.text.trim() === '')
  let to = lines.length
  // Behind the quote may stand a signature (RFC 3676 4.3).
  const signature = lines.findLastIndex(line => line.depth === 0 && line.parts.length === 1 && /^-- ?$/.test(line.parts[0]!.text))
  if (signature > 0 && lines.length - signature < 20) to = signature
  while (to > 0 && isEmpty(lines[to - 1]!)) to--
  let from = to
  while (from > 0 && (lines[from - 1]!.depth > 0 || (isEmpty(lines[from - 1]!) && from < to))) from--
  while (from < to && lines[from]!.depth === 0) from++
  const own = lines.slice(0, from).some(line => line.depth === 0 && !isEmpty(line))
  return own && to - from >= SHORT_QUOTE ? { from, to } : null
}

const SHORT_QUOTE = 4
