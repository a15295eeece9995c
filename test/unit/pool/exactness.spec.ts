/** Whatever the bytes are, they come back. */
import { describe, expect, test } from 'vitest'
import { decodeAssembly, LITERALS_MAX } from '../../../main/engine/log/assembly.ts'
import { createBase64Writer } from '../../../main/engine/log/base64Lines.ts'
import { messagePieces, readMessage } from '../../../main/engine/log/message.ts'
import { bodyParts } from '../../../main/engine/mail/parts.ts'
import { assembleMail, randomPieces } from '../../help/preparedMail.ts'
import { randomOf } from '../../help/random.ts'
import { latin1, tortureMail } from '../../help/tortureMail.ts'

async function expectBack(message: Buffer) {
  const whole = assembleMail([message])
  const back = Buffer.from(await readMessage(whole.read, whole.id))
  if (!back.equals(message)) throw new Error(`other bytes came back, from ${firstDifference(back, message)} on`)
  const record = decodeAssembly(whole.payload)
  expect(record.literals.length).toBeLessThanOrEqual(LITERALS_MAX)
  return { ...whole, record }
}

const firstDifference = (a: Buffer, b: Buffer): number => {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}

describe('a message comes back byte for byte', () => {
  const SEEDS = 150
  for (let first = 0; first < SEEDS; first += 25)
    test(`from random trees of parts, seeds ${first} to ${first + 24}, whole or in pieces`, async () => {
      for (let seed = first; seed < first + 25; seed++) {
        const random = randomOf(seed)
        const message = tortureMail(random)
        const { payload, records, view } = await expectBack(message)
        // In pieces of any size the very same records come out: what is cut where depends on the bytes alone.
        for (const most of [random.pick([7, 50]), random.pick([1000, 20_000]), 300_000]) {
          if (most < 100 && message.length > 200_000) continue
          const streamed = assembleMail(randomPieces(message, random, most))
          expect(Buffer.compare(streamed.payload, payload), `seed ${seed}, pieces of ${most}`).toBe(0)
          expect(streamed.records.map(record => record.id)).toEqual(records.map(record => record.id))
        }
        // The view without the large bodies has the parts that the message has.
        const shape = (bytes: Uint8Array, holes: typeof view.holes) => bodyParts({ bytes, holes }).map(({ part }) => [part.kind, part.type])
        expect(shape(view.bytes, view.holes), `seed ${seed}`).toEqual(shape(message, []))
      }
    })

  const cases: Record<string, () => Buffer> = {
    'with no bytes at all': () => Buffer.alloc(0),
    'of a single line end': () => latin1('\n'),
    'of bytes that are no mail': () => randomOf(1).bytes(100_000),
    'of zeros': () => Buffer.alloc(5_000_000),
    'with bare CR only': () => latin1('Subject: a\rFrom: b\r\rtext\r'.repeat(3000)),
    'without a final line end': () => latin1('Subject: a\r\n\r\ntext'),
    'with 8-bit headers and NULs': () => latin1('Subject: \0\xff\xfe\r\nX: \0\r\n\r\n\0\0\0'),
    'with lines of 10,000 characters': () => latin1(`Subject: ${'x'.repeat(10_000)}\r\n\r\n${`${'y'.repeat(10_000)}\r\n`.repeat(100)}`),
    'with 100,000 headers': () => latin1(`${'X-Header: something of no interest\r\n'.repeat(100_000)}\r\nbody`),
    'of a header block alone, 5 MB': () => latin1('X: y\r\n'.repeat(900_000)),
    'nested 200 deep': () => nested(200),
    'of 12,000 empty parts': () => latin1(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n\r\n'.repeat(12_000)}--b--\r\n`),
    'of 300 medium parts, more than its literals may hold': () =>
      latin1(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${`--b\r\n\r\n${'medium '.repeat(2000)}\r\n`.repeat(300)}--b--\r\n`),
    'of text of 4 MB': () => latin1(`Subject: a\r\n\r\n${'words of text\r\n'.repeat(280_000)}`),
    'with an attachment of 10 MB': () => attachment(Buffer.alloc(10_000_000, randomOf(3).bytes(9973)), 76),
    'with an attachment of exactly 3 MiB': () => attachment(Buffer.alloc(3_145_728, 'abc'), 76),
    'with an attachment in lines of 60': () => attachment(Buffer.alloc(8_000_000, 'abcd'), 60),
  }
  for (const [what, make] of Object.entries(cases)) test(what, async () => void (await expectBack(make())))
})

function nested(depth: number): Buffer {
  let text = 'Content-Type: text/plain\r\n\r\ninnermost\r\n'
  for (let i = 0; i < depth; i++) text = `Content-Type: multipart/mixed; boundary=b${i}x\r\n\r\n--b${i}x\r\n${text}\r\n--b${i}x--\r\n`
  return latin1(text)
}

const inLines = (bytes: Buffer, width: number): string =>
  bytes
    .toString('base64')
    .match(new RegExp(`.{1,${width}}`, 'g'))!
    .join('\r\n')

function attachment(bytes: Buffer, width: number, tail = ''): Buffer {
  const head = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\n'
  return latin1(`${head}Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${inLines(bytes, width)}${tail}\r\n--b--\r\n`)
}

describe('large bodies are lifted out', () => {
  const bytes = randomOf(5).bytes(30_000)
  const kinds = async (message: Buffer) => (await expectBack(message)).record.parts.map(part => part.type)

  test('a base64 attachment is stored decoded, once, whatever its lines are', async () => {
    const a = await expectBack(attachment(bytes, 76))
    const b = await expectBack(attachment(bytes, 72))
    expect(a.record.parts.map(part => part.type)).toEqual(['literal', 'base64', 'literal'])
    expect(a.refers).toEqual(b.refers)
    expect(a.records.find(record => record.kind === 'blob')?.plainLength).toBe(bytes.length)
  })

  test('also when a blank line or a footer follows it', async () => {
    expect(await kinds(attachment(bytes, 76, '\r\n'))).toEqual(['literal', 'base64', 'literal'])
    expect(await kinds(attachment(bytes, 76, '\r\n\r\n_____\r\nmailing list footer'))).toEqual(['literal', 'base64', 'literal'])
  })

  test('a body that stops being base64 in its middle is stored decoded up to there, and raw from there on', async () => {
    const lines = inLines(bytes, 76).split('\r\n')
    lines[500] = '!!!! damaged !!!!'
    const text = attachment(bytes, 76).toString('latin1').replace(inLines(bytes, 76), lines.join('\r\n'))
    const { record } = await expectBack(latin1(text))
    expect(record.parts.map(part => part.type)).toEqual(['literal', 'base64', 'literal'])
    const long = latin1(text.replace('!!!! damaged !!!!', `!!!! ${inLines(bytes, 76)}`))
    expect(await kinds(long)).toEqual(['literal', 'base64', 'raw', 'literal'])
  })

  test('a body under 4 KB and a text under 256 KB stay with their headers', async () => {
    expect(await kinds(attachment(bytes.subarray(0, 2900), 76))).toEqual(['literal'])
    expect(await kinds(latin1(`Subject: a\r\n\r\n${'text '.repeat(50_000)}`))).toEqual(['literal'])
    expect(await kinds(latin1(`Subject: a\r\n\r\n${'text '.repeat(60_000)}`))).toEqual(['literal', 'raw'])
  })
})

describe('when putting it together goes wrong', () => {
  /** A writer with a mistake in it, from some character on. */
  const wrongFrom =
    (at: number): typeof createBase64Writer =>
    shape => {
      const right = createBase64Writer(shape)
      let written = 0
      return {
        end: closed => right.end(closed),
        write(plain) {
          const bytes = right.write(plain)
          if (written + bytes.length > at) bytes[Math.max(0, at - written)]! ^= 1
          written += bytes.length
          return bytes
        },
      }
    }

  for (const at of [0, 30_000, 5_000_000, 9_000_000])
    test(`a mistake at character ${at} of an attachment is noticed, and the message is stored as it is from there on`, async () => {
      const message = attachment(Buffer.alloc(8_000_000, randomOf(9).bytes(4001)), 76)
      for (const pieces of [[message], [...randomPieces(message, randomOf(at), 700_000)]]) {
        const { read, id, payload } = assembleMail(pieces, { base64Writer: wrongFrom(at) })
        expect(Buffer.from(await readMessage(read, id)).equals(message)).toBe(true)
        expect(decodeAssembly(payload).parts.at(-1)!.type).toBe('raw')
      }
    })

  test('a reader that is given other bytes gets an error instead of the last piece', async () => {
    const { read, id, records } = assembleMail([attachment(randomOf(2).bytes(50_000), 76)])
    const blob = records.find(record => record.kind === 'blob')!.id
    const lying = async (asked: typeof id) => {
      const plain = Uint8Array.from(await read(asked))
      if (asked === blob) plain[40_000]! ^= 1
      return plain
    }
    const reading = async () => {
      for await (const _ of messagePieces(lying, id));
    }
    await expect(reading()).rejects.toMatchObject({ code: 'byte-check-failed' })
  })
})
