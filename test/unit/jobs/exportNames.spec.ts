import { describe, expect, test } from 'vitest'
import { folderNames, safeName } from '../../../main/engine/jobs/export/safeNames.ts'

const id = 'deadbeef'.padEnd(64, '0')
const time = Date.UTC(2024, 2, 1, 12)

describe('names of exported files', () => {
  test.each([
    ['an ordinary subject', 'Angebot für Juni', '2024-03-01-deadbeef-Angebot-für-Juni.eml'],
    ['no subject', '', '2024-03-01-deadbeef.eml'],
    ['path separators and wildcards', 'a/b\\c:d*e?f"g<h>i|j', '2024-03-01-deadbeef-a-b-c-d-e-f-g-h-i-j.eml'],
    ['control and direction-changing characters', 'exe\u202efdp.\u0000invoice\r\n', '2024-03-01-deadbeef-exe-fdp.-invoice.eml'],
    ['trailing dots', 'and so on...', '2024-03-01-deadbeef-and-so-on.eml'],
    ['leading dots', '../../etc/passwd', '2024-03-01-deadbeef-_-..-etc-passwd.eml'],
  ])('%s gives a name every file system takes', (_, subject, name) => {
    expect(safeName(time, id, subject)).toBe(name)
  })

  test('a long subject is cut by bytes, between characters', () => {
    const name = safeName(time, id, '合同'.repeat(100))
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(20 + 80 + 4)
    expect(name).not.toContain('\ufffd')
  })
})

describe('names of exported folders', () => {
  const names = (...paths: string[][]) => [...folderNames(paths.map((path, i) => ({ id: i + 1, path }))).values()].map(levels => levels.join('/'))

  test('mailboxes that differ only in case get folders of their own', () => {
    expect(names(['Inbox'], ['INBOX'], ['inbox'])).toEqual(['Inbox', 'INBOX (2)', 'inbox (3)'])
  })
  test('mailboxes that differ only in Unicode composition get folders of their own', () => {
    expect(names(['Zażółć'.normalize('NFC')], ['Zażółć'.normalize('NFD')])).toEqual(['Zażółć'.normalize('NFC'), `${'Zażółć'.normalize('NFC')} (2)`])
  })
  test('children stay below their own parent', () => {
    expect(names(['A'], ['a'], ['A', 'x'], ['a', 'x'])).toEqual(['A', 'a (2)', 'A/x', 'a (2)/x'])
  })
  test('names that Windows reserves are changed', () => {
    expect(names(['CON'], ['aux.txt'], ['Lpt1'])).toEqual(['_CON', '_aux.txt', '_Lpt1'])
  })
  test('a mailbox whose name is nothing but forbidden characters still has a folder', () => {
    expect(names(['///'], ['...'], ['??'])).toEqual(['mailbox', 'mailbox (2)', 'mailbox (3)'])
  })
})
