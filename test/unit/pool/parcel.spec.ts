import { expect, test } from 'vitest'
import { createParcel } from '../../../main/engine/jobs/pool/parcel.ts'
import type { RecordId, Unsealed } from '../../../main/engine/log/types.ts'

const record = (bytes: Uint8Array): Unsealed => ({ kind: 'blob', id: 'a'.repeat(64) as RecordId, codec: 0, bytes, plainLength: bytes.length })
const filled = (length: number, value: number) => new Uint8Array(length).fill(value)

test('records lie one after the other in what is sent, also where it had to grow, and the next parcel has nothing of them', () => {
  const parcel = createParcel()
  const records = [record(filled(20, 1)), record(filled(3 * 1024 * 1024, 2)), record(filled(100_000, 3))]
  const expected = records.map(({ bytes }) => Buffer.from(bytes))
  for (const one of records) parcel.put([one])
  const sent = parcel.close()
  expect(records.map(({ bytes }) => bytes.buffer === sent)).toEqual([true, true, true])
  expect(records.every(({ bytes }, i) => expected[i]!.equals(bytes))).toBe(true)
  expect(parcel.close().byteLength).toBe(0)
})

test('memory that records were made in is given back at once, but for what is still read from', () => {
  const parcel = createParcel()
  const [blob, roomy, message] = [filled(100_000, 1), filled(100_000, 2), filled(100_000, 3)]
  parcel.put([record(blob), record(roomy.subarray(0, 10))])
  parcel.put([record(message)], message.subarray(50))
  expect([blob.length, roomy.length, message.length]).toEqual([0, 0, 100_000])
})
