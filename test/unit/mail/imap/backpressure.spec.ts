import { describe, expect, test } from 'vitest'
import { createBackpressure } from '../../../../main/engine/mail/imap/backpressure.ts'

const soon = () => new Promise(resolve => setImmediate(resolve))

describe('between a server that sends and a loop that takes', () => {
  test('the sender waits while more is queued than may be', async () => {
    const queue = createBackpressure<number>(10)
    let sent = 0
    const sender = (async () => {
      for (let i = 0; i < 6; i++) {
        await queue.push(i, 4)
        sent++
      }
      queue.end()
    })()
    await soon()
    expect(sent).toBe(2) // the third is over the bound: taken, and waited for
    const taken: number[] = []
    for await (const item of queue) {
      taken.push(item)
      expect(sent).toBeLessThanOrEqual(item + 3)
    }
    await sender
    expect(taken).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('an error comes after what was sent before it', async () => {
    const queue = createBackpressure<number>(10)
    void queue.push(1, 1)
    queue.end(new Error('lost'))
    const taken: number[] = []
    await expect(
      (async () => {
        for await (const item of queue) taken.push(item)
      })(),
    ).rejects.toThrow('lost')
    expect(taken).toEqual([1])
  })

  test('a loop that is left lets the sender go on, and drops what it sends', async () => {
    const queue = createBackpressure<number>(1)
    const first = queue.push(1, 5)
    for await (const _ of queue) break
    await first
    await queue.push(2, 500)
    await queue.push(3, 500)
  })
})
