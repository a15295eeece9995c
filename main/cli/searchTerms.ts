/** How a query was understood, in one line. */
import type { SearchTerm } from '../contract/search.ts'
import { bytes, date, printable } from './format.ts'

export const termsText = (terms: readonly SearchTerm[]): string => terms.map(termText).join(' and ')

function termText(term: SearchTerm): string {
  const said = sayTerm(term)
  return term.not ? `not ${said}` : said
}

const IN: Record<string, string> = {
  subject: 'in the subject',
  from: 'in the sender',
  to: 'in the recipients',
  cc: 'in the copies',
  with: 'among the people',
  body: 'in the text',
  filename: 'in names of attachments',
  attachment: 'in attachments',
}

function sayTerm(term: SearchTerm): string {
  switch (term.kind) {
    case 'words':
      return `${quoted(term)}${term.field ? ` ${IN[term.field]}` : ''}`
    case 'type':
      return `an attachment of the type ${quoted(term)}`
    case 'in':
      return `in the mailbox ${quoted(term)}`
    case 'account':
      return `in the archive ${quoted(term)}`
    case 'list':
      return `from the list ${quoted(term)}`
    case 'message-id':
      return `with the Message-ID ${printable(term.text)}`
    case 'has':
      return `with ${term.what === 'link' ? 'a' : 'an'} ${term.what}`
    case 'is':
      return term.what
    case 'size':
      return term.over !== null ? `larger than ${bytes(term.over)}` : `smaller than ${bytes(term.under ?? 0)}`
    case 'time': {
      const from = term.from === null ? '' : `from ${date(term.from)}`
      return `${from}${from !== '' && term.before !== null ? ' ' : ''}${term.before === null ? '' : `before ${date(term.before)}`}`
    }
    case 'group':
      return `(${term.terms.map(termText).join(term.joined === 'any' ? ' or ' : ' and ')})`
  }
}

const quoted = ({ text, prefix }: { text: string; prefix: boolean }): string => `"${printable(text)}${prefix ? '…' : ''}"`
