/** Sets of any length reach their reader whole, and soon. */
import { expect, test } from 'vitest'
import { breakLongSets } from '../../../../main/engine/mail/imap/longSets.ts'

const set = (count: number) => Array.from({ length: count }, (_, i) => (i % 3 === 0 ? `${4 * i + 1}:${4 * i + 2}` : `${4 * i + 1}`)).join(',')

test('a long set comes in pieces that make the set again; everything else stays as it is', () => {
  const line = `* VANISHED (EARLIER) ${set(20_000)}`
  const broken = breakLongSets(Buffer.from(line)).toString()
  const pieces = broken.slice('* VANISHED (EARLIER) '.length).split(' ')
  expect(pieces.length).toBeGreaterThan(100)
  expect(Math.max(...pieces.map(piece => piece.length))).toBeLessThan(1100)
  expect(pieces.join(',')).toBe(set(20_000))
  for (const other of [
    '',
    `* SEARCH ${Array.from({ length: 5000 }, (_, i) => i).join(' ')}`,
    `* OK ${'words, and words '.repeat(500)}`,
    `* VANISHED ${set(50)}`,
  ])
    expect(breakLongSets(Buffer.from(other)).toString()).toBe(other)
})
