import { createRequire } from 'node:module'
import type Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { everyMark } from '../../../main/engine/index/marks.ts'
import { matchOf } from '../../../main/engine/index/wanted.ts'
import { normalise } from '../../../main/engine/search/normalise.ts'
import { wantedBy } from '../../help/wanted.ts'
import { random } from '../index/history.ts'

const documents = [
  'Quarterly report for the board, see attachment ZX-4471-KQ',
  'Lunch on Friday? The usual place. Report to anna.kowalska@example.org',
  'Zażółć gęślą jaźń: raport kwartalny',
  '季度报告 已经完成, 请查收',
  'Re: budget or boredom (not a report)',
  'an OR gate and a NOT gate',
  'friday reporting deadline',
]

const table = createTable()

const finds: [typed: string, documents: number[]][] = [
  ['report', [0, 1, 4]],
  ['REPORT', [0, 1, 4]],
  ['report friday', [1]],
  ['report AND friday', [1]],
  ['"the board"', [0]],
  ['"board the"', []],
  ['“the board”', [0]],
  ['"the board', [0]],
  ['report*', [0, 1, 4, 6]],
  ['"report to ann"*', [1]],
  ['report -friday', [0, 4]],
  ['report NOT friday', [0, 4]],
  ['-report', [2, 3, 5, 6]],
  ['-report -gate', [2, 3, 6]],
  ['- report', [0, 1, 4]],
  ['--report', [0, 1, 4]],
  ['NOT NOT report', [0, 1, 4]],
  ['lunch OR budget', [1, 4]],
  ['lunch | budget', [1, 4]],
  ['lunch OR -report', [1, 2, 3, 5, 6]],
  ['report lunch OR budget', [1, 4]],
  ['report (lunch OR board)', [0, 1]],
  ['report -(lunch OR board)', [4]],
  ['report -"the board"', [1, 4]],
  ['(report) (friday)', [1]],
  ['((report friday', [1]],
  ['report) friday(', [1]],
  ['()', []],
  ['', []],
  ['   ', []],
  ['!?! … -', []],
  ['report !?!', [0, 1, 4]],
  ['"" report', [0, 1, 4]],
  ['-""', []],
  ['4471', [0]],
  ['zx-4471-kq', [0]],
  ['ZX4471', []],
  ['anna.kowalska@example.org', [1]],
  ['example.org', [1]],
  ['kowalska@example', [1]],
  ['zazolc GESLA', [2]],
  ['报告', [3]],
  ['告报', []],
  ['季度 完成', [3]],
  ['or', [4, 5]],
  ['OR', [4, 5]],
  ['OR gate', [5]],
  ['gate OR', [5]],
  ['NOT', [4, 5]],
  ['report NOT', [4]],
  ['AND', [5]],
  ['gate AND', [5]],
  ['OR OR OR', [4, 5]],
  ['budget OR OR gate', [5, 4]],
  ['*', []],
  ['report *', [0, 1, 4]],
  ['subject:report', []],
  ['body:report', [0, 1, 4]],
  ['body:(lunch OR board) report', [0, 1]],
  ['body: report', [0, 1, 4]],
  ['report body:', []],
  ['has:nothing', []],
  ['before:tomorrowish', []],
  ['rep"ort', []],
  ["report' OR 1=1 --", [0, 1, 4]],
  ['NEAR(report friday)', []],
  ['^report', [0, 1, 4]],
  ['report + friday', [1]],
  ['{subject} : report', []],
]

describe('what a person types', () => {
  test.each(finds)('%s', (typed, expected) => {
    expect(find(matchFor(typed))).toEqual([...expected].sort())
  })

  test('a word that is still being typed finds words that begin so; a finished one does not', () => {
    expect(find(matchFor('repo', { typing: true }))).toEqual([0, 1, 4, 6])
    expect(find(matchFor('repo'))).toEqual([])
    expect(find(matchFor('friday repo', { typing: true }))).toEqual([1, 6])
    expect(find(matchFor('repo ', { typing: true }))).toEqual([])
    expect(find(matchFor('"repo', { typing: true }))).toEqual([])
    expect(find(matchFor('report to anna.kow', { typing: true }))).toEqual([1])
    expect(find(matchFor('报', { typing: true }))).toEqual([3])
    expect(find(matchFor('-repo', { typing: true }))).toEqual([2, 3, 5])
  })

  test('one letter is not the beginning of a word yet', () => {
    expect(matchFor('r', { typing: true })).toBe(matchFor('r'))
    expect(find(matchFor('a', { typing: true }))).toEqual([4, 5])
  })

  test('nothing that can be typed is an error, and brackets may be nested as deep as one likes', () => {
    const pieces = [
      '(',
      ')',
      '"',
      '-',
      '*',
      ' ',
      ' OR ',
      ' AND ',
      ' NOT ',
      'report',
      'friday',
      '报告',
      '\u0000',
      '\ue000',
      '^',
      ':',
      '{',
      '}',
      '+',
      ',',
      "'",
      'ß',
      '\ud800',
      '“',
      '|',
    ]
    const r = random(4711)
    for (let i = 0; i < 3000; i++) {
      const typed = Array.from({ length: Math.floor(r() * 20) }, () => pieces[Math.floor(r() * pieces.length)]!).join('')
      const match = matchFor(typed, { typing: r() < 0.5 })
      if (match !== '') expect(() => find(match), JSON.stringify([typed, match])).not.toThrow()
    }
    for (const typed of [
      '('.repeat(2000),
      `${'('.repeat(999)}a${')'.repeat(999)}`,
      '(a OR (b '.repeat(200),
      `${'(a OR (b '.repeat(100)}${'))'.repeat(100)}`,
      'a '.repeat(1000),
      '-a '.repeat(600),
      'a OR '.repeat(400),
      '"'.repeat(2000),
    ]) {
      const match = matchFor(typed)
      if (match !== '') expect(() => find(match), typed.slice(0, 40)).not.toThrow()
    }
  })
})

const matchFor = (...asked: Parameters<typeof wantedBy>): string => matchOf(wantedBy(...asked))!

function find(match: string): number[] {
  return match === '' ? [] : table.find.all(match)
}

function createTable() {
  const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof Database
  const db = new Sqlite(':memory:')
  // The same kind of table as in main/engine/index/schema.ts.
  db.exec(
    `CREATE VIRTUAL TABLE words USING fts5 (subject, sender, addressee, copied, body, names, text, marks, content = '', contentless_delete = 1, detail = full, prefix = '2 4', tokenize = 'ascii')`,
  )
  const add = db.prepare('INSERT INTO words (rowid, body, marks) VALUES (?, ?, ?)')
  documents.forEach((text, i) => {
    add.run(i, normalise(text), everyMark)
  })
  return { db, find: db.prepare<[string], number>('SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid').pluck() }
}
