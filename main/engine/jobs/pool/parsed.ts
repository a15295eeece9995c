/** What the index keeps of a message: what was read from it, and its words in their normal form. */
import { type HoledBytes, unpackHoled } from '../../base/holed.ts'
import type { ParsedMessage } from '../../index/types.ts'
import { peopleText, readHeaders, readMail } from '../../mail/parse.ts'
import { cutTokens, normalise } from '../../search/normalise.ts'

const SNIPPET = 200
const COLUMN_MAX = 1024 * 1024

/** Never throws: what cannot be read is a field. */
export function parseMessage(view: HoledBytes | Uint8Array): ParsedMessage {
  try {
    const { people, body, names, ...read } = readMail(view instanceof Uint8Array ? unpackHoled(view) : view)
    return {
      ...read,
      snippet: snippetOf(body),
      fts: { subject: column(read.subject), people: column(people), body: column(body), names: column(names) },
      failure: null,
    }
  } catch {
    // The bytes are stored; only their meaning is not known. The field says so, and a later version may try again.
    return unread('parse-failed')
  }
}

/** Only what the headers say, for a message whose body has cost a worker. */
export function parseHeaders(view: HoledBytes | Uint8Array, failure: ParsedMessage['failure']): ParsedMessage {
  try {
    const read = readHeaders(view instanceof Uint8Array ? unpackHoled(view) : view)
    return {
      ...unread(failure),
      ...read,
      fts: { subject: column(read.subject), people: column(peopleText([...read.from, ...read.to, ...read.cc])), body: '', names: '' },
    }
  } catch {
    return unread(failure)
  }
}

/** Stands for a message that could not be read. */
export function unread(failure: ParsedMessage['failure']): ParsedMessage {
  return {
    subject: '',
    from: [],
    to: [],
    cc: [],
    date: null,
    rfcMessageId: '',
    inReplyTo: '',
    references: [],
    attachments: [],
    snippet: '',
    fts: { subject: '', people: '', body: '', names: '' },
    failure,
  }
}

const column = (text: string): string => cutTokens(normalise(text), COLUMN_MAX)

function snippetOf(body: string): string {
  const line = body
    .slice(0, SNIPPET * 5)
    .replace(/\s+/g, ' ')
    .trim()
  if (line.length <= SNIPPET) return line
  const space = line.lastIndexOf(' ', SNIPPET)
  const cut = line.slice(0, space > SNIPPET / 2 ? space : SNIPPET)
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut
}
