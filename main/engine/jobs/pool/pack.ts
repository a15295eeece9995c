/** Messages of a task in one buffer. Buffers come back from the worker and are used again: fresh memory costs more than the copy. */
import type { Packed } from './protocol.ts'

const KEPT = 4
const KEPT_MAX = 32 * 1024 * 1024
const STEP = 1024 * 1024

export interface Packer {
  /** Copies: the messages stay with the pool, in case the worker is lost. */
  pack(messages: readonly Uint8Array[]): Packed
  giveBack(buffer: ArrayBuffer): void
}

export function createPacker(): Packer {
  const free: ArrayBuffer[] = []

  return {
    pack(messages) {
      const lengths = messages.map(message => message.length)
      const length = lengths.reduce((sum, n) => sum + n, 0)
      const fits = free.findIndex(buffer => buffer.byteLength >= length)
      const buffer = fits >= 0 ? free.splice(fits, 1)[0]! : new ArrayBuffer(Math.ceil(length / STEP) * STEP)
      const bytes = new Uint8Array(buffer)
      let at = 0
      for (const message of messages) {
        bytes.set(message, at)
        at += message.length
      }
      return { buffer, lengths }
    },
    giveBack(buffer) {
      if (buffer.byteLength <= KEPT_MAX && free.length < KEPT) free.push(buffer)
    },
  }
}
