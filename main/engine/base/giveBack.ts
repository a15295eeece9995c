/**
 * Mail passes through as thousands of buffers a second. Left to the collector their memory comes back late, and because V8 counts buffers against the
 * heap, it is what makes it collect. Who owns bytes and is done with them gives them back at once.
 */

/** Smaller ones are not worth the call. */
const LEAST = 16 * 1024

/** Empties the array and all others over the same memory. Does nothing where the array is only a part of its buffer, or the memory is shared. */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (buffer.byteLength === byteLength && buffer instanceof ArrayBuffer && byteLength > 0) buffer.transfer(0)
}

/**
 * The same with the whole buffer that the array is a part of: for who knows that nobody else uses the rest of it. Small ones, and blocks that Node.js shares
 * among small buffers, are left to the collector.
 */
export function giveBackAll({ buffer }: Uint8Array): void {
  if (buffer.byteLength >= LEAST && buffer.byteLength !== Buffer.poolSize && buffer instanceof ArrayBuffer) buffer.transfer(0)
}
