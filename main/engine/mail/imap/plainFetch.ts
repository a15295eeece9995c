/**
 * Answers to FETCH as nearly all are, in one pass. imapflow's tokeniser takes each character through a machine of states, a tenth of the engine's time while
 * mail comes in. What is in any way unusual (escapes, other characters than ASCII, sections of sections) is left to it.
 */
import type { Node, Response, Token } from './client.ts'

export interface Line {
  payload: Buffer
  /** The bytes of each literal that the payload announces. */
  literals?: Buffer[]
}

const BEGIN = /^\* (\d{1,10}) FETCH (?=\()/
/** Most lines are shorter; a long one is a list of labels, or hostile. */
const LONGEST = 4096
const DEEPEST = 3

/** Null where it is no FETCH, or not plain: it has to be read otherwise. What it answers is what imapflow would. */
export function plainFetch({ payload, literals = [] }: Line): Response | null {
  if (payload.length > LONGEST) return null
  const text = payload.toString('latin1')
  const begin = BEGIN.exec(text)
  if (!begin) return null
  const token =
    /( ?)(?:(\()|(\))|"([^"\\\r\n\0\x80-\xff]*)"|\{([1-9]\d{0,9})\}\r\n|BODY\[(HEADER|TEXT)?\](?:<(0|[1-9]\d{0,8})>)?|(\\?[A-Za-z0-9$_.-]+))/y
  token.lastIndex = begin[0].length
  const items: Token[] = []
  const open: Token[][] = [items]
  let next = 0
  /** A list was just opened: what comes first in it has no space before it. */
  let first = true
  while (token.lastIndex < text.length) {
    const found = token.exec(text)
    if (!found) return null
    const [, space, opens, closes, quoted, literal, section, partial, atom] = found
    const list = open.at(-1)!
    if ((space === '') !== (first || closes !== undefined)) return null
    first = opens !== undefined
    if (opens) {
      if (open.length > DEEPEST) return null
      const inner: Token[] = []
      list.push(inner)
      open.push(inner)
    } else if (closes) {
      open.pop()
      if (open.length === 1) break
    } else if (quoted !== undefined) list.push({ type: 'STRING', value: quoted })
    else if (literal !== undefined) {
      const value = literals[next++]
      if (value?.length !== Number(literal)) return null
      list.push({ type: 'LITERAL', value })
    } else if (atom !== undefined) list.push(atom.toUpperCase() === 'NIL' ? null : { type: 'ATOM', value: atom })
    else list.push(bodyNode(section, partial))
  }
  if (open.length !== 1 || token.lastIndex !== text.length || next !== literals.length) return null
  return { tag: '*', command: begin[1]!, attributes: [{ type: 'ATOM', value: 'FETCH' }, ...items] }
}

const bodyNode = (section: string | undefined, partial: string | undefined): Node => ({
  type: 'ATOM',
  section: section === undefined ? [] : [{ type: 'ATOM', value: section }],
  value: 'BODY',
  ...(partial !== undefined && { partial: [Number(partial)] }),
})
