/** Messages of a task in one buffer that pool and worker share: nothing is allocated for a task, and so nothing has to be collected. */
import type { Packed } from './protocol.ts'

const LEAST = 1024 * 1024
const KEPT = 2 * 1024 * 1024 // what a rare large message has grown beyond this is given back

/** Copies: the messages stay with the pool, in case the worker is lost. What was packed before is gone. One packer a worker. */
export type Pack = (messages: readonly Uint8Array[]) => Packed

export function createPack(): Pack {
  let buffer = new SharedArrayBuffer(LEAST)
  return messages => {
    const lengths = messages.map(message => message.length)
    const length = lengths.reduce((sum, n) => sum + n, 0)
    if (length > buffer.byteLength || buffer.byteLength > KEPT) buffer = new SharedArrayBuffer(Math.max(LEAST, length))
    const bytes = Buffer.from(buffer)
    let at = 0
    for (const message of messages) {
      bytes.set(message, at)
      at += message.length
    }
    return { buffer, lengths }
  }
}
