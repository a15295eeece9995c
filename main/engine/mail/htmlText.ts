/** The text a reader of an HTML body would see. A tokenizer's work, not a browser's: no layout, no styles, bounded. */
import { Parser } from 'htmlparser2'

const INPUT_MAX = 2 * 1024 * 1024
const OUTPUT_MAX = 1024 * 1024

const unseen = new Set(['script', 'style', 'head', 'template', 'noscript', 'object', 'iframe', 'svg', 'math', 'select'])
const blocks = new Set(
  'address article aside blockquote body br center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead title tr ul'.split(
    ' ',
  ),
)
const cells = new Set(['td', 'th'])

export function htmlText(html: string): string {
  let text = ''
  let hidden = 0
  const within: string[] = []
  const parser = new Parser(
    {
      onopentagname(name) {
        if (unseen.has(name)) {
          hidden++
          within.push(name)
        } else if (blocks.has(name)) text += '\n'
        else if (cells.has(name)) text += ' '
      },
      onclosetag(name) {
        if (hidden > 0 && within.at(-1) === name) {
          hidden--
          within.pop()
        } else if (blocks.has(name) && name !== 'br') text += '\n'
      },
      onattribute(name, value) {
        if (name === 'alt' && hidden === 0 && value.length < 1000) text += ` ${value} `
      },
      ontext(piece) {
        if (hidden === 0 && text.length < OUTPUT_MAX) text += piece
      },
    },
    { decodeEntities: true },
  )
  parser.end(html.length > INPUT_MAX ? html.slice(0, INPUT_MAX) : html)
  return tidy(text)
}

/** Runs of white space as one space, at most one empty line between paragraphs; what only stretches a preview is dropped. */
function tidy(text: string): string {
  return text
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]|\u034f/g, '')
    .replace(/[ \t\r\f\u00a0\u2007]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
