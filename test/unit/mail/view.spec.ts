/** What the reader shows, and what it saves. */
import { describe, expect, test } from 'vitest'
import { attachmentPieces, attachmentPlace } from '../../../main/engine/jobs/attachments/attachment.ts'
import { parseMessage } from '../../../main/engine/jobs/pool/parsed.ts'
import { parseView } from '../../../main/engine/log/message.ts'
import { openers } from '../../../main/engine/mail/open.ts'
import { viewMessage } from '../../../main/engine/mail/view.ts'
import { assembleMail } from '../../help/preparedMail.ts'
import { randomOf } from '../../help/random.ts'
import { latin1, tortureMail } from '../../help/tortureMail.ts'

const lines = (...all: string[]): Buffer => Buffer.from(all.join('\r\n'))

async function show(message: Buffer, beginning = false) {
  const { read, id } = assembleMail([message])
  return viewMessage(await parseView(read, id, { inlineImages: true }), beginning)
}

const inLines = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')

describe('of long HTML the beginning can be had first', () => {
  const html = (body: string) => lines('Content-Type: text/html', '', `<html><body>${body}</body></html>`, '')
  const long = (within = '') =>
    html(Array.from({ length: 4000 }, (_, n) => `<p title="no ${n}">Line ${n}, of a long letter${within}</p>`).join('\r\n'))

  test('it says that there is more, is whole HTML of the first lines, and as clean as all of it', async () => {
    const first = await show(long('<img src="https://spy.example/a.png" onerror="x()">'), true)
    expect(first.beginning).toBe(true)
    expect(first.html!.length).toBeLessThan(100_000)
    expect(first.html).toContain('Line 0, of a long letter')
    expect(first.html!.trimEnd()).toMatch(/<\/p>$/)
    expect(first.html).not.toMatch(/onerror|src="http/)
    expect(first.remoteContentBlocked).toBe(true)
  })

  test('short HTML and plain text are whole, and whoever asks for all of it gets all', async () => {
    expect(await show(html('<p>short</p>'), true)).toEqual(await show(html('<p>short</p>')))
    expect((await show(lines('', 'text '.repeat(50_000)), true)).beginning).toBeUndefined()
    expect((await show(long())).html).toContain('Line 3999,')
  })
})

describe('the reader shows', () => {
  test('the people and the plain text of a plain message', async () => {
    const view = await show(
      lines('Cc: a@example.com', 'Bcc: B <b@example.com>', 'Reply-To: c@example.com', 'Message-ID: <1@x>', '', 'one', ' two', ''),
    )
    expect(view).toEqual({
      cc: [{ name: '', address: 'a@example.com' }],
      bcc: [{ name: 'B', address: 'b@example.com' }],
      replyTo: [{ name: '', address: 'c@example.com' }],
      rfcMessageId: '1@x',
      text: 'one\n two\n',
      html: null,
      remoteContentBlocked: false,
      truncated: false,
      attachments: [],
      links: { mismatched: 0, lookalike: 0 },
      remoteImages: [],
      trackers: 0,
      authentication: null,
      events: [],
      contacts: [],
      failure: null,
    })
  })

  test('one of two alternatives in each form', async () => {
    const view = await show(
      lines(
        'Content-Type: multipart/alternative; boundary=b',
        '',
        '--b',
        '',
        'plain',
        '--b',
        'Content-Type: text/html',
        '',
        '<p>rich <img src=http://x.example/></p>',
        '--b--',
      ),
    )
    expect(view.text).toBe('plain')
    expect(view.html).toBe('<p>rich <img data-remote="0" /></p>')
    expect(view.remoteContentBlocked).toBe(true)
  })

  test('text made of HTML where there is no other', async () => {
    const view = await show(lines('Content-Type: text/html', '', '<h1>Title</h1><p>one &lt;two&gt;</p><p>three<br>four</p>'))
    expect(view.text).toBe('Title\n\none <two>\n\nthree\nfour')
  })

  test('parts that follow one another, one after the other', async () => {
    const view = await show(
      lines(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        '',
        'first <1>',
        '--b',
        'Content-Type: text/html',
        '',
        '<p>second</p>',
        '--b',
        '',
        'third',
        '--b--',
      ),
    )
    expect(view.text).toBe('first <1>\n\nsecond\n\nthird')
    expect(view.html).toBe(
      '<div style="white-space:pre-wrap">first &lt;1&gt;</div><hr /><p>second</p><hr /><div style="white-space:pre-wrap">third</div>',
    )
  })

  test('lines that flow (RFC 3676)', async () => {
    const view = await show(lines('Content-Type: text/plain; format=flowed', '', 'one ', 'two', '> a ', '> b', '>> c', ' stuffed', '-- ', 'me'))
    expect(view.text).toBe('one two\n> a b\n>> c\nstuffed\n-- \nme')
  })

  test('a forwarded message below its headers', async () => {
    const view = await show(
      lines(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        '',
        'see',
        '--b',
        'Content-Type: message/rfc822',
        '',
        'From: Z <z@example.com>',
        'Subject: Inner',
        '',
        'inner text',
        '--b--',
      ),
    )
    expect(view.text).toMatch(/^see\n\n—+\nZ <z@example.com>\nInner\n\ninner text$/)
  })

  test('images of the message within its HTML, also those that are stored apart; but not too large ones', async () => {
    const small = randomOf(1).bytes(300)
    const large = randomOf(2).bytes(60_000)
    const huge = Buffer.alloc(5_000_000, 1)
    const image = (cid: string, bytes: Buffer) => [
      '--b',
      'Content-Type: image/png',
      `Content-ID: <${cid}>`,
      'Content-Transfer-Encoding: base64',
      '',
      inLines(bytes),
    ]
    const view = await show(
      lines(
        'Content-Type: multipart/related; boundary=b',
        '',
        '--b',
        'Content-Type: text/html',
        '',
        '<img src="cid:s"><img src="cid:l"><img src="cid:h"><img src="cid:none">',
        ...image('s', small),
        ...image('l', large),
        ...image('h', huge),
        '--b--',
      ),
    )
    const url = (bytes: Buffer) => `<img src="data:image/png;base64,${bytes.toString('base64')}" />`
    expect(view.html === `${url(small)}${url(large)}<img /><img />`).toBe(true)
    expect(view.attachments.map(({ size, inline }) => [size, inline])).toEqual([
      [300, true],
      [60_000, true],
      [5_000_000, true],
    ])
    expect(view.truncated).toBe(false)
  })

  test('the beginning of a text that is too long, and says so', async () => {
    const view = await show(latin1(`Subject: a\r\n\r\n${'long line of text\r\n'.repeat(400_000)}`))
    expect(view.text.length).toBe(1024 * 1024)
    expect(view.truncated).toBe(true)
  })

  test('whatever there is of a broken message, without an error', async () => {
    for (let seed = 0; seed < 60; seed++) expect((await show(tortureMail(randomOf(seed + 8000)))).failure, `seed ${seed}`).toBe(null)
  })
})

describe('attachments', () => {
  async function saved(message: Buffer, index: number): Promise<Buffer> {
    const { read, id } = assembleMail([message])
    const pieces: Uint8Array[] = []
    const place = await attachmentPlace(read, async view => openers.places(view), id, index)
    for await (const piece of attachmentPieces(read, id, place)) pieces.push(piece)
    return Buffer.concat(pieces)
  }
  const wrap = (headers: string, body: string) =>
    latin1(
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: image/gif\r\n\r\nfirst\r\n--b\r\nContent-Type: application/x\r\n${headers}\r\n\r\n${body}\r\n--b--\r\n`,
    )
  const base64 = 'Content-Transfer-Encoding: base64'

  for (const length of [0, 1, 1000, 4000, 70_000, 7_000_000])
    test(`of ${length} bytes come out as they were put in`, async () => {
      const bytes = length < 100_000 ? randomOf(length).bytes(length) : Buffer.alloc(length, randomOf(length).bytes(7919))
      expect((await saved(wrap(base64, inLines(bytes)), 1)).equals(bytes)).toBe(true)
    })

  const bytes = randomOf(33).bytes(90_000)
  const odd: [string, string][] = [
    ['in lines of 75 characters', bytes.toString('base64').replace(/.{75}/g, '$&\r\n')],
    ['in one line', bytes.toString('base64')],
    ['with a blank line in the middle', inLines(bytes).replace(/^((?:.*\r\n){500})/, '$1\r\n')],
    ['with spaces at the ends of lines', bytes.toString('base64').replace(/.{76}/g, '$& \r\n')],
    ['without padding', inLines(randomOf(34).bytes(90_001)).replace(/=+/, '')],
  ]
  for (const [what, body] of odd)
    test(`${what} come out all the same`, async () => {
      const expected = what === 'without padding' ? randomOf(34).bytes(90_001) : bytes
      expect((await saved(wrap(base64, body), 1)).equals(expected)).toBe(true)
    })

  test('in quoted-printable and without any encoding', async () => {
    const text = 'Zażółć '.repeat(3000)
    const quoted = [...Buffer.from(text)]
      .map((byte, i) => `=${byte.toString(16).padStart(2, '0').toUpperCase()}${i % 24 === 23 ? '=\r\n' : ''}`)
      .join('')
    expect((await saved(wrap('Content-Transfer-Encoding: quoted-printable', quoted), 1)).toString()).toBe(text)
    expect((await saved(wrap('X: y', 'plain bytes\r\n'.repeat(1000)), 1)).toString()).toBe('plain bytes\r\n'.repeat(1000))
    expect((await saved(wrap('X: y', 'x'), 0)).toString()).toBe('first')
  })

  test('that are messages come out whole, and so do the attachments in them', async () => {
    const inner = wrap(base64, inLines(bytes)).toString('latin1')
    const message = latin1(
      `Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\n${inner}\r\n--outer--\r\n`,
    )
    expect((await saved(message, 0)).toString('latin1') === inner).toBe(true)
    expect((await saved(message, 2)).equals(bytes)).toBe(true)
  })

  test('that do not exist are an error', async () => {
    await expect(saved(wrap(base64, 'AAEC'), 2)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('have the same index in the list, in the reader and when saved', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const message = tortureMail(randomOf(seed + 9000))
      const { view, read, id } = assembleMail([message])
      const shown = viewMessage(await parseView(read, id, { inlineImages: true })).attachments
      const indexed = parseMessage(view).attachments
      expect(shown.map(({ index, name, type }) => [index, name, type])).toEqual(indexed.map(({ index, name, type }) => [index, name, type]))
      for (const { index } of indexed.slice(0, 5))
        for await (const piece of attachmentPieces(read, id, openers.places(await parseView(read, id, { inlineImages: false }))[index]!))
          expect(piece.length).toBeGreaterThanOrEqual(0)
    }
  })
})
