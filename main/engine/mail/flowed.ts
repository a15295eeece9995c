/** RFC 3676 format=flowed: lines that end in a space go on in the next. */

export function unflow(text: string, delSp: boolean): string {
  const out: string[] = []
  let open = false
  let depth = 0
  for (const line of text.split(/\r?\n/)) {
    const quotes = /^>*/.exec(line)![0].length
    const rest = line.slice(quotes).replace(/^ /, '')
    const soft = rest.endsWith(' ') && rest !== '-- '
    const shown = soft && delSp ? rest.slice(0, -1) : rest
    if (open && quotes === depth && rest !== '-- ') out[out.length - 1] += shown
    else out.push(quotes > 0 ? `${'>'.repeat(quotes)} ${shown}` : shown)
    open = soft
    depth = quotes
  }
  return out.join('\n')
}
