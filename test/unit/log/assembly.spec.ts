/** Message records: what is written is read, and nothing else is. */
import { describe, expect, test } from 'vitest'
import { type Assembly, base64Length, decodeAssembly, encodeAssembly, partLength } from '../../../main/engine/log/assembly.ts'
import { createBase64Writer } from '../../../main/engine/log/base64Lines.ts'
import { assemblyRange } from '../../../main/engine/log/message.ts'
import type { RecordId } from '../../../main/engine/log/types.ts'
import { assembleMail } from '../../help/preparedMail.ts'
import { randomOf } from '../../help/random.ts'
import { latin1 } from '../../help/tortureMail.ts'

const id = (n: number) => n.toString(16).padStart(2, '0').repeat(32) as RecordId

const example = (): Assembly => {
  const parts: Assembly['parts'] = [
    { type: 'literal', length: 5 },
    {
      type: 'raw',
      text: true,
      blobs: [
        { id: id(1), length: 3_145_728 },
        { id: id(2), length: 1 },
      ],
    },
    { type: 'literal', length: 2 },
    { type: 'base64', text: false, width: 76, lineEnd: '\r\n', closed: true, blobs: [{ id: id(3), length: 1000 }] },
  ]
  return {
    sha256: Uint8Array.from({ length: 32 }, (_, i) => i),
    size: parts.reduce((sum, part) => sum + partLength(part), 0),
    parts,
    literals: latin1('hello!!'),
  }
}

const encode = (assembly: Assembly): Uint8Array => encodeAssembly(assembly, [assembly.literals.subarray(0, 3), assembly.literals.subarray(3)])

const damage = (change: (bytes: Buffer) => void): (() => unknown) => {
  const bytes = Buffer.from(encode(example()))
  change(bytes)
  return () => decodeAssembly(bytes)
}
const damaged = expect.objectContaining({ code: 'record-damaged' })

describe('a message record', () => {
  test('says what was put into it', () => {
    const decoded = decodeAssembly(encode(example()))
    expect({ ...decoded, literals: Buffer.from(decoded.literals).toString() }).toEqual({ ...example(), literals: 'hello!!' })
  })

  test('is laid out as docs/FORMAT.md section 5 says', () => {
    const bytes = Buffer.from(encode(example()))
    expect(bytes[0]).toBe(1)
    expect([...bytes.subarray(1, 33)]).toEqual([...example().sha256])
    expect(bytes.readBigUInt64LE(33)).toBe(BigInt(example().size))
    expect(bytes.readUInt32LE(41)).toBe(4)
    expect([...bytes.subarray(45, 50)]).toEqual([0, 5, 0, 0, 0])
    expect([...bytes.subarray(50, 56)]).toEqual([1, 1, 2, 0, 0, 0])
    expect(bytes.toString('hex', 56, 88)).toBe(id(1))
    expect(bytes.readUInt32LE(88)).toBe(3_145_728)
    const base64 = 56 + 2 * 36 + 5
    expect([...bytes.subarray(base64, base64 + 10)]).toEqual([2, 0, 76, 0, 2, 1, 1, 0, 0, 0])
    expect(bytes.subarray(base64 + 10 + 36).toString()).toBe('hello!!')
  })

  test('cut short anywhere is damaged', () => {
    const bytes = encode(example())
    for (let length = 0; length < bytes.length; length++) expect(() => decodeAssembly(bytes.subarray(0, length))).toThrow(damaged)
    expect(() => decodeAssembly(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow(damaged)
  })

  const wrong: Record<string, (bytes: Buffer) => void> = {
    'of version 0': bytes => bytes.writeUInt8(0, 0),
    'of more parts than anybody writes': bytes => bytes.writeUInt32LE(0xffffffff, 41),
    'of an unknown type of part': bytes => bytes.writeUInt8(9, 45),
    'with a length that is not the sum of its parts': bytes => bytes.writeUInt8(bytes[33]! ^ 1, 33),
    'with an impossible length': bytes => bytes.writeBigUInt64LE(2n ** 60n, 33),
    'with a part of four thousand million blobs': bytes => bytes.writeUInt32LE(0xffffffff, 52),
    'with a blob longer than 3 MiB': bytes => bytes.writeUInt32LE(3_145_729, 88),
    'with an empty blob': bytes => bytes.writeUInt32LE(0, 124),
    'with lines of 75 characters': bytes => bytes.writeUInt16LE(75, 135),
    'with lines of no characters': bytes => bytes.writeUInt16LE(0, 135),
    'with an unknown line end': bytes => bytes.writeUInt8(3, 137),
    'with a flag that is neither yes nor no': bytes => bytes.writeUInt8(2, 138),
  }
  for (const [what, change] of Object.entries(wrong)) test(`${what} is damaged`, () => expect(damage(change)).toThrow(damaged))

  test('of a later version is named as such', () => {
    expect(damage(bytes => bytes.writeUInt8(2, 0))).toThrow(expect.objectContaining({ code: 'newer-format' }))
  })

  test('with any single bit changed gives an assembly or a named error, at once', () => {
    const bytes = Buffer.from(encode(example()))
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      try {
        decodeAssembly(bytes)
      } catch (error) {
        expect(['record-damaged', 'newer-format']).toContain((error as { code?: string }).code)
      }
      bytes[bit >> 3]! ^= 1 << (bit & 7)
    }
  })
})

describe('base64 lines', () => {
  const random = randomOf(8)
  for (const width of [4, 60, 76, 996])
    for (const lineEnd of ['\n', '\r\n'] as const)
      test(`of ${width} characters and ${JSON.stringify(lineEnd)} are what a mailer writes, in one go or in several`, () => {
        for (const length of [1, 2, 3, 57, 58, 570, 5000, 200_000]) {
          const plain = random.bytes(length)
          const lines = plain.toString('base64').match(new RegExp(`.{1,${width}}`, 'g'))!
          for (const closed of [true, false]) {
            const expected = lines.join(lineEnd) + (closed ? lineEnd : '')
            const writer = createBase64Writer({ width, lineEnd })
            const cut = Math.floor(length / 6) * 3
            const written = Buffer.concat([writer.write(plain.subarray(0, cut)), writer.write(plain.subarray(cut)), writer.end(closed)])
            expect(written.toString('latin1') === expected).toBe(true)
            expect(base64Length(length, { width, lineEnd, closed })).toBe(expected.length)
          }
        }
      })
})

test('any range of a message can be read without the rest', async () => {
  const random = randomOf(12)
  const body = Buffer.alloc(4_000_000, random.bytes(3001)).toString('base64').replace(/.{76}/g, '$&\r\n')
  const text = `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\nContent-Type: a/b\r\n\r\n${body}\r\n--b\r\nContent-Type: x/y\r\n\r\n${'raw '.repeat(9000)}\r\n--b--\r\n`
  const message = latin1(text)
  const { payload, read } = assembleMail([message])
  const assembly = decodeAssembly(payload)
  for (let i = 0; i < 60; i++) {
    const from = random.pick([0, 70, random.below(message.length), message.length - random.below(50_000)])
    const to = Math.min(message.length, from + random.pick([0, 1, 100, 70_000, 5_000_000]))
    const pieces: Uint8Array[] = []
    for await (const piece of assemblyRange(read, assembly, from, to)) pieces.push(piece)
    expect(Buffer.concat(pieces).equals(message.subarray(from, to)), `${from} to ${to}`).toBe(true)
  }
})
