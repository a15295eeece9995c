/** The bytes of an answer, out of a stream that may be cut anywhere. */
import { describe, expect, test } from 'vitest'
import { createUnstuffer } from '../../../../main/engine/mail/pop3/dotStuffing.ts'
import { randomOf } from '../../../help/random.ts'

/** The answer's bytes and what came after it, when the stream arrives in pieces of these sizes. */
function unstuff(wire: string, sizes: (at: number) => number): { bytes: string; rest: string } | null {
  const unstuffer = createUnstuffer()
  const all = Buffer.from(wire, 'latin1')
  const bytes: Buffer[] = []
  for (let at = 0; at < all.length; ) {
    const size = Math.max(1, sizes(at))
    const { pieces, rest } = unstuffer.feed(all.subarray(at, at + size))
    bytes.push(...pieces)
    at += size
    if (rest) return { bytes: Buffer.concat(bytes).toString('latin1'), rest: rest.toString('latin1') + all.toString('latin1', at) }
  }
  return null
}

const cases: [string, string, string][] = [
  ['an empty answer is empty', '.\r\n', ''],
  ['one line', 'a\r\n.\r\n', 'a\r\n'],
  ['an empty line', '\r\n.\r\n', '\r\n'],
  ['a line of one dot', '..\r\n.\r\n', '.\r\n'],
  ['a line of two dots', '...\r\n.\r\n', '..\r\n'],
  ['a dot before words', 'a\r\n..b\r\n.\r\n', 'a\r\n.b\r\n'],
  ['a dot that a careless server did not double', 'a\r\n.b\r\n.\r\n', 'a\r\nb\r\n'],
  ['dots within a line', 'a.b.\r\n.\r\n', 'a.b.\r\n'],
  ['a bare LF begins no line', 'a\n.\r\nb\r\n.\r\n', 'a\n.\r\nb\r\n'],
  ['LF dot LF ends nothing', 'a\n.\nb\r\n.\r\n', 'a\n.\nb\r\n'],
  ['CR dot CR ends nothing', 'a\r.\rb\r\n.\r\n', 'a\r.\rb\r\n'],
  ['CRLF dot LF ends nothing', 'a\r\n.\nb\r\n.\r\n', 'a\r\n\nb\r\n'],
  ['CRLF dot CR ends nothing', 'a\r\n.\rb\r\n.\r\n', 'a\r\n\rb\r\n'],
  ['a CR before CRLF', 'a\r\r\n.\r\n', 'a\r\r\n'],
  ['CRs and LFs of every kind', '\r\r\n\n\r\n\r\n.\r\n', '\r\r\n\n\r\n\r\n'],
  ['bytes that are no text', '\0\xff\x80\r\n..\0\r\n.\r\n', '\0\xff\x80\r\n.\0\r\n'],
]

describe('a multi-line answer', () => {
  test.each(cases)('%s', (_, wire, bytes) => {
    for (const after of ['', '+OK next\r\n', '.\r\n'])
      for (const size of [1, 2, 3, 4, 5, 7, 1000]) expect(unstuff(wire + after, () => size)).toEqual({ bytes, rest: after })
  })

  test('is the same however the stream is cut, for any bytes', () => {
    const { below: int } = randomOf(7)
    for (let round = 0; round < 3000; round++) {
      const letters = ['\r\n', '\r', '\n', '.', '.', 'a', '\r\n.']
      const message = `${Array.from({ length: int(12) }, () => letters[int(letters.length)]).join('')}\r\n`
      const wire = `${message.replace(/(^|\r\n)\./g, '$1..')}.\r\n`
      expect(
        unstuff(`${wire}+OK`, () => 1 + int(4)),
        JSON.stringify(message),
      ).toEqual({ bytes: message, rest: '+OK' })
    }
  })

  test('has no end before its end has come', () => {
    for (const wire of ['', '.', '.\r', 'a', 'a\r', 'a\r\n', 'a\r\n.', 'a\r\n.\r', 'a\r\n..\r\n', 'a\n.\r\n'])
      expect(unstuff(wire, () => 1)).toBeNull()
  })
})
