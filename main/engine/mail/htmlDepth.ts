/** HTML nested deeper than any person writes it, made shallow: parsers take the square of the depth, so a megabyte of open tags would take minutes. */
import { Tokenizer } from 'htmlparser2'

/** Newsletters of tables in tables reach 60. */
const DEPTH_MAX = 500

/** Their next sibling closes them, so they do not nest by themselves, and many a mailer never closes them. */
const SHALLOW = new Set(
  'area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option tbody thead tfoot optgroup'.split(' '),
)

/** The same text; start tags that would open a level below the limit are left out. */
export function limitDepth(html: string): string {
  let depth = 0
  let from = 0
  let out = ''
  let begins = -1
  const opened = (end: number) => {
    if (begins < 0) return
    if (depth >= DEPTH_MAX) {
      out += html.slice(from, begins)
      from = end + 1
    } else depth++
    begins = -1
  }
  const tokenizer = new Tokenizer(
    {},
    {
      onopentagname(start, end) {
        begins = SHALLOW.has(html.slice(start, end).toLowerCase()) ? -1 : start - 1
      },
      onopentagend: opened,
      onselfclosingtag() {
        begins = -1
      },
      onclosetag(start, end) {
        if (depth > 0 && !SHALLOW.has(html.slice(start, end).toLowerCase())) depth--
      },
      onattribname() {},
      onattribdata() {},
      onattribentity() {},
      onattribend() {},
      oncdata() {},
      oncomment() {},
      ondeclaration() {},
      onend() {},
      onprocessinginstruction() {},
      ontext() {},
      ontextentity() {},
    },
  )
  tokenizer.write(html)
  tokenizer.end()
  return from === 0 ? html : out + html.slice(from)
}
