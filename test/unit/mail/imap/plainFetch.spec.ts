import parseLine from 'imapflow/lib/handler/imap-parser.js'
import { describe, expect, test } from 'vitest'
import { plainFetch } from '../../../../main/engine/mail/imap/plainFetch.ts'
import { randomOf } from '../../../help/random.ts'

const literal = (bytes: string) => Buffer.from(bytes, 'latin1')
const PLAIN: [string, Buffer[]][] = [
  [
    '* 12 FETCH (UID 7 FLAGS (\\Seen $Forwarded NonJunk) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 44827 EMAILID (M6d99-ac_3) MODSEQ (121) BODY[] {5}\r\n)',
    [literal('a\r\nb ')],
  ],
  ['* 1 FETCH (UID 7 BODY[HEADER] {3}\r\n BODY[TEXT]<0> {2}\r\n)', [literal('A: '), literal('\xe9)')]],
  ['* 3 FETCH (FLAGS () UID 9 BODY[] NIL)', []],
  ['* 3 FETCH (FLAGS (\\Flagged) UID 4294967295)', []],
  ['* 3 FETCH (X-GM-MSGID 1278455344230334865 X-GM-LABELS ("a b" Work) UID 3 BODY[] "short")', []],
]

const byLibrary = async (line: string, literals: Buffer[]) => {
  try {
    const { tag, command, attributes } = await parseLine(Buffer.from(line, 'latin1'), { literals: [...literals] })
    return { tag, command, attributes }
  } catch {
    return 'refused'
  }
}

describe('an answer to FETCH', () => {
  test.each(PLAIN)('that is plain is read at once, as imapflow reads it: %s', async (line, literals) => {
    const read = plainFetch({ payload: Buffer.from(line, 'latin1'), literals })
    expect(read).toEqual(await byLibrary(line, literals))
    expect(literals.every(({ length }) => length > 0)).toBe(true)
  })

  test.each([
    '* 1 FETCH (UID 7 FLAGS (\\Seen))\r\n* 2 FETCH (UID 8)',
    '* 1 FETCH (UID 7 X "a\\"b")',
    '* 1 FETCH (UID 7  FLAGS ())',
    '* 1 FETCH (UID 7 BODY[1.2] "x")',
    '* 1 FETCH (UID 7 BODY[] {3}\r\n)',
    '* 1 FETCH (UID 7 BODY[] {0}\r\n)',
    '* 1 FETCH (UID 7',
    '* 1 FETCH UID 7',
    '* 1 FETCH ((((((UID))))))',
    '* 1 EXISTS',
    'A1 OK FETCH (done)',
  ])('that is not is left to imapflow: %s', line => {
    expect(plainFetch({ payload: Buffer.from(line, 'latin1'), literals: [] })).toBeNull()
  })

  test('never becomes anything else than imapflow makes of it, whatever is changed in it', async () => {
    const { below, pick } = randomOf(7)
    const alphabet = [
      '(',
      ')',
      ' ',
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      '<',
      '>',
      '\r',
      '\n',
      '*',
      ':',
      ',',
      '%',
      '~',
      'N',
      'I',
      'L',
      '0',
      '7',
      '\xe9',
      '\0',
      '-',
      '+',
    ]
    let read = 0
    for (let n = 0; n < 6000; n++) {
      const [plain, literals] = pick(PLAIN)
      let line = plain
      for (let changes = 1 + below(3); changes > 0; changes--) {
        const at = below(line.length)
        line = line.slice(0, at) + (below(3) === 0 ? '' : pick(alphabet)) + line.slice(at + below(2))
      }
      const quick = plainFetch({ payload: Buffer.from(line, 'latin1'), literals })
      if (!quick) continue
      read++
      expect(quick, JSON.stringify(line)).toEqual(await byLibrary(line, literals))
    }
    expect(read).toBeGreaterThan(300)
  })
})
