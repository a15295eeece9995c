/** What the index keeps of a message: what was read from it, and its words in their normal form. */
import { type HoledBytes, unpackHoled } from '../../base/holed.ts'
import { marksOf } from '../../index/marks.ts'
import type { ParsedMessage, ReadMessage } from '../../index/types.ts'
import { peopleText, readHeaders, readMail } from '../../mail/parse.ts'
import { cutTokens, normalise } from '../../search/normalise.ts'
import { unread } from './unread.ts'

const SNIPPET = 200
const SNIPPET_FROM = 20_000
// Newsletters stretch their preview with these.
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]|\u034f/g
const COLUMN_MAX = 1024 * 1024

/** Never throws: what cannot be read is a field. */
export function parseMessage(view: HoledBytes | Uint8Array): ReadMessage {
  try {
    const { sender, addressee, copied, body, names, list, hasLink, ...read } = readMail(view instanceof Uint8Array ? unpackHoled(view) : view)
    return {
      ...read,
      snippet: snippetOf(body),
      fts: {
        subject: column(read.subject),
        sender: column(sender),
        addressee: column(addressee),
        copied: column(copied),
        body: column(body),
        names: column(names),
        marks: marksOf({ ...read, list, hasLink }),
      },
      failure: null,
    }
  } catch {
    // The bytes are stored; only their meaning is not known. The field says so, and a later version may try again.
    return unread('parse-failed')
  }
}

/** Only what the headers say, for a message whose body has cost a worker. */
export function parseHeaders(view: HoledBytes | Uint8Array, failure: ParsedMessage['failure']): ReadMessage {
  try {
    const read = readHeaders(view instanceof Uint8Array ? unpackHoled(view) : view)
    return {
      ...unread(failure),
      ...read,
      fts: {
        ...unread(failure).fts,
        subject: column(read.subject),
        sender: column(peopleText(read.from)),
        addressee: column(peopleText(read.to)),
        copied: column(peopleText(read.cc)),
        marks: marksOf({ attachments: [], rfcMessageId: read.rfcMessageId, list: '', hasLink: false }),
      },
    }
  } catch {
    return unread(failure)
  }
}

const column = (text: string): string => cutTokens(normalise(text), COLUMN_MAX)

function snippetOf(body: string): string {
  // Mostly the first few hundred characters are enough; white space between HTML tags may take many more.
  let line = ''
  for (let from = 0; from < SNIPPET_FROM && from < body.length && line.length <= SNIPPET; from += 400)
    line = `${line}${body.slice(from, from + 400)}`.replace(/\s+/g, ' ').replace(INVISIBLE, '').trimStart()
  line = line.trimEnd()
  if (line.length <= SNIPPET) return line
  const space = line.lastIndexOf(' ', SNIPPET)
  const cut = line.slice(0, space > SNIPPET / 2 ? space : SNIPPET)
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut
}
