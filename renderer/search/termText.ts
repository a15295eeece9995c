/** How a condition is said to a person. */
import type { SearchTerm } from '../../main/contract/search.ts'
import type { Text } from '../text/text.ts'

export function termText(term: SearchTerm, text: Text): string {
  const said = sayTerm(term, text)
  return term.not ? text.t('search.without', { what: said }) : said
}

function sayTerm(term: SearchTerm, text: Text): string {
  const { t, format } = text
  switch (term.kind) {
    case 'words': {
      const words = term.exact ? `“${term.text}”` : term.text
      return t(`search.term.${term.field ?? 'any'}`, { text: term.prefix ? `${words}…` : words })
    }
    case 'type':
    case 'list':
    case 'account':
    case 'in':
      return t(`search.term.${term.kind}`, { text: term.prefix ? `${term.text}…` : term.text })
    case 'message-id':
      return t('search.term.messageId', { text: term.text })
    case 'has':
      return t(`search.has.${term.what}`)
    case 'is':
      return t(`search.is.${term.what}`)
    case 'size':
      return term.over !== null
        ? t('search.term.larger', { size: format.bytes(term.over) })
        : t('search.term.smaller', { size: format.bytes(term.under ?? 0) })
    case 'time':
      return timeText(term.from, term.before, text)
    case 'group':
      return term.terms.map(one => termText(one, text)).join(t(term.joined === 'any' ? 'search.term.or' : 'search.term.and'))
  }
}

const DAY = 86_400_000

function timeText(from: number | null, before: number | null, { t, format }: Text): string {
  if (from === null) return t('search.term.before', { before: format.day(before ?? 0) })
  if (before === null) return t('search.term.since', { from: format.day(from) })
  // The last day that belongs to it, not the first that does not. A day has up to 25 hours.
  if (before - from <= DAY * 1.1) return t('search.term.on', { from: format.day(from) })
  return t('search.term.between', { from: format.day(from), before: format.day(before - 1) })
}
