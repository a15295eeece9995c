/** Messages wanted one after the other: the same bytes as one by one, with few questions. */
import { expect, test } from 'vitest'
import { readInOrder, TOGETHER } from '../../../main/engine/jobs/readInOrder.ts'
import { readMessage } from '../../../main/engine/log/message.ts'
import type { RecordId } from '../../../main/engine/log/types.ts'
import { assembleMail } from '../../help/preparedMail.ts'
import { randomOf } from '../../help/random.ts'

const random = randomOf(3)
const attached = (seed: number, bytes: number) => {
  const base64 = Buffer.alloc(bytes, seed).toString('base64').replace(/.{76}/g, '$&\r\n')
  return `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}\r\n--b--\r\n`
}
const plain = (n: number) => `Subject: number ${n}\r\n\r\n${random.bytes(300).toString('hex')}\r\n`

function source(texts: readonly string[]) {
  const records = new Map<RecordId, Uint8Array>()
  const messages = texts.map(text => {
    const bytes = Buffer.from(text)
    const { id, size, records: made, read } = assembleMail([bytes])
    return { id, size, bytes, records: made.map(record => record.id), read }
  })
  const asked = { one: 0, many: 0 }
  const read = async (id: RecordId) => {
    asked.one++
    const bytes = records.get(id)
    if (!bytes) throw new Error('damaged')
    return bytes
  }
  const readMany = async (ids: readonly RecordId[]) => {
    asked.many++
    return new Map(ids.flatMap(id => (records.has(id) ? [[id, records.get(id)!] as const] : [])))
  }
  return {
    messages,
    records,
    asked,
    read,
    readMany,
    fill: async () => {
      for (const { records: ids, read: from } of messages) for (const id of ids) records.set(id, await from(id))
    },
  }
}

test('each message has its bytes, and a hundred of them cost two questions, also where all are asked for at once', async () => {
  const archive = source([...Array.from({ length: 150 }, (_, n) => plain(n)), ...Array.from({ length: 50 }, (_, n) => attached(n % 7, 30_000))])
  await archive.fill()
  const read = readInOrder(archive, archive.messages)
  for (const { id, bytes } of archive.messages) expect(Buffer.from(await readMessage(read, id)).equals(bytes)).toBe(true)
  expect(archive.asked).toEqual({ one: 0, many: 3 })

  const again = readInOrder(archive, archive.messages.slice(100))
  const all = await Promise.all(archive.messages.slice(100).map(({ id }) => readMessage(again, id)))
  expect(all.map(bytes => Buffer.from(bytes).toString())).toEqual(archive.messages.slice(100).map(({ bytes }) => bytes.toString()))
  expect(archive.asked).toEqual({ one: 0, many: 5 })
})

test('a message that is larger than what is taken together is read a record at a time', async () => {
  const archive = source([plain(1), attached(1, TOGETHER.bytes)])
  await archive.fill()
  const read = readInOrder(archive, archive.messages)
  for (const { id, bytes } of archive.messages) expect(Buffer.from(await readMessage(read, id)).equals(bytes)).toBe(true)
  expect(archive.asked.many).toBe(1)
  expect(archive.asked.one).toBeGreaterThan(1)
})

test('a record that cannot be had costs its message, with what `read` says of it, and no other', async () => {
  const archive = source([attached(1, 30_000), attached(2, 30_000), plain(3)])
  await archive.fill()
  archive.records.delete(archive.messages[1]!.records.find(id => id !== archive.messages[1]!.id)!)
  const read = readInOrder(archive, archive.messages)
  const found = await Promise.allSettled(archive.messages.map(({ id }) => readMessage(read, id)))
  expect(found.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(found[1]).toMatchObject({ reason: { message: 'damaged' } })
})
