import { describe, expect, it } from 'vitest'
import { formatInternalDate, parseSearchDate } from '../../../main/engine/demo/imap/format.ts'
import { decodeName, encodeName, matchesPattern } from '../../../main/engine/demo/imap/mailboxName.ts'
import { createReader, LARGEST_LITERAL, LONGEST_LINE, TooLong } from '../../../main/engine/demo/imap/reader.ts'
import { contains, formatSet, parseSet } from '../../../main/engine/demo/imap/sequence.ts'
import { SyntaxProblem, tokenise } from '../../../main/engine/demo/imap/tokens.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('mailbox names go over the wire in modified UTF-7', () => {
  it.each([
    ['INBOX', 'INBOX'],
    ['Dworzec & perony', 'Dworzec &- perony'],
    ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['Entwürfe', 'Entw&APw-rfe'],
    ['Żółta Żaba', '&AXsA8wFC-ta &AXs-aba'],
    ['💡', '&2D3coQ-'],
  ])('%s is %s', (name, wire) => {
    expect(encodeName(name)).toBe(wire)
    expect(decodeName(wire)).toBe(name)
  })

  it.each(['&', 'a&b', '&AXs', '&A-', 'Żaba', '&AGE-', 'tab\there'])('%s is no name, and is refused', wire => {
    expect(decodeName(wire)).toBeNull()
  })
})

describe('LIST patterns', () => {
  it.each([
    ['INBOX', 'inbox', true],
    ['Archive/2019', '*', true],
    ['Archive/2019', '%', false],
    ['Archive/2019', 'Archive/%', true],
    ['Archive/2019', '%/%', true],
    ['Archive', 'Archive/*', false],
    ['Archive/2019', 'Arch*19', true],
    ['Archive/2019', 'Arch%19', false],
    ['Archive', 'archive', false],
  ])('%s against %s: %s', (name, pattern, matches) => {
    expect(matchesPattern(name, pattern, '/')).toBe(matches)
  })

  it('a pattern made to be slow is not slow', () => {
    const start = performance.now()
    expect(matchesPattern('a'.repeat(2000), '*a%'.repeat(200).concat('b'), '/')).toBe(false)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe('sequence sets', () => {
  it('ranges may be turned round, and * is the last number', () => {
    const set = parseSet('9:7,2,12:*', 20)
    expect([1, 2, 6, 7, 9, 10, 12, 20, 21].filter(number => contains(set, number))).toEqual([2, 7, 9, 12, 20])
    expect(contains(parseSet('30:*', 20), 20)).toBe(true)
  })

  it.each(['', 'a', '1:', ':2', '1,,2', '1:2:3', '-1'])('"%s" is refused', text => {
    expect(() => parseSet(text, 9)).toThrow(SyntaxProblem)
  })

  it('numbers are told as the shortest set', () => {
    expect(formatSet([1, 2, 3, 7, 9, 10])).toBe('1:3,7,9:10')
    expect(formatSet([])).toBe('')
  })
})

describe('dates', () => {
  it('INTERNALDATE keeps its own zone', () => {
    expect(formatInternalDate(837_596_665, -420)).toBe('"17-Jul-1996 02:44:25 -0700"')
    expect(formatInternalDate(0, 330)).toBe('" 1-Jan-1970 05:30:00 +0530"')
  })

  it('the date of a search key is read, and nonsense is not', () => {
    expect(parseSearchDate('1-Feb-2024')).toBe(Date.UTC(2024, 1, 1) / 1000)
    expect(parseSearchDate('2024-02-01')).toBeNull()
  })
})

describe('a command is taken apart', () => {
  it('atoms, strings, literals and lists', () => {
    const said = tokenise(bytes('a1 LIST (SUBSCRIBED) "" {5}\r\n% "b RETURN (STATUS (MESSAGES))'))
    expect(said).toEqual([
      { type: 'atom', text: 'a1' },
      { type: 'atom', text: 'LIST' },
      { type: 'list', items: [{ type: 'atom', text: 'SUBSCRIBED' }] },
      { type: 'string', text: '' },
      { type: 'string', text: '% "b ' },
      { type: 'atom', text: 'RETURN' },
      {
        type: 'list',
        items: [
          { type: 'atom', text: 'STATUS' },
          { type: 'list', items: [{ type: 'atom', text: 'MESSAGES' }] },
        ],
      },
    ])
  })

  it('a section with its fields is one word', () => {
    expect(tokenise(bytes('BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.100> FLAGS'))).toEqual([
      { type: 'atom', text: 'BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.100>' },
      { type: 'atom', text: 'FLAGS' },
    ])
  })

  it('a quoted string may hold its own quote', () => {
    expect(tokenise(bytes('"a\\"b\\\\"'))).toEqual([{ type: 'string', text: 'a"b\\' }])
  })

  it.each(['(', ')', '"open', 'BODY[', '{x}', '('.repeat(20), 'a\r\nb'])('%j is refused', text => {
    expect(() => tokenise(bytes(text))).toThrow(SyntaxProblem)
  })
})

describe('what arrives is read piece by piece, and nothing without a bound', () => {
  it('commands come out whole, however the bytes were cut', async () => {
    const sent = 'a LOGIN {2}\r\nme {3+}\r\nyou\r\nb NOOP\n\r\nc X\r\n'
    for (let size = 1; size <= sent.length; size++) {
      let asked = 0
      const reader = createReader(inPieces(sent, size))
      const all: (string | undefined)[] = []
      for (let at = 0; at < 5; at++) all.push((await reader.command(() => asked++))?.toString('latin1'))
      expect(all).toEqual(['a LOGIN {2}\r\nme {3+}\r\nyou', 'b NOOP', '', 'c X', undefined])
      expect(asked).toBe(1)
    }
  })

  it('a line that does not end is cut off', async () => {
    const reader = createReader(inPieces('x'.repeat(LONGEST_LINE + 10), 1000))
    await expect(reader.command(() => {})).rejects.toBeInstanceOf(TooLong)
  })

  it('a literal that is too large is refused before it is sent', async () => {
    let asked = 0
    const reader = createReader(inPieces(`a X {${LARGEST_LITERAL + 1}}\r\n`, 100))
    await expect(reader.command(() => asked++)).rejects.toBeInstanceOf(TooLong)
    expect(asked).toBe(0)
  })

  it('many small literals are one large one', async () => {
    const reader = createReader(inPieces(`a X${` {1000+}\r\n${'y'.repeat(1000)}`.repeat(80)}\r\n`, 7000))
    await expect(reader.command(() => {})).rejects.toBeInstanceOf(TooLong)
  })
})

async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield bytes(text.slice(at, at + size))
}
