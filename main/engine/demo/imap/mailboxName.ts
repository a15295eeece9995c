/** Mailbox names on the wire: modified UTF-7 (RFC 3501 5.1.3), and the wildcards of LIST (RFC 9051 6.3.9). */

/** Unicode to modified UTF-7: printable ASCII stands for itself, `&` is `&-`, the rest is base64 of UTF-16BE with `,` for `/`. */
export function encodeName(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, run => {
    if (run === '&') return '&-'
    const utf16 = Buffer.from(run, 'utf16le').swap16()
    return `&${utf16.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`
  })
}

/** Modified UTF-7 to Unicode, or null where it is not well-formed: such a name cannot be one of ours. */
export function decodeName(wire: string): string | null {
  if (/[^\x20-\x7e]/.test(wire) || /&[^-]*$/.test(wire)) return null
  let sound = true
  const name = wire.replace(/&([^-]*)-/g, (_whole, coded: string) => {
    if (coded === '') return '&'
    const utf16 = Buffer.from(coded.replaceAll(',', '/'), 'base64')
    if (!/^[A-Za-z0-9+,]+$/.test(coded) || utf16.length % 2 !== 0) sound = false
    return sound ? utf16.swap16().toString('utf16le') : ''
  })
  return sound && encodeName(name) === wire ? name : null
}

/** `*` matches anything, `%` anything but the delimiter. INBOX matches in any case. */
export function matchesPattern(name: string, pattern: string, delimiter: string): boolean {
  if (name === 'INBOX' && pattern.toUpperCase() === 'INBOX') return true
  // Not a regular expression: patterns come from the other side, and `*%*%*` must not take for ever.
  let row = new Array<boolean>(name.length + 1).fill(false)
  row[0] = true
  for (const symbol of pattern) {
    const next = new Array<boolean>(name.length + 1).fill(false)
    if (symbol === '*' || symbol === '%') {
      for (let at = 0; at <= name.length; at++) {
        const mayGrow = at > 0 && next[at - 1] === true && (symbol === '*' || name[at - 1] !== delimiter)
        next[at] = row[at] === true || mayGrow
      }
    } else {
      for (let at = 1; at <= name.length; at++) next[at] = row[at - 1] === true && name[at - 1] === symbol
    }
    row = next
  }
  return row[name.length] === true
}
