/** Text into the bytes of an old charset. The runtime only decodes them, so its decoder's table is turned round. */

export type Charset = 'utf-8' | 'us-ascii' | 'iso-8859-1' | 'iso-8859-2' | 'windows-1250' | 'windows-1252' | 'koi8-r' | 'gb18030' | 'shift_jis'

/** Throws where a character has no place in the charset: a mistake in the sample, not in mail. */
export function encodeText(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text, 'utf8')
  const table = charset === 'us-ascii' ? null : tableOf(charset)
  const out: number[] = []
  for (const symbol of text) {
    const code = symbol.codePointAt(0) as number
    const bytes = code < 0x80 ? code : table?.get(symbol)
    if (bytes === undefined) throw new Error(`${JSON.stringify(symbol)} is not in ${charset}`)
    if (bytes > 0xff) out.push(bytes >> 8)
    out.push(bytes & 0xff)
  }
  return Buffer.from(out)
}

export function canEncode(text: string, charset: Charset): boolean {
  if (charset === 'utf-8') return true
  const table = charset === 'us-ascii' ? null : tableOf(charset)
  return [...text].every(symbol => symbol < '\x80' || table?.has(symbol) === true)
}

/** Charsets whose characters take one or two bytes; the others take one. */
const TWO_BYTES: ReadonlySet<Charset> = new Set<Charset>(['gb18030', 'shift_jis'])
const tables = new Map<Charset, Map<string, number>>()

/** Character → its byte, or lead byte * 256 + trail byte. */
function tableOf(charset: Charset): Map<string, number> {
  const known = tables.get(charset)
  if (known) return known
  const decoder = new TextDecoder(charset)
  const table = new Map<string, number>()
  // One call for many: each sequence stands on a line of its own, and a line that came out as one character is a character
  const learn = (sequences: number[][]) => {
    const lines = decoder.decode(Uint8Array.from(sequences.flatMap(bytes => [...bytes, 0x0a]))).split('\n')
    for (const [at, bytes] of sequences.entries()) {
      const [symbol, ...others] = lines[at] as string
      if (symbol === undefined || others.length > 0 || symbol === '\ufffd' || table.has(symbol)) continue
      table.set(symbol, bytes.length === 1 ? (bytes[0] as number) : (bytes[0] as number) * 256 + (bytes[1] as number))
    }
  }
  const high = range(0x80, 0xff)
  learn(high.map(one => [one]))
  if (TWO_BYTES.has(charset)) for (const lead of high) learn(range(0x40, 0xfe).map(trail => [lead, trail]))
  tables.set(charset, table)
  return table
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
