/** The text a reader of an HTML body would see. A tokenizer's work, not a browser's: no layout, no styles, bounded. */
import { Tokenizer } from 'htmlparser2'

const INPUT_MAX = 2 * 1024 * 1024
const OUTPUT_MAX = 1024 * 1024

// Their content is no text for the tokenizer either, so a forgotten end tag hides no more than it does in a browser.
const unseen = new Set(['script', 'style', 'title', 'iframe', 'noembed', 'noframes'])
const blocks = new Set(
  'address article aside blockquote body br center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul'.split(
    ' ',
  ),
)
const cells = new Set(['td', 'th'])

/** For people: at most one empty line between paragraphs, one space between words, nothing that only stretches a preview. */
export function htmlText(html: string): string {
  return htmlWords(html)
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]|\u034f/g, '')
    .replace(/[ \t\r\f\u00a0\u2007]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** The same for an index: all words in their order, white space as it comes. */
export function htmlWords(source: string): string {
  const html = source.length > INPUT_MAX ? source.slice(0, INPUT_MAX) : source
  let text = ''
  let hidden = ''
  let tag = ''
  let isAlt = false

  const name = (from: number, to: number) => html.slice(from, to).toLowerCase()
  const show = (piece: string) => {
    if (hidden === '' && text.length < OUTPUT_MAX) text += piece
  }

  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      ontext: (from, to) => show(html.slice(from, to)),
      ontextentity: codePoint => show(String.fromCodePoint(codePoint)),
      onopentagname(from, to) {
        tag = name(from, to)
        if (unseen.has(tag)) hidden = tag
        else if (blocks.has(tag)) text += '\n'
        else if (cells.has(tag)) text += ' '
      },
      onclosetag(from, to) {
        const closed = name(from, to)
        if (closed === hidden) hidden = ''
        else if (blocks.has(closed) && closed !== 'br') text += '\n'
      },
      onattribname(from, to) {
        isAlt = tag === 'img' && to - from === 3 && name(from, to) === 'alt'
      },
      onattribdata(from, to) {
        if (isAlt && to - from < 1000) show(` ${html.slice(from, to)} `)
      },
      onattribentity() {},
      onattribend() {},
      oncdata() {},
      oncomment() {},
      ondeclaration() {},
      onend() {},
      onopentagend() {},
      onprocessinginstruction() {},
      onselfclosingtag() {},
    },
  )
  tokenizer.write(html)
  tokenizer.end()
  return text
}
