/** The searches that are measured, as people type them, with words drawn anew each time. */
import type { Generator } from './generatedMail.ts'

export interface Measured {
  name: string
  times: number
  query(): string
}

export function measuredSearches({ random, words, han }: Generator): Measured[] {
  const any = <T>(list: readonly T[], from: number, to: number): T => list[from + Math.floor(random() * (to - from))]!
  const common = () => any(words, 0, 20)
  const middle = () => any(words, 500, 2500)
  const rare = () => any(words, 50_000, 140_000)
  const begins = (length: number) => middle().padEnd(length, 'a').slice(0, length)
  const year = () => 2009 + Math.floor(random() * 12)
  const person = () => `p${Math.floor(random() ** 2 * 3000)}@example.org`
  const of = (name: string, times: number, query: () => string): Measured => ({ name, times, query })
  return [
    of('in every message', 100, () => 'everywhere'),
    of('common', 300, common),
    of('middle', 300, middle),
    of('rare', 300, rare),
    of('common common', 300, () => `${common()} ${common()}`),
    of('common rare', 300, () => `${common()} ${rare()}`),
    of('middle middle', 300, () => `${middle()} ${middle()}`),
    of('"common common"', 300, () => `"${common()} ${common()}"`),
    of('"middle middle"', 300, () => `"${middle()} ${middle()}"`),
    of('common OR rare', 300, () => `${common()} OR ${rare()}`),
    of('middle OR middle OR middle', 300, () => `${middle()} OR ${middle()} OR ${middle()}`),
    of('middle -common', 300, () => `${middle()} -${common()}`),
    of('-common', 100, () => `-${common()}`),
    ...[1, 2, 3, 4, 6].map(length => of(`${length} letter${length > 1 ? 's' : ''}*`, 100, () => `${begins(length)}*`)),
    of('from:PERSON', 300, () => `from:${person()}`),
    of('from:PERSON middle', 300, () => `from:${person()} ${middle()}`),
    of('subject:middle', 300, () => `subject:${middle()}`),
    of('subject:middle on:YEAR', 300, () => `subject:${middle()} on:${year()}`),
    of('middle before:YEAR', 300, () => `${middle()} before:${year()}`),
    of('on:YEAR', 100, () => `on:${year()}`),
    of('one Chinese character', 300, () => any(han, 0, 3000)),
    of('two Chinese characters', 300, () => any(han, 0, 500) + any(han, 0, 500)),
    of('two common Chinese ones', 300, () => any(han, 0, 30) + any(han, 0, 30)),
    of('three Chinese characters', 300, () => any(han, 0, 100) + any(han, 0, 100) + any(han, 0, 100)),
    of('common in:HALF', 300, () => `${common()} in:"Mailbox 1"`),
    of('middle in:1%', 300, () => `${middle()} in:"Mailbox 6"`),
    of('common in:0.05%', 300, () => `${common()} in:"Mailbox 7"`),
    of('rare in:HALF', 300, () => `${rare()} in:"Mailbox 1"`),
    of('is:unread', 100, () => 'is:unread'),
    of('middle is:unread', 300, () => `${middle()} is:unread`),
    of('middle is:flagged', 300, () => `${middle()} is:flagged`),
    of('has:attachment middle', 300, () => `has:attachment ${middle()}`),
    of('larger:10M', 100, () => 'larger:10M'),
    of('middle larger:1M', 300, () => `${middle()} larger:1M`),
    of('middle smaller:5k', 300, () => `${middle()} smaller:5k`),
    of('type:pdf from:PERSON', 300, () => `type:pdf from:${person()}`),
    of('message-id:', 100, () => `message-id:12000.${Math.floor(random() * 3000)}@mail.example.org`),
  ]
}
