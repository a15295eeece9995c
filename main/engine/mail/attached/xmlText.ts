/** The text of an XML file, by the names of its elements. A tokenizer's work: no tree is built, so depth costs nothing, and no entity is ever fetched. */
import { Tokenizer } from 'htmlparser2'

export interface XmlRules {
  /** Elements whose own text counts; null: all of them. */
  texts: ReadonlySet<string> | null
  /** Elements that end a line, and those that part two words. */
  lines: ReadonlySet<string>
  gaps: ReadonlySet<string>
  /** Elements whose text does not count, with all that is in them. */
  hidden?: ReadonlySet<string>
}

/** `max`: characters. Names are compared as they are written, prefix and all. */
export function xmlText(xml: string, { texts, lines, gaps, hidden }: XmlRules, max: number): string {
  let text = ''
  let name = ''
  /** Whether the innermost element's text counts: a stack, since elements nest. */
  const counts: boolean[] = []
  let unseen = 0
  const open = () => {
    counts.push(texts === null || texts.has(name))
    if (hidden?.has(name)) unseen++
    if (gaps.has(name)) text += ' '
  }
  const close = (closed: string) => {
    counts.pop()
    if (hidden?.has(closed) && unseen > 0) unseen--
    if (lines.has(closed)) text += '\n'
    else if (gaps.has(closed)) text += ' '
  }
  const show = (piece: string) => {
    if (unseen === 0 && (counts.at(-1) ?? false) && text.length < max) text += piece
  }
  const tokenizer = new Tokenizer(
    { xmlMode: true, decodeEntities: true },
    {
      ontext: (from, to) => show(xml.slice(from, to)),
      ontextentity: codePoint => show(String.fromCodePoint(codePoint)),
      onopentagname: (from, to) => {
        name = xml.slice(from, to)
      },
      onopentagend: open,
      onselfclosingtag: () => {
        open()
        close(name)
      },
      onclosetag: (from, to) => close(xml.slice(from, to)),
      oncdata: (from, to, offset) => show(xml.slice(from, to - offset)),
      onattribname() {},
      onattribdata() {},
      onattribentity() {},
      onattribend() {},
      oncomment() {},
      ondeclaration() {},
      onend() {},
      onprocessinginstruction() {},
    },
  )
  tokenizer.write(xml)
  tokenizer.end()
  return text
}
