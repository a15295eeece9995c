/** PR_RTF_COMPRESSED, unpacked ([MS-OXRTFCP]). */
import { LZFu } from 'pst-extractor/dist/LZFu.class.js'

const SIZE_MAX = 64 * 1024 * 1024

/** Null where there is none, or where it is nothing of the kind: the text of the message stands beside it. */
export function unpackRtf(packed: Uint8Array | null): Uint8Array | null {
  if (packed === null || packed.length < 16) return null
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  if (bytes.readUInt32LE(4) > SIZE_MAX) return null
  try {
    const text: string = LZFu.decode(bytes)
    return text.startsWith('{\\rtf') ? Buffer.from(text) : null
  } catch {
    return null // a damaged copy of a text that is there in plain as well
  }
}
