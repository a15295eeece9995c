/** Proves that what will be stored puts together exactly the bytes that came in: byte for byte, not by a hash of what one hopes they are. */

export interface Proof {
  /** These bytes came in. Kept until they are proven. */
  expect(bytes: Buffer): void
  /** These are what comes next when it is put together again, all of them or none. Each is looked at before the next is asked for. Throws ByteMismatch. */
  prove(pieces: Iterable<Uint8Array>): void
  /** What came in and is not proven yet; empties it. */
  rest(): Buffer[]
}

export class ByteMismatch extends Error {
  override readonly name = 'ByteMismatch'
}

export const createProof = (): Proof => new QueueProof()

/** A class, because there is one for each message: see mail/structure.ts. */
class QueueProof implements Proof {
  private queue: Buffer[] = []

  expect(bytes: Buffer): void {
    this.queue.push(bytes)
  }

  prove(pieces: Iterable<Uint8Array>): void {
    const { queue } = this
    // Compared first and taken off then: after a mismatch, nothing of them counts as proven.
    let heads = 0
    let within = 0
    for (const bytes of pieces) {
      for (let from = 0; from < bytes.length; ) {
        const head = queue[heads]
        if (!head) throw new ByteMismatch('more bytes than came in')
        const n = Math.min(head.length - within, bytes.length - from)
        if (head.compare(bytes, from, from + n, within, within + n) !== 0) throw new ByteMismatch('other bytes than came in')
        from += n
        within += n
        if (within < head.length) continue
        heads++
        within = 0
      }
    }
    if (heads > 0) queue.splice(0, heads)
    if (within > 0) queue[0] = queue[0]!.subarray(within)
  }

  rest(): Buffer[] {
    const rest = this.queue
    this.queue = []
    return rest
  }
}
