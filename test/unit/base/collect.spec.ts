import { expect, test } from 'vitest'
import { createCollector } from '../../../main/engine/base/collect.ts'

test('buffers that nobody holds are collected when so many have come', async () => {
  const collect = createCollector(4)
  const left = () => new WeakRef(Buffer.alloc(2 * 1024 * 1024))
  const buffers = Array.from({ length: 8 }, left)
  // Until the end of the turn a new WeakRef keeps what it points to.
  await new Promise(setImmediate)
  collect()
  expect(buffers.every(buffer => buffer.deref() === undefined)).toBe(true)
})
