import { expect, test } from 'vitest'
import { bytes, cut, date, duration, printable, table, textWidth } from '../../../main/cli/format.ts'
import { explain } from '../../../main/cli/text.ts'
import { AppError, errorCodes } from '../../../main/contract/errors.ts'

for (const code of errorCodes)
  test(`${code}: what happened, what is safe, what to do; with its facts and without`, () => {
    const facts = {
      host: 'mail.example.org',
      port: 993,
      path: '/media/usb',
      name: 'Work',
      segment: 3,
      mailbox: 'INBOX',
      retryAfterMs: 60_000,
      needed: 5e9,
    }
    for (const error of [new AppError(code, 'for developers', { facts }), new AppError(code, 'for developers')]) {
      const sentences = Object.values(explain(error))
      expect(sentences).toHaveLength(3)
      for (const sentence of sentences) {
        expect(sentence).toMatch(/^[A-Z"`/m].*[.)]$/)
        expect(sentence).not.toMatch(/undefined|NaN|null|\{|\}| {2}| \.|for developers/)
      }
    }
  })

test('a fact from a server cannot carry control characters into the terminal', () => {
  const { happened } = explain(new AppError('auth-failed', 'x', { facts: { host: 'evil\u001b[2J\n.example' } }))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(happened).not.toMatch(/[\u0000-\u001f]/)
})

test('a mistyped recovery code is told from a wrong one', () => {
  const of = (facts: Record<string, boolean | number>) => explain(new AppError('wrong-recovery-code', 'x', { facts })).happened
  expect(of({ mistyped: true, group: 3 })).toContain('group 3')
  expect(of({ mistyped: true })).toContain('mistake')
  expect(of({ mistyped: false })).toContain('not the one of this archive')
})

test('sizes, times and dates are readable', () => {
  expect([0, 999, 1000, 1234567, 99_940_000, 123_456_789, 5e12].map(bytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '1.2 MB',
    '99.9 MB',
    '123 MB',
    '5.0 TB',
  ])
  expect([0.4, 89, 90, 3600, 5400, 100_000].map(duration)).toEqual(['0 s', '89 s', '2 min', '60 min', '1.5 h', '27.8 h'])
  expect(date(null)).toBe('-')
  expect(date(new Date(2026, 0, 2, 3, 4).getTime())).toBe('2026-01-02 03:04')
})

test('wide letters, emoji and combining accents take the columns they take', () => {
  expect([textWidth('abc'), textWidth('漢字'), textWidth('e\u0301'), textWidth('👩‍👩‍👧')]).toEqual([3, 4, 1, 2])
  expect(cut('漢字漢字', 5)).toBe('漢字…')
  expect(cut('abcdef', 4)).toBe('abc…')
})

test('columns are aligned, numbers to the right', () => {
  expect(
    table(
      [{ title: 'A' }, { title: 'B', align: 'right' }],
      [
        ['漢', '1'],
        ['xyz', '10'],
      ],
    ),
  ).toBe('A     B\n漢    1\nxyz  10\n')
})

test('text of a message keeps its lines and loses what a terminal would obey', () => {
  expect(printable('a\r\nb\u001b[31m\tc\u0007', { lines: true })).toBe('a\nb[31m\tc')
})
