/**
 * The arguments of a command (RFC 9051 section 9): atoms, quoted strings, literals, parenthesised lists.
 * Strings are bytes kept in latin1, so that nothing is lost before somebody knows what they mean.
 */
export type Token = { type: 'atom'; text: string } | { type: 'string'; text: string } | { type: 'list'; items: Token[] }

/** The other side wrote something that is not IMAP; answered with BAD. */
export class SyntaxProblem extends Error {}

/** Deeper lists than any command of ours has are refused, before they use up the stack. */
const DEEPEST = 8

/** Splits the bytes of a command, literals already in place after their `{n}` CRLF, into its tokens. */
export function tokenise(bytes: Buffer): Token[] {
  const text = bytes.toString('latin1')
  let at = 0

  const list = (depth: number, closing: boolean): Token[] => {
    if (depth > DEEPEST) throw new SyntaxProblem('lists too deep')
    const items: Token[] = []
    for (;;) {
      while (text[at] === ' ') at++
      if (at >= text.length) {
        if (closing) throw new SyntaxProblem('list without an end')
        return items
      }
      const first = text[at]
      if (first === ')') {
        if (!closing) throw new SyntaxProblem('unexpected )')
        at++
        return items
      }
      if (first === '(') {
        at++
        items.push({ type: 'list', items: list(depth + 1, true) })
      } else if (first === '"') items.push({ type: 'string', text: quoted() })
      else if (first === '{') items.push({ type: 'string', text: literal() })
      else items.push({ type: 'atom', text: atom() })
    }
  }

  const quoted = (): string => {
    let value = ''
    for (at++; at < text.length; at++) {
      const symbol = text[at]
      if (symbol === '"') {
        at++
        return value
      }
      if (symbol === '\r' || symbol === '\n') break
      value += symbol === '\\' ? (text[++at] ?? '') : symbol
    }
    throw new SyntaxProblem('string without an end')
  }

  const literal = (): string => {
    const head = /^\{(\d{1,9})[+-]?\}\r?\n/.exec(text.slice(at, at + 16))
    if (!head) throw new SyntaxProblem('not a literal')
    const start = at + head[0].length
    at = start + Number(head[1])
    return text.slice(start, at)
  }

  // BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.100> is one atom: inside the brackets, spaces and lists belong to it.
  const atom = (): string => {
    const start = at
    let brackets = false
    for (; at < text.length; at++) {
      const symbol = text[at]
      if (symbol === '[') brackets = true
      else if (symbol === ']') brackets = false
      else if (symbol === '\r' || symbol === '\n') throw new SyntaxProblem('line end inside a command')
      else if (!brackets && (symbol === ' ' || symbol === '(' || symbol === ')' || symbol === '"' || symbol === '{')) break
    }
    if (brackets) throw new SyntaxProblem('[ without an end')
    if (at === start) throw new SyntaxProblem('empty word')
    return text.slice(start, at)
  }

  return list(0, false)
}

/** The word or string of a token, or a refusal. */
export function textOf(token: Token | undefined, what: string): string {
  if (!token || token.type === 'list') throw new SyntaxProblem(`${what} expected`)
  return token.text
}

/** An atom in upper case, or a refusal. */
export function wordOf(token: Token | undefined, what: string): string {
  if (token?.type !== 'atom') throw new SyntaxProblem(`${what} expected`)
  return token.text.toUpperCase()
}

export function itemsOf(token: Token | undefined, what: string): Token[] {
  if (token?.type !== 'list') throw new SyntaxProblem(`${what} expected`)
  return token.items
}
