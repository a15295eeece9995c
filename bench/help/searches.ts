/** The searches that are measured, as people type them, with words drawn anew each time. */
import type { Generator } from './generatedMail.ts'

export interface Measured {
  name: string
  times: number
  query(): string
  /** The same for `notmuch`, where it can be asked that. */
  elsewhere?: (query: string) => string
}

export function measuredSearches({ random, words, han }: Generator): Measured[] {
  const any = <T>(list: readonly T[], from: number, to: number): T => list[from + Math.floor(random() * (to - from))]!
  const common = () => any(words, 0, 20)
  const middle = () => any(words, 500, 2500)
  const rare = () => any(words, 50_000, 140_000)
  const begins = (word: () => string, length: number): string => {
    for (;;) {
      const found = word()
      if (found.length >= length) return `${found.slice(0, length)}*`
    }
  }
  const year = () => 2009 + Math.floor(random() * 12)
  const who = () => `p${Math.floor(random() ** 2 * 3000)}`
  const person = () => `${who()}@example.org`
  const of = (name: string, times: number, query: () => string): Measured => ({ name, times, query })
  const both = (name: string, times: number, query: () => string, elsewhere = (typed: string) => typed): Measured => ({
    name,
    times,
    query,
    elsewhere,
  })
  return [
    of('in every message', 100, () => 'everywhere'),
    both('common', 200, common),
    both('middle', 200, middle),
    both('rare', 200, rare),
    both('common common', 200, () => `${common()} ${common()}`),
    both('common rare', 200, () => `${common()} ${rare()}`),
    both('middle middle', 200, () => `${middle()} ${middle()}`),
    both('"common common"', 200, () => `"${common()} ${common()}"`),
    both('"middle middle"', 200, () => `"${middle()} ${middle()}"`),
    of('"common common" rare', 200, () => `"${common()} ${common()}" ${rare()}`),
    both('common OR rare', 200, () => `${common()} OR ${rare()}`),
    of('ten words with OR', 100, () => Array.from({ length: 10 }, middle).join(' OR ')),
    both(
      'middle -common',
      200,
      () => `${middle()} -${common()}`,
      typed => typed.replace(' -', ' and not '),
    ),
    of('rare -common', 200, () => `${rare()} -${common()}`),
    of('-common', 100, () => `-${common()}`),
    ...[1, 2, 3, 4, 5, 6].map(length =>
      of(`${length} letter${length > 1 ? 's' : ''}* of a common word`, 100, () => begins(() => any(words, 0, 400), length)),
    ),
    ...[3, 4, 5, 6, 7].map(length => both(`${length} letters* of a middle word`, 100, () => begins(middle, length))),
    of('common, 4 letters*', 100, () => `${common()} ${begins(middle, 4)}`),
    of('rare, 3 letters*', 100, () => `${rare()} ${begins(middle, 3)}`),
    of('5 letters* of a number', 100, () => `${10_000 + Math.floor(random() * 90_000)}*`),
    of('3 letters* of a number', 100, () => `${100 + Math.floor(random() * 900)}*`),
    both('from:PERSON', 200, () => `from:${person()}`),
    both('from:PERSON middle', 300, () => `from:${person()} ${middle()}`),
    of('from:PERSON common', 200, () => `from:${person()} ${common()}`),
    of('from:PERSON in:10%', 200, () => `from:${person()} in:"Mailbox 4"`),
    of('from:PERSON in:0.05%', 200, () => `from:${person()} in:"Mailbox 7"`),
    of('from:PERS* (half an address)', 100, () => `from:${who()}@exa*`),
    both('subject:middle', 200, () => `subject:${middle()}`),
    both(
      'subject:middle on:YEAR',
      200,
      () => `subject:${middle()} on:${year()}`,
      typed => typed.replace(/on:(\d+)/, 'date:$1..$1'),
    ),
    of('middle before:YEAR', 200, () => `${middle()} before:${year()}`),
    of('common older:10y', 100, () => `${common()} older:3650d`),
    of('common newer:2015 before:2016', 100, () => `${common()} newer:2015-03-01 before:2016`),
    of('rare newer:2012', 100, () => `${rare()} newer:2012-06-01`),
    of('on:YEAR', 100, () => `on:${year()}`),
    both('one Chinese character', 200, () => any(han, 0, 3000)),
    both('two Chinese characters', 300, () => any(han, 0, 500) + any(han, 0, 500)),
    of('two common Chinese ones', 200, () => any(han, 0, 30) + any(han, 0, 30)),
    of('three Chinese characters', 200, () => any(han, 0, 100) + any(han, 0, 100) + any(han, 0, 100)),
    of('common in:HALF', 200, () => `${common()} in:"Mailbox 1"`),
    of('middle in:1%', 200, () => `${middle()} in:"Mailbox 6"`),
    of('common in:0.05%', 300, () => `${common()} in:"Mailbox 7"`),
    of('"common common" in:0.05%', 200, () => `"${common()} ${common()}" in:"Mailbox 7"`),
    of('middle in:0.05%', 200, () => `${middle()} in:"Mailbox 7"`),
    of('rare in:HALF', 200, () => `${rare()} in:"Mailbox 1"`),
    of('is:unread', 100, () => 'is:unread'),
    of('common is:unread', 200, () => `${common()} is:unread`),
    of('middle is:unread', 200, () => `${middle()} is:unread`),
    of('rare is:unread', 200, () => `${rare()} is:unread`),
    of('common is:flagged', 200, () => `${common()} is:flagged`),
    of('middle is:flagged', 300, () => `${middle()} is:flagged`),
    of('rare is:flagged', 200, () => `${rare()} is:flagged`),
    of('has:attachment common', 200, () => `has:attachment ${common()}`),
    of('has:attachment middle', 200, () => `has:attachment ${middle()}`),
    of('larger:10M', 100, () => 'larger:10M'),
    of('common larger:10M', 200, () => `${common()} larger:10M`),
    of('middle larger:1M', 200, () => `${middle()} larger:1M`),
    of('middle smaller:5k', 200, () => `${middle()} smaller:5k`),
    of('type:pdf from:PERSON', 200, () => `type:pdf from:${person()}`),
    of('is:unindexed', 50, () => 'is:unindexed'),
    of('message-id:', 100, () => `message-id:12000.${Math.floor(random() * 3000)}@mail.example.org`),
  ]
}
