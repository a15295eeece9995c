import { describe, expect, test } from 'vitest'
import { doubts } from '../../../renderer/reader/doubts.ts'
import { fileNameOf } from '../../../renderer/reader/fileName.ts'
import { FRAME_CSP, type FrameLook, frameDocument, hasColours } from '../../../renderer/reader/frame.ts'
import { placementWords } from '../../../renderer/reader/placementWords.ts'
import { lastQuote, plainLines } from '../../../renderer/reader/plainParts.ts'
import { textFor } from '../../../renderer/text/text.ts'

const urls = (line: string) => plainLines(line)[0]!.parts.flatMap(part => (part.url === null ? [] : [part.url]))

describe('plain text', () => {
  test('keeps every character, whatever is made of it', () => {
    const bodies = [
      'a\r\nb\n\nc',
      'see https://example.org/a?b=c#d, and (https://example.org/x).',
      '>> deep\n> less\nnone',
      '',
      '文字 https://例子.example/路径。完',
    ]
    for (const body of bodies) {
      const back = plainLines(body).map(line => line.parts.map(part => part.text).join(''))
      const marks = body.split(/\r?\n/).map(line => /^(?:> ?)*/.exec(line)![0])
      expect(back.map((line, index) => marks[index] + line)).toEqual(body.split(/\r?\n/))
    }
  })

  test('knows how deep a quote is, with and without spaces between its marks', () => {
    expect(plainLines('a\n> b\n>> c\n> > d').map(line => line.depth)).toEqual([0, 1, 2, 2])
  })

  test.each([
    ['go to https://example.org/a.', 'https://example.org/a'],
    ['(see https://example.org/a)', 'https://example.org/a'],
    ['https://example.org/a_(b)', 'https://example.org/a_(b)'],
    ['<https://example.org/?q=1&r=2>', 'https://example.org/?q=1&r=2'],
    ['请看 https://example.org/a。', 'https://example.org/a'],
    ['„https://example.org/a”', 'https://example.org/a'],
  ])('finds the address in: %s', (line, url) => {
    expect(urls(line)).toEqual([url])
  })

  test('makes a link of web addresses only', () => {
    expect(urls('javascript:alert(1) file:///etc/passwd data:text/html,x')).toEqual([])
  })
})

describe('the frame of a formatted message', () => {
  test('may fetch nothing, run nothing and send nothing', () => {
    expect(FRAME_CSP).toContain("default-src 'none'")
    expect(FRAME_CSP).toContain("form-action 'none'")
    expect(FRAME_CSP).not.toMatch(/script-src|https?:|\*|connect-src|unsafe-eval/)
    const html = frameDocument('<p>x</p>', look)
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<p>x</p>'))
    expect(html).not.toContain('<script')
  })
})

const look: FrameLook = {
  language: 'en',
  dark: false,
  zoom: 1,
  images: [],
  labels: { quoted: 'Quoted', mismatch: 'elsewhere', lookalike: 'imitates' },
}

describe('a formatted message', () => {
  test('shows an image that was asked for, and no other', () => {
    const html = '<img width="9" data-remote="0" /><img data-remote="1" /><p title="&lt;img data-remote=&quot;0&quot;">x</p>'
    const document = frameDocument(html, { ...look, images: ['data:image/png;base64,AA==', null] })
    expect(document).toContain('<img width="9" src="data:image/png;base64,AA==" /><img data-remote="1" />')
    expect(document).toContain(html.slice(html.indexOf('<p')))
  })
  test('without colours of its own is dark in the dark; with them it is turned as a whole', () => {
    const dark = { ...look, dark: true }
    expect(hasColours('<p>plain <b>words</b></p>')).toBe(false)
    expect(frameDocument('<p>x</p>', dark)).toContain('color-scheme: dark')
    for (const html of ['<td bgcolor="#fff">', '<p style="color:red">', '<p style="background:#fff">', '<style>p {}</style>', '<font color="red">']) {
      expect(hasColours(html)).toBe(true)
      expect(frameDocument(html, dark)).not.toContain('color-scheme: dark')
    }
  })
  test('says what is wrong with a link in a layer that nothing in the message overrules', () => {
    const document = frameDocument('<style>a::after{content:none!important}</style>', {
      ...look,
      labels: { ...look.labels, mismatch: 'a"b</style>' },
    })
    expect(document.indexOf('@layer mailcoffer')).toBeLessThan(document.indexOf('content:none'))
    expect(document).toContain('content: " \\26A0 ab/style " !important')
  })
})

describe('the quotation at the end of a plain message', () => {
  const fold = (body: string) => lastQuote(plainLines(body))
  const quote = '> one\n> two\n> three\n> four'
  test('is folded, with the signature below it left to be seen', () => {
    expect(fold(`Yes.\n\nAnna wrote:\n${quote}\n`)).toEqual({ from: 3, to: 7 })
    expect(fold(`Yes.\n${quote}\n\n-- \nJan`)).toEqual({ from: 1, to: 5 })
  })
  test.each([
    ['answers stand between', `> one?\nYes.\n${quote}\nNo.`],
    ['there is nothing else', quote],
    ['it is short', 'Yes.\n> one\n> two'],
  ])('is not where %s', (_, body) => expect(fold(body)).toBeNull())
})

describe('where a message was, in words', () => {
  const text = textFor('en', ['en-GB'])
  const day = (d: string) => Date.parse(`2024-${d}T12:00:00Z`)
  const place = (mailbox: number, mailboxName: string, firstSeen: string, gone: string | null) => ({
    mailbox,
    mailboxName,
    uid: mailbox,
    flags: [],
    internalDate: null,
    firstSeen: day(firstSeen),
    gone: gone === null ? null : day(gone),
  })
  test.each([
    [[place(1, 'INBOX', '01-01', null)], 'In INBOX', false],
    [[place(2, 'Contracts', '05-03', null), place(1, 'INBOX', '01-01', '05-03')], 'In INBOX until 3 May 2024, then in Contracts', false],
    [[place(1, 'INBOX', '01-01', null), place(2, 'Sent', '01-02', null)], 'In INBOX, and in Sent', false],
    [
      [place(1, 'INBOX', '01-01', '05-03'), place(2, 'Contracts', '05-03', '06-07')],
      'In INBOX until 3 May 2024, then in Contracts until 7 Jun 2024; gone from the server since 7 Jun 2024, kept here',
      true,
    ],
    [[place(1, 'INBOX', '01-01', '05-03'), place(1, 'INBOX', '06-01', null)], 'In INBOX', false],
  ])('%#', (placements, words, gone) => expect(placementWords(placements, text)).toEqual({ words, gone }))
  test('nothing where nothing is known', () => expect(placementWords([], text)).toBeNull())
})

describe('the receiving server’s doubts', () => {
  const said = (...results: [string, string][]) => ({ server: 'mx', results: results.map(([method, result]) => ({ method, result, about: '' })) })
  test.each([
    [said(['spf', 'fail'], ['dkim', 'fail'], ['dmarc', 'fail']), 'SPF fail, DKIM fail, DMARC fail'],
    [said(['spf', 'softfail'], ['dkim', 'pass'], ['dmarc', 'pass']), ''],
    [said(['dkim', 'fail'], ['dkim', 'pass']), ''],
    [said(['dkim', 'none'], ['spf', 'neutral']), ''],
    [null, ''],
  ])('%#', (authentication, words) => expect(doubts(authentication)).toBe(words))
})

describe('the name of a saved message', () => {
  const time = Date.UTC(2024, 4, 1, 12)
  test.each([
    ['Plan 2024', '2024-05-01 Plan 2024.eml'],
    ['Re: a/b\\c: "x" <y>|z?*', '2024-05-01 Re a b c x y z.eml'],
    ['  ends. . ', '2024-05-01 ends.eml'],
    ['', '2024-05-01 message.eml'],
    ['../../etc/passwd', '2024-05-01 .. .. etc passwd.eml'],
    ['项目进度', '2024-05-01 项目进度.eml'],
    ['tab\tand\u0000zero', '2024-05-01 tab and zero.eml'],
  ])('for %j is one every file system takes', (subject, name) => {
    expect(fileNameOf(subject, time)).toBe(name)
  })

  test('is short, also for the longest subject', () => {
    expect([...fileNameOf('w'.repeat(5000), time)].length).toBeLessThan(90)
  })
})
