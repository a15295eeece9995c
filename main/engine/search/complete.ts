/** What a search field proposes for what stands at its end: operators, their values, and names from the archives themselves. */
import type { SearchList, SearchProposal } from '../../contract/search.ts'
import { type Field, fieldNames, fold, hasNames, isNames, typeNames, wordFields } from './fields.ts'
import { lex } from './lex.ts'
import { tokens } from './normalise.ts'

export const proposalLanguages = ['en', 'pl', 'de', 'zh'] as const
export type ProposalLanguage = (typeof proposalLanguages)[number]

/** Answered from the archives' own data. */
export interface Names {
  people(tokens: readonly string[], field: 'from' | 'to' | 'cc' | 'with'): Promise<{ name: string; address: string }[]>
  mailboxes(): Promise<string[]>
  accounts(): string[]
}

const MOST = 8
const FEW = 4 // for a plain word: the results below are what is looked at
const PEOPLE_FIELDS = ['from', 'to', 'cc', 'with'] as const
/** The most useful first. */
export const offered: readonly Field[] = [
  ...['from', 'to', 'with', 'subject', 'has', 'in', 'after', 'before', 'on', 'larger', 'type', 'is', 'filename', 'attachment', 'body'],
  ...['cc', 'older', 'newer', 'smaller', 'account', 'list', 'message-id'],
] as Field[]

export async function proposals(query: string, language: ProposalLanguage, names: Names, lists: SearchList): Promise<SearchProposal[]> {
  const marks = lex(query)
  const last = marks.at(-1)
  if (!last)
    return [...savedOnes(lists, ''), ...lists.recent.map(recent => ({ kind: 'recent' as const, label: recent, detail: '', query: recent }))].slice(
      0,
      MOST,
    )
  const touching = last.end === query.length
  const before = marks.at(-2)
  if (touching && last.type === 'field') return values(last.field, '', query, query.length, language, names)
  if (touching && last.type === 'text' && before?.type === 'field' && before.end === last.start)
    return values(before.field, last.text, query, last.start, language, names)
  if (!touching || last.type !== 'text' || last.quoted) return []
  return words(last.text, query, last.start, language, names, lists)
}

/** Of an operator, instead of what stands from `at` on. */
async function values(field: Field, typed: string, query: string, at: number, language: ProposalLanguage, names: Names): Promise<SearchProposal[]> {
  const head = query.slice(0, at)
  const propose = (kind: SearchProposal['kind'], value: string, label = value, detail = ''): SearchProposal => ({
    kind,
    label,
    detail,
    query: `${head}${asValue(value)} `,
  })
  const begins = (value: string) => fold(value).startsWith(fold(typed))
  if (isPeople(field))
    return (await names.people(tokens(typed), field))
      .slice(0, MOST)
      .map(person => propose('person', person.address, person.name || person.address, person.name ? person.address : ''))
  switch (field) {
    case 'in':
      return (await names.mailboxes())
        .filter(name => holds(name, typed))
        .slice(0, MOST)
        .map(name => propose('mailbox', name))
    case 'account':
      return names
        .accounts()
        .filter(name => holds(name, typed))
        .slice(0, MOST)
        .map(name => propose('account', name))
    case 'is':
      return own(isNames, language)
        .filter(begins)
        .map(value => propose('value', value))
    case 'has':
      return own(hasNames, language)
        .filter(begins)
        .map(value => propose('value', value))
    case 'type':
      return ['pdf', ...typeNames]
        .filter(begins)
        .slice(0, MOST)
        .map(value => propose('value', value))
    case 'before':
    case 'after':
    case 'on':
      return dayNames[language].filter(begins).map(value => propose('value', value))
    case 'older':
    case 'newer':
      return ['7d', '30d', '6m', '1y'].filter(begins).map(value => propose('value', value))
    case 'larger':
    case 'smaller':
      return ['1M', '5M', '10M', '25M'].filter(begins).map(value => propose('value', value))
    default:
      return []
  }
}

const dayNames: Record<ProposalLanguage, readonly string[]> = {
  en: ['today', 'yesterday', 'this week', 'last week', 'this month', 'last month', 'this year', 'last year'],
  pl: ['dzisiaj', 'wczoraj', 'ten tydzień', 'zeszły tydzień', 'ten miesiąc', 'zeszły miesiąc', 'ten rok', 'zeszły rok'],
  de: ['heute', 'gestern', 'diese Woche', 'letzte Woche', 'dieser Monat', 'letzter Monat', 'dieses Jahr', 'letztes Jahr'],
  zh: ['今天', '昨天', '本周', '上周', '本月', '上个月', '今年', '去年'],
}

export const operatorNamed = (field: Field, language: ProposalLanguage): string =>
  fieldNames[field][proposalLanguages.indexOf(language)]?.[0] ?? fieldNames[field][0]![0]!

/** For a word: operators that begin so, searches, people and mailboxes that hold it. */
async function words(
  typed: string,
  query: string,
  at: number,
  language: ProposalLanguage,
  names: Names,
  lists: SearchList,
): Promise<SearchProposal[]> {
  const head = query.slice(0, at)
  const name = (field: Field) => operatorNamed(field, language)
  const operators = offered
    .filter(field => fieldNames[field].flat().some(one => fold(one).startsWith(fold(typed))))
    .map((field): SearchProposal => ({ kind: 'operator', label: `${name(field)}:`, detail: '', operator: field, query: `${head}${name(field)}:` }))
  const searches = [
    ...savedOnes(lists, query),
    ...lists.recent
      .filter(one => one !== query && fold(one).startsWith(fold(query)))
      .map(one => ({ kind: 'recent' as const, label: one, detail: '', query: one })),
  ]
  if (tokens(typed).join('').length < 2) return [...operators, ...searches].slice(0, MOST)
  const people = (await names.people(tokens(typed), 'with')).slice(0, 2)
  const mailboxes = (await names.mailboxes()).filter(one => holds(one, typed)).slice(0, 2)
  return [
    ...operators.slice(0, 3),
    ...searches.slice(0, 3),
    ...people.map(
      (person): SearchProposal => ({
        kind: 'person',
        label: person.name || person.address,
        detail: person.name ? person.address : '',
        query: `${head}${name('with')}:${asValue(person.address)} `,
      }),
    ),
    ...mailboxes.map((one): SearchProposal => ({ kind: 'mailbox', label: one, detail: '', query: `${head}${name('in')}:${asValue(one)} ` })),
  ].slice(0, FEW)
}

function savedOnes({ saved }: SearchList, query: string): SearchProposal[] {
  return saved
    .filter(({ name }) => fold(name).startsWith(fold(query)))
    .map(({ name, query }) => ({ kind: 'saved', label: name, detail: query, query }))
}

function own(names: Record<string, readonly (readonly string[])[]>, language: ProposalLanguage): string[] {
  return Object.values(names).map(languages => languages[proposalLanguages.indexOf(language)]?.[0] ?? languages[0]![0]!)
}

const isPeople = (field: Field): field is (typeof PEOPLE_FIELDS)[number] => (PEOPLE_FIELDS as readonly Field[]).includes(field) && field in wordFields
const holds = (name: string, typed: string): boolean => ` ${tokens(name).join(' ')}`.includes(` ${tokens(typed).join(' ')}`.trimEnd())
const asValue = (value: string): string => (/[\s()"“”„«»＂]/u.test(value) ? `"${value.replaceAll(/["“”„«»＂]/g, ' ')}"` : value)
