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
