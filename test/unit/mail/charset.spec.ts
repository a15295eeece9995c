/** Charsets as they come: the names mail uses, wrong ones, and none. */
import { describe, expect, test } from 'vitest'
import { decodeCharset } from '../../../main/engine/mail/charset.ts'
import { headerFields, structured } from '../../../main/engine/mail/header.ts'
import { headerText, paramText } from '../../../main/engine/mail/words.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('a name means what senders mean by it', () => {
  test.each([
    ['gb2312', '94 39 DA 33 D6 D0 B9 FA', '💩中国', 'GB18030'],
    ['gb2312', 'C9 D5 E9 46', '烧镕', 'GBK'],
    ['GBK', '80', '€', 'the euro of code page 936'],
    ['ks_c_5601-1987', '8A 65 C5 D8', '둫텍', 'code page 949'],
    ['euc-kr', 'B0 A1 B3 AA', '가나', 'EUC-KR'],
    ['iso-8859-1', '93 48 69 94 20 80', '“Hi” €', 'windows-1252'],
    ['latin1', '85', '…', 'windows-1252'],
    ['us-ascii', 'C5 BC C3 B3 C5 82 77', 'żółw', 'UTF-8 without saying so'],
    ['iso-2022-jp', '1B 24 42 46 7C 4B 5C 1B 28 42', '日本', 'ISO-2022-JP'],
    ['cp932', '93 FA 96 7B 87 40', '日本①', 'code page 932'],
    ['big5', 'A4 A4 A4 E5', '中文', 'Big5'],
    ['x-mac-roman', '8A', 'ä', 'an old Mac'],
  ])('%s %s is %s (%s)', (label, bytes, text) => {
    expect(decodeCharset(hex(bytes), label)).toBe(text)
  })
})

test('UTF-7', () => expect(decodeCharset(Buffer.from('+ZeVnLA- 1 +- 1'), 'utf-7')).toBe('\u65e5\u672c 1 + 1'))

describe('a name that is wrong', () => {
  test('UTF-8 that is called latin1, as broken programs send it', () =>
    expect(decodeCharset(Buffer.from('Zażółć gęślą jaźń'), 'iso-8859-2')).toBe('Zażółć gęślą jaźń'))
  test('UTF-8 that is none', () =>
    expect(decodeCharset(hex('d6d0b9fac8cbc3f1d2f8d0d0b5c4bacfcdacd2d1beadc7a9cbabb7bdcda8d2e2a3acc7ebb2e9cad5a1a3'), 'utf-8')).toContain(
      '中国人民银行的合同',
    ))
  test('one that nobody knows', () => expect(decodeCharset(Buffer.from('Łódź'), 'x-unknown')).toBe('Łódź'))
  test('a few bad bytes are damage, and the rest stays', () =>
    expect(decodeCharset(Buffer.concat([Buffer.from('Zażółć '.repeat(40)), Buffer.from([0xff])]), 'utf-8')).toMatch(/^Zażółć .*\ufffd$/s))
})

describe('without a name', () => {
  test.each([
    ['Russian in KOI8-R', 'f0d2cfd4cfcbcfcc20cfc2ddc5c7cf20d3cfc2d2c1cec9d120d3cfc2d3d4d7c5cecec9cbcfd7', /^Протокол общего/],
    ['Russian in windows-1251', 'cff0eef2eeeaeeeb20eee1f9e5e3ee20f1eee1f0e0ede8ff20f1eee1f1f2e2e5edede8eaeee2', /^Протокол общего собрания/],
    ['Chinese in GBK', 'd6d0b9fac8cbc3f1d2f8d0d0b5c4bacfcdacd2d1beadc7a9cbabb7bdcda8d2e2a3acc7ebb2e9cad5a1a3', /^中国人民银行的合同/],
  ])('%s is recognised', (_, bytes, text) => expect(decodeCharset(hex(bytes), null)).toMatch(text))
})

describe('headers', () => {
  test('a character that was cut between two encoded words is put together', () => {
    const [a, b] = [Buffer.from('Zażółć').subarray(0, 3), Buffer.from('Zażółć').subarray(3)]
    expect(headerText(`=?utf-8?b?${a.toString('base64')}?=\r\n =?UTF-8?B?${b.toString('base64')}?=`)).toBe('Zażółć')
  })
  test('words of several charsets, and a language behind one', () =>
    expect(headerText('=?gb2312?b?1tC5+g==?= =?iso-8859-1*de?q?Gr=FC=DFe?=')).toBe('中国Grüße'))
  test('names of RFC 2231: in pieces, in any order, in their charset', () => {
    const [field] = headerFields(Buffer.from("Content-Disposition: attachment; filename*1*=%B3w.pdf; filename*0*=iso-8859-2''%BF%F3\r\n"))
    expect(paramText(structured(field!.value).params.get('filename'))).toBe('żółw.pdf')
  })
  test('a name in an encoded word, which no standard allows and many send', () =>
    expect(paramText(structured('attachment; filename="=?utf-8?b?xbzDs8WCdw==?=.pdf"').params.get('filename'))).toBe('żółw.pdf'))
})
