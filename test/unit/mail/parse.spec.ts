/** What lists and search learn of a message, however it was written. */
import { describe, expect, test } from 'vitest'
import { marksOf } from '../../../main/engine/index/marks.ts'
import { parseMessage } from '../../../main/engine/jobs/pool/parsed.ts'
import { assembleMail } from '../../help/preparedMail.ts'
import { randomOf } from '../../help/random.ts'
import { latin1, tortureMail } from '../../help/tortureMail.ts'

/** Lines of headers and, after an empty one, of text. Strings are UTF-8, buffers as they are. */
function mail(...lines: (string | Buffer)[]): Buffer {
  return Buffer.concat(lines.flatMap(line => [Buffer.from(line as string), latin1('\r\n')]))
}
const parse = (...lines: (string | Buffer)[]) => parseMessage(mail(...lines))
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('headers', () => {
  test('of an ordinary message', () => {
    const parsed = parse(
      'Message-ID: <one@example.com>',
      'In-Reply-To: <zero@example.com>',
      'References: <a@example.com>',
      ' <zero@example.com>',
      'Date: Tue, 5 Mar 2024 10:20:30 +0100 (CET)',
      'From: "Kowalska, Anna" <anna@example.pl>',
      'To: Jan <jan@example.com>, undisclosed: x@example.com, y@example.com;',
      'Cc: plain@example.com',
      'Subject: Hello',
      '',
      'The text',
    )
    expect(parsed).toEqual({
      subject: 'Hello',
      from: [{ name: 'Kowalska, Anna', address: 'anna@example.pl' }],
      to: [
        { name: 'Jan', address: 'jan@example.com' },
        { name: '', address: 'x@example.com' },
        { name: '', address: 'y@example.com' },
      ],
      cc: [{ name: '', address: 'plain@example.com' }],
      date: Date.UTC(2024, 2, 5, 9, 20, 30),
      rfcMessageId: 'one@example.com',
      inReplyTo: 'zero@example.com',
      references: ['a@example.com', 'zero@example.com'],
      attachments: [],
      snippet: 'The text',
      fts: {
        subject: 'hello',
        sender: 'kowalska anna anna example pl',
        addressee: 'jan jan example com x example com y example com',
        copied: 'plain example com',
        body: 'the text',
        names: '',
        marks: marksOf({ attachments: [], rfcMessageId: 'one@example.com', list: '', hasLink: false }),
      },
      failure: null,
    })
  })

  const subjects: [string, string | Buffer, string][] = [
    ['an encoded word', '=?utf-8?B?xYHDs2TFug==?=', 'Łódź'],
    ['Q with underscores', '=?iso-8859-2?Q?Za=BF=F3=B3=E6_g=EA=B6l=B1?=', 'Zażółć gęślą'],
    ['words joined over a fold', '=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=', 'ab'],
    ['words with text between them', '=?utf-8?Q?a?= x =?utf-8?Q?b?=', 'a x b'],
    ['a character cut between two words', '=?utf-8?B?xYHDs2TF?= =?utf-8?B?ug==?=', 'Łódź'],
    ['a Japanese subject in ISO-2022-JP', '=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['a Chinese subject in GB2312', '=?gb2312?B?1tC5+g==?=', '中国'],
    ['GB2312 with a character that only GB18030 has', '=?gb2312?B?6UY=?=', '镕'],
    ['Korean by its old name', '=?ks_c_5601-1987?B?x9Gx2w==?=', '한글'],
    ['a charset with a language', '=?utf-8*en?Q?caf=C3=A9?=', 'café'],
    ['a charset nobody knows', '=?x-unknown?Q?caf=C3=A9?=', 'café'],
    ['raw UTF-8', 'Zażółć', 'Zażółć'],
    ['raw KOI8-R', hex('d0d2c9d7c5d420cdc9d220dcd4cf20d4c5cdc120d0c9d3d8cdc120cf20d7d3d4d2c5dec5'), 'привет мир это тема письма о встрече'],
    ['what only looks like an encoded word', '=?utf-8?X?abc?= =?x', '=?utf-8?X?abc?= =?x'],
    ['control characters', 'a\0b\x07c', 'a b c'],
  ]
  for (const [what, value, subject] of subjects)
    test(`subject: ${what}`, () => {
      const read = parseMessage(Buffer.concat([latin1('Subject: '), Buffer.from(value as string), latin1('\r\n\r\n')])).subject
      expect(read).toBe(subject)
    })

  const addresses: [string, string, { name: string; address: string }[]][] = [
    [
      'encoded names with commas in them',
      'From: =?utf-8?Q?Nowak=2C_J=C3=B3zef?= <j@example.com>',
      [{ name: 'Nowak, Józef', address: 'j@example.com' }],
    ],
    ['raw UTF-8 names', 'From: Żółw <z@example.com>', [{ name: 'Żółw', address: 'z@example.com' }]],
    ['an address alone in brackets', 'From: <a@example.com>', [{ name: '', address: 'a@example.com' }]],
    ['comments', 'From: a@example.com (Anna)', [{ name: 'Anna', address: 'a@example.com' }]],
    [
      'two fields of the same name',
      'From: a@example.com\r\nFrom: b@example.com',
      [
        { name: '', address: 'a@example.com' },
        { name: '', address: 'b@example.com' },
      ],
    ],
    ['no address at all', 'From: Somebody', [{ name: 'Somebody', address: '' }]],
    ['nothing', 'From:', []],
  ]
  for (const [what, header, expected] of addresses) test(`from: ${what}`, () => expect(parse(header, '', '').from).toEqual(expected))

  const dates: [string, number | null][] = [
    ['Tue, 05 Mar 2024 10:20:30 GMT', Date.UTC(2024, 2, 5, 10, 20, 30)],
    ['5 Mar 2024 10:20 -0500', Date.UTC(2024, 2, 5, 15, 20)],
    ['Tue,  5 Mar 2024 10:20:30 +0000 (UTC)', Date.UTC(2024, 2, 5, 10, 20, 30)],
    ['Tue Mar 5 10:20:30 2024', Date.UTC(2024, 2, 5, 10, 20, 30)],
    ['2024-03-05 10:20:30', Date.UTC(2024, 2, 5, 10, 20, 30)],
    ['Tue, 5 Mar 2024 10:20:30 CEST', Date.UTC(2024, 2, 5, 10, 20, 30)],
    ['yesterday', null],
    ['5 of March, half past ten', null],
    ['', null],
  ]
  for (const [value, time] of dates) test(`date: ${JSON.stringify(value)}`, () => expect(parse(`Date: ${value}`, '', '').date).toBe(time))
})

describe('text', () => {
  const bodies: [string, string, string | Buffer, string][] = [
    ['quoted-printable', 'text/plain; charset=utf-8|quoted-printable', 'Za=C5=BC=C3=B3=\r\n=C5=82=C4=87 =3D 100=\r\n%', 'zazolc 100'],
    ['base64 in GB2312', 'text/plain; charset="gb2312"|base64', '1tC5+rrPzaw=', '中 国 合 同'],
    ['Big5', 'text/plain; charset=big5|8bit', hex('a4a4a4e5'), '中 文'],
    ['Shift_JIS', 'text/plain; charset=Shift_JIS|8bit', hex('93fa967b8cea'), '日 本 語'],
    ['ISO-2022-JP', 'text/plain; charset=iso-2022-jp|7bit', hex('1b2442467c4b5c1b2842'), '日 本'],
    ['EUC-KR', 'text/plain; charset=ks_c_5601-1987|8bit', hex('c7d1b1db'), '한 글'],
    ['windows-1250', 'text/plain; charset=windows-1250|8bit', hex('b3f364 9f'), 'lodz'],
    ['iso-8859-1 that is windows-1252', 'text/plain; charset=iso-8859-1|8bit', hex('80 20 e9'), 'e'],
    ['UTF-7', 'text/plain; charset=utf-7|7bit', 'Hi +ZeVnLIqe-!', 'hi 日 本 語'],
    ['no charset, but UTF-8', 'text/plain|8bit', 'Łódź', 'lodz'],
    ['US-ASCII, but UTF-8', 'text/plain; charset=us-ascii|8bit', 'Łódź', 'lodz'],
    ['UTF-8, but windows-1252', 'text/plain; charset=utf-8|8bit', hex('e4 f6 fc 20 df 20 e4 f6 fc 20 e4 f6 fc 20 e4'), 'aou ss aou aou a'],
    [
      'HTML',
      'text/html; charset=utf-8|8bit',
      '<html><head><title>no</title><style>p{x:y}</style></head><body><p>Grüße</p><td>a</td><td>b</td><br>c<script>no()</script><img alt="picture">&amp;&nbsp;d&#322;</body>',
      'grusse a b c picture dl',
    ],
    ['HTML that is never closed', 'text/html|7bit', '<div><p>one<b>two', 'onetwo'],
    ['HTML that names its own charset', 'text/html|8bit', Buffer.concat([latin1('<meta charset="windows-1251"><p>'), hex('cff0e8e2e5f2')]), 'привет'],
  ]
  for (const [what, type, body, words] of bodies)
    test(`in ${what}`, () => {
      const [contentType, encoding] = type.split('|')
      expect(parse(`Content-Type: ${contentType}`, `Content-Transfer-Encoding: ${encoding}`, '', body).fts.body).toBe(words)
    })

  test('of a plain alternative that says it all is not indexed twice; one that says little does not hide the other', () => {
    const both = (plain: string, html: string) =>
      parse('Content-Type: multipart/alternative; boundary=b', '', '--b', '', plain, '--b', 'Content-Type: text/html', '', html, '--b--').fts.body
    expect(both('the same words', '<p>the same <i>words</i></p>')).toBe('the same words')
    expect(both('see the other', `<p>${'rich words '.repeat(20)}</p>`)).toBe(`see the other ${'rich words '.repeat(20)}`.trim())
  })

  test('of a forwarded message is found, with its subject and people', () => {
    const parsed = parse(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'see below',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Subject: Inner',
      'From: Zofia <z@example.com>',
      '',
      'inner text',
      '--b--',
    )
    expect(parsed.fts.body).toBe('see below inner text inner zofia z example com')
    expect(parsed.attachments).toMatchObject([{ name: 'Inner.eml', type: 'message/rfc822' }])
  })

  test('has a snippet of about 200 characters in one line', () => {
    const { snippet } = parse('', `  First line\r\n\r\n\tsecond ${'word '.repeat(100)}`)
    expect(snippet.startsWith('First line second word word')).toBe(true)
    expect(snippet.length).toBeGreaterThan(180)
    expect(snippet.length).toBeLessThanOrEqual(200)
    expect(parse('Content-Type: text/html', '', `<body>${'\n      <div>  </div>'.repeat(200)}<p>late`).snippet).toBe('late')
  })

  test('whose boundary never comes is read all the same', () => {
    expect(parse('Content-Type: multipart/mixed; boundary=b', '', 'lost words').fts.body).toBe('lost words')
  })
})

describe('attachments', () => {
  const names: [string, string[], string][] = [
    ['plain', ['Content-Disposition: attachment; filename="a b.pdf"'], 'a b.pdf'],
    ['by RFC 2231', ["Content-Disposition: attachment; filename*=utf-8''%C5%82%C3%B3d%C5%BA.pdf"], 'łódź.pdf'],
    ['in pieces by RFC 2231', ['Content-Disposition: attachment; filename*0*=iso-8859-2\'\'%B3; filename*1="odz"; filename*2=.pdf'], 'łodz.pdf'],
    ['as an encoded word', ['Content-Disposition: attachment; filename="=?utf-8?B?xYLDs2TFui5wZGY=?="'], 'łódź.pdf'],
    ['in raw UTF-8', ['Content-Disposition: attachment; filename="łódź.pdf"'], 'łódź.pdf'],
    ['by the name of the type', ['Content-Type: application/pdf; name=x.pdf'], 'x.pdf'],
    ['with a quoted semicolon', ['Content-Disposition: attachment; filename="a;b\\".pdf"'], 'a;b".pdf'],
    ['not at all', ['Content-Type: application/pdf', 'Content-Disposition: attachment'], 'part-1.pdf'],
  ]
  for (const [what, headers, name] of names)
    test(`named ${what}`, () => {
      const typed = headers.some(header => header.startsWith('Content-Type')) ? headers : ['Content-Type: application/pdf', ...headers]
      const parsed = parse(...typed, 'Content-Transfer-Encoding: base64', '', 'AAEC')
      expect(parsed.attachments).toEqual([{ index: 0, name, type: 'application/pdf', size: 3, inline: false, cid: null }])
    })

  test('are told from the text, counted once, and known by size though their bodies are stored elsewhere', () => {
    const bytes = randomOf(1).bytes(100_001)
    const text = [
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: multipart/related; boundary=c',
      '',
      '--c',
      'Content-Type: text/html',
      '',
      '<img src="cid:logo@x">',
      '--c',
      'Content-Type: image/png',
      'Content-ID: <logo@x>',
      'Content-Transfer-Encoding: base64',
      '',
      'AAEC',
      '--c--',
      '--b',
      'Content-Type: application/zip; name=big.zip',
      'Content-Transfer-Encoding: base64',
      '',
      bytes.toString('base64').replace(/.{76}/g, '$&\r\n'),
      '--b',
      'Content-Type: text/plain; name=notes.txt',
      '',
      'notes',
      '--b--',
    ].join('\r\n')
    const { view } = assembleMail([latin1(text)])
    expect(view.bytes.length).toBeLessThan(2000)
    expect(parseMessage(view).attachments).toEqual([
      { index: 0, name: 'part-1.png', type: 'image/png', size: 3, inline: true, cid: 'logo@x' },
      { index: 1, name: 'big.zip', type: 'application/zip', size: 100_001, inline: false, cid: null },
      { index: 2, name: 'notes.txt', type: 'text/plain', size: 5, inline: false, cid: null },
    ])
    expect(parseMessage(view).fts.names).toBe('big zip notes txt')
  })
})

describe('hostile messages', () => {
  const cases: Record<string, () => Buffer> = {
    'a subject of a megabyte of half encoded words': () => latin1(`Subject: ${'=?utf-8?Q?'.repeat(100_000)}\r\n\r\n`),
    'a subject of thousands of encoded words': () => latin1(`Subject: ${'=?gb2312?B?1tC5+g==?= '.repeat(3000)}\r\n\r\n`),
    'a from field of a megabyte of brackets': () => latin1(`From: ${'<'.repeat(500_000)}${'@'.repeat(500_000)}\r\n\r\n`),
    'ten thousand addresses': () => latin1(`To: ${'a b <a@example.com>, '.repeat(10_000)}\r\n\r\n`),
    'parameters without end': () => latin1(`Content-Type: text/plain; ${'a="b\\";'.repeat(20_000)}\r\n\r\nx`),
    'nested comments': () => latin1(`Content-Type: text/plain ${'('.repeat(100_000)}\r\n\r\nx`),
    'HTML of two million open tags': () => latin1(`Content-Type: text/html\r\n\r\n${'<div>'.repeat(400_000)}`),
    'HTML of entities': () => latin1(`Content-Type: text/html\r\n\r\n${'&amp;&#x1F600;&bogus;'.repeat(100_000)}`),
    'a million boundary-like lines': () => latin1(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--bx\r\n'.repeat(1_000_000)}`),
    'white space of ten megabytes': () => latin1(`Subject: ${' '.repeat(100_000)}x\r\n\r\n${' \t'.repeat(5_000_000)}`),
    'zero bytes': () => Buffer.alloc(1_000_000),
    'random bytes': () => randomOf(7).bytes(300_000),
  }
  for (const [what, make] of Object.entries(cases))
    test(`${what} are read within seconds, and within bounds`, () => {
      const message = make()
      const { view } = assembleMail([message])
      const before = process.cpuUsage().user
      const parsed = parseMessage(view)
      expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(3)
      expect(parsed.failure).toBe(null)
      expect(parsed.subject.length).toBeLessThanOrEqual(2000)
      expect(parsed.from.length + parsed.to.length).toBeLessThanOrEqual(1000)
      expect(parsed.fts.body.length).toBeLessThanOrEqual(1024 * 1024)
    })

  test('random trees of parts never make it throw', () => {
    for (let seed = 0; seed < 60; seed++) expect(parseMessage(tortureMail(randomOf(seed + 7000))).failure, `seed ${seed}`).toBe(null)
  })
})
