/** Header fields (RFC 5322) and structured values with parameters (RFC 2045, RFC 2231), as forgiving as mail needs. Values are latin1: one character a byte. */

export interface HeaderField {
  /** Lower case. */
  name: string
  /** Unfolded, trimmed; one character a byte. */
  value: string
}

const FIELDS_MAX = 5000
const VALUE_MAX = 64 * 1024

/** Fields of a header block in their order. Lines that are no fields are passed over. */
export function headerFields(block: Buffer): HeaderField[] {
  const fields: HeaderField[] = []
  const text = block.toString('latin1')
  let at = 0
  while (at < text.length && fields.length < FIELDS_MAX) {
    let end = lineEnd(text, at)
    const colon = text.indexOf(':', at)
    if (colon < 0) break
    if (colon > end || colon === at) {
      at = end + 1
      continue
    }
    let folded = false
    while (isBlank(text.charCodeAt(end + 1))) {
      end = lineEnd(text, end + 1)
      folded = true
    }
    const raw = text.slice(colon + 1, Math.min(end, colon + 1 + VALUE_MAX))
    fields.push({ name: text.slice(at, colon).trim().toLowerCase(), value: (folded ? raw.replace(/\r?\n/g, '') : raw).trim() })
    at = end + 1
  }
  return fields
}

export function fieldValue(fields: readonly HeaderField[], name: string): string | null {
  for (const field of fields) if (field.name === name) return field.value
  return null
}

export interface Structured {
  /** The value before the first semicolon, lower case. */
  value: string
  params: Map<string, Param>
}

export interface Param {
  /** One character a byte. */
  value: string
  /** Given by RFC 2231; null: whatever the header is in. */
  charset: string | null
}

const PARAMS_MAX = 200

/** `text/plain; charset="utf-8"; name*0*=utf-8''a%20; name*1=b` with continuations joined and percent bytes decoded. */
export function structured(text: string): Structured {
  const pieces = cutAtSemicolons(text)
  const params = new Map<string, Param>()
  const continued = new Map<string, { n: number; value: string; encoded: boolean }[]>()
  for (const piece of pieces.slice(1, PARAMS_MAX)) {
    const equals = piece.indexOf('=')
    if (equals <= 0) continue
    const name = piece.slice(0, equals).trim().toLowerCase()
    const value = unquote(piece.slice(equals + 1).trim())
    const [, base, n, star] = /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/.exec(name) ?? []
    if (base === undefined) continue
    if (n === undefined && !star) {
      if (!params.has(base)) params.set(base, { value, charset: null })
      continue
    }
    const list = continued.get(base) ?? []
    list.push({ n: Number(n ?? 0), value, encoded: star !== undefined })
    continued.set(base, list)
  }
  // RFC 2231: the extended form wins over a plain one of the same name.
  for (const [name, list] of continued) params.set(name, join(list))
  return { value: (pieces[0] ?? '').trim().toLowerCase(), params }
}

function join(list: { n: number; value: string; encoded: boolean }[]): Param {
  list.sort((a, b) => a.n - b.n)
  let charset: string | null = null
  let value = ''
  list.forEach((piece, i) => {
    let text = piece.value
    if (i === 0 && piece.encoded) {
      const [, named, rest] = /^([^']*)'[^']*'(.*)$/s.exec(text) ?? []
      if (rest !== undefined) {
        charset = named || null
        text = rest
      }
    }
    value += piece.encoded ? text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text
  })
  return { value, charset }
}

/** Pieces between semicolons that stand outside quotes and comments; comments are dropped. */
function cutAtSemicolons(text: string): string[] {
  if (!/["(]/.test(text)) return text.split(';')
  const pieces: string[] = []
  let piece = ''
  let quoted = false
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (c === '\\' && (quoted || depth > 0)) {
      if (depth === 0) piece += c + (text[i + 1] ?? '')
      i++
    } else if (c === '"' && depth === 0) {
      quoted = !quoted
      piece += c
    } else if (!quoted && c === '(') depth++
    else if (!quoted && c === ')' && depth > 0) depth--
    else if (!quoted && depth === 0 && c === ';') {
      pieces.push(piece)
      piece = ''
    } else if (depth === 0) piece += c
  }
  // An unclosed comment or quote must not swallow the parameters: such a value is cut without looking at either.
  if (quoted || depth > 0) return text.split(';')
  pieces.push(piece)
  return pieces
}

function unquote(value: string): string {
  if (value[0] !== '"') return value
  const end = value.length > 1 && value.endsWith('"') ? value.length - 1 : value.length
  return value.slice(1, end).replace(/\\(.)/gs, '$1')
}

const lineEnd = (text: string, from: number): number => {
  const at = text.indexOf('\n', from)
  return at < 0 ? text.length : at
}

const isBlank = (code: number): boolean => code === 32 || code === 9
