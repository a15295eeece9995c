import { expect, test } from 'vitest'
import { giveBack, giveBackAll } from '../../../main/engine/base/giveBack.ts'

test('an array that is all of its buffer gives it back at once; one that shares it with others does not', () => {
  const alone = new Uint8Array(100_000)
  giveBack(alone)
  expect(alone.length).toBe(0)

  const whole = new Uint8Array(100_000).fill(7)
  giveBack(whole.subarray(1))
  expect(whole).toHaveLength(100_000)
  giveBackAll(whole.subarray(1))
  expect(whole).toHaveLength(0)
  giveBackAll(whole) // a second part of the same buffer
})

test('memory that Node.js shares among small buffers, or that threads share, stays', () => {
  const small = Buffer.from('a few bytes')
  giveBack(small)
  giveBackAll(small)
  expect(small.toString()).toBe('a few bytes')

  const shared = new Uint8Array(new SharedArrayBuffer(100_000))
  giveBack(shared)
  giveBackAll(shared)
  expect(shared).toHaveLength(100_000)
})
