/** The small words of the protocol: dates, sets, names. */
import { describe, expect, test } from 'vitest'
import { parseInternalDate } from '../../../../main/engine/mail/imap/internalDate.ts'
import { decodePath } from '../../../../main/engine/mail/imap/mailboxName.ts'
import { toUidSet } from '../../../../main/engine/mail/imap/uidSet.ts'
import { randomOf } from '../../../help/random.ts'

describe('INTERNALDATE keeps its seconds and its zone:', () => {
  const at = (iso: string) => Date.parse(iso) / 1000
  const cases: [string, number, number][] = [
    ['17-Jul-1996 02:44:25 -0700', at('1996-07-17T09:44:25Z'), -420],
    [' 7-Feb-1994 21:52:25 -0800', at('1994-02-08T05:52:25Z'), -480],
    ['07-feb-1994 21:52:25 +0000', at('1994-02-07T21:52:25Z'), 0],
    ['01-Jan-2024 00:00:00 +0545', at('2023-12-31T18:15:00Z'), 345],
    ['01-Jan-1969 00:00:00 -0030', at('1969-01-01T00:30:00Z'), -30],
    ['29-Feb-2024 23:59:60 +0000', at('2024-03-01T00:00:00Z'), 0],
  ]
  for (const [text, seconds, zone] of cases) test(text, () => expect(parseInternalDate(text)).toEqual({ seconds, zone }))

  for (const text of [
    null,
    '',
    '31-Feb-2020 10:00:00 +0000',
    '00-Jan-1900 00:00:00 +0000',
    '01-Foo-2020 10:00:00 +0000',
    '1 Jan 2020 10:00:00 +0000',
    '01-Jan-2020 24:00:00 +0000',
    '01-Jan-2020 10:00:00',
  ])
    test(`${JSON.stringify(text)} is none`, () => expect(parseInternalDate(text)).toBeNull())
})

describe('sets of UIDs', () => {
  test('are as short as they can be, whatever the order', () => {
    expect(toUidSet([5, 3, 4, 9, 1, 3])).toBe('1,3:5,9')
    expect(toUidSet([])).toBe('')
    expect(toUidSet([4294967295])).toBe('4294967295')
  })

  test('name exactly what they were made of', () => {
    const random = randomOf(7)
    const read = (set: string) =>
      set.split(',').flatMap(part => {
        const [first, last = first] = part.split(':').map(Number)
        return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i)
      })
    for (let round = 0; round < 200; round++) {
      const uids = [...new Set(Array.from({ length: 1 + random.below(60) }, () => 1 + random.below(90)))].sort((a, b) => a - b)
      expect(read(toUidSet(uids))).toEqual(uids)
    }
  })
})

describe('names of mailboxes are decoded for people:', () => {
  const cases: [string, string, string[]][] = [
    ['INBOX', '/', ['INBOX']],
    ['Projekty/Za&AXwA8wFCBwc-', '/', ['Projekty', 'Zażół܇']],
    ['~peter/mail/&U,BTFw-/&ZeVnLIqe-', '/', ['~peter', 'mail', '台北', '日本語']],
    ['R&-D', '/', ['R&D']],
    ['a.b', '', ['a.b']],
    ['/leading//twice/', '/', ['leading', 'twice']],
    ['/', '/', ['/']],
    ['Büro', '/', ['Büro']],
  ]
  for (const [raw, delimiter, path] of cases) test(raw, () => expect(decodePath(raw, delimiter)).toEqual(path))

  for (const raw of ['broken&', '&Jjo!', 'a&ZeVnLIqe', '&AA-', '&2AA-', '&====-'])
    test(`${raw} is no modified UTF-7, and shown as it is`, () => expect(decodePath(raw, '/')).toEqual([raw]))
})
