import parseLine from 'imapflow/lib/handler/imap-parser.js'
import { describe, expect, test } from 'vitest'
import { plainSearch } from '../../../../main/engine/mail/imap/plainSearch.ts'
import { randomOf } from '../../../help/random.ts'

const read = (line: string) => plainSearch({ payload: Buffer.from(line, 'latin1') })

const byLibrary = async (line: string) => {
  const { tag, command, attributes } = await parseLine(Buffer.from(line, 'latin1'), { literals: [] })
  return { tag, command, attributes }
}

describe('an answer to SEARCH', () => {
  const many = `* SEARCH ${Array.from({ length: 20_000 }, (_, i) => 7 * i + 1).join(' ')}`

  test.each(['* SEARCH 1', '* SEARCH 4294967295 0 007', many])('that is plain is read at once, as imapflow reads it: %.40s', async line => {
    const answer = read(line)
    expect(answer).not.toBeNull()
    expect(answer).toEqual(await byLibrary(line))
  })

  test.each([
    '* SEARCH',
    '* SEARCH ',
    '* SEARCH 1 ',
    '* SEARCH 1  2',
    '* SEARCH 1,2',
    '* SEARCH 1 (MODSEQ 917162500)',
    '* SEARCH 12345678901',
    '* search 1',
    '* SEARCH 1\r\n* SEARCH 2',
    '* SEARCHED 1',
    '* ESEARCH (TAG "1") UID ALL 1:9',
    'A1 SEARCH 1',
  ])('that is not is left to imapflow: %s', line => {
    expect(read(line)).toBeNull()
  })

  test('is left to it as well where a literal came with it', () => {
    expect(plainSearch({ payload: Buffer.from('* SEARCH 1'), literals: [Buffer.from('a')] })).toBeNull()
  })

  test('never becomes anything else than imapflow makes of it, whatever is changed in it', async () => {
    const { below, pick } = randomOf(11)
    const alphabet = [...'()" \\{}[]<>*%,:0123456789AS\r\n\0\xe9']
    let plain = 0
    for (let i = 0; i < 3000; i++) {
      const line = [...'* SEARCH 12 7 4294967295']
      for (let n = below(3); n > 0; n--) line.splice(below(line.length), below(2), pick(alphabet))
      const answer = read(line.join(''))
      if (!answer) continue
      plain++
      expect(answer).toEqual(await byLibrary(line.join('')))
    }
    expect(plain).toBeGreaterThan(500)
  })
})
