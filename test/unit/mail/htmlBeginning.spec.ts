import { describe, expect, test } from 'vitest'
import { htmlBeginning } from '../../../main/engine/mail/htmlBeginning.ts'

const words = (characters: number) => 'The tide leaves no other day. '.repeat(Math.ceil(characters / 30)).slice(0, characters)
const seenOf = (html: string) => html.replace(/<style>[\s\S]*?(?:<\/style>|$)/g, '').replace(/<[^>]*>?/g, '').length

describe('the beginning of long HTML', () => {
  test('is all of it, where it is short', () => {
    expect(htmlBeginning(`<p>${words(20_000)}</p>`)).toBeNull()
  })

  test.each([
    ['paragraphs', `<p style="margin:0 0 12px">${words(400)}</p>`, 16_000],
    ['small cells of a table', `<tr><td width="280" style="padding:8px;font:13px Arial">${words(60)}</td></tr>`, 16_000],
  ])('holds a large window full of %s', (_, one, least) => {
    const html = one.repeat(2000)
    const cut = htmlBeginning(html)!
    expect(seenOf(html.slice(0, cut))).toBeGreaterThanOrEqual(least)
    expect(cut).toBeLessThanOrEqual(64 * 1024)
  })

  test('does not count what is not seen', () => {
    const style = `<style>${'.a { color: #333 } '.repeat(1500)}</style>`
    const html = `<!-- ${words(9000)} -->${style}${`<p>${words(400)}</p>`.repeat(200)}`
    expect(seenOf(html.slice(0, htmlBeginning(html)!).replace(/<!--[\s\S]*?-->/, ''))).toBeGreaterThanOrEqual(15_990)
  })

  test.each([
    ['white space', ' \n'.repeat(60_000)],
    ['a style sheet that never ends', `<style>${'a{}'.repeat(40_000)}`],
    ['a tag that never ends', `<p title="${'x'.repeat(100_000)}`],
    ['tags without text', '<br>'.repeat(40_000)],
    ['open angle brackets', '<'.repeat(100_000)],
  ])('is never longer than 64 KB, and never nothing: %s', (_, html) => {
    const cut = htmlBeginning(html)!
    expect(cut).toBeGreaterThan(0)
    expect(cut).toBeLessThanOrEqual(64 * 1024)
  })
})
