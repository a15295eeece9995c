/**
 * A message with its large bodies left out, as it travels from the log to those who read its text: the bytes that remain, and
 * where how much is missing. The rooms that write it (log) and read it (mail) do not know each other, so it stands here.
 */

export interface Hole {
  /** Offset in `bytes` at which something was left out. Ascending; several holes may stand at the same place. */
  at: number
  /** Bytes of the message that were left out here. */
  length: number
  /** How many bytes they are once decoded from base64; null where they were not stored decoded. */
  plain: number | null
}

export interface HoledBytes {
  bytes: Uint8Array
  holes: Hole[]
}

const MAGIC = 0x3156434d // "MCV1"
const HOLE = 20
const NOT_DECODED = 2 ** 53 - 1

/** One array, so that it can be transferred between threads. */
export function packHoled({ bytes, holes }: HoledBytes): Uint8Array {
  const out = new Uint8Array(8 + holes.length * HOLE + bytes.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, holes.length, true)
  holes.forEach((hole, i) => {
    const at = 8 + i * HOLE
    view.setUint32(at, hole.at, true)
    view.setFloat64(at + 4, hole.length, true)
    view.setFloat64(at + 12, hole.plain ?? NOT_DECODED, true)
  })
  out.set(bytes, 8 + holes.length * HOLE)
  return out
}

/** The other way. Bytes that were never packed are taken as a whole message without holes. */
export function unpackHoled(packed: Uint8Array): HoledBytes {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  if (packed.length < 8 || view.getUint32(0, true) !== MAGIC) return { bytes: packed, holes: [] }
  const count = view.getUint32(4, true)
  if (8 + count * HOLE > packed.length) return { bytes: packed, holes: [] }
  const holes: Hole[] = []
  for (let i = 0; i < count; i++) {
    const at = 8 + i * HOLE
    const plain = view.getFloat64(at + 12, true)
    holes.push({ at: view.getUint32(at, true), length: view.getFloat64(at + 4, true), plain: plain === NOT_DECODED ? null : plain })
  }
  return { bytes: packed.subarray(8 + count * HOLE), holes }
}
