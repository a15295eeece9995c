/** What a person is told of a query, and what could be typed next. */
import { describe, expect, test } from 'vitest'
import { searchTerm } from '../../../main/contract/search.ts'
import { type Names, proposals } from '../../../main/engine/search/complete.ts'
import { fieldNames } from '../../../main/engine/search/fields.ts'
import { type ReadOptions, readQuery } from '../../../main/engine/search/query.ts'
import { termsOf } from '../../../main/engine/search/terms.ts'
import { randomOf } from '../../help/random.ts'
import { wantedBy } from '../../help/wanted.ts'

const now = new Date(2024, 2, 6, 12).getTime()
const terms = (query: string, options: Partial<ReadOptions> = {}) => termsOf(query, readQuery(query, { now, locale: 'en', ...options }))
const said = (query: string, options: Partial<ReadOptions> = {}) => terms(query, options).map(({ rest: _, ...term }) => term)
const rests = (query: string) => terms(query).map(({ rest }) => rest)

describe('a query is said back', () => {
  test('each condition by itself, with what it means', () => {
    expect(said('report from:anna -"first draft" larger:10M')).toEqual([
      { kind: 'words', field: null, text: 'report', exact: false, prefix: false, not: false },
      { kind: 'words', field: 'from', text: 'anna', exact: false, prefix: false, not: false },
      { kind: 'words', field: null, text: 'first draft', exact: true, prefix: false, not: true },
      { kind: 'size', over: 10e6, under: null, not: false },
    ])
    expect(said('on:2024-02')).toEqual([{ kind: 'time', from: new Date(2024, 1, 1).getTime(), before: new Date(2024, 2, 1).getTime(), not: false }])
    expect(said('older:1d')).toEqual([{ kind: 'time', from: null, before: new Date(2024, 2, 5, 12).getTime(), not: false }])
    expect(said('is:unread has:attachment in:work')).toMatchObject([{ what: 'unread' }, { what: 'attachment' }, { kind: 'in', text: 'work' }])
    expect(said('a OR from:(b c)')).toMatchObject([{ kind: 'group', joined: 'any', terms: [{ text: 'a' }, { kind: 'group', joined: 'all' }] }])
  })

  test('the word at the end is still being typed; an operator without its value says nothing yet', () => {
    expect(said('rep', { typing: true })).toMatchObject([{ text: 'rep', prefix: true }])
    for (const unfinished of ['from:', 'is:', 'is:unr', 'has:att', 'before:20', 'larger:', 'larger:1x'])
      expect(said(`report ${unfinished}`, { typing: true }), unfinished).toHaveLength(1)
    // Once it is complete, it means what stands there.
    expect(said('is:unr')).toMatchObject([{ kind: 'words', text: 'is:unr' }])
    expect(said('from:')).toMatchObject([{ kind: 'words', text: 'from:' }])
    expect(said('before:noon')).toMatchObject([{ kind: 'words', text: 'before:noon' }])
  })

  test('operators are understood in four languages, also with full-width colons and without accents', () => {
    const words = (query: string) => JSON.stringify(said(query).map(({ kind, ...rest }) => [kind, rest]))
    for (const same of ['od:anna', 'von:anna', '发件人:anna', '发件人：anna', 'FROM:anna']) expect(words(same)).toBe(words('from:anna'))
    for (const same of ['wieksze:1M', 'większe:1M', 'größer:1M', 'groesser:1M', '大于:1M']) expect(words(same)).toBe(words('larger:1M'))
    for (const same of ['jest:nieprzeczytane', 'ist:ungelesen', '状态:未读', 'is:UNREAD']) expect(words(same)).toBe(words('is:unread'))
    for (const same of ['ma:załącznik', 'ma:zalacznik', 'hat:Anhang', '含有:附件']) expect(words(same)).toBe(words('has:attachment'))
    expect(Object.values(fieldNames).flat(2).length).toBe(
      Object.values(fieldNames)
        .flat(2)
        .filter(name => /^[\p{L}][\p{L}\p{M}_-]{0,19}$/u.test(name)).length,
    )
  })

  test('without a term, the query is what is left of it', () => {
    expect(rests('one two -three')).toEqual(['two -three', 'one -three', 'one two'])
    expect(rests('one AND two')).toEqual(['two', 'one'])
    expect(rests('from:anna "a b" (c OR d)')).toEqual(['"a b" (c OR d)', 'from:anna (c OR d)', 'from:anna "a b"'])
    expect(rests('from: anna two')).toEqual(['two', 'from: anna'])
    expect(rests('a OR b')).toEqual([''])
  })
})

test('whatever is typed means something, can be said, and each term can be taken out until nothing is left', () => {
  const random = randomOf(11)
  const pieces = [
    ...['(', ')', '"', '-', '*', ' ', ' OR ', ' AND ', ' NOT ', '|', ':', '：', '“', '\u0000', '\ue000', '\ud800', "'", '{', '^', '+'],
    ...['report', 'łódź', 'ß', '合同', '12', 'a@b.org', 'from:', 'od:', 'subject:', 'in:', 'is:', 'is:unread', 'has:', 'has:image', 'type:pdf'],
    ...['before:', 'on:2024', 'on:march', 'older:3d', 'larger:10M', 'smaller:', 'list:', 'message-id:<a@b>', 'account:', 'with:', '发件人:'],
  ]
  for (let i = 0; i < 1500; i++) {
    let query = Array.from({ length: random.below(14) }, () => random.pick(pieces)).join('')
    const typing = random.below(2) === 0
    expect(() => wantedBy(query, { now, typing }), JSON.stringify(query)).not.toThrow()
    for (let left = 40; left > 0; left--) {
      const found = terms(query)
      for (const term of found) expect(searchTerm.safeParse(term).success, JSON.stringify([query, term])).toBe(true)
      if (found.length === 0) break
      const { rest } = random.pick(found)
      expect(rest.length, JSON.stringify([query, rest])).toBeLessThan(query.length)
      query = rest
    }
  }
})

describe('proposals', () => {
  const names: Names = {
    people: async tokens =>
      [
        { name: 'Anna Żak', address: 'anna@mlyn.example' },
        { name: '', address: 'bob@mlyn.example' },
      ].filter(({ name, address }) => `${name} ${address}`.toLowerCase().includes(tokens.join(' '))),
    mailboxes: async () => ['INBOX', 'Projekty/Młyn wodny'],
    accounts: () => ['Work', 'Home mail'],
  }
  const lists = { saved: [{ name: 'Large ones', query: 'larger:10M' }], recent: ['umowa'] }
  const proposed = async (query: string, language: 'en' | 'pl' | 'de' | 'zh' = 'en') =>
    (await proposals(query, language, names, lists)).map(one => one.query)

  test('an empty field proposes what was kept and what was searched lately', async () => {
    expect(await proposed('')).toEqual(['larger:10M', 'umowa'])
  })
  test('a word proposes operators that begin so, in the language of the window, then people and folders', async () => {
    expect(await proposed('fro')).toContain('from:')
    expect(await proposed('tem', 'pl')).toContain('temat:')
    expect(await proposed('bet', 'de')).toContain('betreff:')
    expect(await proposed('ann')).toContain('with:anna@mlyn.example ')
    expect(await proposed('offer mły')).toContain('offer in:"Projekty/Młyn wodny" ')
    expect(await proposed('larg')).toEqual(['larger:', 'larger:10M'])
  })
  test('an operator proposes its values', async () => {
    expect(await proposed('report from:')).toEqual(['report from:anna@mlyn.example ', 'report from:bob@mlyn.example '])
    expect(await proposed('from:bo')).toEqual(['from:bob@mlyn.example '])
    expect(await proposed('in:mlyn')).toEqual(['in:"Projekty/Młyn wodny" '])
    expect(await proposed('is:un')).toEqual(['is:unread ', 'is:unindexed '])
    expect(await proposed('jest:', 'pl')).toContain('jest:nieprzeczytane ')
    expect(await proposed('has:')).toEqual(['has:attachment ', 'has:link ', 'has:image '])
    expect(await proposed('account:ho')).toEqual(['account:"Home mail" '])
    expect(await proposed('on:yes')).toEqual(['on:yesterday '])
  })
  test('nothing is proposed behind a finished word or a quotation', async () => {
    expect(await proposed('report ')).toEqual([])
    expect(await proposed('"anna')).toEqual([])
  })
})
