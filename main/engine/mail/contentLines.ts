/** Content lines, which iCalendar (RFC 5545 section 3.1) and vCard (RFC 6350 section 3.3) share: `NAME;PARAM=value:value`, folded. */

export interface ContentLine {
  /** Upper case, without a vCard group. */
  name: string
  params: Map<string, string>
  /** As it stands, escapes included. */
  value: string
}

const LINES_MAX = 20_000
const VALUE_MAX = 20_000

/** Lines in their order. Those that are none are passed over. */
export function* contentLines(text: string): Iterable<ContentLine> {
  let count = 0
  for (const line of unfolded(text)) {
    if (++count > LINES_MAX) return
    const read = readLine(line)
    if (read) yield read
  }
}

function* unfolded(text: string): Iterable<string> {
  let line = ''
  for (const piece of text.split(/\r\n|\n|\r/)) {
    if (/^[ \t]/.test(piece)) {
      if (line.length < VALUE_MAX) line += piece.slice(1)
      continue
    }
    if (line !== '') yield line
    line = piece
    // vCard 2.1 continues quoted-printable by an equals sign at the end instead.
  }
  if (line !== '') yield line
}

function readLine(line: string): ContentLine | null {
  const colon = valueStart(line)
  if (colon < 0) return null
  const [name = '', ...params] = cutOutsideQuotes(line.slice(0, colon))
  const found = new Map<string, string>()
  for (const param of params) {
    const equals = param.indexOf('=')
    // vCard 2.1 writes TEL;HOME for TEL;TYPE=HOME.
    const key = equals < 0 ? 'TYPE' : param.slice(0, equals).toUpperCase()
    const value = param.slice(equals + 1).replaceAll('"', '')
    const before = found.get(key)
    found.set(key, before === undefined ? value : `${before},${value}`)
  }
  return { name: name.slice(name.lastIndexOf('.') + 1).toUpperCase(), params: found, value: line.slice(colon + 1, colon + 1 + VALUE_MAX) }
}

function valueStart(line: string): number {
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') quoted = !quoted
    else if (line[i] === ':' && !quoted) return i
  }
  return -1
}

function cutOutsideQuotes(text: string): string[] {
  return text.match(/(?:[^;"]|"[^"]*"?)+/g) ?? []
}

/** A text value without its escapes (RFC 5545 3.3.11, RFC 6350 3.4). */
export function unescapeText(value: string): string {
  return value.replace(/\\([nN,;:\\"])/g, (_, c: string) => (c === 'n' || c === 'N' ? '\n' : c)).trim()
}

/** The components of a structured value: `;` cuts, `\;` does not. */
export function components(value: string): string[] {
  return (value.match(/(?:\\.|[^;\\])+|(?<=^|;)(?=;|$)/gs) ?? []).map(unescapeText)
}
