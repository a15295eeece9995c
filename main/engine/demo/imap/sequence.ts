/** Sequence sets (RFC 9051 section 9): `1:4,9,12:*`. */
import { SyntaxProblem } from './tokens.ts'

export type SequenceSet = { from: number; to: number }[]

/** `highest` is what `*` stands for: the largest number in use, 0 in an empty mailbox. */
export function parseSet(text: string, highest: number): SequenceSet {
  return text.split(',').map(range => {
    const ends = /^(\d{1,10}|\*)(?::(\d{1,10}|\*))?$/.exec(range)
    if (!ends) throw new SyntaxProblem('sequence set expected')
    const number = (end: string) => (end === '*' ? highest : Number(end))
    const first = number(ends[1] as string)
    const last = number(ends[2] ?? (ends[1] as string))
    // 9051: 4:2 is the same as 2:4, and *:5 the same as 5:*
    return { from: Math.min(first, last), to: Math.max(first, last) }
  })
}

export function isSet(text: string): boolean {
  return /^[\d*][\d*:,]*$/.test(text)
}

export function contains(set: SequenceSet, number: number): boolean {
  return set.some(range => number >= range.from && number <= range.to)
}

/** Ascending numbers as the shortest set: 1,2,3,7 → `1:3,7`. */
export function formatSet(numbers: readonly number[]): string {
  const ranges: string[] = []
  for (let at = 0; at < numbers.length; ) {
    const start = numbers[at] as number
    let end = start
    while (numbers[at + 1] === end + 1) {
      end++
      at++
    }
    at++
    ranges.push(start === end ? String(start) : `${start}:${end}`)
  }
  return ranges.join(',')
}
