/** Serves pieces of a long stream to a caller that asks for one after the other, without starting again each time. */

interface Reading {
  pieces: AsyncIterator<Uint8Array>
  /** Offset of the first byte of `rest`. */
  at: number
  rest: Uint8Array
}

const KEPT = 4 // streams that may be read side by side

export function createPieceReader() {
  const readings = new Map<string, Reading>()

  const begin = (open: () => AsyncIterable<Uint8Array>): Reading => ({ pieces: open()[Symbol.asyncIterator](), at: 0, rest: new Uint8Array() })

  return {
    /** Up to `most` bytes from `offset`; empty at the end. */
    async read(key: string, offset: number, most: number, open: () => AsyncIterable<Uint8Array>): Promise<Uint8Array> {
      const going = readings.get(key)
      const reading = going && going.at <= offset ? going : begin(open)
      readings.delete(key)
      const parts: Uint8Array[] = []
      let length = 0
      while (length < most) {
        if (reading.at + reading.rest.length > offset + length) {
          const part = reading.rest.subarray(offset + length - reading.at, offset + most - reading.at)
          parts.push(part)
          length += part.length
          if (length === most) break
        }
        const next = await reading.pieces.next()
        if (next.done) return Buffer.concat(parts)
        reading.at += reading.rest.length
        reading.rest = next.value
      }
      readings.set(key, reading)
      if (readings.size > KEPT) readings.delete(readings.keys().next().value!)
      return Buffer.concat(parts)
    },
  }
}
