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
  /** X-GM-LABELS; the server has them as mailboxes too. */
  labels?: string[]
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
    if (items.includes('X-GM-MSGID') && message.emailId) parts.push(`X-GM-MSGID ${message.emailId}`)
    if (items.includes('X-GM-LABELS'))
      parts.push(`X-GM-LABELS (${(message.labels ?? []).map(label => `"${label.replaceAll('\\', '\\\\')}"`).join(' ')})`)
    yield `* ${index + 1} FETCH (${parts.join(' ')}`
    yield* body(items, message.bytes)
    yield ')\r\n'
  }
}

/** Where the header ends: behind the empty line, which belongs to it. */
function headerEnd(bytes: Uint8Array): number {
  const end = Buffer.from(bytes).indexOf('\r\n\r\n')
  return end < 0 ? bytes.length : end + 4
}

function* body(items: string, bytes: Uint8Array): Iterable<string | Uint8Array> {
  for (const [, section, offset, length] of items.matchAll(/BODY\.PEEK\[(|HEADER|TEXT)\](?:<(\d+)\.(\d+)>)?/g)) {
    const end = headerEnd(bytes)
    const whole = section === 'HEADER' ? bytes.subarray(0, end) : section === 'TEXT' ? bytes.subarray(end) : bytes
    const from = Number(offset ?? 0)
    const piece = offset === undefined ? whole : whole.subarray(from, from + Number(length))
    yield ` BODY[${section}]${offset === undefined ? '' : `<${from}>`} {${piece.length}}\r\n`
    yield piece
  }
}

/** The messages of a sequence set by UID. */
export function readSet(set: string, messages: Fetchable[]): Fetchable[] {
  const ranges = set.split(',').map(part => {
    const [a, b = a] = part.split(':').map(end => (end === '*' ? Number.MAX_SAFE_INTEGER : Number(end)))
    return [Math.min(a!, b!), Math.max(a!, b!)] as const
  })
  return messages.filter(({ uid }) => ranges.some(([first, last]) => uid >= first && uid <= last))
}
