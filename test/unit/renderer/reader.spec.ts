import { describe, expect, test } from 'vitest'
import { fileNameOf } from '../../../renderer/reader/fileName.ts'
import { FRAME_CSP, frameDocument } from '../../../renderer/reader/frame.ts'
import { plainLines } from '../../../renderer/reader/plainParts.ts'

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
    const html = frameDocument('<p>x</p>', 'en')
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<p>x</p>'))
    expect(html).not.toContain('<script')
  })
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
