/** Contact cards (vCard: RFC 6350, and 2.1 and 3.0 as they still come) as far as a reader shows them. */
import type { ContactCard } from '../../contract/reading.ts'
import { type ContentLine, components, contentLines, unescapeText } from './contentLines.ts'
import { decodeTransfer } from './transfer.ts'

const CARDS_MAX = 50
const LIST_MAX = 20
const NOTE_MAX = 2000

export function readContacts(text: string): ContactCard[] {
  const cards: ContactCard[] = []
  let card: ContactCard | null = null
  // vCard 2.1: quoted-printable goes on in the next line after an equals sign, which no other line of this format ends with.
  for (const line of contentLines(text.replace(/=\r?\n(?=[^\r\n]*=[0-9A-F]{2})/g, ''))) {
    const value = line.value.trim().toUpperCase()
    if (line.name === 'BEGIN' && value === 'VCARD') card = emptyCard()
    else if (line.name === 'END' && value === 'VCARD') {
      if (card && cards.length < CARDS_MAX) cards.push({ ...card, name: card.name || card.organisation || (card.emails[0] ?? '') })
      card = null
    } else if (card) take(card, line)
  }
  return cards
}

const emptyCard = (): ContactCard => ({
  name: '',
  organisation: '',
  title: '',
  emails: [],
  phones: [],
  addresses: [],
  urls: [],
  birthday: '',
  note: '',
})

function take(card: ContactCard, line: ContentLine): void {
  const value = decoded(line)
  const add = (list: string[], text: string) => {
    if (text !== '' && list.length < LIST_MAX && !list.includes(text)) list.push(text.slice(0, 500))
  }
  switch (line.name) {
    case 'FN':
      card.name = unescapeText(value).slice(0, 300)
      return
    case 'N': {
      // Family; given; additional; prefixes; suffixes. FN says the same as people write it, and comes first where both are there.
      const [family = '', given = '', more = '', prefix = '', suffix = ''] = components(value)
      card.name ||= [prefix, given, more, family, suffix]
        .filter(part => part !== '')
        .join(' ')
        .slice(0, 300)
      return
    }
    case 'ORG':
      card.organisation = components(value)
        .filter(part => part !== '')
        .join(', ')
        .slice(0, 300)
      return
    case 'TITLE':
      card.title = unescapeText(value).slice(0, 300)
      return
    case 'EMAIL':
      add(card.emails, unescapeText(value))
      return
    case 'TEL':
      add(card.phones, unescapeText(value).replace(/^tel:/i, ''))
      return
    case 'ADR':
      add(
        card.addresses,
        components(value)
          .filter(part => part !== '')
          .join(', ')
          .replace(/\s*\n\s*/g, ', '),
      )
      return
    case 'URL':
      add(card.urls, unescapeText(value))
      return
    case 'BDAY':
      card.birthday = value
        .trim()
        .replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
        .slice(0, 40)
      return
    case 'NOTE':
      card.note = unescapeText(value).slice(0, NOTE_MAX)
      return
  }
}

function decoded({ params, value }: ContentLine): string {
  if (!/^(?:quoted-printable)$/i.test(params.get('ENCODING') ?? '') && !/QUOTED-PRINTABLE/i.test(params.get('TYPE') ?? '')) return value
  return decodeTransfer(Buffer.from(value, 'latin1'), 'quoted-printable').toString('utf8')
}
