/** FETCH as the scripted server answers it. */

export interface Fetchable {
  uid: number
  flags?: string[]
  /** As on the wire; `01-Jan-2024 10:00:00 +0100` by default. */
  date?: string
  bytes: Uint8Array
  /** What RFC822.SIZE says, where it lies. */
  size?: number
  emailId?: string
  /** MODSEQ; always reported by CHANGEDSINCE when missing. */
  modseq?: number
}

/** The lines of `UID FETCH set (items) (modifiers)`, in the order of the mailbox. */
export function* fetchLines(args: string, messages: Fetchable[]): Iterable<string | Uint8Array> {
  const [, set = '', items = '', modifiers = ''] = /^(\S+) \((.*?)\)(?: \((.*)\))?$/.exec(args) ?? []
  const since = Number(/CHANGEDSINCE (\d+)/.exec(modifiers)?.[1] ?? 0)
  const wanted = new Set(readSet(set, messages))
  for (const [index, message] of messages.entries()) {
    if (!wanted.has(message) || (since > 0 && (message.modseq ?? Number.MAX_SAFE_INTEGER) <= since)) continue
    const parts = [`UID ${message.uid}`]
    if (items.includes('FLAGS')) parts.push(`FLAGS (${(message.flags ?? []).join(' ')})`)
    if (items.includes('INTERNALDATE')) parts.push(`INTERNALDATE "${message.date ?? '01-Jan-2024 10:00:00 +0100'}"`)
    if (items.includes('RFC822.SIZE')) parts.push(`RFC822.SIZE ${message.size ?? message.bytes.length}`)
    if (items.includes('EMAILID') && message.emailId) parts.push(`EMAILID (${message.emailId})`)
    yield `* ${index + 1} FETCH (${parts.join(' ')}`
    yield* body(items, message.bytes)
    yield ')\r\n'
  }
}

function* body(items: string, bytes: Uint8Array): Iterable<string | Uint8Array> {
  const asked = /BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/.exec(items)
  if (!asked) return
  const from = Number(asked[1] ?? 0)
  const piece = asked[1] === undefined ? bytes : bytes.subarray(from, from + Number(asked[2]))
  yield ` BODY[]${asked[1] === undefined ? '' : `<${from}>`} {${piece.length}}\r\n`
  yield piece
}

/** The messages of a sequence set by UID. */
export function readSet(set: string, messages: Fetchable[]): Fetchable[] {
  const ranges = set.split(',').map(part => {
    const [a, b = a] = part.split(':').map(end => (end === '*' ? Number.MAX_SAFE_INTEGER : Number(end)))
    return [Math.min(a!, b!), Math.max(a!, b!)] as const
  })
  return messages.filter(({ uid }) => ranges.some(([first, last]) => uid >= first && uid <= last))
}
