/** Files from the time before MIME, in the middle of a text. */
import { expect, test } from 'vitest'
import { packHoled } from '../../../main/engine/base/holed.ts'
import { parseMessage } from '../../../main/engine/jobs/pool/parsed.ts'
import { openers } from '../../../main/engine/mail/open.ts'
import { decodeTransferStream } from '../../../main/engine/mail/transfer.ts'
import { viewMessage } from '../../../main/engine/mail/view.ts'
import { randomOf } from '../../help/random.ts'

/** As `uuencode` writes it; `bare`: zeros as spaces, and those at ends of lines lost on the way. */
function uuencode(bytes: Buffer, bare = false): string {
  const sign = (value: number) => (value === 0 && !bare ? '`' : String.fromCharCode(32 + value))
  let lines = ''
  for (let at = 0; at < bytes.length; at += 45) {
    const part = bytes.subarray(at, at + 45)
    let line = sign(part.length)
    for (let i = 0; i < part.length; i += 3) {
      const group = (part[i]! << 16) | ((part[i + 1] ?? 0) << 8) | (part[i + 2] ?? 0)
      for (const shift of [18, 12, 6, 0]) line += sign((group >> shift) & 63)
    }
    lines += `${bare ? line.trimEnd() : line}\r\n`
  }
  return `${lines}${bare ? '' : '`'}\r\n`
}

const mail = (...text: string[]) => Buffer.from(`From: a@example.org\r\nSubject: Files\r\n\r\n${text.join('\r\n')}\r\n`)
const hello = ['begin 644 hello.txt', ',:&5L;&\\@=V]R;&0*', '`', 'end']
const picture = ['begin 600 my cat.jpg', '#0V%T', '`', 'end']

test('they are attachments, after those that MIME names, and the text is what stands around them', () => {
  const bytes = mail('Before them.', ...hello, 'Between them.', ...picture, 'After them.')
  const parsed = parseMessage(bytes)
  expect(parsed.attachments).toMatchObject([
    { index: 0, name: 'hello.txt', type: 'text/plain', size: 12, inline: false },
    { index: 1, name: 'my cat.jpg', type: 'image/jpeg', size: 3, inline: false },
  ])
  expect(parsed.fts).toMatchObject({ body: 'before them between them after them', names: 'hello txt my cat jpg' })
  const shown = viewMessage(packHoled({ bytes, holes: [] }))
  expect(shown.text.split(/\s*\n\s*/).filter(Boolean)).toEqual(['Before them.', 'Between them.', 'After them.'])
  expect(shown.attachments.map(({ name }) => name)).toEqual(['hello.txt', 'my cat.jpg'])
})

test('each can be read where it lies, in pieces of any size', async () => {
  const random = randomOf(2)
  for (const length of [1, 2, 3, 44, 45, 46, 91, 1000, 5000])
    for (const bare of [false, true]) {
      const file = random.below(3) ? random.bytes(length) : Buffer.alloc(length)
      const bytes = mail('Text', 'begin 644 f.bin', `${uuencode(file, bare)}end`, 'text')
      const [place] = openers.places(packHoled({ bytes, holes: [] }))
      const read = Buffer.concat(await all(decodeTransferStream(cut(bytes.subarray(place!.from, place!.to), 1 + random.below(70)), place!.encoding)))
      expect(read.equals(file), `${length} ${bare}`).toBe(true)
      expect(place!.attachment.size).toBe(length)
    }
})

test('what only looks like one stays text', () => {
  for (const text of [
    ['begin 644 the work', 'on Monday, please', 'end'],
    hello.slice(0, 3),
    [` ${hello[0]}`, ...hello.slice(1)],
    ['begin 644 empty', 'end'],
    ['We begin 644 things', ...hello.slice(1)],
  ]) {
    const parsed = parseMessage(mail(...text))
    expect(parsed.attachments, text[0]).toEqual([])
    expect(parsed.fts.body).toContain('644')
  }
})

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  for await (const piece of pieces) found.push(piece)
  return found
}
