/** What is indexed and what is asked for are written in one way. */
import { describe, expect, test } from 'vitest'
import { cutTokens, isCjk, normalise, tokens } from '../../../main/engine/search/normalise.ts'
import { randomOf } from '../../help/random.ts'

describe('words are found however they are written', () => {
  const cases: [string, string, string][] = [
    ['English', 'The QUICK brown-fox’s "tail"', 'the quick brown fox s tail'],
    ['Polish', 'Zażółć gęślą jaźń, ŁÓDŹ', 'zazolc gesla jazn lodz'],
    ['German', 'Straße GRÖSSE Äpfel ẞ', 'strasse grosse apfel ss'],
    ['French', 'Cœur déjà NAÏVE œuvre', 'coeur deja naive oeuvre'],
    ['Danish, Norwegian, Icelandic', 'Ærø Þór ÅRHUS Óðinn', 'aero thor arhus odinn'],
    ['Czech and Slovak', 'Příliš žluťoučký kůň', 'prilis zlutoucky kun'],
    ['Turkish', 'İSTANBUL ISPARTA ılık ığdır', 'istanbul isparta ilik igdir'],
    ['Vietnamese', 'Tiếng Việt Đà Nẵng', 'tieng viet da nang'],
    ['Russian', 'Ёлка ещё ПРИВЕТ Йод', 'елка еще привет иод'],
    ['Greek', 'Ὀδυσσεύς ΟΔΟΣ', 'οδυσσευσ οδοσ'],
    ['Hebrew with points', 'שָׁלוֹם', 'שלום'],
    ['Arabic with vowels', 'مُحَمَّد ١٢٣', 'محمد 123'],
    ['Chinese', '在中国的合同2024年', '在 中 国 的 合 同 2024 年'],
    ['Japanese', 'メール送信です ｶﾞｲﾄﾞ', 'メ ー ル 送 信 で す ガ イ ド'],
    ['Korean', '안녕 hello세계', '안 녕 hello 세 계'],
    ['Thai', 'ไทยabc', 'ไ ท ย abc'],
    ['Chinese beyond the basic plane', 'a𠀀b', 'a 𠀀 b'],
    ['Hindi', 'हिन्दी में', 'हिन्दी में'],
    ['full-width forms', 'ＡＢＣ１２３', 'abc123'],
    ['ligatures and superscripts', 'ﬁle x²', 'file x2'],
    ['combining marks apart from their letters', 'e\u0301te\u0301 か\u3099', 'ete が'],
    ['soft hyphens and joiners within words', 'Ver\u00adtrag zero\u200dwidth', 'vertrag zerowidth'],
    ['emoji between words', 'ok👍🏽fine', 'ok fine'],
    ['codes', 'ZX-4471-KQ', 'zx 4471 kq'],
    ['addresses', 'Jan.Kowalski+x@Example.COM', 'jan kowalski x example com'],
    ['nothing but marks', ' \t\n.,;:!?', ''],
    ['letters of other alphabets beyond the basic plane', '𐐀𐐁 𝐁𝐨𝐥𝐝', '𐐨𐐩 bold'],
    ['half a surrogate pair', 'a\ud800b', 'a b'],
  ]
  for (const [what, text, normal] of cases) test(`${what}: ${JSON.stringify(text)}`, () => expect(normalise(text)).toBe(normal))
})

test('a part of a code, an address or a sentence without spaces is a run of the tokens of the whole', () => {
  const contains = (whole: string, part: string) => ` ${normalise(whole)} `.includes(` ${normalise(part)} `)
  expect(contains('Order ZX-4471-KQ today', '4471-KQ')).toBe(true)
  expect(contains('write to jan@mail.example.org', 'example.org')).toBe(true)
  expect(contains('在中国的合同', '中国')).toBe(true)
  expect(contains('在中国的合同', '国中')).toBe(false)
  expect(contains('안녕하세요', '하세')).toBe(true)
})

test('what is normal already stays as it is, whatever the text was', () => {
  const random = randomOf(4)
  for (let i = 0; i < 300; i++) {
    let text = ''
    for (let n = random.below(60); n > 0; n--)
      text += String.fromCodePoint(
        random.pick([random.below(128), random.below(0x600), random.below(0xd800), 0x1f000 + random.below(2000), 0x20000 + random.below(1000)]),
      )
    const normal = normalise(text)
    expect(normalise(normal)).toBe(normal)
    expect(tokens(text).join(' ')).toBe(normal)
    expect(normal).not.toMatch(/^ | {2}| $/)
  }
})

test('text longer than the pieces it is worked off in is cut nowhere', () => {
  for (const word of ['word', 'Łódź', '中', 'ß', 'ﷺ'])
    for (const count of [8191, 32_767, 40_000]) expect(normalise(`${word} `.repeat(count))).toBe(`${normalise(word)} `.repeat(count).trim())
  expect(normalise('x'.repeat(100_001))).toBe('x'.repeat(100_001))
  expect(normalise('Ż'.repeat(100_001))).toBe('z'.repeat(100_001))
})

test('a column is cut between two tokens', () => {
  expect(cutTokens('one two three', 9)).toBe('one two')
  expect(cutTokens('one two three', 7)).toBe('one two')
  expect(cutTokens('one', 9)).toBe('one')
  expect(cutTokens('x'.repeat(20), 9)).toBe('x'.repeat(9))
})

test('characters of scripts without spaces are told from others', () => {
  for (const c of '中あカ한ไー𠀀') expect(isCjk(c.codePointAt(0)!)).toBe(true)
  for (const c of 'ażЖ1-😀') expect(isCjk(c.codePointAt(0)!)).toBe(false)
})

test('plain text is normalised at 20 MB a second and more', () => {
  const text = 'The quick brown fox jumps over 13 lazy dogs, and (again) over them. '.repeat(30_000)
  normalise(text)
  const before = process.cpuUsage()
  normalise(text)
  const { user, system } = process.cpuUsage(before)
  expect(text.length / (user + system)).toBeGreaterThan(20)
})
